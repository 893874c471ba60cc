"""Changing keys: what is closed stays closed, also for who kept a copy, and a fault loses nobody a way in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.faults.filling_disk import disk_full_after_the_backup
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.backups import (
    make_backup,
    restore_backup,
    verify_backup,
    with_passphrase,
    with_password,
    with_recovery_key,
)
from therapist_desktop.services.keys import change_key, confirm_recovery_key, prepare_recovery_key
from therapist_desktop.services.people import add_person, change_password, list_people, remove_person, reset_password
from therapist_desktop.services.practices import enter_with_passphrase
from therapist_desktop.storage.backup_file import read_backup
from therapist_desktop.storage.faults import DamagedPracticeError
from therapist_desktop.storage.key_file_store import BACKUP_NAME, NAME, write_key_file
from therapist_desktop.storage.practice import NotEncryptedAnewError, Practice
from therapist_desktop.storage.practice_opening import (
    open_with_passphrase,
    open_with_password,
    open_with_recovery_key,
)

NEW_PASSWORD = "lanterns over the bay"
SAMS_PASSWORD = "seven boats in the fog"
PASSPHRASE = "lent to the locum for a week"


@pytest.fixture
def sam(practice: Practice, rosa: Person) -> Person:
    """An owner too, so that only being signed in is missing."""
    return add_person(
        practice, rosa, Person(first_name="Sam", last_name="Whitfield", roles=[Role.OWNER.value]), SAMS_PASSWORD
    )


def key_events(practice: Practice) -> list[str]:
    with practice.reading() as session:
        rows = session.execute(
            select(AuditEvent.action, AuditEvent.detail)
            .where(AuditEvent.action.in_(["change keys", "failed sign-in"]))
            .order_by(AuditEvent.sequence)
        )
        return [f"{row.action}: {row.detail}" for row in rows]


def with_old_keys(practice: Practice, kept: Path) -> Path:
    """Put a kept copy of the key file beside today’s practice file."""
    folder = practice.folder.with_name("as somebody else has it")
    shutil.copytree(practice.folder, folder)
    for name in (NAME, BACKUP_NAME):
        shutil.copy(kept, folder / name)
    return folder


@pytest.fixture
def kept(practice: Practice, tmp_path: Path) -> Path:
    """A copy of the key file that somebody took away."""
    return Path(shutil.copy(practice.folder / NAME, tmp_path / "kept.keys"))


def test_with_a_new_recovery_key_the_old_one_opens_only_what_is_old(
    practice: Practice, rosa: Person, clock: TestClock, tmp_path: Path
) -> None:
    first, second = prepare_recovery_key(), prepare_recovery_key()
    confirm_recovery_key(practice, rosa, first, PASSWORD)
    old_backup = make_backup(practice, rosa, tmp_path)
    kept = Path(shutil.copy(practice.folder / NAME, tmp_path / "kept.keys"))
    made = confirm_recovery_key(practice, rosa, second, PASSWORD)
    practice.close()
    open_with_recovery_key(practice.folder, second, clock).close()
    verify_backup(made.path, with_recovery_key(second))
    verify_backup(old_backup.path, with_recovery_key(first))
    for opening in (
        lambda: open_with_recovery_key(practice.folder, first, clock),
        lambda: verify_backup(made.path, with_recovery_key(first)),
        lambda: open_with_recovery_key(with_old_keys(practice, kept), first, clock),
    ):
        with pytest.raises(UserError):
            opening()


def test_a_recovery_key_that_is_only_prepared_changes_nothing(practice: Practice, rosa: Person) -> None:
    first = prepare_recovery_key()
    confirm_recovery_key(practice, rosa, first, PASSWORD)
    before = (practice.folder / NAME).read_bytes()
    prepare_recovery_key()
    with pytest.raises(UserError, match="not right"):
        confirm_recovery_key(practice, rosa, prepare_recovery_key(), "some other words entirely")
    assert (practice.folder / NAME).read_bytes() == before
    practice.key_file.unlock_with_recovery_key(first)
    assert key_events(practice) == ["change keys: replace-recovery-key", "failed sign-in: at:change-keys"]


def test_a_changed_key_shuts_out_who_kept_the_key_file(
    practice: Practice, rosa: Person, kept: Path, clock: TestClock
) -> None:
    change_password(practice, rosa, PASSWORD, NEW_PASSWORD)
    made = change_key(practice, rosa, NEW_PASSWORD)
    verify_backup(made.path, with_password(1, NEW_PASSWORD))
    practice.close()
    with pytest.raises(DamagedPracticeError):
        open_with_password(with_old_keys(practice, kept), 1, PASSWORD, clock)
    open_with_password(practice.folder, 1, NEW_PASSWORD, clock).close()


def test_a_password_somebody_knows_is_changed_together_with_the_key(
    practice: Practice, rosa: Person, kept: Path, clock: TestClock
) -> None:
    made = change_password(practice, rosa, PASSWORD, NEW_PASSWORD, rekey=True)
    assert made is not None
    with pytest.raises(UserError, match="not right"):
        verify_backup(made.path, with_password(1, PASSWORD))
    practice.close()
    with pytest.raises(DamagedPracticeError):
        open_with_password(with_old_keys(practice, kept), 1, PASSWORD, clock)
    open_with_password(practice.folder, 1, NEW_PASSWORD, clock).close()


def test_a_wrong_old_password_is_in_the_audit_trail(practice: Practice, rosa: Person) -> None:
    with pytest.raises(UserError, match="not right"):
        change_password(practice, rosa, "some other words entirely", NEW_PASSWORD)
    assert key_events(practice) == ["failed sign-in: at:change-keys"]
    practice.check_password(1, PASSWORD)


def test_keys_are_changed_only_by_who_signed_in_and_with_their_password(
    practice: Practice, rosa: Person, sam: Person
) -> None:
    before = (practice.folder / NAME).read_bytes()
    refused = [
        lambda: confirm_recovery_key(practice, sam, prepare_recovery_key(), SAMS_PASSWORD),
        lambda: confirm_recovery_key(practice, None, prepare_recovery_key()),
        lambda: confirm_recovery_key(practice, rosa, prepare_recovery_key()),
        lambda: change_key(practice, sam, SAMS_PASSWORD),
        lambda: change_key(practice, rosa, SAMS_PASSWORD),
        lambda: reset_password(practice, None, rosa, NEW_PASSWORD),
        lambda: reset_password(practice, sam, rosa, NEW_PASSWORD, SAMS_PASSWORD),
        lambda: reset_password(practice, rosa, sam, NEW_PASSWORD),
        lambda: reset_password(practice, rosa, sam, NEW_PASSWORD, SAMS_PASSWORD),
        lambda: remove_person(practice, sam, rosa.id, SAMS_PASSWORD),
        lambda: remove_person(practice, rosa, sam.id, SAMS_PASSWORD),
        lambda: change_password(practice, sam, SAMS_PASSWORD, NEW_PASSWORD),
        lambda: add_person(
            practice, sam, Person(first_name="Bea", last_name="Lund", roles=[Role.BILLER.value]), NEW_PASSWORD
        ),
    ]
    for attempt in refused:
        with pytest.raises(UserError, match=r"sign in|Sign in|not right"):
            attempt()
    assert (practice.folder / NAME).read_bytes() == before
    assert len(list_people(practice)) == 2
    reset_password(practice, rosa, sam, NEW_PASSWORD, PASSWORD)
    practice.check_password(sam.id, NEW_PASSWORD)


def test_a_closed_passphrase_opens_the_restored_practice_not_even_with_the_keys_of_its_copy(
    practice: Practice, rosa: Person, tmp_path: Path, clock: TestClock
) -> None:
    copy = make_backup(practice, rosa, tmp_path, passphrase=PASSPHRASE)
    folder = restore_backup(copy.path, tmp_path / "Restored", with_passphrase(PASSPHRASE), clock, kdf=CHEAP_KDF)
    restored_keys = Path(shutil.copy(folder / NAME, tmp_path / "restored.keys"))
    signed_in = enter_with_passphrase(folder, PASSPHRASE, clock, kdf=CHEAP_KDF)
    reset_password(signed_in.practice, None, list_people(signed_in.practice)[0], NEW_PASSWORD)
    signed_in.sign_out()
    from_the_copy = tmp_path / "from the copy"
    from_the_copy.mkdir()
    write_key_file(read_backup(copy.path).header.key_file, from_the_copy)
    for keys in (restored_keys, from_the_copy / NAME):
        for name in (NAME, BACKUP_NAME):
            shutil.copy(keys, folder / name)
        with pytest.raises(DamagedPracticeError):
            open_with_passphrase(folder, PASSPHRASE, clock)


def test_a_restored_practice_has_a_key_that_is_not_in_the_backup(
    practice: Practice, rosa: Person, tmp_path: Path, clock: TestClock
) -> None:
    made = make_backup(practice, rosa, tmp_path)
    folder = restore_backup(made.path, tmp_path / "Restored", with_password(1, PASSWORD), clock, kdf=CHEAP_KDF)
    for name in (NAME, BACKUP_NAME):
        (folder / name).unlink()
    write_key_file(read_backup(made.path).header.key_file, folder)
    with pytest.raises(DamagedPracticeError):
        open_with_password(folder, 1, PASSWORD, clock)


def test_if_the_disk_fills_up_the_new_recovery_key_is_in_force_and_the_sentence_says_so(
    practice: Practice, rosa: Person, tmp_path: Path
) -> None:
    recovery_key = prepare_recovery_key()
    with (
        disk_full_after_the_backup(practice, tmp_path),
        pytest.raises(NotEncryptedAnewError, match="That is done, but"),
    ):
        confirm_recovery_key(practice, rosa, recovery_key, PASSWORD)
    practice.key_file.unlock_with_recovery_key(recovery_key)
    change_key(practice, rosa, PASSWORD)
    practice.key_file.unlock_with_recovery_key(recovery_key)
