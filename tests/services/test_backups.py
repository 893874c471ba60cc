"""Backups as a therapist uses them: made, remembered, proven, restored on a new computer."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.backup_record import BackupRecord
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.superbill import NumberSequence
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.backups import (
    MadeBackup,
    list_backups,
    make_backup,
    newest_backup,
    newest_proven,
    prove_backup,
    restore_backup,
    verify_backup,
    with_passphrase,
    with_password,
    with_recovery_key,
)
from therapist_desktop.services.keys import confirm_recovery_key, prepare_recovery_key
from therapist_desktop.services.people import add_person, list_people, remove_person, reset_password
from therapist_desktop.services.practices import enter_with_passphrase, sign_in
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.services.superbill_issuing import NUMBERS_LEFT_OUT, SEQUENCE
from therapist_desktop.storage.practice import Practice, closing
from therapist_desktop.storage.practice_opening import open_with_password

SAMS_PASSWORD = "seven boats in the fog"
PASSPHRASE = "granite kettle under moss"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder for backups."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    return shelf


@pytest.fixture
def sam(practice: Practice, rosa: Person) -> Person:
    """A clinician who owns nothing."""
    return add_person(
        practice, rosa, Person(first_name="Sam", last_name="Whitfield", roles=[Role.CLINICIAN.value]), SAMS_PASSWORD
    )


@pytest.fixture
def made(practice: Practice, rosa: Person, shelf: Path) -> MadeBackup:
    """A backup of a practice with one signed note."""
    write_note(practice, rosa, add_client(practice, rosa), "We looked at the week.", sign=True)
    return make_backup(practice, rosa, shelf)


def events(practice: Practice) -> list[tuple[str, int | None, str]]:
    with practice.reading() as session:
        rows = session.execute(
            select(AuditEvent.action, AuditEvent.person_id, AuditEvent.detail).order_by(AuditEvent.sequence)
        )
        return [(row.action, row.person_id, row.detail) for row in rows]


def test_a_backup_is_remembered_and_logged(
    practice: Practice, rosa: Person, made: MadeBackup, clock: TestClock
) -> None:
    newest = newest_backup(practice)
    assert newest is not None
    assert (newest.file_name, newest.sha256, newest.made_at) == (made.path.name, made.sha256, clock())
    assert newest_proven(practice) is None
    assert events(practice)[-1] == ("back up", rosa.id, "")
    assert [one.path for one in list_backups(made.path.parent)] == [made.path]


def test_anybody_of_the_practice_may_back_up_but_only_an_owner_may_carry_a_copy_away(
    practice: Practice, sam: Person, shelf: Path
) -> None:
    make_backup(practice, sam, shelf)
    with pytest.raises(UserError, match="Only an owner"):
        make_backup(practice, sam, shelf, passphrase=PASSPHRASE)
    assert len(list_backups(shelf)) == 1


@pytest.mark.parametrize("passphrase", ["short", "", "password1234", "Harbor Counseling"])
def test_a_weak_passphrase_is_refused(practice: Practice, rosa: Person, shelf: Path, passphrase: str) -> None:
    with pytest.raises(UserError):
        make_backup(practice, rosa, shelf, passphrase=passphrase)
    assert list_backups(shelf) == []
    assert newest_backup(practice) is None


def test_a_failed_backup_is_not_remembered(practice: Practice, rosa: Person, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        make_backup(practice, rosa, tmp_path / "unplugged")
    assert newest_backup(practice) is None
    assert "back up" not in [action for action, _, _ in events(practice)]


def test_a_drill_proves_a_backup_and_leaves_nothing_behind(
    practice: Practice, rosa: Person, made: MadeBackup, tmp_path: Path, clock: TestClock
) -> None:
    files = sorted(tmp_path.rglob("*"))
    clock.move(days=1)
    proven = prove_backup(practice, rosa, made.path, PASSWORD)
    assert (proven.signatures, proven.events, proven.proven_at) == (1, 2, clock())
    assert proven.rows == sum(made.header.rows.values())
    newest = newest_proven(practice)
    assert newest is not None
    assert (newest.sha256, newest.proven_at) == (made.sha256, clock())
    assert events(practice)[-1] == ("prove backup", rosa.id, "")
    assert sorted(tmp_path.rglob("*")) == files


def test_a_drill_needs_the_right_password(practice: Practice, rosa: Person, made: MadeBackup) -> None:
    with pytest.raises(UserError, match="not right"):
        prove_backup(practice, rosa, made.path, SAMS_PASSWORD)
    assert newest_proven(practice) is None


def test_a_copy_with_a_passphrase_is_proven_with_it(
    practice: Practice, rosa: Person, made: MadeBackup, shelf: Path
) -> None:
    copy = make_backup(practice, rosa, shelf, passphrase=PASSPHRASE)
    prove_backup(practice, rosa, copy.path, PASSPHRASE)
    newest = newest_proven(practice)
    assert newest is not None
    assert newest.own_passphrase


def test_a_renamed_backup_the_practice_forgot_can_be_proven(
    practice: Practice, rosa: Person, made: MadeBackup
) -> None:
    with practice.writing() as session:
        session.delete(session.scalars(select(BackupRecord)).one())
    moved = made.path.rename(made.path.with_name("from the old stick.tdbackup"))
    prove_backup(practice, rosa, moved, PASSWORD)
    newest = newest_proven(practice)
    assert newest is not None
    assert (newest.file_name, newest.sha256, newest.made_at) == (moved.name, made.sha256, made.made_at)


def test_a_wrong_password_proves_nothing_and_is_noted(practice: Practice, rosa: Person, made: MadeBackup) -> None:
    with pytest.raises(UserError, match="not right"):
        prove_backup(practice, rosa, made.path, "a loud harbour at noon")
    assert events(practice)[-1] == ("failed sign-in", rosa.id, "at:prove-backup")
    assert newest_proven(practice) is None


def test_a_damaged_backup_is_not_proven(practice: Practice, rosa: Person, made: MadeBackup) -> None:
    data = bytearray(made.path.read_bytes())
    data[-5000] ^= 4
    made.path.write_bytes(data)
    with pytest.raises(UserError, match="damaged"):
        prove_backup(practice, rosa, made.path, PASSWORD)
    assert newest_proven(practice) is None


def test_a_backup_of_another_practice_is_not_taken_for_ours(
    practice: Practice, rosa: Person, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    from tests.conftest import harbor_facts, rosa_alvarez
    from therapist_desktop.storage.practice_opening import create_practice

    other, _ = create_practice(
        tmp_path / "Other.practice", harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF
    )
    with closing(other):
        theirs = make_backup(other, list_people(other)[0], shelf)
    with pytest.raises(UserError, match="another practice"):
        prove_backup(practice, rosa, theirs.path, PASSWORD)


def test_a_restored_practice_says_so_in_its_audit_trail(
    practice: Practice, rosa: Person, made: MadeBackup, tmp_path: Path, clock: TestClock
) -> None:
    clock.move(days=3)
    before = events(practice)
    folder = restore_backup(made.path, tmp_path / "After the flood", with_password(1, PASSWORD), clock)
    assert folder.name == "After the flood.practice"
    with closing(open_with_password(folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)) as restored:
        assert events(restored)[-1] == ("restore", rosa.id, f"sha256:{made.sha256}")
        assert verify_audit_chain(restored).whole
        assert verify_signatures(restored).signatures == 1
        assert restored.key_file.anchor == restored.audit_head()
    assert events(practice) == before


def test_a_restored_practice_never_gives_out_a_superbill_number_again(
    practice: Practice, rosa: Person, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    with practice.writing() as session:
        session.add(NumberSequence(name=SEQUENCE, last=147))
    made = make_backup(practice, rosa, shelf)
    folder = restore_backup(
        made.path, tmp_path / "Harbor again.practice", with_password(rosa.id, PASSWORD), clock, kdf=CHEAP_KDF
    )
    with (
        closing(open_with_password(folder, rosa.id, PASSWORD, clock, kdf=CHEAP_KDF)) as restored,
        restored.reading() as session,
    ):
        assert session.get_one(NumberSequence, SEQUENCE).last == 147 + NUMBERS_LEFT_OUT


def test_with_the_recovery_key_nobody_in_particular_restored_it(
    practice: Practice, rosa: Person, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    recovery_key = prepare_recovery_key()
    confirm_recovery_key(practice, rosa, recovery_key, PASSWORD)
    made = make_backup(practice, rosa, shelf)
    assert verify_backup(made.path, with_recovery_key(recovery_key)).sha256 == made.sha256
    folder = restore_backup(made.path, tmp_path / "Restored", with_recovery_key(recovery_key), clock)
    with closing(open_with_password(folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)) as restored:
        assert events(restored)[-1][:2] == ("restore", None)


def test_a_copy_that_left_the_house_becomes_a_practice_with_a_password_again(
    practice: Practice, rosa: Person, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    made = make_backup(practice, rosa, shelf, passphrase=PASSPHRASE)
    folder = restore_backup(made.path, tmp_path / "Restored", with_passphrase(PASSPHRASE), clock)
    signed_in = enter_with_passphrase(folder, PASSPHRASE, clock, kdf=CHEAP_KDF)
    reset_password(signed_in.practice, None, list_people(signed_in.practice)[0], SAMS_PASSWORD)
    signed_in.sign_out()
    with pytest.raises(UserError, match="no passphrase of its own"):
        enter_with_passphrase(folder, PASSPHRASE, clock, kdf=CHEAP_KDF)
    sign_in(folder, 1, SAMS_PASSWORD, clock, kdf=CHEAP_KDF).sign_out()


def test_removing_somebody_makes_a_backup_first(
    practice: Practice, rosa: Person, sam: Person, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    made = remove_person(practice, rosa, sam.id, PASSWORD, backup_folder=shelf)
    assert [one.path for one in list_backups(shelf)] == [made.path]
    # It is from before, but Sam’s password opens neither it nor the practice.
    assert verify_backup(made.path, with_password(rosa.id, PASSWORD)).header.rows["person"] == 2
    with pytest.raises(UserError, match="cannot sign in"):
        verify_backup(made.path, with_password(sam.id, SAMS_PASSWORD))
    assert not practice.has_password(sam.id)
    newest = newest_backup(practice)
    assert newest is not None
    assert newest.sha256 == made.sha256
    later = make_backup(practice, rosa, shelf)
    with pytest.raises(UserError, match="cannot sign in"):
        verify_backup(later.path, with_password(sam.id, SAMS_PASSWORD))


def test_without_a_backup_nobody_is_removed(practice: Practice, rosa: Person, sam: Person, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        remove_person(practice, rosa, sam.id, PASSWORD, backup_folder=tmp_path / "unplugged")
    practice.check_password(sam.id, SAMS_PASSWORD)
    assert all(person.active for person in list_people(practice))
