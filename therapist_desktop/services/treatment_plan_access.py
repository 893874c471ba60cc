"""Finding a version of a treatment plan for somebody who may read it, and noting that they did."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.treatment_plan import PlanState, TreatmentPlan
from therapist_desktop.services.access import require_clinical, visible_clients
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.treatment_plan_rows import load_plan
from therapist_desktop.storage.practice import Practice

RECORD_KIND = "treatment plan"
_UNKNOWN = "There is no such treatment plan, or the chart is not open to you. Open the list of versions again."


def newest_signed(session: Session, client_id: int, on_date: date | None = None) -> int | None:
    """Return the number of the newest signed version, established on or before a day if one is given."""
    statement = select(TreatmentPlan.id).where(
        TreatmentPlan.client_id == client_id, TreatmentPlan.state == PlanState.SIGNED
    )
    if on_date is not None:
        statement = statement.where(TreatmentPlan.established_on <= on_date)
    return session.scalar(statement.order_by(TreatmentPlan.version.desc()).limit(1))


def plan_for(session: Session, person: Person, plan_id: int) -> TreatmentPlan:
    """Return a version with all it holds, if the person may read the client’s clinical record."""
    require_clinical(person)
    plan = load_plan(session, plan_id)
    if (
        plan is None
        or session.scalar(select(Client.id).where(Client.id == plan.client_id, visible_clients(person))) is None
    ):
        raise UserError(_UNKNOWN)
    return plan


def loaded_plan(session: Session, plan_id: int) -> TreatmentPlan:
    plan = load_plan(session, plan_id)
    if plan is None:
        raise LookupError("a version that was just found is gone")
    return plan


def log_plan(
    session: Session, practice: Practice, person: Person, plan: TreatmentPlan, action: Action, detail: str = ""
) -> None:
    """Note in the audit trail what somebody did with a version."""
    record_event(
        session,
        practice,
        person.id,
        action,
        record_kind=RECORD_KIND,
        record_id=plan.id,
        client_id=plan.client_id,
        detail=detail,
    )
