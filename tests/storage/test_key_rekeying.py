"""A re-key needs nobody's password, and shuts out whoever is no longer let in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.storage.keys_of_harbor import (
    CHEAP,
    KEYRING_SECRET,
    ROSA,
    ROSAS_PASSWORD,
    SAM,
    SAMS_PASSWORD,
    HarborKeys,
    harbor_keys,
)
from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import password_bytes
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.key_file_store import from_json, to_json
from therapist_desktop.storage.key_json import KeyFileDamagedError
from therapist_desktop.storage.key_sealing import WrongKeyError, key_id, seal, unlock, unseal
from therapist_desktop.storage.key_slots import Purpose, SealedKey, Slot, SlotKind

NEW_KEY = b"new practice key of 32 bytes !!!"


@pytest.fixture
def keys() -> HarborKeys:
    return harbor_keys()


def all_ways_in(keys: HarborKeys) -> list[Callable[[KeyFile], KeyBundle]]:
    return [
        lambda file: file.unlock_with_password(ROSA, ROSAS_PASSWORD),
        lambda file: file.unlock_with_password(SAM, SAMS_PASSWORD),
        lambda file: file.unlock_with_recovery_key(keys.recovery_key),
        lambda file: file.unlock_with_keyring(ROSA, KEYRING_SECRET),
    ]


def what_is_locked_in(slot: Slot, password: str) -> tuple[X25519PrivateKey, bytes]:
    """Return a slot's private half and the membership key, as an attacker with the password would take them."""
    opened = unlock(slot.nonce, slot.locked, slot.kdf.derive(password_bytes(password), slot.salt), slot._context())
    return X25519PrivateKey.from_private_bytes(opened[:32]), opened[32:]


def test_during_a_rekey_everybody_holds_the_old_and_the_new_key(keys: HarborKeys) -> None:
    pending = from_json(to_json(keys.file.with_pending_rekey(keys.bundle, NEW_KEY)))
    for way_in in all_ways_in(keys):
        assert way_in(pending).practice_keys == (keys.bundle.practice_key, NEW_KEY)


def test_after_a_rekey_everybody_holds_the_new_key_only(keys: HarborKeys) -> None:
    done = keys.file.with_pending_rekey(keys.bundle, NEW_KEY).with_rekey_confirmed(NEW_KEY)
    done = from_json(to_json(done))
    for way_in in all_ways_in(keys):
        assert way_in(done).practice_keys == (NEW_KEY,)
    assert done.key_id == key_id(NEW_KEY)
    assert done.pending_key_id is None


def test_a_rekey_that_did_not_happen_is_settled_on_the_old_key(keys: HarborKeys) -> None:
    given_up = keys.file.with_pending_rekey(keys.bundle, NEW_KEY).with_rekey_confirmed(keys.bundle.practice_key)
    for way_in in all_ways_in(keys):
        assert way_in(given_up).practice_keys == (keys.bundle.practice_key,)
    # and it can be tried again
    again = given_up.with_pending_rekey(keys.bundle, NEW_KEY).with_rekey_confirmed(NEW_KEY)
    assert again.unlock_with_password(SAM, SAMS_PASSWORD).practice_key == NEW_KEY


def test_many_rekeys_leave_no_old_key_behind(keys: HarborKeys) -> None:
    file, bundle = keys.file, keys.bundle
    for _ in range(5):
        new_key = secrets.token_bytes(32)
        file = file.with_pending_rekey(bundle, new_key).with_rekey_confirmed(new_key)
        bundle = bundle.with_pending(new_key).settled_on(new_key)
    assert all(len(slot.keys) == 1 for slot in file.slots)
    assert file.unlock_with_password(SAM, SAMS_PASSWORD).practice_key == bundle.practice_key


def test_a_password_can_be_changed_in_the_middle_of_a_rekey(keys: HarborKeys) -> None:
    pending = keys.file.with_pending_rekey(keys.bundle, NEW_KEY)
    changed = pending.with_password_changed(SAM, SAMS_PASSWORD, "quiet river under stone", CHEAP)
    assert changed.unlock_with_password(SAM, "quiet river under stone").pending_key == NEW_KEY
    with pytest.raises(ValueError, match="not hold the keys that are in force"):
        pending.with_recovery_key(keys.bundle, keys.recovery_key)


def test_a_rekey_is_settled_before_the_next_and_on_a_key_of_its_own(keys: HarborKeys) -> None:
    pending = keys.file.with_pending_rekey(keys.bundle, NEW_KEY)
    with pytest.raises(ValueError, match="already under way"):
        pending.with_pending_rekey(keys.bundle.with_pending(NEW_KEY), secrets.token_bytes(32))
    with pytest.raises(ValueError, match="neither"):
        pending.with_rekey_confirmed(secrets.token_bytes(32))
    with pytest.raises(ValueError, match="does not hold that key"):
        keys.bundle.settled_on(NEW_KEY)
    with pytest.raises(ValueError, match="32 bytes"):
        keys.file.with_pending_rekey(keys.bundle, b"short")


