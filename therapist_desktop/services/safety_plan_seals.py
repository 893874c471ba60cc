"""Checking that every safety plan that was put in use still says what it said then."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.safety_plan import SafetyPlan, SafetyPlanState
from therapist_desktop.services.audit_trail import Action
from therapist_desktop.services.safety_plan_access import RECORD_KIND
from therapist_desktop.services.safety_plan_rows import seal_of
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class SafetyPlanReport:
    """What verifying the safety plans found."""

    plans: int
    fault: str = ""


def verify_safety_plans(practice: Practice) -> SafetyPlanReport:
    """Compare every version that is or was in use with the hash that the audit trail noted when it was put in use."""
    count = 0
    with practice.reading() as session:
        noted = dict(
            session.execute(
                select(AuditEvent.record_id, AuditEvent.detail).where(
                    AuditEvent.record_kind == RECORD_KIND, AuditEvent.action == Action.ISSUE.value
                )
            ).all()
        )
        plans = session.scalars(
            select(SafetyPlan)
            .where(SafetyPlan.state == SafetyPlanState.IN_USE)
            .order_by(SafetyPlan.id)
            .options(selectinload(SafetyPlan.rows), selectinload(SafetyPlan.means))
            .execution_options(yield_per=200)
        )
        for plan in plans:
            count += 1
            if noted.get(plan.id) != f"sha256:{seal_of(plan)}":
                return SafetyPlanReport(count, f"Safety plan {plan.id} does not say what it said when put in use.")
    return SafetyPlanReport(count)
