"""The one connection: the profile it sets, the files it refuses, and what its authorizer does not let pass."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.connection import APPLICATION_ID, PAGE_SIZE, EncryptedConnection
from therapist_desktop.storage.faults import DamagedPracticeError, PracticeInUseError

KEY = bytes(range(32))
PAGES = 40


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed file of some forty pages."""
    path = tmp_path_factory.mktemp("filled") / "practice.db"
    connection = EncryptedConnection(path, KEY, create=True)
    connection.raw.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    connection.raw.execute("CREATE INDEX ix_note_text ON note (text)")
    connection.raw.executemany("INSERT INTO note (text) VALUES (?)", [(f"{n} " * 500,) for n in range(PAGES)])
    connection.close()
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    """The same file, for one test to spoil."""
    return Path(shutil.copy(filled, tmp_path / "practice.db"))


@pytest.fixture
def connection(path: Path) -> Iterator[EncryptedConnection]:
    connection = EncryptedConnection(path, KEY)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("locking_mode", "exclusive"),
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("temp_store", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("mmap_size", 0),
        ("page_size", str(PAGE_SIZE)),
        ("cipher_page_size", str(PAGE_SIZE)),
        ("application_id", APPLICATION_ID),
        ("wal_autocheckpoint", 1000),
        ("cipher_use_hmac", "1"),
        ("cipher_memory_security", "0"),
        ("writable_schema", 0),
    ],
)
def test_the_profile_is_the_one_that_was_measured(
    connection: EncryptedConnection, pragma: str, value: object
) -> None:
    assert connection.pragma(pragma) == value


def test_the_library_is_sqlcipher_4_on_a_sqlite_without_the_wal_reset_bug(connection: EncryptedConnection) -> None:
    assert str(connection.pragma("cipher_version")).startswith("4.")
    assert sqlcipher.sqlite_version_info >= (3, 51, 3)


def test_what_is_written_is_not_readable_in_the_file(path: Path) -> None:
    connection = EncryptedConnection(path, KEY)
    connection.raw.execute("INSERT INTO note (text) VALUES ('sentinel in the log')")
    log = path.with_name("practice.db-wal").read_bytes()
    connection.close()
    for data in (log, path.read_bytes()):
        assert b"sentinel" not in data
        assert b"CREATE TABLE" not in data
        assert b"SQLite format" not in data


