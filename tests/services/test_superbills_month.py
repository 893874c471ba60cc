"""A month of superbills for all clients: looking, issuing, stopping, going on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event

from tests.conftest import TestClock
from tests.services.billing_samples import FEE, MAYA, Bench, november
from therapist_desktop.models.client import ClientStatus
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.clients import add_client, set_status
from therapist_desktop.services.superbills import (
    MonthResult,
    MonthRow,
    MonthState,
    issue_month,
    list_superbills,
    month_overview,
)
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def bench(practice: Practice, rosa: Person, clock: TestClock) -> Iterator[Bench]:
    bench = Bench(practice, rosa, clock)
    yield bench
    bench.reference.close()


def overview(bench: Bench, person: Person | None = None) -> dict[int, MonthRow]:
    rows = month_overview(bench.practice, person or bench.person, bench.reference, 2026, 11)
    return {row.client_id: row for row in rows}


def issue(bench: Bench, **how: object) -> MonthResult:
    return issue_month(bench.practice, bench.person, bench.reference, 2026, 11, **how)  # type: ignore[arg-type]


def some_clients(bench: Bench, count: int) -> list[int]:
    """Clients with two sessions each, the first one paid."""
    clients = []
    for number in range(count):
        client_id = bench.client(first_name=f"Client {number:02}", last_name=f"Sample{number:02}")
        for day in (3, 10):
            bench.session(client_id, november(day))
        bench.pay(client_id, FEE)
        clients.append(client_id)
    return clients


def test_the_month_says_who_is_ready_who_would_be_rejected_and_who_has_nothing(bench: Bench) -> None:
    ready, rejected = bench.client(), bench.client(MAYA, born_on=None)
    idle = bench.client(first_name="Noor", used_name="", last_name="Haddad")
    gone = bench.client(first_name="Ada", last_name="Quist")
    set_status(bench.practice, bench.person, gone, ClientStatus.DISCHARGED, november(1))
    for client_id in (ready, rejected):
        bench.session(client_id, november(3))
        bench.session(client_id, november(10))
    bench.pay(ready, 50_00)

    rows = overview(bench)

    assert rows.keys() == {ready, rejected, idle}, "a discharged client without a session is not listed"
    assert [row.client_name for row in rows.values()] == ["Noor Haddad", "Maya Okafor", "Jo Whitfield"]
    assert (rows[ready].state, rows[ready].amount_cents, rows[ready].paid_cents) == (
        MonthState.READY,
        2 * FEE,
        50_00,
    )
    assert rows[rejected].state is MonthState.NOT_READY
    assert rows[rejected].reasons == ("The client’s birth date is missing. Enter it.",)
    assert rows[idle].state is MonthState.NOTHING
    assert rows[idle].reasons == ("There is no session in this month.",)


def test_the_month_points_out_sessions_that_are_not_signed_or_charged(bench: Bench) -> None:
    jordan, maya = bench.client(), bench.client(MAYA)
    bench.session(jordan, november(3))
    bench.note(jordan, november(4))
    bench.note(maya, november(5), signed=False)
    rows = overview(bench)
    assert "1 signed session is not charged yet." in rows[jordan].remarks
    assert rows[maya].state is MonthState.NOTHING
    assert rows[maya].reasons == ("1 note is not signed yet.",)


def test_issuing_a_month_issues_what_is_ready_and_names_the_rest(bench: Bench) -> None:
    first, second = some_clients(bench, 2)
    rejected = bench.client(MAYA, born_on=None)
    bench.session(rejected, november(3))
    told: list[tuple[int, int]] = []

    result = issue(bench, progress=lambda done, total: told.append((done, total)))

    assert [(one.client_id, one.number) for one in result.issued] == [
        (first, "2026-11-0001"),
        (second, "2026-11-0002"),
    ]
    assert [(one.charge_cents, one.paid_cents) for one in result.issued] == [(2 * FEE, FEE)] * 2
    (row,) = result.not_ready
    assert (row.client_id, row.state) == (rejected, MonthState.NOT_READY)
    assert row.reasons == ("The client’s birth date is missing. Enter it.",)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert not result.stopped
    assert overview(bench)[first].reasons == ("Everything charged is on superbill 2026-11-0001.",)


def test_a_month_that_was_stopped_goes_on_where_it_stopped(bench: Bench) -> None:
    clients = some_clients(bench, 4)
    done: list[int] = []
    first = issue(bench, progress=lambda count, total: done.append(count), stopped=lambda: len(done) == 2)
    assert first.stopped
    assert [one.client_id for one in first.issued] == clients[:2]
    assert [row.state for row in overview(bench).values()] == [MonthState.NOTHING] * 2 + [MonthState.READY] * 2

    second = issue(bench)

    assert not second.stopped
    assert [one.client_id for one in second.issued] == clients[2:]
    assert issue(bench).issued == ()
    assert len(bench.held()) == 8
    assert [row.number for row in list_superbills(bench.practice, bench.person)] == [
        f"2026-11-000{count}" for count in (4, 3, 2, 1)
    ]


def test_an_error_in_the_middle_loses_nothing_and_doubles_nothing(bench: Bench) -> None:
    some_clients(bench, 3)

    def pull_the_plug(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        issue(bench, progress=pull_the_plug)
    assert len(list_superbills(bench.practice, bench.person)) == 2
    assert [one.number for one in issue(bench).issued] == ["2026-11-0003"]


def test_what_changes_while_a_month_is_issued_is_true_on_paper(bench: Bench) -> None:
    first, second, third = some_clients(bench, 3)

    def meanwhile(done: int, total: int) -> None:
        if done == 1:
            bench.pay(second, FEE)
            bench.issue(third)

    result = issue(bench, progress=meanwhile)

    assert [(one.client_id, one.paid_cents) for one in result.issued] == [(first, FEE), (second, 2 * FEE)]
    (row,) = result.not_ready
    assert row.client_id == third
    assert "already on superbill 2026-11-0002" in row.reasons[0]


def test_what_an_insurer_would_question_is_held_back_if_so_wished(bench: Bench) -> None:
    jordan = bench.client()
    bench.session(jordan, november(3))
    held_back = issue(bench, accept_questioned=False)
    assert held_back.issued == ()
    assert "nothing was paid" in held_back.not_ready[0].reasons[0]
    assert held_back.not_ready[0].state is MonthState.NOT_READY
    assert len(issue(bench).issued) == 1


def test_several_superbills_of_one_client_are_one_row(bench: Bench) -> None:
    jordan = bench.client()
    ken = bench.colleague("Ken", Role.CLINICIAN)
    bench.session(jordan, november(3))
    bench.session(jordan, november(4), author=ken)
    row = overview(bench)[jordan]
    assert (row.superbills, row.amount_cents) == (2, 2 * FEE)
    assert len(issue(bench).issued) == 2


def test_a_clinician_sees_and_issues_the_month_of_their_own_clients(bench: Bench) -> None:
    jordan = bench.client()
    ken = bench.colleague("Ken", Role.CLINICIAN)
    maya = add_client(bench.practice, ken, MAYA)
    for client_id in (jordan, maya):
        bench.session(client_id, november(3))
    assert overview(bench, ken).keys() == {maya}
    result = issue_month(bench.practice, ken, bench.reference, 2026, 11)
    assert [one.client_id for one in result.issued] == [maya]
    bea = bench.colleague("Bea", Role.BILLER)
    assert overview(bench, bea).keys() == {jordan, maya}


def test_a_month_takes_the_same_number_of_queries_for_any_number_of_clients(bench: Bench) -> None:
    queries: list[str] = []
    event.listen(bench.practice.database.engine, "before_cursor_execute", lambda *args: queries.append(str(args[2])))
    counts = []
    for _ in range(2):
        some_clients(bench, 3)
        queries.clear()
        overview(bench)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_sessions_of_the_first_and_last_day_belong_to_the_month(bench: Bench) -> None:
    jordan = bench.client()
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), november(1)):
        bench.session(jordan, day)
    (row,) = month_overview(bench.practice, bench.person, bench.reference, 2026, 10)
    assert row.amount_cents == 2 * FEE
