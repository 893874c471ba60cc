"""A practice on disk: made whole, opened in every way there is, refused in every way it should be."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock, harbor_facts, rosa_alvarez
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.storage.database import Database
from therapist_desktop.storage.faults import DamagedPracticeError, NewerPracticeError, PracticeInUseError
from therapist_desktop.storage.key_file_store import BACKUP_NAME, NAME, read_key_file, write_key_file
from therapist_desktop.storage.practice import DATABASE, Practice, closing
from therapist_desktop.storage.practice_opening import (
    create_practice,
    open_practice,
    open_with_keyring,
    open_with_password,
    open_with_recovery_key,
)
from therapist_desktop.storage.recovery_key import RecoveryKey
from therapist_desktop.storage.schema import drop_triggers
from therapist_desktop.storage.unfinished import LOCK, unfinished_path
from therapist_desktop.storage.unlocking import with_password

NEW_PASSWORD = "granite kettle under moss"


def reopened(folder: Path, clock: TestClock, password: str = PASSWORD) -> Practice:
    return open_with_password(folder, 1, password, clock, kdf=CHEAP_KDF)


def client_names(practice: Practice) -> list[str]:
    with practice.reading() as session:
        return list(session.scalars(select(Client.first_name).order_by(Client.id)))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_practice_is_three_files_nobody_else_may_read(template: Path) -> None:
    assert {path.name for path in template.iterdir()} == {DATABASE, NAME, BACKUP_NAME}
    assert template.stat().st_mode & 0o777 == 0o700
    assert list(template.parent.iterdir()) == [template]


def test_a_practice_never_takes_the_place_of_something(practice_folder: Path, clock: TestClock) -> None:
    before = files_of(practice_folder)
    with pytest.raises(UserError, match="already something"):
        create_practice(practice_folder, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF)
    assert files_of(practice_folder) == before


def test_what_a_kill_left_of_a_new_practice_goes_and_what_lies_beside_it_stays(
    tmp_path: Path, clock: TestClock
) -> None:
    own = tmp_path / "Harbor.practice.new"
    own.mkdir()
    (own / "my only copy").write_bytes(b"precious")
    left = unfinished_path(tmp_path)
    (left / "Harbor.practice").mkdir(parents=True)
    (left / LOCK).touch()
    practice, _ = create_practice(
        tmp_path / "Harbor.practice", harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF
    )
    practice.close()
    assert {path.name for path in tmp_path.iterdir()} == {"Harbor.practice", "Harbor.practice.new"}
    assert (own / "my only copy").read_bytes() == b"precious"


def test_what_a_killed_drill_left_goes_when_the_practice_is_opened(practice_folder: Path, clock: TestClock) -> None:
    left = unfinished_path(practice_folder)
    shutil.copytree(practice_folder, left / "Harbor Counseling.practice")
    (left / LOCK).touch()
    reopened(practice_folder, clock).close()
    assert {path.name for path in practice_folder.iterdir()} == {DATABASE, NAME, BACKUP_NAME}


def test_a_practice_that_cannot_be_made_leaves_nothing(tmp_path: Path, clock: TestClock) -> None:
    with pytest.raises(ValueError, match="empty password"):
        create_practice(tmp_path / "Harbor.practice", harbor_facts(clock()), rosa_alvarez(), "", clock)
    assert list(tmp_path.iterdir()) == []


def test_the_printed_key_opens_it_and_a_wrong_one_does_not(tmp_path: Path, clock: TestClock) -> None:
    folder = tmp_path / "Harbor.practice"
    practice, recovery_key = create_practice(
        folder, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF
    )
    practice.close()
    with closing(open_with_recovery_key(folder, RecoveryKey.parse(recovery_key.text), clock)) as practice:
        assert practice.opened_by is None
        practice.keep(practice.ways_in.with_password_reset(1, NEW_PASSWORD))
    with closing(reopened(folder, clock, NEW_PASSWORD)) as practice:
        assert practice.opened_by == 1
    with pytest.raises(UserError, match="another practice"):
        open_with_recovery_key(folder, RecoveryKey.new(), clock)


def test_a_wrong_password_changes_nothing(practice_folder: Path, clock: TestClock) -> None:
    before = files_of(practice_folder)
    for wrong in ("a quiet harbour at dusk", "", PASSWORD + " "):
        with pytest.raises(UserError, match="password is not right"):
            reopened(practice_folder, clock, wrong)
    with pytest.raises(UserError, match="cannot sign in"):
        open_with_password(practice_folder, 2, PASSWORD, clock)
    assert files_of(practice_folder) == before


def test_each_person_has_a_way_in_until_shut_out(practice: Practice, clock: TestClock) -> None:
    with practice.writing() as session:
        sam = Person(first_name="Sam", last_name="Whitfield", roles=[Role.CLINICIAN.value])
        session.add(sam)
    practice.keep(practice.ways_in.with_password(sam.id, sam.name, NEW_PASSWORD))
    secret = secrets.token_bytes(32)
    practice.keep(practice.ways_in.with_keyring(sam.id, secret))
    old = practice.folder.with_name("as Sam took it away")
    shutil.copytree(practice.folder, old)
    practice.rekey(practice.ways_in.without_person(sam.id))
    practice.close()
    with pytest.raises(UserError, match="cannot sign in"):
        open_with_password(practice.folder, sam.id, NEW_PASSWORD, clock)
    with pytest.raises(UserError, match="no longer remembers"):
        open_with_keyring(practice.folder, sam.id, secret, clock)
    # The key Sam once held opens the old copy, but not the practice.
    key = read_key_file(old).unlock_with_password(str(sam.id), NEW_PASSWORD).practice_key
    with pytest.raises(DamagedPracticeError):
        Database(practice.folder / DATABASE, key)
    reopened(practice.folder, clock).close()


def test_a_password_is_changed_by_its_owner_only(practice: Practice, clock: TestClock) -> None:
    with pytest.raises(UserError, match="not right"):
        practice.keep(practice.ways_in.with_password_changed(1, "something else entirely", NEW_PASSWORD))
    practice.keep(practice.ways_in.with_password_changed(1, PASSWORD, NEW_PASSWORD))
    practice.check_password(1, NEW_PASSWORD)
    with pytest.raises(UserError, match="not right"):
        practice.check_password(1, PASSWORD)
    practice.close()
    reopened(practice.folder, clock, NEW_PASSWORD).close()


def test_a_new_recovery_key_makes_the_printed_one_worthless(practice: Practice, clock: TestClock) -> None:
    first, second = RecoveryKey.new(), RecoveryKey.new()
    for key in (first, second):
        practice.keep(practice.ways_in.with_recovery_key(key))
    practice.close()
    with pytest.raises(UserError, match="newer one was printed"):
        open_with_recovery_key(practice.folder, first, clock)
    open_with_recovery_key(practice.folder, second, clock).close()


def test_encrypting_anew_keeps_everything_and_goes_on(practice: Practice, rosa: Person, clock: TestClock) -> None:
    client_id = add_client(practice, rosa)
    practice.rekey()
    write_note(practice, rosa, client_id, "We looked at the week.", sign=True)
    practice.rekey()
    practice.keep(practice.ways_in.with_password_changed(1, PASSWORD, NEW_PASSWORD))
    practice.close()
    with closing(reopened(practice.folder, clock, NEW_PASSWORD)) as again:
        assert client_names(again) == ["Jordan"]
        assert again.notices == ()


def interrupt_rekey(practice: Practice, *, after_the_file: bool) -> bytes:
    """Leave a practice as a kill during a re-key would, before or after the file itself; return the new key."""
    practice.close()
    keys = read_key_file(practice.folder)
    bundle = keys.unlock_with_password("1", PASSWORD)
    new_key = secrets.token_bytes(32)
    write_key_file(keys.with_pending_rekey(bundle, new_key), practice.folder)
    if after_the_file:
        database = Database(practice.folder / DATABASE, bundle.practice_key)
        database.rekey(bundle.practice_key, new_key)
        database.close()
    return new_key


@pytest.mark.parametrize("after_the_file", [False, True])
def test_an_interrupted_rekey_is_finished_at_the_next_opening(
    practice: Practice, rosa: Person, clock: TestClock, after_the_file: bool
) -> None:
    add_client(practice, rosa)
    old_key = read_key_file(practice.folder).unlock_with_password("1", PASSWORD).practice_key
    new_key = interrupt_rekey(practice, after_the_file=after_the_file)
    with closing(reopened(practice.folder, clock)) as again:
        assert "now finished" in again.notices[0]
        assert client_names(again) == ["Jordan"]
    keys = read_key_file(practice.folder)
    assert keys.pending_key_id is None
    assert keys.unlock_with_password("1", PASSWORD).practice_keys == (new_key,)
    with pytest.raises(DamagedPracticeError):
        Database(practice.folder / DATABASE, old_key)
    with closing(reopened(practice.folder, clock)) as again:
        assert again.notices == ()


def test_a_damaged_key_file_is_mended_from_its_copy_and_said_so(practice_folder: Path, clock: TestClock) -> None:
    (practice_folder / NAME).write_bytes(b"{}")
    with closing(reopened(practice_folder, clock)) as practice:
        assert "second copy was used" in practice.notices[0]
    assert (practice_folder / NAME).read_bytes() == (practice_folder / BACKUP_NAME).read_bytes()
    with closing(reopened(practice_folder, clock)) as practice:
        assert practice.notices == ()


def test_files_of_two_practices_are_not_taken_for_one(
    practice_folder: Path, tmp_path: Path, clock: TestClock
) -> None:
    other = tmp_path / "Other.practice"
    practice, _ = create_practice(other, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF)
    practice.close()
    shutil.copy(other / DATABASE, practice_folder)
    with pytest.raises(DamagedPracticeError, match="another practice"):
        reopened(practice_folder, clock)


def spoil(folder: Path, key: bytes, statement: str) -> None:
    """Change what nothing in this program changes."""
    database = Database(folder / DATABASE, key)
    with database.schema_changes() as connection:
        drop_triggers(connection)
        connection.exec_driver_sql(statement)
    database.close()


def test_a_database_with_the_right_key_of_another_vault_is_refused(practice_folder: Path, clock: TestClock) -> None:
    key = read_key_file(practice_folder).unlock_with_password("1", PASSWORD).practice_key
    spoil(practice_folder, key, "UPDATE vault SET vault_id = 'somebody else’s'")
    with pytest.raises(DamagedPracticeError, match="different practices"):
        reopened(practice_folder, clock)


@pytest.mark.parametrize(
    ("statement", "refusal", "sentence"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", NewerPracticeError, "newer version"),
        ("DELETE FROM alembic_version", DamagedPracticeError, "version"),
        ("DELETE FROM vault", DamagedPracticeError, "different practices"),
    ],
)
def test_a_file_of_another_version_is_refused_and_left_as_it_is(
    practice_folder: Path, clock: TestClock, statement: str, refusal: type[UserError], sentence: str
) -> None:
    key = read_key_file(practice_folder).unlock_with_password("1", PASSWORD).practice_key
    spoil(practice_folder, key, statement)
    before = files_of(practice_folder)
    with pytest.raises(refusal, match=sentence):
        reopened(practice_folder, clock)
    assert files_of(practice_folder) == before


@pytest.mark.parametrize("name", [DATABASE, "both key files"])
def test_a_missing_file_is_named_and_none_is_made_up(practice_folder: Path, clock: TestClock, name: str) -> None:
    for gone in [DATABASE] if name == DATABASE else [NAME, BACKUP_NAME]:
        (practice_folder / gone).unlink()
    before = files_of(practice_folder)
    with pytest.raises(UserError, match="missing" if name == DATABASE else "no key file"):
        reopened(practice_folder, clock)
    assert files_of(practice_folder) == before


def test_a_second_opening_is_refused_while_the_first_is_open(practice: Practice, clock: TestClock) -> None:
    with pytest.raises(PracticeInUseError, match="already open"):
        open_practice(practice.folder, with_password(1, PASSWORD), clock)


def test_closing_writes_the_end_of_the_audit_chain_to_the_key_file(
    practice: Practice, rosa: Person, clock: TestClock
) -> None:
    add_client(practice, rosa)
    head = practice.audit_head()
    assert head is not None
    assert read_key_file(practice.folder).anchor != head
    practice.close()
    assert read_key_file(practice.folder).anchor == head


def test_a_fault_closes_the_practice_without_writing(practice: Practice, rosa: Person) -> None:
    add_client(practice, rosa)
    keys = (practice.folder / NAME).read_bytes()
    with pytest.raises(ZeroDivisionError), closing(practice):
        raise ZeroDivisionError
    assert (practice.folder / NAME).read_bytes() == keys
