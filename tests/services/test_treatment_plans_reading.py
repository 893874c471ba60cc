"""Reading treatment plans: in force, cited, listed, compared, due, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.conftest import TestClock
from tests.services.plan_samples import (
    ANXIETY,
    DEPRESSION,
    JORDAN,
    TODAY,
    audit_details,
    colleague,
    signed,
    whole_plan,
    written,
)
from therapist_desktop.models.client import ClientStatus
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.treatment_plan import ObjectiveStatus, PlanState
from therapist_desktop.models.treatment_plan_comparison import PlanChange, PlanPart
from therapist_desktop.models.treatment_plan_draft import ObjectiveDraft
from therapist_desktop.models.version_comparison import ChangeKind
from therapist_desktop.services.clients import add_client, set_status
from therapist_desktop.services.searching import search
from therapist_desktop.services.treatment_plan_documents import plan_paper, print_plan
from therapist_desktop.services.treatment_plan_lists import (
    compare_versions,
    list_versions,
    objectives_in_force,
    plans_due,
)
from therapist_desktop.services.treatment_plans import (
    discard_plan_draft,
    findings_of_plan,
    open_plan,
    plan_in_force,
    revise_plan,
    save_plan_draft,
    start_plan,
)
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def jordan(practice: Practice, rosa: Person) -> int:
    return add_client(practice, rosa, JORDAN)


def test_the_plan_in_force_on_a_day_is_the_newest_established_by_then(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    assert plan_in_force(practice, rosa, jordan) is None
    first = signed(practice, rosa, jordan, whole_plan(established_on=date(2026, 11, 2)))
    clock.move(days=60)
    second = signed(practice, rosa, jordan, whole_plan(established_on=date(2027, 1, 20)))
    start_plan(practice, rosa, jordan)

    def version_on(day: date | None) -> int | None:
        plan = plan_in_force(practice, rosa, jordan, day)
        return plan and plan.plan_id

    assert version_on(date(2026, 11, 1)) is None
    assert version_on(date(2026, 11, 2)) == first.plan_id
    assert version_on(date(2027, 1, 19)) == first.plan_id
    assert version_on(date(2027, 1, 20)) == second.plan_id
    assert version_on(None) == second.plan_id


def test_notes_cite_objectives_by_number_and_by_a_thread_that_outlives_versions(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    plan = whole_plan()
    signed(practice, rosa, jordan, plan)
    before = objectives_in_force(practice, rosa, jordan, TODAY)
    assert [(one.label, one.text) for one in before] == [
        ("1a", "Get up by seven on workdays"),
        ("1b", "Walk after work"),
        ("2a", "Call one friend"),
        ("3a", "Write worries down before bed"),
    ]
    clock.move(days=30)
    begun = revise_plan(practice, rosa, jordan)
    content = begun.content
    discard_plan_draft(practice, rosa, begun.plan_id, begun.revision)
    new = ObjectiveDraft(text="Tell the manager", status=ObjectiveStatus.DEFERRED)
    work = replace(content.problems[0].goals[0], objectives=(new, content.problems[0].goals[0].objectives[1]))
    problem = replace(content.problems[0], goals=(content.problems[0].goals[1], work))
    revised = whole_plan(established_on=content.established_on, problems=(problem, content.problems[1]))
    signed(practice, rosa, jordan, revised)
    after = objectives_in_force(practice, rosa, jordan, content.established_on)
    threads = {one.text: one.thread for one in before}
    assert [(one.label, one.thread) for one in after] == [
        ("1a", threads["Call one friend"]),
        ("2a", new.thread),
        ("2b", threads["Walk after work"]),
        ("3a", threads["Write worries down before bed"]),
    ]
    assert new.thread not in threads.values()
    assert objectives_in_force(practice, rosa, jordan, TODAY) == before
    assert objectives_in_force(practice, rosa, jordan, TODAY - timedelta(days=1)) == ()


def test_the_list_of_versions_is_newest_first_and_says_who_wrote_them(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    done = signed(practice, rosa, jordan, whole_plan())
    draft = start_plan(practice, rosa, jordan)
    rows = list_versions(practice, rosa, jordan)
    assert [(row.plan_id, row.version, row.state, row.author) for row in rows] == [
        (draft.plan_id, 2, PlanState.DRAFT, "Rosa Alvarez"),
        (done.plan_id, 1, PlanState.SIGNED, "Rosa Alvarez"),
    ]
    assert (rows[1].signed_at, rows[1].review_due_on) == (done.signed_at, done.review_due_on)


def test_versions_are_compared_without_a_word_of_the_plan(practice: Practice, rosa: Person, jordan: int) -> None:
    plan = whole_plan()
    first = signed(practice, rosa, jordan, plan)
    walking = plan.problems[0].goals[0].objectives[1]
    walked = replace(walking, status=ObjectiveStatus.MET)
    work = replace(plan.problems[0].goals[0], objectives=(walked,))
    problems = (replace(plan.problems[0], goals=(work, plan.problems[0].goals[1])),)
    second = signed(
        practice,
        rosa,
        jordan,
        replace(plan, frequency="every other week", problems=problems, diagnoses=(DEPRESSION,)),
    )
    gone = [plan.problems[0].goals[0].objectives[0].thread, plan.problems[1].goals[0].objectives[0].thread]
    assert compare_versions(practice, rosa, first.plan_id, second.plan_id) == (
        PlanChange(kind=ChangeKind.CHANGED, part=PlanPart.FRAME, fields=("frequency",)),
        PlanChange(kind=ChangeKind.REMOVED, part=PlanPart.DIAGNOSIS, older="2"),
        PlanChange(kind=ChangeKind.REMOVED, part=PlanPart.PROBLEM, older="2"),
        PlanChange(kind=ChangeKind.REMOVED, part=PlanPart.GOAL, older="3"),
        PlanChange(
            kind=ChangeKind.CHANGED,
            part=PlanPart.OBJECTIVE,
            older="1b",
            newer="1a",
            thread=walking.thread,
            fields=("status",),
        ),
        PlanChange(kind=ChangeKind.REMOVED, part=PlanPart.OBJECTIVE, older="1a", thread=gone[0]),
        PlanChange(kind=ChangeKind.REMOVED, part=PlanPart.OBJECTIVE, older="3a", thread=gone[1]),
    )


def test_plans_of_different_clients_are_not_compared(practice: Practice, rosa: Person, jordan: int) -> None:
    other = add_client(practice, rosa, replace(JORDAN, first_name="Maya", last_name="Okafor"))
    first, second = start_plan(practice, rosa, jordan), start_plan(practice, rosa, other)
    with pytest.raises(UserError, match="different clients"):
        compare_versions(practice, rosa, first.plan_id, second.plan_id)


def test_due_are_the_newest_plans_of_active_clients_by_the_day(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    signed(practice, rosa, jordan, whole_plan(review_due_on=date(2026, 12, 1)))
    maya = add_client(practice, rosa, replace(JORDAN, first_name="Maya", used_name="", last_name="Okafor"))
    signed(practice, rosa, maya, whole_plan(review_due_on=date(2026, 11, 30)))
    gone = add_client(practice, rosa, replace(JORDAN, first_name="Lee", last_name="Park"))
    signed(practice, rosa, gone, whole_plan(review_due_on=date(2026, 11, 29)))
    set_status(practice, rosa, gone, ClientStatus.DISCHARGED, TODAY)
    assert [(row.client_name, row.review_due_on) for row in plans_due(practice, rosa, date(2026, 12, 1))] == [
        ("Maya Okafor", date(2026, 11, 30)),
        ("Jo Whitfield", date(2026, 12, 1)),
    ]
    clock.move(days=7)
    signed(practice, rosa, maya, whole_plan(established_on=date(2026, 11, 30)))
    start_plan(practice, rosa, jordan)
    assert [row.client_id for row in plans_due(practice, rosa, date(2026, 12, 1))] == [jordan]
    assert plans_due(practice, rosa, date(2026, 11, 30)) == ()


def test_a_biller_and_a_colleague_see_no_plan_and_a_supervisor_does(practice: Practice, rosa: Person) -> None:
    theo = colleague(practice, rosa, "Theo", Role.CLINICIAN)
    ana = colleague(practice, rosa, "Ana", Role.SUPERVISEE, supervisor_id=theo.id)
    client_id = add_client(practice, ana, JORDAN)
    plan = written(practice, ana, client_id, whole_plan())
    assert open_plan(practice, theo, plan.plan_id).content == plan.content
    for stranger in (colleague(practice, rosa, "Bea", Role.BILLER), colleague(practice, rosa, "Nia", Role.CLINICIAN)):
        for verb in (start_plan, revise_plan, plan_in_force, list_versions):
            with pytest.raises(UserError):
                verb(practice, stranger, client_id)  # type: ignore[operator]
        for verb in (open_plan, findings_of_plan, plan_paper, print_plan):
            with pytest.raises(UserError):
                verb(practice, stranger, plan.plan_id)  # type: ignore[operator]
        with pytest.raises(UserError):
            discard_plan_draft(practice, stranger, plan.plan_id, plan.revision)
        with pytest.raises(UserError):
            objectives_in_force(practice, stranger, client_id, TODAY)
        with pytest.raises(UserError):
            save_plan_draft(practice, stranger, plan.plan_id, whole_plan(strengths=""), plan.revision)
        assert search(practice, stranger, "commute") == ()
    assert [hit.record_id for hit in search(practice, theo, "commute")] == [plan.plan_id]


def test_reading_is_noted_in_the_audit_trail(practice: Practice, rosa: Person, jordan: int) -> None:
    done = signed(practice, rosa, jordan, whole_plan(diagnoses=(DEPRESSION, ANXIETY)))
    before = len(audit_details(practice, "treatment plan"))
    open_plan(practice, rosa, done.plan_id)
    plan_in_force(practice, rosa, jordan)
    objectives_in_force(practice, rosa, jordan, TODAY)
    compare_versions(practice, rosa, done.plan_id, done.plan_id)
    assert audit_details(practice, "treatment plan")[before:] == [
        ("view", ""),
        ("view", ""),
        ("view", "objectives"),
        ("view", "compared"),
        ("view", "compared"),
    ]


def test_lists_use_indexes_and_no_table_is_scanned(practice: Practice, rosa: Person, jordan: int) -> None:
    signed(practice, rosa, jordan, whole_plan())
    statements: list[str] = []
    with practice.database.alone() as connection:
        connection.raw.set_trace_callback(statements.append)
    plans_due(practice, rosa, date(2027, 12, 1))
    plan_in_force(practice, rosa, jordan)
    list_versions(practice, rosa, jordan)
    with practice.database.alone() as connection:
        connection.raw.set_trace_callback(None)
        steps = [
            str(row[3])
            for statement in statements
            if statement.startswith("SELECT") and "plan" in statement
            for row in connection.raw.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]
    assert len(steps) > 5
    assert [step for step in steps if step.startswith("SCAN")] == []
    assert any("ix_treatment_plan_versions" in step for step in steps)
