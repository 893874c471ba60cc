"""A slot opens as it was made, and not if a single fact about it was changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.storage.keys_of_harbor import CHEAP, ROSA
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.key_json import KeyFileDamagedError
from therapist_desktop.storage.key_sealing import WrongKeyError, key_id
from therapist_desktop.storage.key_slots import Purpose, Slot, SlotKind

SECRET, MEMBERSHIP_KEY, PRACTICE_KEY = b"a secret", b"m" * 32, b"p" * 32


@pytest.fixture(scope="module")
def slot() -> Slot:
    bare = Slot.new("ab" * 16, SlotKind.PASSWORD, SECRET, MEMBERSHIP_KEY, person_id=ROSA, kdf=CHEAP)
    return bare.with_key(Purpose.PRACTICE, PRACTICE_KEY, MEMBERSHIP_KEY)


def test_a_slot_gives_the_keys_that_were_put_into_it(slot: Slot) -> None:
    bundle = slot.open(SECRET, key_id(PRACTICE_KEY), None)
    assert (bundle.practice_key, bundle.membership_key) == (PRACTICE_KEY, MEMBERSHIP_KEY)
    assert slot.is_vouched_for(PRACTICE_KEY, MEMBERSHIP_KEY)


def test_two_slots_with_the_same_secret_have_nothing_in_common(slot: Slot) -> None:
    twin = Slot.new(slot.vault_id, slot.kind, SECRET, MEMBERSHIP_KEY, person_id=ROSA, kdf=CHEAP)
    assert twin.slot_id != slot.slot_id
    assert twin.salt != slot.salt
    assert twin.public_key != slot.public_key
    assert twin.locked != slot.locked


@pytest.mark.parametrize(
    "changed",
    [
        {"vault_id": "cd" * 16},
        {"slot_id": "00" * 16},
        {"kind": SlotKind.KEYRING},
        {"person_id": "person-sam"},
        {"person_id": None},
        {"kdf": KdfParameters(9 * 1024, 1, 1)},
        {"kdf": KdfParameters(8 * 1024, 2, 1)},
        {"kdf": KdfParameters(8 * 1024, 1, 2)},
        {"salt": bytes(16)},
        {"public_key": b"\x11" * 32},
        {"nonce": bytes(12)},
        {"locked": bytes(80)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_slot_with_one_changed_fact_neither_opens_nor_counts_as_made_by_a_member(
    slot: Slot, changed: dict[str, object]
) -> None:
    other = replace(slot, **changed)
    with pytest.raises(WrongKeyError):
        other.open(SECRET, key_id(PRACTICE_KEY), None)
    if not changed.keys() & {"nonce", "locked"}:
        assert not other.is_vouched_for(PRACTICE_KEY, MEMBERSHIP_KEY)


@pytest.mark.parametrize("changed", [{"sealed": bytes(80)}, {"tag": bytes(32)}, {"purpose": Purpose.PRIVATE}])
def test_a_sealed_key_that_was_changed_is_damage_and_not_a_wrong_password(
    slot: Slot, changed: dict[str, object]
) -> None:
    other = replace(slot, keys=(replace(slot.keys[0], **changed),))
    with pytest.raises(KeyFileDamagedError):
        other.open(SECRET, key_id(PRACTICE_KEY), None)


def test_a_label_may_change_without_a_password(slot: Slot) -> None:
    renamed = replace(slot, label="Rosa Alvarez-Whitfield, LCSW")
    assert renamed.open(SECRET, key_id(PRACTICE_KEY), None).practice_key == PRACTICE_KEY
