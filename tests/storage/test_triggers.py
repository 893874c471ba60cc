"""What the file itself refuses, whoever asks and however it is asked.

Every table of the practice gets two rows: number 1 is signed, issued or logged, number 2 hangs on a draft.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
from sqlalchemy import Column, Connection, Table, insert, text
from sqlalchemy.exc import DBAPIError

from tests.conftest import TestClock
from therapist_desktop.models.all_records import SCHEMA
from therapist_desktop.storage.faults import REFUSAL, RefusedChangeError
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.triggers import trigger_statements

# The record at whose state each group of tables freezes, and the state that freezes it.
ROOTS = {"session_note": "signed", "treatment_plan": "signed", "safety_plan": "in use"}
PARENTS = {
    "note_section": "note_id",
    "note_diagnosis": "note_id",
    "note_objective": "note_id",
    "plan_diagnosis": "plan_id",
    "plan_problem": "plan_id",
    "plan_goal": "problem_id",
    "plan_objective": "goal_id",
    "plan_intervention": "objective_id",
    "safety_plan_row": "plan_id",
    "means_item": "plan_id",
}
LOGGED = (
    "signature", "signed_content", "audit_event", "disclosure", "safety_plan_review", "amendment", "superbill",
    "superbill_document", "superbill_line", "superbill_event", "payment", "payment_allocation",
)  # fmt: skip
TRIGGERS = [re.split(r"\s", statement)[2] for statement in trigger_statements()]


def value_for(column: Column[object], number: int, now: datetime) -> object:
    """Make up a value that differs from row to row and points at the row of the same number."""
    if column.foreign_keys:
        return 1 if "person" in str(next(iter(column.foreign_keys)).column) else number
    enum_class = getattr(column.type, "enum_class", None)
    if enum_class is not None and issubclass(enum_class, enum.Enum):
        return next(iter(enum_class))
    if column.type.__class__.__name__ == "MomentColumn":
        return now
    made_up = {
        int: number, str: f"fictional {number}", bool: False, bytes: b"%d" % number, date: now.date(), time: time(9),
    }  # fmt: skip
    return made_up.get(column.type.python_type, [])


def add_row(connection: Connection, table: Table, number: int, now: datetime) -> None:
    keys = {column.name: number for column in table.primary_key if not column.foreign_keys}
    if table.name == "number_sequence":
        keys = {"name": f"fictional {number}"}
    needed = [column for column in table.columns if not column.nullable and column.name not in keys]
    connection.execute(
        insert(table).values({column.name: value_for(column, number, now) for column in needed} | keys)
    )


@pytest.fixture
def full(practice: Practice, clock: TestClock) -> Iterator[Practice]:
    """A practice with two rows in every table, the first of them out of reach."""
    # A practice has one row of facts, and Rosa is in it.
    there_already = {"practice", "person", "licence"}
    with practice.writing() as session:
        connection = session.connection()
        for table in SCHEMA.sorted_tables:
            if table.name in there_already:
                continue
            for number in (1, 2):
                if (table.name, number) != ("superbill_event", 1):
                    add_row(connection, table, number, clock())
        add_row(connection, SCHEMA.tables["person"], 2, clock())  # somebody who did nothing yet
        for root, state in ROOTS.items():
            connection.execute(text(f"UPDATE {root} SET state = '{state}' WHERE id = 1"))
        # The second superbill was voided and holds nothing any more; its charge was then reversed.
        connection.execute(text("DELETE FROM superbill_hold WHERE charge_id = 2"))
        connection.execute(text("UPDATE charge SET reversed_at = created_at WHERE id = 2"))
    yield practice
    practice.abandon()  # the made-up audit events have no hashes


def columns_of(table: str) -> list[str]:
    return [column.name for column in SCHEMA.tables[table].columns]


def key_of(table: str) -> str:
    return next(iter(SCHEMA.tables[table].primary_key)).name


def rewrites_of(table: str, where: str) -> Iterator[str]:
    """Every way SQL has to change or remove a row that is there; most of them change it to what it is."""
    columns = columns_of(table)
    listed = ", ".join(columns)
    other = columns[-1]
    yield f"UPDATE {table} SET {other} = {other} WHERE {where}"
    yield f"UPDATE OR REPLACE {table} SET {other} = {other} WHERE {where}"
    yield f"UPDATE OR IGNORE {table} SET {other} = {other} WHERE {where}"
    yield f"DELETE FROM {table} WHERE {where}"
    yield f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {where}"
    yield f"REPLACE INTO {table} ({listed}) SELECT {listed} FROM {table} WHERE {where}"
    yield (
        f"INSERT INTO {table} SELECT * FROM {table} WHERE {where} "
        f"ON CONFLICT ({key_of(table)}) DO UPDATE SET {other} = excluded.{other}"
    )


def refused() -> list[str]:
    """Every attempt on what is out of reach."""
    attempts: list[str] = []
    for table in LOGGED:
        where = f"{key_of(table)} = {2 if table == 'superbill_event' else 1}"
        attempts += rewrites_of(table, where)
    for table in [*ROOTS, *PARENTS]:
        attempts += rewrites_of(table, "id = 1")
    for root in ROOTS:
        attempts.append(f"UPDATE {root} SET state = 'draft' WHERE id = 1")
        attempts.append(f"UPDATE OR REPLACE {root} SET id = 1 WHERE id = 2")
    for child, parent in PARENTS.items():
        without_id = ", ".join(name for name in columns_of(child) if name != "id")
        attempts.append(f"INSERT INTO {child} ({without_id}) SELECT {without_id} FROM {child} WHERE id = 1")
        attempts.append(f"UPDATE {child} SET {parent} = 1 WHERE id = 2")
        attempts.append(f"UPDATE {child} SET {parent} = 2 WHERE id = 1")
        attempts.append(f"UPDATE OR REPLACE {child} SET id = 1 WHERE id = 2")
    attempts += [
        "DELETE FROM client WHERE id = 1",
        "INSERT OR REPLACE INTO client SELECT * FROM client WHERE id = 1",
        "DELETE FROM charge WHERE id = 1",
        "INSERT OR REPLACE INTO charge SELECT * FROM charge WHERE id = 1",
        "UPDATE charge SET fee_cents = 1 WHERE id = 1",
        "UPDATE charge SET label = 'another' WHERE id = 1",
        "UPDATE charge SET reversal_reason = 'another' WHERE id = 2",
        "UPDATE charge SET reversed_at = NULL WHERE id = 2",
        "UPDATE superbill_hold SET superbill_id = 2 WHERE charge_id = 1",
        "DELETE FROM superbill_hold WHERE charge_id = 1",
        "INSERT OR REPLACE INTO superbill_hold (charge_id, superbill_id) VALUES (1, 2)",
        "UPDATE number_sequence SET last = last",
        "UPDATE number_sequence SET last = last - 1",
        "DELETE FROM number_sequence",
        "INSERT OR REPLACE INTO number_sequence SELECT * FROM number_sequence",
        "DELETE FROM person WHERE id = 2",
        "INSERT OR REPLACE INTO person SELECT * FROM person WHERE id = 2",
        "UPDATE person SET id = 3 WHERE id = 2",
        "INSERT INTO vault VALUES ('another')",
        "UPDATE vault SET vault_id = 'another'",
        "DELETE FROM vault",
    ]
    return attempts


def everything(connection: Connection) -> dict[str, list[object]]:
    return {name: list(connection.execute(text(f"SELECT * FROM {name}")).all()) for name in SCHEMA.tables}


def outcome(connection: Connection, attempt: str) -> str:
    """Try a statement, undo it, and say how it went: "done", "refused" or the error."""
    connection.exec_driver_sql("SAVEPOINT attempt")
    try:
        connection.exec_driver_sql(attempt)
    except DBAPIError as error:
        return "refused" if str(error.orig).startswith(REFUSAL) else str(error.orig)
    else:
        return "done"
    finally:
        connection.exec_driver_sql("ROLLBACK TO attempt")
        connection.exec_driver_sql("RELEASE attempt")


def test_nothing_signed_issued_or_logged_can_be_changed_in_any_way(full: Practice) -> None:
    with full.writing() as session:
        connection = session.connection()
        before = everything(connection)
        outcomes = {attempt: outcome(connection, attempt) for attempt in refused()}
        assert {attempt: how for attempt, how in outcomes.items() if how != "refused"} == {}
        assert everything(connection) == before
    assert len(outcomes) > 150


class Undo(Exception):  # noqa: N818
    """Ends a change of the schema without keeping it."""


def test_each_rule_is_needed(full: Practice) -> None:
    """Without any one trigger some attempt gets through."""
    needless = []
    for trigger in TRIGGERS:
        table = trigger_table(trigger)
        attempts = [attempt for attempt in refused() if re.search(rf"\b{table}\b", attempt)]
        with pytest.raises(Undo), full.database.schema_changes() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
            if "done" not in {outcome(connection, attempt) for attempt in attempts}:
                needless.append(trigger)
            raise Undo
    assert needless == []
    assert len(TRIGGERS) > 60


def trigger_table(trigger: str) -> str:
    statement = next(one for one in trigger_statements() if f"TRIGGER {trigger} " in one)
    found = re.search(r" ON (\w+) FOR EACH ROW", statement)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("table", [*ROOTS, *PARENTS])
def test_a_draft_is_free_to_change(full: Practice, table: str) -> None:
    with full.writing() as session:
        connection = session.connection()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for attempt in rewrites_of(table, "id = 2"):
            assert outcome(connection, attempt) == "done", attempt


def test_a_draft_can_be_signed_and_is_then_out_of_reach(full: Practice) -> None:
    for root, state in ROOTS.items():
        with full.writing() as session:
            session.execute(text(f"UPDATE {root} SET state = '{state}' WHERE id = 2"))
        with pytest.raises(RefusedChangeError, match="never changes"), full.writing() as session:
            session.execute(text(f"UPDATE {root} SET state = 'draft' WHERE id = 2"))


def test_voiding_releases_what_a_superbill_held(full: Practice, clock: TestClock) -> None:
    with full.writing() as session:
        event = SCHEMA.tables["superbill_event"]
        needed = {column.name: value_for(column, 1, clock()) for column in event.columns if not column.nullable}
        session.execute(insert(event).values(needed | {"id": 9, "kind": "voided"}))
        session.execute(text("DELETE FROM superbill_hold WHERE charge_id = 1"))
        session.execute(text("UPDATE charge SET label = 'another' WHERE id = 1"))


def test_a_number_grows_and_a_log_can_be_added_to(full: Practice) -> None:
    with full.writing() as session:
        connection = session.connection()
        assert outcome(connection, "UPDATE number_sequence SET last = last + 1") == "done"
        for table in ("signature", "disclosure", "payment", "superbill_event"):
            listed = ", ".join(name for name in columns_of(table) if name != "id")
            free = listed.replace("record_id", "record_id + 50", 1)
            add = f"INSERT INTO {table} ({listed}) SELECT {free} FROM {table} WHERE id = 2"
            assert outcome(connection, add) == "done", table


def test_a_refusal_is_a_sentence_for_a_person(full: Practice) -> None:
    with pytest.raises(RefusedChangeError) as refusal, full.writing() as session:
        session.execute(text("UPDATE note_section SET text = '' WHERE id = 1"))
    assert refusal.value.sentence == (
        "This note is signed and never changes. Write an addendum or a correction instead."
    )
