"""A recovery key survives a printer, a drawer and a shaky hand."""

from __future__ import annotations

from base64 import b32encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.recovery_key import ALPHABET, RecoveryKey

KEYS = st.binary(min_size=20, max_size=20).map(RecoveryKey)
POSITIONS = st.integers(0, 39)


def in_groups(symbols: str) -> str:
    return "-".join(symbols[i : i + 5] for i in range(0, 40, 5))


def symbols_of(key: RecoveryKey) -> str:
    return key.text.replace("-", "")


def test_a_known_key_is_printed_the_same_way_for_ever() -> None:
    # Printed pages outlive releases: this text must never change.
    assert RecoveryKey(bytes(range(20))).text == "000G4-0R40M-30E20-9185G-R38E1-W8124-GKGKF-P05NM"


@given(KEYS)
def test_the_first_thirty_two_characters_are_the_secret_in_crockfords_base32(key: RecoveryKey) -> None:
    standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    assert symbols_of(key)[:32] == b32encode(key.secret).decode().translate(str.maketrans(standard, ALPHABET))


def test_a_new_key_has_eight_groups_of_five_and_is_never_the_same() -> None:
    texts = {RecoveryKey.new().text for _ in range(50)}
    assert len(texts) == 50
    assert all([len(group) for group in text.split("-")] == [5] * 8 for text in texts)


@given(KEYS)
def test_what_is_printed_can_be_typed_back(key: RecoveryKey) -> None:
    assert RecoveryKey.parse(key.text) == key


@given(KEYS, st.sampled_from(["", " ", "-", " - ", "\n", "–", "  ", "\u00a0", "_"]), st.booleans())
def test_case_spaces_and_dashes_do_not_matter(key: RecoveryKey, between: str, lower: bool) -> None:
    typed = between.join(key.text.split("-"))
    assert RecoveryKey.parse(f" {typed.lower() if lower else typed}\n") == key


@given(KEYS, st.sampled_from("oO"), st.sampled_from("iIlL"))
def test_letters_that_look_like_digits_are_read_as_digits(key: RecoveryKey, zero: str, one: str) -> None:
    assert RecoveryKey.parse(key.text.replace("0", zero).replace("1", one)) == key


@given(KEYS, POSITIONS, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_refused_and_its_group_is_named(key: RecoveryKey, at: int, typed: str) -> None:
    symbols = symbols_of(key)
    if symbols[at] == typed:
        return
    with pytest.raises(UserError, match=f"^Group {at // 5 + 1} of the recovery key looks wrong"):
        RecoveryKey.parse(in_groups(symbols[:at] + typed + symbols[at + 1 :]))


def test_every_single_wrong_character_of_a_key_is_refused() -> None:
    symbols = symbols_of(RecoveryKey.new())
    for at in range(40):
        for typed in ALPHABET.replace(symbols[at], ""):
            with pytest.raises(UserError):
                RecoveryKey.parse(symbols[:at] + typed + symbols[at + 1 :])


@given(KEYS, st.integers(0, 38))
def test_two_swapped_characters_are_refused_and_their_group_is_named(key: RecoveryKey, at: int) -> None:
    symbols = symbols_of(key)
    if symbols[at] == symbols[at + 1]:
        return
    where = f"Group {at // 5 + 1} " if at % 5 < 4 else f"Groups {at // 5 + 1} and {at // 5 + 2} "
    with pytest.raises(UserError, match=f"^{where}"):
        RecoveryKey.parse(symbols[:at] + symbols[at + 1] + symbols[at] + symbols[at + 2 :])


@given(KEYS, st.permutations(range(8)))
def test_groups_in_another_order_are_refused(key: RecoveryKey, order: list[int]) -> None:
    groups = key.text.split("-")
    mixed = "-".join(groups[i] for i in order)
    if mixed != key.text:
        with pytest.raises(UserError, match="mistyped"):
            RecoveryKey.parse(mixed)


def test_several_mistakes_are_noticed_even_if_nobody_can_say_where() -> None:
    symbols = symbols_of(RecoveryKey(bytes(20)))
    with pytest.raises(UserError, match="was mistyped"):
        RecoveryKey.parse("7" + symbols[1:20] + "7" + symbols[21:])


@given(KEYS, POSITIONS)
def test_a_left_out_character_is_missed(key: RecoveryKey, at: int) -> None:
    symbols = symbols_of(key)
    with pytest.raises(UserError, match="40 in all; this has 39"):
        RecoveryKey.parse(symbols[:at] + symbols[at + 1 :])


def test_a_group_of_the_wrong_length_is_named() -> None:
    groups = RecoveryKey.new().text.split("-")
    groups[2], groups[5] = groups[2][:4], groups[5] + "A"
    with pytest.raises(UserError, match=r"^Groups 3 and 6 of the recovery key look wrong"):
        RecoveryKey.parse("-".join(groups))


@pytest.mark.parametrize("strange", ["U", "u", "*", "é", "😀", "ß", "\u0661"])
def test_a_character_that_no_key_has_is_named(strange: str) -> None:
    symbols = symbols_of(RecoveryKey.new())
    with pytest.raises(UserError, match="Group 2 "):
        RecoveryKey.parse(in_groups(symbols[:7] + strange + symbols[8:]))


@given(st.text(max_size=60))
def test_nonsense_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UserError):
        RecoveryKey.parse(text)


def test_a_key_does_not_show_itself_in_logs() -> None:
    key = RecoveryKey(b"fictional secret 160")
    assert "fictional" not in repr(key)
    assert key.text not in repr(key)
