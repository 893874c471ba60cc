"""A treatment plan while it is a draft: begun, saved, discarded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from tests.conftest import PASSWORD, TestClock
from tests.services.plan_samples import (
    DEPRESSION,
    JORDAN,
    TODAY,
    audit_details,
    colleague,
    whole_plan,
    written,
)
from therapist_desktop.models.client import ClientAccess
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.treatment_plan import PlanState
from therapist_desktop.models.treatment_plan_draft import GoalDraft, PlanDraft, ProblemDraft
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.diagnoses import add_diagnosis, resolve_diagnosis
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.searching import search
from therapist_desktop.services.treatment_plan_lists import (
    list_versions,
)
from therapist_desktop.services.treatment_plans import (
    discard_plan_draft,
    open_plan,
    save_plan_draft,
    sign_plan,
    start_plan,
)
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def jordan(practice: Practice, rosa: Person) -> int:
    return add_client(practice, rosa, JORDAN)


def test_the_first_plan_begins_with_the_diagnoses_the_client_has_today(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    reference = Reference()
    add_diagnosis(practice, rosa, reference, jordan, "F33.1", onset_on=date(2025, 1, 1))
    gone = add_diagnosis(practice, rosa, reference, jordan, "F41.1", onset_on=date(2024, 1, 1))
    resolve_diagnosis(practice, rosa, jordan, gone, date(2026, 6, 1))
    reference.close()
    opened = start_plan(practice, rosa, jordan)
    assert (opened.version, opened.state, opened.author_id) == (1, PlanState.DRAFT, rosa.id)
    assert opened.content == PlanDraft(established_on=TODAY, diagnoses=(DEPRESSION,))


def test_what_was_written_comes_back_in_every_field(practice: Practice, rosa: Person, jordan: int) -> None:
    plan = whole_plan(review_due_on=date(2027, 1, 4), no_diagnosis_reason="—")
    assert written(practice, rosa, jordan, plan).content == plan


def test_a_plan_can_shrink_grow_and_be_reordered_while_it_is_a_draft(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    plan = whole_plan()
    opened = written(practice, rosa, jordan, plan)
    first, second = plan.problems
    work, friends = first.goals
    for problems in (
        (second, first),
        (replace(second, goals=()),),
        (),
        (replace(first, goals=(friends, replace(work, objectives=work.objectives[::-1]))), second),
    ):
        changed = replace(plan, problems=problems)
        save_plan_draft(practice, rosa, opened.plan_id, changed, opened.revision)
        opened = open_plan(practice, rosa, opened.plan_id)
        assert opened.content == changed


def test_words_of_every_script_are_kept_as_typed(practice: Practice, rosa: Person, jordan: int) -> None:
    text = "Ich möchte “schlafen” — 眠りたい, أنام, 👩🏽‍🦽\n\tsegún mi ritmo  "
    plan = whole_plan(strengths=text, problems=(ProblemDraft(text=text, goals=(GoalDraft(text=text),)),))
    assert written(practice, rosa, jordan, plan).content == plan
    assert [hit.title for hit in search(practice, rosa, "mochte segun")] == ["Treatment plan, version 1"]


def test_saving_without_a_change_writes_nothing(practice: Practice, rosa: Person, jordan: int) -> None:
    opened = written(practice, rosa, jordan, whole_plan())
    before = verify_audit_chain(practice).events
    assert save_plan_draft(practice, rosa, opened.plan_id, opened.content, opened.revision) == opened.revision
    assert verify_audit_chain(practice).events == before


def test_a_letter_typed_into_an_objective_is_one_small_update(practice: Practice, rosa: Person, jordan: int) -> None:
    opened = written(practice, rosa, jordan, whole_plan())
    problem = opened.content.problems[1]
    objective = replace(problem.goals[0].objectives[0], text="Write worries down before bed.")
    goal = replace(problem.goals[0], objectives=(objective,))
    plan = replace(opened.content, problems=(opened.content.problems[0], replace(problem, goals=(goal,))))
    statements: list[str] = []
    event.listen(practice.database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    save_plan_draft(practice, rosa, opened.plan_id, plan, opened.revision)
    writes = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) (plan_\w+|treatment_plan) ")
    assert [found.groups() for one in statements if (found := writes.match(one))] == [
        ("UPDATE", "treatment_plan"),
        ("UPDATE", "plan_objective"),
    ]


def test_a_draft_saved_elsewhere_is_not_overwritten(practice: Practice, rosa: Person, jordan: int) -> None:
    opened = start_plan(practice, rosa, jordan)
    first = replace(opened.content, problems=(ProblemDraft(text="typed in one window"),))
    revision = save_plan_draft(practice, rosa, opened.plan_id, first, opened.revision)
    assert revision > opened.revision
    with pytest.raises(UserError, match="another window"):
        save_plan_draft(practice, rosa, opened.plan_id, replace(first, barriers="in another"), opened.revision)
    with pytest.raises(UserError, match="another window"):
        discard_plan_draft(practice, rosa, opened.plan_id, opened.revision)
    with pytest.raises(UserError, match="another window"):
        sign_plan(practice, rosa, opened.plan_id, PASSWORD, revision=opened.revision)
    assert open_plan(practice, rosa, opened.plan_id).content == first


def test_a_stretch_of_typing_is_one_audit_event_and_a_pause_begins_another(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    opened = start_plan(practice, rosa, jordan)
    revision = opened.revision
    for place in range(3):
        clock.move(seconds=5)
        draft = replace(opened.content, strengths="kind " * (place + 1))
        revision = save_plan_draft(practice, rosa, opened.plan_id, draft, revision)
    assert audit_details(practice, "treatment plan") == [("create", "version:1"), ("change", "fields:strengths")]
    revision = save_plan_draft(practice, rosa, opened.plan_id, replace(draft, frequency="weekly"), revision)
    clock.move(minutes=16)
    save_plan_draft(practice, rosa, opened.plan_id, replace(draft, frequency="daily"), revision)
    assert audit_details(practice, "treatment plan")[2:] == [("change", "fields:frequency")] * 2
    assert verify_audit_chain(practice).whole


def test_only_one_draft_at_a_time(practice: Practice, rosa: Person, jordan: int) -> None:
    opened = start_plan(practice, rosa, jordan)
    with pytest.raises(UserError, match="already a draft"):
        start_plan(practice, rosa, jordan)
    discard_plan_draft(practice, rosa, opened.plan_id, opened.revision)
    assert list_versions(practice, rosa, jordan) == ()
    assert start_plan(practice, rosa, jordan).version == 1


def test_a_draft_is_discarded_by_whoever_began_it_or_an_owner(practice: Practice, rosa: Person) -> None:
    ana = colleague(practice, rosa, "Ana", Role.SUPERVISEE, supervisor_id=rosa.id)
    ben = colleague(practice, rosa, "Ben", Role.CLINICIAN)
    client_id = add_client(practice, ana, JORDAN)
    with practice.writing() as session:
        session.add(ClientAccess(client_id=client_id, person_id=ben.id))
    opened = start_plan(practice, ana, client_id)
    with pytest.raises(UserError, match="began this draft"):
        discard_plan_draft(practice, ben, opened.plan_id, opened.revision)
    discard_plan_draft(practice, rosa, opened.plan_id, opened.revision)
    own = start_plan(practice, ben, client_id)
    discard_plan_draft(practice, ben, own.plan_id, own.revision)


def test_a_discarded_draft_is_gone_with_all_its_lines_and_is_not_found(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    opened = written(practice, rosa, jordan, whole_plan())
    discard_plan_draft(practice, rosa, opened.plan_id, opened.revision)
    with practice.database.alone() as connection:
        left = [
            connection.raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("plan_diagnosis", "plan_problem", "plan_goal", "plan_objective", "plan_intervention")
        ]
    assert left == [0] * 5
    assert search(practice, rosa, "commute") == ()
    assert audit_details(practice, "treatment plan")[-1] == ("discard", "version:1")
    with pytest.raises(UserError, match="no such treatment plan"):
        open_plan(practice, rosa, opened.plan_id)
