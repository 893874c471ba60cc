"""Transactions on the one connection: durable or undone, one at a time, and never one inside another."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from therapist_desktop.storage.connection import EncryptedConnection
from therapist_desktop.storage.database import Database

KEY = bytes(range(32))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "practice.db", KEY, create=True)
    with database.schema_changes() as connection:
        connection.exec_driver_sql("CREATE TABLE client (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        connection.exec_driver_sql(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, client_id INTEGER REFERENCES client (id), text TEXT)"
        )
    database.close()
    database = Database(tmp_path / "practice.db", KEY)
    yield database
    database.close()


def add(session: Session, name: str) -> None:
    session.execute(text("INSERT INTO client (name) VALUES (:name)"), {"name": name})


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.execute(text("SELECT name FROM client ORDER BY id")).scalars())


def test_what_was_written_is_there_after_opening_again(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        add(session, "Jordan Whitfield")
    database.close()
    again = Database(tmp_path / "practice.db", KEY)
    assert names(again) == ["Jordan Whitfield"]
    again.close()


def test_a_block_that_fails_is_undone_whole(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        add(session, "Jordan Whitfield")
        raise ZeroDivisionError
    with pytest.raises(Exception, match="NOT NULL"), database.writing() as session:
        add(session, "Maya Okafor")
        session.execute(text("INSERT INTO client (name) VALUES (NULL)"))
    assert names(database) == []


def test_what_is_changed_while_reading_is_not_kept(database: Database) -> None:
    with database.reading() as session:
        add(session, "Jordan Whitfield")
    assert names(database) == []


@pytest.mark.parametrize("outer", ["writing", "reading"])
@pytest.mark.parametrize("inner", ["writing", "reading"])
def test_a_transaction_inside_another_is_a_bug_that_is_told(database: Database, outer: str, inner: str) -> None:
    with getattr(database, outer)() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError, match="one transaction"), getattr(database, inner)():
            pass
        add(session, "Jordan Whitfield")
    assert names(database) == (["Jordan Whitfield"] if outer == "writing" else [])


def test_a_broken_reference_is_refused_when_it_is_made(database: Database) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"), database.writing() as session:
        session.execute(text("INSERT INTO note (client_id, text) VALUES (99, '')"))


def test_threads_take_turns_and_lose_nothing(database: Database) -> None:
    def write(thread: int) -> None:
        for number in range(20):
            with database.writing() as session:
                before = session.execute(text("SELECT count(*) FROM client")).scalar_one()
                add(session, f"{thread} {number}")
                assert session.execute(text("SELECT count(*) FROM client")).scalar_one() == before + 1

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names(database)) == sorted(f"{thread} {number}" for thread in range(4) for number in range(20))


def test_a_change_of_schema_that_breaks_a_reference_is_undone(database: Database) -> None:
    with database.writing() as session:
        add(session, "Jordan Whitfield")
        session.execute(text("INSERT INTO note (client_id, text) VALUES (1, '')"))
    with pytest.raises(RuntimeError, match="broke 1 reference"), database.schema_changes() as connection:
        connection.exec_driver_sql("DELETE FROM client")
    assert names(database) == ["Jordan Whitfield"]
    with pytest.raises(Exception, match="FOREIGN KEY"), database.writing() as session:
        session.execute(text("DELETE FROM client"))


def test_after_a_change_of_schema_nothing_can_be_dropped(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.schema_changes():
        raise ZeroDivisionError
    with pytest.raises(Exception, match="not authorized"), database.writing() as session:
        session.execute(text("DROP TABLE note"))


def test_a_mistake_in_the_program_stays_a_bug(database: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"), database.writing() as session:
        session.execute(text("SELECT * FROM ledger"))


def fill(database: Database, rows: int) -> None:
    with database.writing() as session:
        session.execute(
            text("INSERT INTO client (name) VALUES (:name)"),
            [{"name": secrets.token_hex(1000)} for _ in range(rows)],
        )


def test_a_copy_has_everything_under_its_own_key(database: Database, tmp_path: Path) -> None:
    fill(database, 50)
    with database.writing() as session:
        add(session, "still in the log")
    other_key = secrets.token_bytes(32)
    shares: list[float] = []
    database.copy_to(tmp_path / "copy.db", other_key, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    copy = Database(tmp_path / "copy.db", other_key)
    assert names(copy) == names(database)
    with copy.alone() as connection:
        assert connection.faults() == ()
    copy.close()


def test_others_may_write_while_a_copy_is_made_and_the_copy_is_of_one_moment(
    database: Database, tmp_path: Path
) -> None:
    fill(database, 5000)
    started, ended = threading.Event(), threading.Event()
    waits: list[float] = []

    def write_pairs() -> None:
        started.wait()
        while not ended.is_set():
            begun = time.perf_counter()
            with database.writing() as session:
                add(session, "first of a pair")
                add(session, "second of a pair")
            waits.append(time.perf_counter() - begun)

    def copied(_share: float) -> None:
        started.set()

    writer = threading.Thread(target=write_pairs)
    writer.start()
    database.copy_to(tmp_path / "copy.db", KEY, copied)
    ended.set()
    writer.join()
    copy = Database(tmp_path / "copy.db", KEY)
    found = names(copy)
    with copy.alone() as connection:
        assert connection.faults() == ()
    copy.close()
    pairs = found.count("first of a pair")
    assert len(waits) >= pairs > 0
    assert found.count("second of a pair") == pairs
    assert len(found) == 5000 + 2 * pairs


def test_a_copy_that_is_called_off_leaves_the_practice_as_it_was(database: Database, tmp_path: Path) -> None:
    fill(database, 2000)

    def call_off(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.copy_to(tmp_path / "copy.db", KEY, call_off)
    with database.writing() as session:
        add(session, "Jordan Whitfield")
    assert len(names(database)) == 2001


def test_closing_waits_for_a_copy_under_way(database: Database, tmp_path: Path) -> None:
    fill(database, 5000)
    closing = threading.Thread(target=database.close)

    def copied(_share: float) -> None:
        if not closing.is_alive() and not closing.ident:
            closing.start()

    database.copy_to(tmp_path / "copy.db", KEY, copied)
    closing.join()
    copy = Database(tmp_path / "copy.db", KEY)
    assert len(names(copy)) == 5000
    copy.close()


def test_after_a_new_key_work_goes_on_and_the_old_key_opens_nothing(database: Database, tmp_path: Path) -> None:
    fill(database, 100)
    new_key = secrets.token_bytes(32)
    database.rekey(KEY, new_key)
    with database.writing() as session:
        add(session, "Jordan Whitfield")
    assert len(names(database)) == 101
    database.close()
    with pytest.raises(Exception, match="cannot be read"):
        EncryptedConnection(tmp_path / "practice.db", KEY)
    again = Database(tmp_path / "practice.db", new_key)
    assert len(names(again)) == 101
    again.close()


def test_an_error_of_the_program_names_no_client(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.execute(text("INSERT INTO client (id, name) VALUES (1, :name)"), {"name": "Jordan Whitfield"})
        session.execute(text("INSERT INTO client (id, name) VALUES (1, :name)"), {"name": "Jordan Whitfield"})
    assert "UNIQUE" in str(caught.value)
    assert "Jordan" not in str(caught.value)