def test_a_removed_person_gains_nothing_from_the_new_file(keys: HarborKeys) -> None:
    old_slot = keys.file.slot(SlotKind.PASSWORD, SAM)
    assert old_slot is not None
    new_file = keys.file.without_person(SAM).with_pending_rekey(keys.bundle, NEW_KEY).with_rekey_confirmed(NEW_KEY)
    with pytest.raises(UserError, match="cannot sign in"):
        new_file.unlock_with_password(SAM, SAMS_PASSWORD)

    # Sam kept the old file and knows his password: so he has his private half, the old practice key and the
    # membership key. Nothing that was sealed for the others opens with them.
    private_half, membership_key = what_is_locked_in(old_slot, SAMS_PASSWORD)
    assert membership_key == keys.bundle.membership_key
    for slot in new_file.slots:
        for sealed in slot.keys:
            context = slot._context(sealed.purpose, sealed.key_id)
            with pytest.raises(WrongKeyError):
                unseal(sealed.sealed, sealed.tag, private_half, membership_key, context)
        with pytest.raises(WrongKeyError):
            slot.open(password_bytes(SAMS_PASSWORD), new_file.key_id, None)


def test_an_old_password_with_an_old_file_opens_no_key_that_is_sealed_later(keys: HarborKeys) -> None:
    old_slot = keys.file.slot(SlotKind.PASSWORD, SAM)
    assert old_slot is not None
    changed = keys.file.with_password_changed(SAM, SAMS_PASSWORD, "quiet river under stone", CHEAP)
    later = changed.with_pending_rekey(keys.bundle, NEW_KEY).with_rekey_confirmed(NEW_KEY)
    new_slot = later.slot(SlotKind.PASSWORD, SAM)
    assert new_slot is not None
    assert new_slot.public_key != old_slot.public_key
    private_half, membership_key = what_is_locked_in(old_slot, SAMS_PASSWORD)
    for sealed in new_slot.keys:
        context = new_slot._context(sealed.purpose, sealed.key_id)
        with pytest.raises(WrongKeyError):
            unseal(sealed.sealed, sealed.tag, private_half, membership_key, context)


def test_nothing_is_sealed_for_a_slot_that_a_stranger_planted(keys: HarborKeys) -> None:
    stranger = Slot.new(
        keys.file.vault_id,
        SlotKind.PASSWORD,
        password_bytes("the stranger's own password"),
        membership_key=secrets.token_bytes(32),
        person_id="person-stranger",
        kdf=CHEAP,
    )
    copied = keys.file.slots[0].keys  # he cannot seal the practice key, so he copies what is there
    planted = replace(keys.file, slots=(*keys.file.slots, replace(stranger, keys=copied)))
    planted = from_json(to_json(planted))  # he can make the checksum right
    with pytest.raises(KeyFileDamagedError, match="without having a key"):
        planted.with_pending_rekey(keys.bundle, NEW_KEY)


def test_nothing_is_sealed_for_a_slot_that_a_removed_person_planted(keys: HarborKeys) -> None:
    second_key = secrets.token_bytes(32)
    file = keys.file.without_person(SAM).with_pending_rekey(keys.bundle, second_key).with_rekey_confirmed(second_key)
    bundle = keys.bundle.with_pending(second_key).settled_on(second_key)

    # Sam knows the membership key and the first practice key, and makes a slot of his own that looks like the others.
    # What he cannot make is the tag, which takes the second key.
    mine = Slot.new(file.vault_id, SlotKind.PASSWORD, b"sam", keys.bundle.membership_key, person_id=SAM, kdf=CHEAP)
    context = mine._context(Purpose.PRACTICE, file.key_id)
    sealed, tag = seal(keys.bundle.practice_key, mine.public_key, keys.bundle.membership_key, context)
    mine = replace(mine, keys=(SealedKey(Purpose.PRACTICE, file.key_id, sealed, tag),))
    planted = from_json(to_json(replace(file, slots=(*file.slots, mine))))
    with pytest.raises(KeyFileDamagedError, match="without having a key"):
        planted.with_pending_rekey(bundle, NEW_KEY)


def test_a_stranger_cannot_plant_a_practice_key_of_his_own(keys: HarborKeys) -> None:
    his_key = secrets.token_bytes(32)
    slots = tuple(
        replace(slot, keys=()).with_key(Purpose.PRACTICE, his_key, membership_key=secrets.token_bytes(32))
        for slot in keys.file.slots
    )
    planted = from_json(to_json(replace(keys.file, key_id=key_id(his_key), slots=slots)))
    with pytest.raises(KeyFileDamagedError):
        planted.unlock_with_password(ROSA, ROSAS_PASSWORD)


def test_a_public_key_that_opens_to_everybody_is_not_sealed_for(keys: HarborKeys) -> None:
    slots = (replace(keys.file.slots[0], public_key=bytes(32)), *keys.file.slots[1:])
    with pytest.raises(KeyFileDamagedError):
        replace(keys.file, slots=slots).with_pending_rekey(keys.bundle, NEW_KEY)


def test_a_private_key_is_sealed_by_its_own_person_only(keys: HarborKeys) -> None:
    with pytest.raises(ValueError, match="its own person"):
        keys.file.with_private_key(keys.bundle, secrets.token_bytes(32))
    rosa = keys.file.unlock_with_password(ROSA, ROSAS_PASSWORD)
    forged = replace(keys.file.slots[0], public_key=keys.file.slots[1].public_key)
    with pytest.raises(KeyFileDamagedError):
        replace(keys.file, slots=(forged, *keys.file.slots[1:])).with_private_key(rosa, secrets.token_bytes(32))
