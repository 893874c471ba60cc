"""Plainly fictional clients, colleagues and plans from which the tests of both kinds of plan are built."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.conftest import PASSWORD
from therapist_desktop.models.client import ContactKind
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.treatment_plan import ObjectiveStatus, Participation
from therapist_desktop.models.treatment_plan_content import InterventionContent, PlanDiagnosisContent
from therapist_desktop.models.treatment_plan_draft import GoalDraft, ObjectiveDraft, PlanDraft, ProblemDraft
from therapist_desktop.services.client_record import ClientRecord, ContactEntry
from therapist_desktop.services.people import add_person
from therapist_desktop.services.treatment_plans import (
    OpenedPlan,
    SignedPlan,
    open_plan,
    save_plan_draft,
    sign_plan,
    start_plan,
)
from therapist_desktop.storage.practice import Practice

TODAY = date(2026, 11, 23)

JORDAN = ClientRecord(
    first_name="Jordan",
    last_name="Whitfield",
    used_name="Jo",
    born_on=date(1994, 3, 14),
    language="es",
    contacts=(
        ContactEntry(kind=ContactKind.OTHER, name="Sam Whitfield", relation="brother", phone="207-555-0118"),
        ContactEntry(
            kind=ContactKind.EMERGENCY,
            name="Maya Okafor",
            relation="sister",
            phone="207-555-0117",
            may_contact=True,
        ),
        ContactEntry(
            kind=ContactKind.PRIMARY_CARE,
            name="Dr. Hahn",
            organization="Casco Family Medicine",
            phone="207-555-0190",
        ),
    ),
)

DEPRESSION = PlanDiagnosisContent(code="F33.1", title="Major depressive disorder, recurrent, moderate")
ANXIETY = PlanDiagnosisContent(code="F41.1", title="Generalized anxiety disorder")


def whole_plan(**changes: Any) -> PlanDraft:
    """A plan that can be signed: two problems, three goals, four objectives."""
    fields: dict[str, Any] = {
        "established_on": TODAY,
        "session_length": "50 minutes",
        "frequency": "weekly",
        "duration": "6 months",
        "diagnoses": (DEPRESSION, ANXIETY),
        "problems": (
            ProblemDraft(
                text="I cannot get out of bed",
                diagnosis_code="F33.1",
                baseline="PHQ-9 of 17",
                impairment="misses two days of work a week",
                goals=(
                    GoalDraft(
                        text="Go to work every day",
                        objectives=(
                            ObjectiveDraft(
                                text="Get up by seven on workdays",
                                measure="mornings a week",
                                baseline="1",
                                target="5",
                                target_on=date(2027, 2, 1),
                                interventions=(
                                    InterventionContent(text="Behavioral activation", who="Rosa", frequency="weekly"),
                                    InterventionContent(text="Sleep diary", frequency="daily", duration="4 weeks"),
                                ),
                            ),
                            ObjectiveDraft(text="Walk after work", measure="walks a week", target="3"),
                        ),
                    ),
                    GoalDraft(
                        text="See friends again",
                        objectives=(ObjectiveDraft(text="Call one friend", measure="calls a week", target="1"),),
                    ),
                ),
            ),
            ProblemDraft(
                text="My head never stops",
                diagnosis_code="F41.1",
                goals=(
                    GoalDraft(
                        text="Fall asleep within half an hour",
                        objectives=(
                            ObjectiveDraft(
                                text="Write worries down before bed",
                                measure="evenings a week",
                                target="6",
                                status=ObjectiveStatus.PARTLY_MET,
                                progress="four evenings so far",
                            ),
                        ),
                    ),
                ),
            ),
        ),
        "strengths": "close to her sister",
        "barriers": "long commute",
        "level_of_care": "outpatient, no hospital stay in five years",
        "necessity": "moderate depression with absence from work",
        "discharge_criteria": "PHQ-9 under 5 for two months",
        "participation": Participation.VERBAL,
        "participation_note": "chose the goals herself",
    }
    return PlanDraft(**(fields | changes))


def written(practice: Practice, person: Person, client_id: int, plan: PlanDraft) -> OpenedPlan:
    """A draft that says what ``plan`` says."""
    opened = start_plan(practice, person, client_id)
    save_plan_draft(practice, person, opened.plan_id, plan, opened.revision)
    return open_plan(practice, person, opened.plan_id)


def signed(practice: Practice, person: Person, client_id: int, plan: PlanDraft) -> SignedPlan:
    """The next version, signed."""
    draft = written(practice, person, client_id, plan)
    return sign_plan(practice, person, draft.plan_id, PASSWORD, revision=draft.revision)


def colleague(practice: Practice, owner: Person, first_name: str, role: Role, **fields: Any) -> Person:
    """Add somebody else of the practice."""
    person = Person(first_name=first_name, last_name="Nakamura", roles=[role.value], **fields)
    return add_person(practice, owner, person, f"{first_name} walks the pier slowly")


def audit_details(practice: Practice, record_kind: str) -> list[tuple[str, str]]:
    """Return action and detail of every event about a kind of record, oldest first."""
    with practice.database.alone() as connection:
        rows = connection.raw.execute(
            "SELECT action, detail FROM audit_event WHERE record_kind = ? ORDER BY sequence", (record_kind,)
        )
        return [(str(action), str(detail)) for action, detail in rows]
