"""The life of a safety plan: begun, saved, put in use, reviewed, revised, read in a crisis (clinical.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.client import Client, ClientContact, ContactKind
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan import SafetyPlan, SafetyPlanReview, SafetyPlanState
from therapist_desktop.models.safety_plan_content import SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import REVIEW_WITHIN, SafetyPlanDraft, SafetyPlanRowDraft
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.version_comparison import differing_fields
from therapist_desktop.services.access import require_client
from therapist_desktop.services.audit_trail import Action, record_once
from therapist_desktop.services.draft_keeping import STALE, record_edit, require_discarding
from therapist_desktop.services.safety_plan_access import (
    RECORD_KIND,
    EmergencyReason,
    allow_reading,
    current_safety_plan,
    log_safety_plan,
    safety_plan_for,
)
from therapist_desktop.services.safety_plan_rows import draft_of, index_safety_plan, seal_of, write_draft
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice

_READ_ONLY = "This version of the safety plan is in use and never changes. Revise it to make a new version."
_EMPTY = "Nothing is written in the first five parts yet. Write at least one line, then put the plan in use."
_PROFESSIONALS = frozenset(
    {ContactKind.PRESCRIBER, ContactKind.PRIMARY_CARE, ContactKind.SCHOOL, ContactKind.REFERRER}
)


@dataclass(frozen=True, kw_only=True)
class OpenedSafetyPlan:
    """A version of a safety plan with all it says."""

    plan_id: int
    client_id: int
    version: int
    state: SafetyPlanState
    revision: int
    author_id: int
    created_at: datetime
    in_use_since: datetime | None
    next_review_on: date | None
    content: SafetyPlanDraft


def start_safety_plan(practice: Practice, person: Person, client_id: int) -> OpenedSafetyPlan:
    """Begin the next version: empty, or a copy of the one in use."""
    now = practice.clock()
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        versions = session.execute(
            select(SafetyPlan.version, SafetyPlan.state).where(SafetyPlan.client_id == client_id)
        ).all()
        if any(state is SafetyPlanState.DRAFT for _, state in versions):
            raise UserError("There is already a draft of the next safety plan. Open it, or discard it first.")
        current = current_safety_plan(session, client_id)
        if current is None:
            language = session.scalars(select(Client.language).where(Client.id == client_id)).one()
            content = SafetyPlanDraft(made_on=now.date(), language=language)
        else:
            content = draft_of(current).carried_forward(now.date())
        plan = SafetyPlan(
            client_id=client_id,
            author_id=person.id,
            version=max((version for version, _ in versions), default=0) + 1,
            created_at=now,
            made_on=content.made_on,
        )
        write_draft(plan, content)
        session.add(plan)
        session.flush()
        index_safety_plan(session, plan, content)
        _log(session, practice, person, plan, Action.CREATE, f"version:{plan.version}")
    return _opened(plan, content, None)


def save_safety_plan_draft(
    practice: Practice, person: Person, plan_id: int, draft: SafetyPlanDraft, revision: int
) -> int:
    """Keep a draft that was opened or last saved at ``revision``; return the new revision.

    Made to be called every few seconds: only what changed is written. Saving what is already stored does no harm.
    """
    problem = draft.problem()
    if problem:
        raise UserError(problem)
    with practice.writing() as session:
        plan = _draft_for(session, person, plan_id)
        changed = differing_fields(draft, draft_of(plan))
        if changed:
            _require_revision(plan, revision)
            write_draft(plan, draft)
            session.flush()
            index_safety_plan(session, plan, draft)
            record_edit(
                session,
                practice,
                person,
                record_kind=RECORD_KIND,
                record_id=plan_id,
                client_id=plan.client_id,
                changed=changed,
            )
    return plan.revision


def discard_safety_plan_draft(practice: Practice, person: Person, plan_id: int, revision: int) -> None:
    """Delete a draft for good, words and all; versions that were in use stay.

    Only whoever began it or an owner can, and only the ``revision`` they have seen.
    """
    with practice.writing() as session:
        plan = _draft_for(session, person, plan_id)
        require_discarding(person, plan.author_id)
        _require_revision(plan, revision)
        search_index.remove(session, SearchKind.SAFETY_PLAN, plan_id)
        session.delete(plan)
        session.flush()
        _log(session, practice, person, plan, Action.DISCARD, f"version:{plan.version}")


def put_in_use(practice: Practice, person: Person, plan_id: int, revision: int) -> OpenedSafetyPlan:
    """Make a draft the client’s safety plan: it is frozen from now on, and the one before is superseded.

    It asks for no password, because it must be quick in a crisis, and is therefore no signature: the audit trail
    notes who did it and when, with the hash of what the plan says. ``revision`` is that of the draft on the screen:
    if it was saved elsewhere since, nothing is frozen unseen.
    """
    with practice.writing() as session:
        plan = _draft_for(session, person, plan_id)
        _require_revision(plan, revision)
        content = draft_of(plan)
        if not content.helps():
            raise UserError(_EMPTY)
        content = content.ready_for_use()
        write_draft(plan, content)
        plan.author_id = person.id
        session.flush()  # the rows first: from the next statement on the file refuses to change them
        plan.state, plan.in_use_since = SafetyPlanState.IN_USE, practice.clock()
        session.flush()
        index_safety_plan(session, plan, content)
        _log(session, practice, person, plan, Action.ISSUE, f"sha256:{seal_of(plan)}")
    return _opened(plan, content, content.review_on)


def open_safety_plan(practice: Practice, person: Person, plan_id: int) -> OpenedSafetyPlan:
    """Open a version, draft, in use or superseded; the audit trail notes who looked."""
    with practice.writing() as session:
        plan = safety_plan_for(session, person, plan_id)
        _log(session, practice, person, plan, Action.VIEW)
        return _opened(plan, draft_of(plan), next_review(session, plan))


def safety_plan_in_use(
    practice: Practice, person: Person, client_id: int, *, break_glass: EmergencyReason | None = None
) -> OpenedSafetyPlan | None:
    """Return the client’s safety plan, if there is one.

    ``break_glass`` opens it to a clinician to whom the chart is closed; the audit trail says so and why.
    """
    with practice.writing() as session:
        detail = allow_reading(session, person, client_id, break_glass)
        plan = current_safety_plan(session, client_id)
        if plan is not None or detail:
            log_safety_plan(
                session,
                practice,
                person,
                Action.VIEW,
                client_id=client_id,
                plan_id=plan.id if plan else None,
                detail=detail,
            )
        return None if plan is None else _opened(plan, draft_of(plan), next_review(session, plan))


def review_safety_plan(
    practice: Practice, person: Person, plan_id: int, *, next_review_on: date | None = None
) -> date:
    """Note that the plan was gone through with the client and stays as it is; return when it is due again."""
    today = practice.clock().date()
    due = next_review_on or today + REVIEW_WITHIN
    if due <= today:
        raise UserError("The next review must be later than today. Choose a later day.")
    with practice.writing() as session:
        plan = safety_plan_for(session, person, plan_id)
        current = current_safety_plan(session, plan.client_id)
        if current is None or current.id != plan_id:
            raise UserError("Only the safety plan that is in use can be reviewed. Open that version.")
        session.add(SafetyPlanReview(plan_id=plan_id, person_id=person.id, reviewed_on=today, next_review_on=due))
        session.flush()
        _log(session, practice, person, plan, Action.CHANGE, "reviewed")
    return due


def rows_from_contacts(practice: Practice, person: Person, client_id: int) -> tuple[SafetyPlanRowDraft, ...]:
    """Return a row for each contact in the client’s record, to choose from: people and professionals.

    Whether the practice may contact them is carried over; the client may call them in any case.
    """
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        contacts = session.scalars(
            select(ClientContact)
            .where(ClientContact.client_id == client_id)
            .order_by(ClientContact.position, ClientContact.id)
        ).all()
        record_once(
            session,
            practice,
            person.id,
            Action.VIEW,
            record_kind="client",
            record_id=client_id,
            client_id=client_id,
            detail="contacts",
        )
    return tuple(
        SafetyPlanRowDraft(
            part=SafetyPlanPart.PROFESSIONALS if contact.kind in _PROFESSIONALS else SafetyPlanPart.PEOPLE,
            text=", ".join(filter(None, (contact.name, contact.organization))),
            phone=contact.phone,
            relation=contact.relation,
            may_contact=contact.may_contact,
        )
        for contact in contacts
    )


def next_review(session: Session, plan: SafetyPlan) -> date | None:
    """Return when a version is due for review: as its last review says, or else as it says itself."""
    said = session.scalar(
        select(SafetyPlanReview.next_review_on)
        .where(SafetyPlanReview.plan_id == plan.id)
        .order_by(SafetyPlanReview.id.desc())
        .limit(1)
    )
    return said or plan.review_on


def _draft_for(session: Session, person: Person, plan_id: int) -> SafetyPlan:
    plan = safety_plan_for(session, person, plan_id)
    if plan.state is not SafetyPlanState.DRAFT:
        raise UserError(_READ_ONLY)
    return plan


def _require_revision(plan: SafetyPlan, revision: int) -> None:
    if plan.revision != revision:
        raise UserError(STALE)


def _opened(plan: SafetyPlan, content: SafetyPlanDraft, next_review_on: date | None) -> OpenedSafetyPlan:
    return OpenedSafetyPlan(
        plan_id=plan.id,
        client_id=plan.client_id,
        version=plan.version,
        state=plan.state,
        revision=plan.revision,
        author_id=plan.author_id,
        created_at=plan.created_at,
        in_use_since=plan.in_use_since,
        next_review_on=next_review_on,
        content=content,
    )


def _log(
    session: Session, practice: Practice, person: Person, plan: SafetyPlan, action: Action, detail: str = ""
) -> None:
    log_safety_plan(session, practice, person, action, client_id=plan.client_id, plan_id=plan.id, detail=detail)
