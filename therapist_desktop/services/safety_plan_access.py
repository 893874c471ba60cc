"""Who may read a safety plan: whoever may open the chart, and in an emergency every clinician of the practice."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan import SafetyPlan, SafetyPlanState
from therapist_desktop.services.access import require_clinical, visible_clients
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.safety_plan_rows import load_safety_plan
from therapist_desktop.storage.practice import Practice

RECORD_KIND = "safety plan"
EMERGENCY = "emergency-access"
"""How the audit trail marks a plan that was opened or printed by breaking the glass."""

_NOT_OPEN = "There is no such client, or the chart is not open to you. In an emergency, give a reason to open it."
_UNKNOWN = "There is no such safety plan, or the chart is not open to you. Open the list of versions again."


class EmergencyReason(StrEnum):
    """Why somebody breaks the glass; the audit trail keeps these words, so that no clinical text gets into it."""

    CLIENT_IN_CRISIS = "client-in-crisis"
    CLINICIAN_AWAY = "clinician-away"
    RESCUERS_ASK = "rescuers-ask"


def allow_reading(session: Session, person: Person, client_id: int, break_glass: EmergencyReason | None) -> str:
    """Raise unless somebody may read the client’s safety plan; return what the audit trail is to say beside it.

    With a reason every clinician of the practice may (emergency access, 45 CFR 164.312(a)(2)(ii)); a biller
    never. Where the chart is open anyway the reason is not needed, and no emergency is logged.
    """
    require_clinical(person)
    if session.scalar(select(Client.id).where(Client.id == client_id, visible_clients(person))) is not None:
        return ""
    if break_glass is None or session.scalar(select(Client.id).where(Client.id == client_id)) is None:
        raise UserError(_NOT_OPEN)
    return f"{EMERGENCY}:{break_glass.value}"


def safety_plan_for(session: Session, person: Person, plan_id: int) -> SafetyPlan:
    """Return a version with all it holds, if the person may open the chart."""
    require_clinical(person)
    plan = load_safety_plan(session, plan_id)
    if (
        plan is None
        or session.scalar(select(Client.id).where(Client.id == plan.client_id, visible_clients(person))) is None
    ):
        raise UserError(_UNKNOWN)
    return plan


def current_safety_plan(session: Session, client_id: int) -> SafetyPlan | None:
    """Return the newest version in use, with all it holds."""
    plan_id = session.scalar(
        select(SafetyPlan.id)
        .where(SafetyPlan.client_id == client_id, SafetyPlan.state == SafetyPlanState.IN_USE)
        .order_by(SafetyPlan.version.desc())
        .limit(1)
    )
    return None if plan_id is None else load_safety_plan(session, plan_id)


def log_safety_plan(
    session: Session,
    practice: Practice,
    person: Person,
    action: Action,
    *,
    client_id: int,
    plan_id: int | None,
    detail: str = "",
) -> None:
    """Note in the audit trail what somebody did with a version."""
    record_event(
        session,
        practice,
        person.id,
        action,
        record_kind=RECORD_KIND,
        record_id=plan_id,
        client_id=client_id,
        detail=detail,
    )
