"""Reading treatment plans: their versions, what changed, the objectives notes cite, and whose review is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from therapist_desktop.models.client import Client, ClientStatus
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.treatment_plan import ObjectiveStatus, PlanState, TreatmentPlan
from therapist_desktop.models.treatment_plan_comparison import PlanChange, compare_plans
from therapist_desktop.services.access import require_client, require_clinical, visible_clients
from therapist_desktop.services.audit_trail import Action, record_once
from therapist_desktop.services.treatment_plan_access import (
    RECORD_KIND,
    loaded_plan,
    log_plan,
    newest_signed,
    plan_for,
)
from therapist_desktop.services.treatment_plan_rows import draft_of
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class PlanVersionRow:
    """A line of the list of versions."""

    plan_id: int
    version: int
    state: PlanState
    established_on: date
    review_due_on: date | None
    signed_at: datetime | None
    author: str


@dataclass(frozen=True)
class PlanDueRow:
    """A client whose plan is due for review."""

    client_id: int
    client_name: str
    clinician_id: int | None
    plan_id: int
    version: int
    established_on: date
    review_due_on: date


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective that a note can cite: by its thread, which outlives versions, and its number in this one."""

    thread: str
    label: str
    text: str
    status: ObjectiveStatus


def objectives_in_force(practice: Practice, person: Person, client_id: int, day: date) -> tuple[ObjectiveRow, ...]:
    """Return the objectives that a note of a day can cite, in the order of the plan in force on it."""
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        plan_id = newest_signed(session, client_id, day)
        if plan_id is None:
            return ()
        plan = loaded_plan(session, plan_id)
        record_once(
            session,
            practice,
            person.id,
            Action.VIEW,
            record_kind=RECORD_KIND,
            record_id=plan_id,
            client_id=client_id,
            detail="objectives",
        )
    return _objectives(plan)


def objectives_on(session: Session, client_id: int, day: date) -> tuple[ObjectiveRow, ...]:
    """Return the same inside a transaction of another verb, which has checked who may see it and notes who did."""
    plan_id = newest_signed(session, client_id, day)
    return () if plan_id is None else _objectives(loaded_plan(session, plan_id))


def _objectives(plan: TreatmentPlan) -> tuple[ObjectiveRow, ...]:
    return tuple(
        ObjectiveRow(one.objective.thread, one.label, one.objective.text, one.objective.status)
        for one in draft_of(plan).numbered_objectives()
    )


def list_versions(practice: Practice, person: Person, client_id: int) -> tuple[PlanVersionRow, ...]:
    """Return the versions of a client’s plan, the newest first."""
    with practice.reading() as session:
        require_client(session, person, client_id, clinical=True)
        rows = session.execute(
            select(
                TreatmentPlan.id,
                TreatmentPlan.version,
                TreatmentPlan.state,
                TreatmentPlan.established_on,
                TreatmentPlan.review_due_on,
                TreatmentPlan.signed_at,
                Person.first_name + " " + Person.last_name,
            )
            .join(Person, Person.id == TreatmentPlan.author_id)
            .where(TreatmentPlan.client_id == client_id)
            .order_by(TreatmentPlan.version.desc())
        ).all()
    return tuple(PlanVersionRow(*row) for row in rows)


def compare_versions(practice: Practice, person: Person, older_id: int, newer_id: int) -> tuple[PlanChange, ...]:
    """Return what was added, removed and changed from one version of a client’s plan to another."""
    with practice.writing() as session:
        older, newer = plan_for(session, person, older_id), plan_for(session, person, newer_id)
        if older.client_id != newer.client_id:
            raise UserError("These versions belong to different clients. Choose two versions of one plan.")
        for plan in (older, newer):
            log_plan(session, practice, person, plan, Action.VIEW, "compared")
    return compare_plans(draft_of(older), draft_of(newer))


def plans_due(practice: Practice, person: Person, until: date) -> tuple[PlanDueRow, ...]:
    """Return the active clients one may see whose newest signed plan is due for review by a day, the oldest first.

    It goes from client to newest version, so that it costs the same however many old versions there are.
    """
    require_clinical(person)
    other = aliased(TreatmentPlan)
    newest = (
        select(func.max(other.version))
        .where(other.client_id == Client.id, other.state == PlanState.SIGNED)
        .scalar_subquery()
    )
    statement = (
        select(
            Client.id,
            Client.used_name,
            Client.first_name,
            Client.last_name,
            Client.clinician_id,
            TreatmentPlan.id,
            TreatmentPlan.version,
            TreatmentPlan.established_on,
            TreatmentPlan.review_due_on,
        )
        .join(TreatmentPlan, TreatmentPlan.client_id == Client.id)
        .where(
            Client.status == ClientStatus.ACTIVE,
            visible_clients(person),
            TreatmentPlan.state == PlanState.SIGNED,
            TreatmentPlan.version == newest,
            TreatmentPlan.review_due_on <= until,
        )
        .order_by(TreatmentPlan.review_due_on, Client.sort_name, Client.id)
    )
    with practice.reading() as session:
        rows = session.execute(statement).all()
    return tuple(
        PlanDueRow(client_id, f"{used or first} {last}".strip(), clinician_id, plan_id, version, established, due)
        for client_id, used, first, last, clinician_id, plan_id, version, established, due in rows
        if due is not None
    )