@pytest.mark.parametrize("length", [0, 1, 16, 31, 33, 64])
def test_a_key_of_another_length_is_a_bug_and_not_a_passphrase(path: Path, length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        EncryptedConnection(path, secrets.token_bytes(length))


def test_only_creating_creates(tmp_path: Path) -> None:
    with pytest.raises(DamagedPracticeError, match="missing"):
        EncryptedConnection(tmp_path / "practice.db", KEY)
    assert list(tmp_path.iterdir()) == []


def test_creating_never_takes_the_place_of_a_file(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        EncryptedConnection(path, KEY, create=True)
    assert path.read_bytes() == before


def lengths() -> list[int]:
    """Nothing, next to nothing, around every border of the first pages, and a spread of the rest."""
    near = {0, 1, 15, 16, 17, 99, 100, 511, 512, 1023, 1024}
    near |= {page * PAGE_SIZE + by for page in (1, 2, 3, PAGES // 2, PAGES) for by in (-1, 0, 1)}
    chance = random.Random(7)
    return sorted(near | {chance.randrange(PAGES * PAGE_SIZE) for _ in range(20)})


@pytest.mark.parametrize("length", lengths())
def test_a_file_cut_anywhere_is_refused_and_left_as_it_is(path: Path, length: int) -> None:
    whole = path.stat().st_size
    assert length < whole
    os.truncate(path, length)
    before = path.read_bytes()
    with pytest.raises(DamagedPracticeError):
        EncryptedConnection(path, KEY)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["practice.db"]


@pytest.mark.parametrize("short_by", [1, 100, PAGE_SIZE - 1])
def test_a_file_that_lacks_part_of_its_last_page_is_found_damaged(path: Path, short_by: int) -> None:
    os.truncate(path, path.stat().st_size - short_by)
    connection = EncryptedConnection(path, KEY)
    assert connection.faults()
    connection.close()


def test_bytes_added_at_the_end_are_found(path: Path) -> None:
    with path.open("ab") as file:
        file.write(secrets.token_bytes(3 * PAGE_SIZE))
    connection = EncryptedConnection(path, KEY)
    assert connection.faults()
    connection.close()


@pytest.mark.parametrize("kind", ["random", "zeros", "text", "plain database", "foreign practice"])
def test_a_foreign_file_is_refused_and_left_as_it_is(path: Path, tmp_path: Path, kind: str) -> None:
    path.unlink()
    match kind:
        case "random":
            path.write_bytes(random.Random(3).randbytes(5 * PAGE_SIZE))
        case "zeros":
            path.write_bytes(bytes(5 * PAGE_SIZE))
        case "text":
            path.write_text("Dear diary\n" * 2000, encoding="utf-8")
        case "plain database":
            plain = sqlite3.connect(path)
            plain.execute("CREATE TABLE diary (text)")
            plain.commit()
            plain.close()
        case "foreign practice":
            EncryptedConnection(path, secrets.token_bytes(32), create=True).close()
    before = path.read_bytes()
    with pytest.raises(DamagedPracticeError):
        EncryptedConnection(path, KEY)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["practice.db"]


def test_another_database_under_the_same_key_is_not_a_practice(tmp_path: Path) -> None:
    connection = EncryptedConnection(tmp_path / "practice.db", KEY, create=True)
    connection.raw.execute("PRAGMA application_id = 7")
    connection.close()
    with pytest.raises(DamagedPracticeError, match="not a practice"):
        EncryptedConnection(tmp_path / "practice.db", KEY)


def test_the_wrong_key_leaves_an_unfinished_log_alone(path: Path, tmp_path: Path) -> None:
    connection = EncryptedConnection(path, KEY)
    connection.raw.execute("INSERT INTO note (text) VALUES ('still in the log')")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for file in path.parent.glob("practice.db*"):
        shutil.copy(file, crashed)
    connection.close()
    with pytest.raises(DamagedPracticeError):
        EncryptedConnection(crashed / path.name, secrets.token_bytes(32))
    connection = EncryptedConnection(crashed / path.name, KEY)
    found = connection.raw.execute("SELECT count(*) FROM note WHERE text = 'still in the log'").fetchone()
    assert found == (1,)
    connection.close()


def test_a_second_connection_is_told_that_the_practice_is_open(connection: EncryptedConnection) -> None:
    with pytest.raises(PracticeInUseError, match="already open"):
        EncryptedConnection(connection.path, KEY)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE note",
        "DROP INDEX ix_note_text",
        "ALTER TABLE note RENAME TO gone",
        "ALTER TABLE note DROP COLUMN text",
        "ALTER TABLE note ADD COLUMN more TEXT",
        "ATTACH DATABASE 'other.db' AS other",
        "ATTACH DATABASE ':memory:' AS other KEY ''",
        "VACUUM INTO 'other.db'",
        "PRAGMA writable_schema = ON",
        "PRAGMA temp_store = 1",
        "PRAGMA temp_store_directory = '/tmp'",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA locking_mode = NORMAL",
        "PRAGMA secure_delete = OFF",
        "PRAGMA trusted_schema = ON",
        "PRAGMA ignore_check_constraints = ON",
        f"PRAGMA key = \"x'{'11' * 32}'\"",
        f"PRAGMA rekey = \"x'{'11' * 32}'\"",
        f"PRAGMA hexkey = '{'11' * 32}'",
        f"PRAGMA hexrekey = '{'11' * 32}'",
        "PRAGMA cipher_migrate",
        "PRAGMA cipher_page_size = 1024",
        "PRAGMA cipher_use_hmac = OFF",
        "PRAGMA cipher_log = 'stdout'",
        "UPDATE sqlite_master SET sql = ''",
    ],
)
def test_what_would_open_a_door_is_refused(connection: EncryptedConnection, statement: str, tmp_path: Path) -> None:
    with pytest.raises(sqlcipher.DatabaseError):
        connection.raw.execute(statement)
    assert not (tmp_path / "other.db").exists()
    assert not Path("other.db").exists()
    assert connection.raw.execute("SELECT count(*), count(text) FROM note").fetchone() == (PAGES, PAGES)


def test_dropping_is_possible_for_a_migration_only(connection: EncryptedConnection) -> None:
    with connection.schema_changes():
        connection.raw.execute("DROP INDEX ix_note_text")
    with pytest.raises(sqlcipher.DatabaseError, match="not authorized"):
        connection.raw.execute("DROP TABLE note")


def test_even_a_migration_cannot_change_the_key(connection: EncryptedConnection) -> None:
    with connection.schema_changes(), pytest.raises(sqlcipher.DatabaseError, match="not authorized"):
        connection.raw.execute(f"PRAGMA rekey = \"x'{'11' * 32}'\"")


def test_only_a_file_that_is_thrown_away_on_failure_is_left_unsynced(connection: EncryptedConnection) -> None:
    with pytest.raises(ValueError, match="synced at each commit"), connection.unsynced(thrown_away_on_failure=False):
        pass
    with pytest.raises(ZeroDivisionError), connection.unsynced(thrown_away_on_failure=True):
        assert connection.pragma("synchronous") == 0
        raise ZeroDivisionError
    assert connection.pragma("synchronous") == 2
    with connection.unsynced(thrown_away_on_failure=True):
        connection.raw.execute("DELETE FROM note")
    assert connection.pragma("synchronous") == 2


def test_after_a_new_key_the_old_one_opens_nothing(path: Path) -> None:
    connection = EncryptedConnection(path, KEY)
    new_key = secrets.token_bytes(32)
    connection.rekey(new_key)
    connection.close()
    with pytest.raises(DamagedPracticeError):
        EncryptedConnection(path, KEY)
    connection = EncryptedConnection(path, new_key)
    assert connection.faults() == ()
    assert connection.raw.execute("SELECT count(*) FROM note").fetchone() == (PAGES,)
    connection.close()


def test_a_whole_file_with_an_unfinished_log_has_no_faults(connection: EncryptedConnection) -> None:
    connection.raw.execute("UPDATE note SET text = text || ' and more'")
    assert connection.faults() == ()


def test_a_flipped_bit_in_a_page_nobody_uses_is_found_too(path: Path) -> None:
    connection = EncryptedConnection(path, KEY)
    connection.raw.execute("DELETE FROM note")
    connection.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    connection = EncryptedConnection(path, KEY)
    assert connection.raw.execute("SELECT count(*) FROM note").fetchone() == (0,)
    assert connection.faults()
    connection.close()


def test_every_sentence_is_one_for_a_person(path: Path) -> None:
    os.truncate(path, 1)
    with pytest.raises(UserError) as refused:
        EncryptedConnection(path, KEY)
    assert "backup" in refused.value.sentence


@pytest.fixture
def open_umask() -> Iterator[None]:
    """New files are readable by everybody, as on most computers."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_this_user_may_read_any_file_of_it_whatever_the_umask_is(tmp_path: Path, open_umask: None) -> None:
    connection = EncryptedConnection(tmp_path / "practice.db", KEY, create=True)
    connection.raw.execute("CREATE TABLE note (text)")
    connection.copy_to(tmp_path / "copy.db", KEY, lambda _left, _pages: None)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    connection.close()
    assert modes == dict.fromkeys(["practice.db", "practice.db-wal", "copy.db"], 0o600)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_that_came_readable_for_others_is_closed_to_them(path: Path, open_umask: None) -> None:
    log = path.with_name("practice.db-wal")
    log.touch(0o644)
    path.chmod(0o666)
    connection = EncryptedConnection(path, KEY)
    modes = [one.stat().st_mode & 0o777 for one in (path, log)]
    connection.close()
    assert modes == [0o600, 0o600]


def test_a_new_file_is_never_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "practice.db").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        EncryptedConnection(tmp_path / "practice.db", KEY, create=True)
    assert not (tmp_path / "elsewhere").exists()
