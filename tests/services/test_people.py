"""Letting people in and out: whoever is out stays out, and a fault leaves nobody half in."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.faults.filling_disk import disk_full_after_the_backup, not_writable
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.backups import restore_backup, with_password
from therapist_desktop.services.people import add_person, list_people, remove_person, reset_password
from therapist_desktop.services.practices import sign_in
from therapist_desktop.storage.practice import NotEncryptedAnewError, Practice

SAMS_PASSWORD = "seven boats in the fog"
NEW_PASSWORD = "lanterns over the bay"


def somebody() -> Person:
    return Person(first_name="Sam", last_name="Whitfield", roles=[Role.CLINICIAN.value])


@pytest.fixture
def sam(practice: Practice, rosa: Person) -> Person:
    return add_person(practice, rosa, somebody(), SAMS_PASSWORD)


def who_is_active(practice: Practice) -> list[bool]:
    return [person.active for person in sorted(list_people(practice), key=lambda person: person.id)]


def test_the_backup_made_before_a_removal_is_closed_to_who_was_removed(
    practice: Practice, rosa: Person, sam: Person, tmp_path: Path, clock: TestClock
) -> None:
    made = remove_person(practice, rosa, sam.id, PASSWORD)
    with pytest.raises(UserError, match="cannot sign in"):
        restore_backup(made.path, tmp_path / "Sams", with_password(sam.id, SAMS_PASSWORD), clock)
    restore_backup(made.path, tmp_path / "Rosas", with_password(rosa.id, PASSWORD), clock)


def test_a_removal_that_fails_at_its_backup_changes_nothing(
    practice: Practice, rosa: Person, sam: Person, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="does not exist"):
        remove_person(practice, rosa, sam.id, PASSWORD, backup_folder=tmp_path / "unplugged")
    assert who_is_active(practice) == [True, True]
    practice.check_password(sam.id, SAMS_PASSWORD)


def test_whoever_is_removed_while_the_disk_fills_up_is_out_and_said_to_be_out(
    practice: Practice, rosa: Person, sam: Person, tmp_path: Path
) -> None:
    key = practice.key_file.key_id
    with disk_full_after_the_backup(practice, tmp_path), pytest.raises(NotEncryptedAnewError, match="change its key"):
        remove_person(practice, rosa, sam.id, PASSWORD)
    assert practice.key_file.key_id == key
    assert not practice.has_password(sam.id)
    assert who_is_active(practice) == [True, False]
    remove_person(practice, rosa, sam.id, PASSWORD)  # once there is room again
    assert practice.key_file.key_id != key


def test_a_removed_person_is_not_signed_in_even_where_the_login_is_left(
    practice: Practice, rosa: Person, sam: Person, clock: TestClock
) -> None:
    with practice.writing() as session:
        session.get_one(Person, sam.id).active = False
    practice.close()
    with pytest.raises(UserError, match="was removed"):
        sign_in(practice.folder, sam.id, SAMS_PASSWORD, clock, kdf=CHEAP_KDF)
    signed_in = sign_in(practice.folder, rosa.id, PASSWORD, clock, kdf=CHEAP_KDF)
    with signed_in.practice.reading() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(2)).all()
    assert [(event.action, event.record_id) for event in last] == [("sign in", None), ("failed sign-in", sam.id)]
    with pytest.raises(UserError, match="was removed"):
        reset_password(signed_in.practice, signed_in.person, sam, NEW_PASSWORD, PASSWORD)
    signed_in.sign_out()


def test_somebody_whose_login_cannot_be_made_is_not_said_to_have_one(practice: Practice, rosa: Person) -> None:
    with not_writable(practice.folder), pytest.raises(UserError, match="cannot be written"):
        add_person(practice, rosa, somebody(), SAMS_PASSWORD)
    assert who_is_active(practice) == [True, False]
    again = add_person(practice, rosa, somebody(), SAMS_PASSWORD)
    practice.check_password(again.id, SAMS_PASSWORD)


def test_the_audit_trail_knows_of_a_change_of_keys_before_it_is_done(
    practice: Practice, rosa: Person, sam: Person
) -> None:
    with not_writable(practice.folder), pytest.raises(UserError, match="cannot be written"):
        reset_password(practice, rosa, sam, NEW_PASSWORD, PASSWORD)
    with practice.reading() as session:
        details = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "change keys")).all()
    assert details == ["reset-password"]
    practice.check_password(sam.id, SAMS_PASSWORD)
