"""A treatment plan on paper: of a signed version exactly what was signed, of a draft what stands in it now."""

from __future__ import annotations

from sqlalchemy.orm import Session

from therapist_desktop.models.canonical import from_canonical
from therapist_desktop.models.client import Client
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.models.treatment_plan import TreatmentPlan
from therapist_desktop.models.treatment_plan_content import TreatmentPlanContent, TreatmentPlanPaper
from therapist_desktop.services.audit_trail import Action
from therapist_desktop.services.people import load_person
from therapist_desktop.services.signing import signatures_of, signed_bytes
from therapist_desktop.services.treatment_plan_access import log_plan, plan_for
from therapist_desktop.services.treatment_plan_rows import content_of, draft_of
from therapist_desktop.storage.practice import Practice


def plan_paper(practice: Practice, person: Person, plan_id: int) -> TreatmentPlanPaper:
    """Return a version as it is printed, to be looked at."""
    with practice.writing() as session:
        plan = plan_for(session, person, plan_id)
        log_plan(session, practice, person, plan, Action.VIEW)
        return _paper(session, practice, plan)


def print_plan(practice: Practice, person: Person, plan_id: int) -> bytes:
    """Return a version as a PDF; the audit trail notes that it was printed."""
    from therapist_desktop.reports import treatment_plan  # noqa: PLC0415  (slow to load, rarely needed)

    with practice.writing() as session:
        plan = plan_for(session, person, plan_id)
        log_plan(session, practice, person, plan, Action.PRINT, f"version:{plan.version}")
        paper = _paper(session, practice, plan)
    return treatment_plan.build(paper)


def _paper(session: Session, practice: Practice, plan: TreatmentPlan) -> TreatmentPlanPaper:
    now = practice.clock()
    signatures = signatures_of(session, SignedKind.TREATMENT_PLAN, plan.id)
    if signatures:
        content = from_canonical(signed_bytes(session, signatures[0].id), TreatmentPlanContent)
    else:
        content = content_of(plan, draft_of(plan), session.get_one(Client, plan.client_id))
    author = load_person(session, plan.author_id)
    return TreatmentPlanPaper(
        practice=session.get_one(PracticeFacts, 1).content(),
        clinician=author.content_on((plan.signed_at or now).date()),
        plan=content,
        signatures=tuple(signature.content() for signature in signatures),
        printed_at=now,
    )
