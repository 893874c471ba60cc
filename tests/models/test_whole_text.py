"""Text that UTF-8 cannot hold is mended in one way wherever it is stored or signed."""

from __future__ import annotations

import pytest

from therapist_desktop.models.canonical import canonical_bytes, from_canonical
from therapist_desktop.models.whole_text import whole_text


@pytest.mark.parametrize("text", ["", "plain", "Zoë 😀 עברית", "\0\n", "\ufffd"])
def test_whole_text_stays_as_it_is(text: str) -> None:
    assert whole_text(text) == text
    assert from_canonical(canonical_bytes([text]), list[str]) == [text]


def test_half_a_character_is_shown_and_the_rest_stays() -> None:
    assert whole_text("a\ud83d\ude00b\udfff😀") == "a��b�😀"


def test_what_is_signed_has_the_same_text_as_what_is_stored() -> None:
    broken = {"text": "a\ud83d", "lines": ["\udc00b", ("c", 1, None)]}
    mended = {"text": "a�", "lines": ["�b", ("c", 1, None)]}
    assert canonical_bytes(broken) == canonical_bytes(mended)
