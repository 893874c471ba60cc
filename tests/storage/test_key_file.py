"""Every way into a practice, and how it is changed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest

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
from therapist_desktop.storage.audit_anchor import Anchor
from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.key_json import KeyFileDamagedError
from therapist_desktop.storage.key_slots import SlotKind
from therapist_desktop.storage.recovery_key import RecoveryKey

PRIVATE_KEY = bytes(reversed(range(32)))


@pytest.fixture
def keys() -> HarborKeys:
    return harbor_keys()


def test_everybody_opens_the_same_practice(keys: HarborKeys) -> None:
    opened = [
        keys.file.unlock_with_password(ROSA, ROSAS_PASSWORD),
        keys.file.unlock_with_password(SAM, SAMS_PASSWORD),
        keys.file.unlock_with_recovery_key(keys.recovery_key),
        keys.file.unlock_with_keyring(ROSA, KEYRING_SECRET),
    ]
    assert {bundle.practice_key for bundle in opened} == {keys.bundle.practice_key}
    assert [bundle.person_id for bundle in opened] == [ROSA, SAM, None, ROSA]
    assert len(keys.bundle.practice_key) == 32


def test_two_practices_never_share_a_key_or_a_name() -> None:
    (one, one_bundle), (other, other_bundle) = KeyFile.create(), KeyFile.create()
    assert one.vault_id != other.vault_id
    assert one_bundle.practice_key != other_bundle.practice_key
    assert one_bundle.membership_key != other_bundle.membership_key


def test_who_can_sign_in_is_known_before_anything_is_unlocked(keys: HarborKeys) -> None:
    assert [(slot.person_id, slot.label) for slot in keys.file.password_slots] == [
        (ROSA, "Rosa Alvarez, LCSW"),
        (SAM, "Sam Whitfield, LMFT"),
    ]


@pytest.mark.parametrize("typed", ["", "harbor lantern seven boat", ROSAS_PASSWORD.upper(), SAMS_PASSWORD, "\ud800"])
def test_a_wrong_password_is_refused_with_a_sentence(keys: HarborKeys, typed: str) -> None:
    with pytest.raises(UserError, match="That password is not right"):
        keys.file.unlock_with_password(ROSA, typed)


def test_a_stranger_a_foreign_recovery_key_and_a_foreign_computer_are_refused(keys: HarborKeys) -> None:
    with pytest.raises(UserError, match="cannot sign in"):
        keys.file.unlock_with_password("person-nobody", ROSAS_PASSWORD)
    with pytest.raises(UserError, match="belongs to another practice"):
        keys.file.unlock_with_recovery_key(RecoveryKey.new())
    with pytest.raises(UserError, match="no longer remembers"):
        keys.file.unlock_with_keyring(ROSA, secrets.token_bytes(32))
    with pytest.raises(UserError, match="no longer remembers"):
        keys.file.unlock_with_keyring(SAM, KEYRING_SECRET)
    with pytest.raises(UserError, match="no passphrase of its own"):
        keys.file.unlock_with_passphrase("anything at all")


def test_an_accent_may_be_typed_in_one_key_or_in_two() -> None:
    key_file, bundle = KeyFile.create()
    key_file = key_file.with_password_slot(bundle, ROSA, "Rosa Alvarez", "caf\u00e9 au lait \ufb01ne", CHEAP)
    assert key_file.unlock_with_password(ROSA, "cafe\u0301 au lait fine").practice_key == bundle.practice_key


def test_an_empty_password_cannot_be_set(keys: HarborKeys) -> None:
    with pytest.raises(ValueError, match="empty"):
        keys.file.with_password_slot(keys.bundle, "person-new", "Jordan Lee", "", CHEAP)


def test_a_person_has_one_password(keys: HarborKeys) -> None:
    with pytest.raises(ValueError, match="already has"):
        keys.file.with_password_slot(keys.bundle, ROSA, "Rosa Alvarez", "another good password", CHEAP)


def test_each_change_is_the_next_generation_and_leaves_the_old_file_as_it_was(keys: HarborKeys) -> None:
    before = keys.file
    after = before.with_label(ROSA, "Rosa Alvarez-Whitfield, LCSW")
    assert after.generation == before.generation + 1
    assert before.password_slots[0].label == "Rosa Alvarez, LCSW"
    assert after.unlock_with_password(ROSA, ROSAS_PASSWORD).practice_key == keys.bundle.practice_key


def test_a_label_is_kept_short_and_on_one_line(keys: HarborKeys) -> None:
    label = keys.file.with_label(ROSA, "  Rosa\n\tAlvarez " + "x" * 500).password_slots[0].label
    assert label is not None
    assert label.startswith("Rosa Alvarez x")
    assert len(label) == 200


def test_after_a_password_change_only_the_new_one_opens(keys: HarborKeys) -> None:
    changed = keys.file.with_password_changed(ROSA, ROSAS_PASSWORD, "quiet river under stone", CHEAP)
    assert changed.unlock_with_password(ROSA, "quiet river under stone").practice_key == keys.bundle.practice_key
    assert changed.unlock_with_password(SAM, SAMS_PASSWORD).practice_key == keys.bundle.practice_key
    with pytest.raises(UserError, match="not right"):
        changed.unlock_with_password(ROSA, ROSAS_PASSWORD)


def test_a_password_change_needs_the_old_password(keys: HarborKeys) -> None:
    with pytest.raises(UserError, match="not right"):
        keys.file.with_password_changed(ROSA, SAMS_PASSWORD, "quiet river under stone", CHEAP)


def test_a_forgotten_password_is_replaced_with_the_recovery_key(keys: HarborKeys) -> None:
    bundle = keys.file.unlock_with_recovery_key(keys.recovery_key)
    after = keys.file.with_password_reset(bundle, SAM, "new words for old sam", CHEAP)
    assert after.unlock_with_password(SAM, "new words for old sam").practice_key == bundle.practice_key
    assert [slot.label for slot in after.password_slots if slot.person_id == SAM] == ["Sam Whitfield, LMFT"]


def test_a_new_recovery_key_retires_the_old_one(keys: HarborKeys) -> None:
    new = RecoveryKey.new()
    after = keys.file.with_recovery_key(keys.bundle, new, kdf=CHEAP)
    assert after.unlock_with_recovery_key(new).practice_key == keys.bundle.practice_key
    with pytest.raises(UserError, match="a newer one was printed"):
        after.unlock_with_recovery_key(keys.recovery_key)


def test_a_closed_slot_opens_nothing_and_the_last_way_in_stays(keys: HarborKeys) -> None:
    keyring = keys.file.slot(SlotKind.KEYRING, ROSA)
    assert keyring is not None
    without_keyring = keys.file.without_slot(keyring.slot_id)
    with pytest.raises(UserError, match="Sign in with your password"):
        without_keyring.unlock_with_keyring(ROSA, KEYRING_SECRET)

    without_sam = without_keyring.without_person(SAM)
    with pytest.raises(UserError, match="cannot sign in"):
        without_sam.unlock_with_password(SAM, SAMS_PASSWORD)
    with pytest.raises(UserError, match="Nobody could open"):
        without_sam.without_person(ROSA)


def test_the_recovery_key_alone_does_not_count_as_somebody_who_can_sign_in(keys: HarborKeys) -> None:
    with pytest.raises(UserError, match="Nobody could open"):
        keys.file.without_person(SAM).without_person(ROSA)


def test_removing_a_person_closes_their_remembered_computers_too(keys: HarborKeys) -> None:
    assert {slot.person_id for slot in keys.file.without_person(ROSA).slots} == {SAM, None}


def test_a_copy_for_outside_opens_with_its_own_passphrase_only(keys: HarborKeys) -> None:
    copy, bundle = KeyFile.create(vault_id=keys.file.vault_id, practice_key=keys.bundle.practice_key)
    copy = copy.with_passphrase(bundle, "lighthouse in the fog", CHEAP)
    assert copy.unlock_with_passphrase("lighthouse in the fog").practice_key == keys.bundle.practice_key
    with pytest.raises(UserError, match="passphrase is not right"):
        copy.unlock_with_passphrase("lighthouse in the dog")


def test_the_audit_anchor_is_kept_and_replaced(keys: HarborKeys) -> None:
    first = Anchor(12, "ab" * 32, datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    second = Anchor(13, "cd" * 32, datetime(2026, 11, 23, 15, 1, tzinfo=UTC))
    key = keys.bundle.practice_key
    assert keys.file.with_anchor(first, key).with_anchor(second, key).anchor == second
    with pytest.raises(ValueError, match="SHA-256"):
        Anchor(1, "ab" * 31, datetime(2026, 11, 23, tzinfo=UTC))


def test_only_who_holds_the_practice_key_writes_an_anchor(keys: HarborKeys) -> None:
    key, another = keys.bundle.practice_key, secrets.token_bytes(32)
    assert keys.file.anchor_is_vouched_for(key)  # from the beginning
    anchored = keys.file.with_anchor(Anchor(12, "ab" * 32, datetime(2026, 11, 23, 15, 0, tzinfo=UTC)), key)
    assert anchored.anchor_is_vouched_for(key)
    assert not anchored.anchor_is_vouched_for(another)
    earlier = replace(anchored.anchor, sequence=11)
    elsewhere = replace(anchored, vault_id="00" * 16)
    for forged in (
        replace(anchored, anchor=earlier),
        replace(anchored, anchor_tags=keys.file.anchor_tags),
        replace(anchored, anchor_tags=()),
        anchored.with_anchor(earlier, another),
        elsewhere,
    ):
        assert not forged.anchor_is_vouched_for(key)


def test_an_anchor_is_vouched_for_with_the_new_key_after_a_rekey_unless_it_was_forged(keys: HarborKeys) -> None:
    old, new = keys.bundle.practice_key, secrets.token_bytes(32)
    anchored = keys.file.with_anchor(Anchor(12, "ab" * 32, datetime(2026, 11, 23, 15, 0, tzinfo=UTC)), old)
    pending = anchored.with_pending_rekey(keys.bundle, new)
    assert pending.anchor_is_vouched_for(old)
    assert pending.anchor_is_vouched_for(new)
    assert pending.with_rekey_confirmed(new).anchor_is_vouched_for(new)
    assert not pending.with_rekey_confirmed(new).anchor_is_vouched_for(old)
    forged = replace(anchored, anchor=replace(anchored.anchor, sequence=11)).with_pending_rekey(keys.bundle, new)
    assert not forged.with_rekey_confirmed(new).anchor_is_vouched_for(new)


@pytest.mark.parametrize("number", ["x", "1e5", "\u0661", "", "9" * 40])
def test_a_login_without_a_number_is_damage(keys: HarborKeys, number: str) -> None:
    slots = tuple(replace(slot, person_id=number) for slot in keys.file.password_slots[:1])
    with pytest.raises(KeyFileDamagedError, match="damaged"):
        _ = replace(keys.file, slots=slots).people


def test_a_persons_private_key_is_in_their_bundle_and_in_no_other(keys: HarborKeys) -> None:
    rosa = keys.file.unlock_with_password(ROSA, ROSAS_PASSWORD)
    after = keys.file.with_private_key(rosa, PRIVATE_KEY)
    assert after.unlock_with_password(ROSA, ROSAS_PASSWORD).private_key == PRIVATE_KEY
    assert after.unlock_with_password(SAM, SAMS_PASSWORD).private_key is None
    assert after.unlock_with_recovery_key(keys.recovery_key).private_key is None
    assert after.unlock_with_keyring(ROSA, KEYRING_SECRET).private_key is None
    assert after.unlock_with_keyring(ROSA, KEYRING_SECRET).practice_key == keys.bundle.practice_key


def test_a_computer_that_remembers_a_person_never_opens_their_private_notes(keys: HarborKeys) -> None:
    file = keys.file.with_private_key(keys.file.unlock_with_password(ROSA, ROSAS_PASSWORD), PRIVATE_KEY)
    rosa = file.unlock_with_password(ROSA, ROSAS_PASSWORD)
    remembered = file.with_keyring_slot(rosa, ROSA, KEYRING_SECRET, CHEAP).unlock_with_keyring(ROSA, KEYRING_SECRET)
    assert remembered.private_key is None


def test_a_private_key_survives_a_password_change_and_is_not_replaced(keys: HarborKeys) -> None:
    rosa = keys.file.unlock_with_password(ROSA, ROSAS_PASSWORD)
    after = keys.file.with_private_key(rosa, PRIVATE_KEY).with_password_changed(
        ROSA, ROSAS_PASSWORD, "quiet river under stone", CHEAP
    )
    rosa = after.unlock_with_password(ROSA, "quiet river under stone")
    assert rosa.private_key == PRIVATE_KEY
    with pytest.raises(ValueError, match="set once"):
        after.with_private_key(rosa, secrets.token_bytes(32))


def test_private_notes_are_not_lost_by_a_reset_or_a_removal_unless_that_is_said(keys: HarborKeys) -> None:
    rosa = keys.file.unlock_with_password(ROSA, ROSAS_PASSWORD)
    file = keys.file.with_private_key(rosa, PRIVATE_KEY)
    recovered = file.unlock_with_recovery_key(keys.recovery_key)
    with pytest.raises(UserError, match="unreadable for ever"):
        file.with_password_reset(recovered, ROSA, "quiet river under stone", CHEAP)
    with pytest.raises(UserError, match="unreadable for ever"):
        file.without_person(ROSA)

    reset = file.with_password_reset(recovered, ROSA, "quiet river under stone", CHEAP, discard_private_key=True)
    assert reset.unlock_with_password(ROSA, "quiet river under stone").private_key is None
    assert file.without_person(ROSA, discard_private_key=True).slot(SlotKind.PASSWORD, ROSA) is None


def test_a_recovery_key_of_ones_own_saves_private_notes_from_a_forgotten_password(keys: HarborKeys) -> None:
    rosa = keys.file.unlock_with_password(ROSA, ROSAS_PASSWORD)
    own = RecoveryKey.new()
    file = keys.file.with_recovery_key(rosa, own, ROSA, CHEAP).with_private_key(rosa, PRIVATE_KEY)
    recovered = file.unlock_with_recovery_key(own, ROSA)
    assert recovered.private_key == PRIVATE_KEY

    reset = file.with_password_reset(recovered, ROSA, "quiet river under stone", CHEAP)
    assert reset.unlock_with_password(ROSA, "quiet river under stone").private_key == PRIVATE_KEY


def test_a_bundle_of_another_practice_adds_nobody(keys: HarborKeys) -> None:
    _, foreign = KeyFile.create()
    with pytest.raises(ValueError, match="not hold the keys"):
        keys.file.with_password_slot(foreign, "person-new", "Jordan Lee", "another good password", CHEAP)


def test_no_key_shows_itself_in_logs(keys: HarborKeys) -> None:
    bundle = KeyBundle(b"p" * 32, b"m" * 32, b"n" * 32, b"q" * 32, ROSA)
    assert repr(bundle) == f"KeyBundle(person_id={ROSA!r})"
    shown = repr(keys.file)
    hidden = [field for slot in keys.file.slots for field in (slot.locked, slot.salt, slot.keys[0].sealed)]
    assert not any(secret.hex() in shown or repr(secret) in shown for secret in hidden)


def test_a_password_is_not_kept_in_the_error_of_a_failed_try(keys: HarborKeys) -> None:
    with pytest.raises(UserError) as refused:
        keys.file.unlock_with_password(ROSA, "a wrong but telling one")
    assert "telling" not in repr(refused.value)
    assert refused.value.__cause__ is None
