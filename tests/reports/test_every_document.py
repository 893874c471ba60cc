"""What holds for every document: same bytes for same data, fonts inside, no client in its properties, no crash."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.paper import Paper, properties
from tests.reports.sample_notes import LONG_NOTE_PAPER, NOTE_PAPER
from tests.reports.sample_safety_plans import BLANK_SAFETY_PAPER, SAFETY_PAPER, SPANISH_PAPER
from tests.reports.sample_superbills import LONG_SUPERBILL, SUPERBILL, SUPERVISED
from tests.reports.sample_treatment_plans import PLAN_PAPER
from therapist_desktop.reports import (
    recovery_sheet,
    safety_plan,
    session_note,
    superbill,
    treatment_plan,
    wallet_card,
)

RECOVERY = recovery_sheet.RecoverySheetContent(
    practice_name="Harbor Counseling",
    recovery_key="7K2QM-0ZXW4-H9R3T-BD6YC-51NVE-8JPGA-Q4M0X-2WZ7H",
    made_on=date(2026, 11, 23),
)
DOCUMENTS: dict[str, tuple[Callable[[Any], bytes], Any]] = {
    "superbill": (superbill.build, SUPERBILL),
    "long superbill": (superbill.build, LONG_SUPERBILL),
    "session note": (session_note.build, NOTE_PAPER),
    "treatment plan": (treatment_plan.build, PLAN_PAPER),
    "safety plan": (safety_plan.build, SAFETY_PAPER),
    "Spanish safety plan": (safety_plan.build, SPANISH_PAPER),
    "blank safety plan": (safety_plan.build, BLANK_SAFETY_PAPER),
    "wallet card": (wallet_card.build, SAFETY_PAPER),
    "recovery sheet": (recovery_sheet.build, RECOVERY),
}
every_document = pytest.mark.parametrize("name", DOCUMENTS)

IN_ANOTHER_PROCESS = """
import hashlib
from tests.reports.test_every_document import DOCUMENTS
print(hashlib.sha256(b"".join(build(content) for build, content in DOCUMENTS.values())).hexdigest())
"""


def made(name: str) -> bytes:
    """Build one of the documents."""
    build, content = DOCUMENTS[name]
    return build(content)


@every_document
def test_the_same_data_gives_the_same_bytes(name: str) -> None:
    assert made(name) == made(name)


def test_another_process_in_another_time_zone_gives_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "America/New_York"), ("2", "Asia/Tokyo"))
    }
    assert len(digests) == 1


def test_documents_built_at_the_same_time_do_not_disturb_each_other() -> None:
    alone = {name: made(name) for name in DOCUMENTS}
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda name: (name, made(name)), list(DOCUMENTS) * 4))
    assert all(alone[name] == pdf for name, pdf in together)


@every_document
def test_every_font_is_inside_the_file(name: str) -> None:
    assert all(words.embedded for words in Paper(made(name)).words)
    with pikepdf.open(BytesIO(made(name))) as document:
        used = [font for page in document.pages for font in page.Resources.Font.values()]
        assert used
        assert all("/FontFile2" in font.FontDescriptor for font in used)


@every_document
def test_the_paper_is_us_letter_and_all_words_are_inside_its_margins(name: str) -> None:
    paper = Paper(made(name))
    assert set(paper.sizes) == {(612.0, 792.0)}
    left, bottom, right, top = paper.outermost()
    assert left >= 50
    assert bottom >= 28
    assert right <= 562
    assert top <= 764


@every_document
def test_the_properties_name_no_client_and_no_secret(name: str) -> None:
    _language, known = properties(made(name))
    written = " ".join(known.values())
    for secret in ("Daniel", "Reyes", "Jordan", "José", "7K2QM", "F33.1"):
        assert secret not in written
    assert known["/Author"] == "Harbor Counseling"
    assert known["/Title"]
    assert "Therapist Desktop" in known["/Creator"]


def test_a_document_says_its_language_and_carries_the_date_of_what_it_says() -> None:
    language, known = properties(superbill.build(SUPERBILL))
    assert language == "en-US"
    assert known["/CreationDate"].startswith("D:20261102")
    assert properties(safety_plan.build(SPANISH_PAPER))[0] == "es-US"


def test_a_document_is_printed_at_its_own_size() -> None:
    with pikepdf.open(BytesIO(wallet_card.build(SAFETY_PAPER))) as document:
        assert str(document.Root.ViewerPreferences.PrintScaling) == "/None"


def everywhere(content: Any, text: str) -> Any:
    """Return the content with every string in it replaced."""
    if isinstance(content, str):
        return text
    if isinstance(content, tuple):
        return tuple(everywhere(part, text) for part in content)
    if is_dataclass(content) and not isinstance(content, type):
        changed = {field.name: everywhere(getattr(content, field.name), text) for field in fields(content)}
        return replace(content, **changed)
    return content


NASTY = [
    "",
    "<b>&amp;</p> <font size=99> & < > \" ' %s {x} \\",
    "control \x00\x07\x1b and half a pair \ud800",
    "\U0001f642 \U0001f44d\U0001f3fd 你好 שלום مرحبا \u200b\ufeff𝔘𝔫𝔦 \ufdfd",
    "W" * 400,
    "word " * 150,
    "\n" * 30 + "x",
    "   indent\n\ttab\r\nnext\u2028line",
]
BUILDS = {
    "superbill": (superbill.build, SUPERVISED),
    "session note": (session_note.build, LONG_NOTE_PAPER),
    "treatment plan": (treatment_plan.build, PLAN_PAPER),
    "safety plan": (safety_plan.build, SAFETY_PAPER),
    "wallet card": (wallet_card.build, SAFETY_PAPER),
}


@pytest.mark.parametrize("name", BUILDS)
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_that_a_person_can_type_breaks_a_document_or_runs_over_its_margins(name: str, text: str) -> None:
    build, content = BUILDS[name]
    paper = Paper(build(everywhere(content, text)))
    left, _bottom, right, _top = paper.outermost()
    assert left >= 50
    assert right <= 562


@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_can_be_printed_in_any_document(text: str) -> None:
    for build, content in BUILDS.values():
        assert build(everywhere(content, text)).startswith(b"%PDF")
