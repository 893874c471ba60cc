"""Lists of safety plans: versions, what changed, whose review is due, and finding one in an emergency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from therapist_desktop.models.client import Client, ClientStatus
from therapist_desktop.models.client_likeness import folded
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan import SafetyPlan, SafetyPlanReview, SafetyPlanState
from therapist_desktop.models.safety_plan_comparison import SafetyPlanChange, compare_safety_plans
from therapist_desktop.services.access import require_client, require_clinical, visible_clients
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.safety_plan_access import (
    EMERGENCY,
    RECORD_KIND,
    EmergencyReason,
    log_safety_plan,
    safety_plan_for,
)
from therapist_desktop.services.safety_plan_rows import draft_of
from therapist_desktop.storage.practice import Practice

_MOST_FOUND = 20


@dataclass(frozen=True)
class SafetyPlanVersionRow:
    """A line of the list of versions."""

    plan_id: int
    version: int
    state: SafetyPlanState
    made_on: date
    in_use_since: datetime | None
    author: str


@dataclass(frozen=True)
class SafetyPlanDueRow:
    """A client whose safety plan is due for review."""

    client_id: int
    client_name: str
    clinician_id: int | None
    plan_id: int
    version: int
    made_on: date
    review_on: date


@dataclass(frozen=True)
class EmergencyRow:
    """A client with a safety plan in use: enough to tell them from another, and nothing clinical."""

    client_id: int
    client_name: str
    born_on: date | None


def list_safety_plan_versions(practice: Practice, person: Person, client_id: int) -> tuple[SafetyPlanVersionRow, ...]:
    """Return the versions of a client’s safety plan, the newest first."""
    with practice.reading() as session:
        require_client(session, person, client_id, clinical=True)
        rows = session.execute(
            select(
                SafetyPlan.id,
                SafetyPlan.version,
                SafetyPlan.state,
                SafetyPlan.made_on,
                SafetyPlan.in_use_since,
                Person.first_name + " " + Person.last_name,
            )
            .join(Person, Person.id == SafetyPlan.author_id)
            .where(SafetyPlan.client_id == client_id)
            .order_by(SafetyPlan.version.desc())
        ).all()
    return tuple(SafetyPlanVersionRow(*row) for row in rows)


def compare_safety_plan_versions(
    practice: Practice, person: Person, older_id: int, newer_id: int
) -> tuple[SafetyPlanChange, ...]:
    """Return what was added, removed and changed from one version of a client’s safety plan to another."""
    with practice.writing() as session:
        older, newer = safety_plan_for(session, person, older_id), safety_plan_for(session, person, newer_id)
        if older.client_id != newer.client_id:
            raise UserError("These versions belong to different clients. Choose two versions of one plan.")
        for plan in (older, newer):
            log_safety_plan(
                session,
                practice,
                person,
                Action.VIEW,
                client_id=plan.client_id,
                plan_id=plan.id,
                detail="compared",
            )
    return compare_safety_plans(draft_of(older), draft_of(newer))


def safety_plans_due_for_review(practice: Practice, person: Person, until: date) -> tuple[SafetyPlanDueRow, ...]:
    """Return the active clients one may see whose safety plan is due for review by a day, the oldest first."""
    require_clinical(person)
    last_review = (
        select(SafetyPlanReview.next_review_on)
        .where(SafetyPlanReview.plan_id == SafetyPlan.id)
        .order_by(SafetyPlanReview.id.desc())
        .limit(1)
        .correlate(SafetyPlan)
        .scalar_subquery()
    )
    due = func.coalesce(last_review, SafetyPlan.review_on)
    statement = (
        select(
            Client.id,
            Client.used_name,
            Client.first_name,
            Client.last_name,
            Client.clinician_id,
            SafetyPlan.id,
            SafetyPlan.version,
            SafetyPlan.made_on,
            due,
        )
        .join(SafetyPlan, SafetyPlan.client_id == Client.id)
        .where(*_newest_in_use(), Client.status == ClientStatus.ACTIVE, visible_clients(person), due <= until)
        .order_by(due, Client.sort_name, Client.id)
    )
    with practice.reading() as session:
        rows = session.execute(statement).all()
    return tuple(
        SafetyPlanDueRow(client_id, f"{used or first} {last}".strip(), clinician_id, plan_id, version, made, review)
        for client_id, used, first, last, clinician_id, plan_id, version, made, review in rows
        if review is not None
    )


def find_in_emergency(
    practice: Practice, person: Person, name: str, reason: EmergencyReason
) -> tuple[EmergencyRow, ...]:
    """Return clients of the whole practice with a safety plan in use whose name has all the words typed.

    It lets a clinician find whose glass to break. The audit trail notes that somebody looked, and why.
    """
    require_clinical(person)
    words = folded(name).split()
    if sum(map(len, words)) < 2:
        raise UserError("Type at least two letters of the client’s name.")
    statement = (
        select(Client.id, Client.used_name, Client.first_name, Client.last_name, Client.born_on)
        .join(SafetyPlan, SafetyPlan.client_id == Client.id)
        .where(*_newest_in_use())
        .where(*(Client.sort_name.contains(word, autoescape=True) for word in words))
        .order_by(Client.sort_name, Client.id)
        .limit(_MOST_FOUND)
    )
    with practice.writing() as session:
        rows = session.execute(statement).all()
        record_event(
            session,
            practice,
            person.id,
            Action.VIEW,
            record_kind=RECORD_KIND,
            detail=f"{EMERGENCY}-search:{reason.value}",
        )
    return tuple(EmergencyRow(row[0], f"{row[1] or row[2]} {row[3]}".strip(), row[4]) for row in rows)


def _newest_in_use() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that join a client with the version in use; old versions cost nothing."""
    other = aliased(SafetyPlan)
    newest = (
        select(func.max(other.version))
        .where(other.client_id == Client.id, other.state == SafetyPlanState.IN_USE)
        .scalar_subquery()
    )
    return SafetyPlan.state == SafetyPlanState.IN_USE, SafetyPlan.version == newest
