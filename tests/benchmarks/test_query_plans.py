"""Every page that is read must be deciphered, so no verb of a working day may read a whole table that grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

from tests.conftest import TestClock
from tests.services.billing_samples import Bench, november
from tests.services.note_samples import Desk
from therapist_desktop.models.people import Person
from therapist_desktop.services.account import client_balance, list_charges, list_payments
from therapist_desktop.services.clients import list_clients, open_client
from therapist_desktop.services.note_lists import list_notes, open_drafts
from therapist_desktop.services.searching import search
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.services.superbills import issue_month, list_superbills, month_overview
from therapist_desktop.storage.practice import Practice

SMALL = {"client", "person", "licence", "service", "payer", "practice_facts", "search_text"}
"""Tables that stay small however long a practice lasts, and the full-text index, which is not read by rows."""


@dataclass(frozen=True)
class Office:
    """A practice with a chart, an account and a month to bill."""

    notes: Desk
    billing: Bench

    @property
    def practice(self) -> Practice:
        return self.notes.practice

    @property
    def person(self) -> Person:
        return self.notes.person


@pytest.fixture
def office(practice: Practice, rosa: Person, clock: TestClock) -> Office:
    office = Office(Desk(practice, rosa, clock), Bench(practice, rosa, clock))
    office.notes.signed()
    for day in (3, 10):
        client_id = office.billing.client(first_name=f"Maya {day}")
        office.billing.session(client_id, november(day))
        office.billing.pay(client_id, 100_00)
    return office


WORK: dict[str, Callable[[Office], object]] = {
    "begin a note": lambda office: office.notes.start(),
    "save a draft": lambda office: office.notes.save(office.notes.start()),
    "sign a note": lambda office: office.notes.signed(),
    "open a note": lambda office: open_note(office.practice, office.person, 1),
    "list notes": lambda office: list_notes(office.practice, office.person, office.notes.client_id),
    "list the next page of notes": lambda office: list_notes(
        office.practice,
        office.person,
        office.notes.client_id,
        before=list_notes(office.practice, office.person, office.notes.client_id)[0].place,
    ),
    "list drafts": lambda office: open_drafts(office.practice, office.person),
    "list clients": lambda office: list_clients(office.practice, office.person),
    "open a client": lambda office: open_client(office.practice, office.person, office.notes.client_id),
    "search": lambda office: search(office.practice, office.person, "slept walked"),
    "charge and pay": lambda office: (
        office.billing.session(office.notes.client_id, november(16)),
        office.billing.pay(office.notes.client_id, 180_00),
    ),
    "look at an account": lambda office: (
        list_charges(office.practice, office.person, office.notes.client_id),
        list_payments(office.practice, office.person, office.notes.client_id),
        client_balance(office.practice, office.person, office.notes.client_id),
        list_superbills(office.practice, office.person, client_id=office.notes.client_id),
    ),
    "look a month over": lambda office: month_overview(
        office.practice, office.person, office.billing.reference, 2026, 11
    ),
    "issue a month": lambda office: issue_month(office.practice, office.person, office.billing.reference, 2026, 11),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_no_verb_of_a_working_day_reads_a_whole_table_that_grows(
    office: Office, work: Callable[[Office], object]
) -> None:
    with statements_of(office.practice) as statements:
        work(office)
    assert statements
    assert [line for statement, values in statements for line in whole_tables(office, statement, values)] == []


def test_reading_a_whole_table_is_noticed(office: Office) -> None:
    for rest in ("WHERE heading = 'Data'", "WHERE heading = 'Data' LIMIT 1", "ORDER BY heading LIMIT 1"):
        assert whole_tables(office, f"SELECT note_id FROM note_section {rest}", ()) == ["SCAN note_section"]


def test_the_end_of_the_audit_chain_is_found_without_walking_it(office: Office) -> None:
    assert whole_tables(office, "SELECT hash FROM audit_event ORDER BY sequence DESC LIMIT 1", ()) == []


@contextmanager
def statements_of(practice: Practice) -> Iterator[list[tuple[str, Any]]]:
    """Gather what the program asks of the file, with the values of the first row."""
    gathered: list[tuple[str, Any]] = []

    def gather(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        gathered.append((statement, values[0] if many else values))

    event.listen(practice.database.engine, "before_cursor_execute", gather)
    yield gathered
    event.remove(practice.database.engine, "before_cursor_execute", gather)


def whole_tables(office: Office, statement: str, values: Any) -> list[str]:
    """Return the lines of the query plan that go through a whole table that grows.

    Going through a table in its own order, until there are enough rows of any kind, is no reading of the whole.
    """
    if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
        return []
    with office.practice.database.alone() as connection:
        plan = [str(row[3]) for row in connection.raw.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    if "LIMIT" in statement and "WHERE" not in statement and not any("TEMP B-TREE" in line for line in plan):
        return []
    return [line for line in plan if line.startswith("SCAN ") and line.split()[1] not in SMALL | {"(subquery-1)"}]
