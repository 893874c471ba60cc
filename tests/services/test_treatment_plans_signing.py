"""Signing and revising a treatment plan, and the paper it is printed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pypdfium2
import pytest

from tests.conftest import PASSWORD, TestClock
from tests.services.plan_samples import (
    DEPRESSION,
    JORDAN,
    TODAY,
    audit_details,
    colleague,
    signed,
    whole_plan,
    written,
)
from therapist_desktop.models.canonical import from_canonical
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.models.treatment_plan import Participation, PlanState
from therapist_desktop.models.treatment_plan_content import TreatmentPlanContent
from therapist_desktop.models.treatment_plan_draft import GoalDraft, ProblemDraft
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.signing import signatures_of, signed_bytes, verify_signatures
from therapist_desktop.services.treatment_plan_documents import plan_paper, print_plan
from therapist_desktop.services.treatment_plans import (
    discard_plan_draft,
    findings_of_plan,
    open_plan,
    revise_plan,
    save_plan_draft,
    sign_plan,
)
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def jordan(practice: Practice, rosa: Person) -> int:
    return add_client(practice, rosa, JORDAN)


def test_what_is_signed_is_the_whole_plan_with_its_numbers(practice: Practice, rosa: Person, jordan: int) -> None:
    done = signed(practice, rosa, jordan, whole_plan())
    with practice.reading() as session:
        (signature,) = signatures_of(session, SignedKind.TREATMENT_PLAN, done.plan_id)
        content = from_canonical(signed_bytes(session, signature.id), TreatmentPlanContent)
    assert done.content_sha256 == signature.content_sha256
    assert content.client_name == "Jordan Whitfield"
    assert [
        (one.label, one.status) for problem in content.problems for goal in problem.goals for one in goal.objectives
    ] == [("1a", "open"), ("1b", "open"), ("2a", "open"), ("3a", "partly met")]
    assert content.participation == "verbal"
    assert content.review_due_on == TODAY + timedelta(days=90) == done.review_due_on
    assert verify_signatures(practice).fault == ""
    assert audit_details(practice, "treatment plan")[-1] == ("sign", "version:1")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"problems": ()}, "no problem"),
        ({"problems": (ProblemDraft(text="tired"),)}, "no goal"),
        ({"problems": (ProblemDraft(text="tired", goals=(GoalDraft(text="rest"),)),)}, "no objective"),
        ({"problems": (*whole_plan().problems, ProblemDraft(text=" \n"))}, "problem without words"),
        ({"diagnoses": ()}, "no diagnosis"),
        ({"diagnoses": (DEPRESSION,)}, "not on the plan"),
        ({"participation": Participation.NOT_RECORDED}, "took part"),
        ({"participation": Participation.DECLINED, "participation_note": " "}, "declined. Write"),
        ({"established_on": date(2026, 11, 24)}, "future"),
        ({"review_due_on": TODAY}, "before the plan begins"),
        ({"review_due_on": date(2027, 11, 24)}, "within a year"),
    ],
)
def test_what_a_plan_lacks_is_named_and_it_stays_a_draft(
    practice: Practice, rosa: Person, jordan: int, change: dict[str, object], words: str
) -> None:
    opened = written(practice, rosa, jordan, whole_plan(**change))
    with pytest.raises(UserError, match=words):
        sign_plan(practice, rosa, opened.plan_id, PASSWORD, revision=opened.revision)
    assert open_plan(practice, rosa, opened.plan_id) == opened
    assert words in findings_of_plan(practice, rosa, opened.plan_id)[0].sentence


def test_a_plan_without_a_diagnosis_is_signed_if_it_says_why(practice: Practice, rosa: Person, jordan: int) -> None:
    problems = tuple(replace(one, diagnosis_code="") for one in whole_plan().problems)
    plan = whole_plan(diagnoses=(), problems=problems, no_diagnosis_reason="still being assessed")
    done = signed(practice, rosa, jordan, plan)
    assert plan_paper(practice, rosa, done.plan_id).plan.no_diagnosis_reason == "still being assessed"


def test_a_wrong_password_signs_nothing(practice: Practice, rosa: Person, jordan: int) -> None:
    opened = written(practice, rosa, jordan, whole_plan())
    with pytest.raises(UserError, match="password"):
        sign_plan(practice, rosa, opened.plan_id, "a loud harbour at noon", revision=opened.revision)
    assert open_plan(practice, rosa, opened.plan_id).state is PlanState.DRAFT


def test_the_review_is_due_within_a_year_however_long_the_cycle_of_the_practice(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    with practice.database.alone() as connection:
        connection.raw.execute("UPDATE practice SET plan_review_days = 400")
    assert signed(practice, rosa, jordan, whole_plan()).review_due_on == date(2027, 11, 23)


def test_revising_keeps_what_is_treated_and_asks_anew_what_belongs_to_the_day(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    plan = whole_plan()
    signed(practice, rosa, jordan, plan)
    clock.move(days=80)
    revision = revise_plan(practice, rosa, jordan)
    assert revision.version == 2
    assert revision.content == replace(
        plan,
        established_on=TODAY + timedelta(days=80),
        review_due_on=None,
        participation=Participation.NOT_RECORDED,
        participation_note="",
    )


def test_there_is_nothing_to_revise_before_the_first_signature(practice: Practice, rosa: Person, jordan: int) -> None:
    with pytest.raises(UserError, match="no signed treatment plan"):
        revise_plan(practice, rosa, jordan)


def test_a_revision_cannot_be_dated_before_the_version_it_replaces(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    signed(practice, rosa, jordan, whole_plan())
    with pytest.raises(UserError, match="before the version"):
        signed(practice, rosa, jordan, whole_plan(established_on=TODAY - timedelta(days=1)))


def test_a_signed_version_can_be_neither_saved_nor_signed_nor_discarded(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    done = signed(practice, rosa, jordan, whole_plan())
    opened = open_plan(practice, rosa, done.plan_id)
    with pytest.raises(UserError, match="never changes"):
        save_plan_draft(practice, rosa, done.plan_id, whole_plan(strengths="none"), opened.revision)
    with pytest.raises(UserError, match="never changes"):
        sign_plan(practice, rosa, done.plan_id, PASSWORD, revision=opened.revision)
    with pytest.raises(UserError, match="never changes"):
        discard_plan_draft(practice, rosa, done.plan_id, opened.revision)
    assert open_plan(practice, rosa, done.plan_id) == opened


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE treatment_plan SET strengths = 'x'",
        "DELETE FROM treatment_plan",
        "UPDATE plan_diagnosis SET code = 'F32.0'",
        "UPDATE plan_problem SET text = 'x'",
        "UPDATE plan_goal SET text = 'x'",
        "UPDATE plan_objective SET thread = 'x'",
        "DELETE FROM plan_intervention",
        "INSERT INTO plan_goal(problem_id, text, position) VALUES (1, 'x', 9)",
    ],
)
def test_the_file_itself_refuses_to_change_a_signed_version(
    practice: Practice, rosa: Person, jordan: int, statement: str
) -> None:
    signed(practice, rosa, jordan, whole_plan())
    with pytest.raises(UserError, match="never changes"), practice.writing() as session:
        session.connection().exec_driver_sql(statement)


def test_whoever_signs_is_the_author(practice: Practice, rosa: Person) -> None:
    ana = colleague(practice, rosa, "Ana", Role.SUPERVISEE, supervisor_id=rosa.id)
    client_id = add_client(practice, ana, JORDAN)
    done = signed(practice, rosa, client_id, whole_plan())
    assert open_plan(practice, ana, done.plan_id).author_id == rosa.id
    assert plan_paper(practice, ana, done.plan_id).clinician.name == "Rosa Alvarez"


def test_a_signed_plan_is_printed_as_it_was_signed(practice: Practice, rosa: Person, jordan: int) -> None:
    done = signed(practice, rosa, jordan, whole_plan())
    with practice.database.alone() as connection:
        connection.raw.execute("UPDATE client SET last_name = 'Renamed'")
    paper = plan_paper(practice, rosa, done.plan_id)
    assert paper.plan.client_name == "Jordan Whitfield"
    assert [one.content_sha256 for one in paper.signatures] == [done.content_sha256]
    text = _text(print_plan(practice, rosa, done.plan_id))
    assert "Objective 1b" in text
    assert "Get up by seven on workdays" in text
    assert "Jordan Whitfield" in text
    assert audit_details(practice, "treatment plan")[-1] == ("print", "version:1")


def test_a_draft_is_printed_without_a_signature(practice: Practice, rosa: Person, jordan: int) -> None:
    opened = written(practice, rosa, jordan, whole_plan())
    assert plan_paper(practice, rosa, opened.plan_id).signatures == ()
    assert "DRAFT" in _text(print_plan(practice, rosa, opened.plan_id))


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
