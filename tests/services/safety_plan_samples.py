"""A plainly fictional safety plan, and ways to get one into a practice."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.services.plan_samples import TODAY
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan_content import MeansItemContent, SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft, SafetyPlanRowDraft
from therapist_desktop.services.safety_plans import (
    OpenedSafetyPlan,
    open_safety_plan,
    put_in_use,
    save_safety_plan_draft,
    start_safety_plan,
)
from therapist_desktop.storage.practice import Practice

MAYA = SafetyPlanRowDraft(
    part=SafetyPlanPart.PEOPLE,
    text="Maya",
    phone="207-555-0117",
    relation="sister",
    hours="any time",
    may_contact=True,
)


def row(part: SafetyPlanPart, text: str) -> SafetyPlanRowDraft:
    """A line without a phone."""
    return SafetyPlanRowDraft(part=part, text=text)


def whole_safety_plan(**changes: Any) -> SafetyPlanDraft:
    """A plan with every part filled in."""
    fields: dict[str, Any] = {
        "made_on": TODAY,
        "made_with": "Jo and Rosa",
        "review_on": date(2026, 12, 7),
        "language": "en",
        "likelihood": 7,
        "barriers": "phone battery",
        "kept_where": "on the fridge",
        "copies_held_by": "Maya",
        "rows": (
            row(SafetyPlanPart.WARNING_SIGNS, "I stop answering messages"),
            row(SafetyPlanPart.WARNING_SIGNS, "I lie awake past three"),
            row(SafetyPlanPart.BY_MYSELF, "Walk to the lighthouse"),
            row(SafetyPlanPart.DISTRACTION, "The café on Exchange Street"),
            MAYA,
            SafetyPlanRowDraft(
                part=SafetyPlanPart.PROFESSIONALS, text="Dr. Hahn", phone="207-555-0190", hours="Mon to Fri, 8 to 4"
            ),
            row(SafetyPlanPart.SURROUNDINGS, "Maya keeps the medicine box"),
            row(SafetyPlanPart.WHAT_MATTERS, "My niece’s graduation"),
        ),
        "means": (
            MeansItemContent(
                means="medicines",
                present="yes",
                storage="bathroom cabinet",
                action="lockbox at Maya’s",
                helper="Maya",
                by_when=date(2026, 11, 24),
            ),
            MeansItemContent(means="firearms", present="declined to say"),
        ),
    }
    return SafetyPlanDraft(**(fields | changes))


def drafted(practice: Practice, person: Person, client_id: int, plan: SafetyPlanDraft) -> OpenedSafetyPlan:
    """A draft that says what ``plan`` says."""
    opened = start_safety_plan(practice, person, client_id)
    save_safety_plan_draft(practice, person, opened.plan_id, plan, opened.revision)
    return open_safety_plan(practice, person, opened.plan_id)


def in_use(practice: Practice, person: Person, client_id: int, plan: SafetyPlanDraft) -> OpenedSafetyPlan:
    """The next version, in use."""
    draft = drafted(practice, person, client_id, plan)
    return put_in_use(practice, person, draft.plan_id, draft.revision)
