"""The life of a treatment plan: begun, saved, signed, revised, read, compared, reviewed in time (clinical.md 7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.client import Client
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_readiness import Need
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.models.treatment_plan import PlanState, TreatmentPlan
from therapist_desktop.models.treatment_plan_content import PlanDiagnosisContent
from therapist_desktop.models.treatment_plan_draft import PlanDraft
from therapist_desktop.models.treatment_plan_readiness import PlanFinding, plan_findings, review_day
from therapist_desktop.services.access import require_client
from therapist_desktop.services.audit_trail import Action, record_once
from therapist_desktop.services.draft_keeping import STALE, record_edit, require_discarding
from therapist_desktop.services.signing import add_signature, confirm_signer
from therapist_desktop.services.treatment_plan_access import (
    RECORD_KIND,
    loaded_plan,
    log_plan,
    newest_signed,
    plan_for,
)
from therapist_desktop.services.treatment_plan_rows import content_of, draft_of, index_plan, write_draft
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice

_READ_ONLY = "This version of the treatment plan is signed and never changes. Revise it to make a new version."


@dataclass(frozen=True, kw_only=True)
class OpenedPlan:
    """A version of a plan with all it says."""

    plan_id: int
    client_id: int
    version: int
    state: PlanState
    revision: int
    author_id: int
    created_at: datetime
    signed_at: datetime | None
    content: PlanDraft


@dataclass(frozen=True, kw_only=True)
class SignedPlan:
    """What signing made of a draft."""

    plan_id: int
    client_id: int
    version: int
    signed_at: datetime
    review_due_on: date
    content_sha256: str


def start_plan(practice: Practice, person: Person, client_id: int) -> OpenedPlan:
    """Begin the next version: empty but for the client’s diagnoses, or a copy of the newest signed version."""
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        return _begin(session, practice, person, client_id)


def revise_plan(practice: Practice, person: Person, client_id: int) -> OpenedPlan:
    """Begin the next version as a copy of the newest signed one; its objectives keep their threads."""
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        if newest_signed(session, client_id) is None:
            raise UserError("There is no signed treatment plan to revise yet. Begin a new one.")
        return _begin(session, practice, person, client_id)


def _begin(session: Session, practice: Practice, person: Person, client_id: int) -> OpenedPlan:
    versions = session.execute(
        select(TreatmentPlan.version, TreatmentPlan.state).where(TreatmentPlan.client_id == client_id)
    ).all()
    if any(state is PlanState.DRAFT for _, state in versions):
        raise UserError("There is already a draft of the next treatment plan. Open it, or discard it first.")
    now = practice.clock()
    signed_id = newest_signed(session, client_id)
    if signed_id is None:
        content = PlanDraft(established_on=now.date(), diagnoses=_diagnoses_on(session, client_id, now.date()))
    else:
        content = draft_of(loaded_plan(session, signed_id)).carried_forward(now.date())
    plan = TreatmentPlan(
        client_id=client_id,
        author_id=person.id,
        version=max((version for version, _ in versions), default=0) + 1,
        created_at=now,
        established_on=content.established_on,
    )
    write_draft(plan, content)
    session.add(plan)
    session.flush()
    index_plan(session, plan, content)
    log_plan(session, practice, person, plan, Action.CREATE, f"version:{plan.version}")
    return _opened(plan, content)


def _diagnoses_on(session: Session, client_id: int, day: date) -> tuple[PlanDiagnosisContent, ...]:
    found = session.scalars(
        select(Diagnosis).where(Diagnosis.client_id == client_id).order_by(Diagnosis.position, Diagnosis.id)
    )
    return tuple(PlanDiagnosisContent(code=one.code, title=one.title) for one in found if one.active_on(day))


def save_plan_draft(practice: Practice, person: Person, plan_id: int, draft: PlanDraft, revision: int) -> int:
    """Keep a draft that was opened or last saved at ``revision``; return the new revision.

    Made to be called every few seconds: only what changed is written. Saving what is already stored does no harm.
    """
    with practice.writing() as session:
        plan = _draft_for(session, person, plan_id)
        changed = draft.changed_fields(draft_of(plan))
        if changed:
            _require_revision(plan, revision)
            write_draft(plan, draft)
            session.flush()
            index_plan(session, plan, draft)
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


def discard_plan_draft(practice: Practice, person: Person, plan_id: int, revision: int) -> None:
    """Delete a draft for good, words and all; signed versions stay.

    Only whoever began it or an owner can, and only the ``revision`` they have seen.
    """
    with practice.writing() as session:
        plan = _draft_for(session, person, plan_id)
        require_discarding(person, plan.author_id)
        _require_revision(plan, revision)
        search_index.remove(session, SearchKind.TREATMENT_PLAN, plan_id)
        session.delete(plan)
        session.flush()
        log_plan(session, practice, person, plan, Action.DISCARD, f"version:{plan.version}")


def sign_plan(practice: Practice, person: Person, plan_id: int, password: str, *, revision: int) -> SignedPlan:
    """Sign a draft for good; whoever signs is its author.

    ``revision`` is that of the draft on the screen: if it was saved elsewhere since, nothing is signed unseen.
    """
    confirm_signer(practice, person, password)
    with practice.writing() as session:
        plan = _draft_for(session, person, plan_id)
        _require_revision(plan, revision)
        now = practice.clock()
        content = _with_review_day(session, draft_of(plan))
        must = [one for one in _findings(session, plan, content, now.date()) if one.need is Need.MUST]
        if must:
            raise UserError(must[0].sentence)
        plan.review_due_on = content.review_due_on
        plan.author_id = person.id
        plan.state, plan.signed_at = PlanState.SIGNED, now
        session.flush()
        client = session.get_one(Client, plan.client_id)
        signature = add_signature(
            session,
            practice,
            person,
            kind=SignedKind.TREATMENT_PLAN,
            record_id=plan.id,
            client_id=client.id,
            content=content_of(plan, content, client),
        )
        index_plan(session, plan, content)
        log_plan(session, practice, person, plan, Action.SIGN, f"version:{plan.version}")
    assert content.review_due_on is not None
    return SignedPlan(
        plan_id=plan.id,
        client_id=plan.client_id,
        version=plan.version,
        signed_at=now,
        review_due_on=content.review_due_on,
        content_sha256=signature.content_sha256,
    )


def findings_of_plan(practice: Practice, person: Person, plan_id: int) -> tuple[PlanFinding, ...]:
    """Return what a draft as it was saved lacks, first what keeps it from being signed."""
    with practice.writing() as session:
        plan = plan_for(session, person, plan_id)
        record_once(
            session,
            practice,
            person.id,
            Action.VIEW,
            record_kind=RECORD_KIND,
            record_id=plan_id,
            client_id=plan.client_id,
            detail="findings",
        )
        content = _with_review_day(session, draft_of(plan))
        return _findings(session, plan, content, practice.clock().date())


def _with_review_day(session: Session, content: PlanDraft) -> PlanDraft:
    if content.review_due_on is not None:
        return content
    days = session.scalars(select(PracticeFacts.plan_review_days)).one()
    return replace(content, review_due_on=review_day(content.established_on, days))


def _findings(session: Session, plan: TreatmentPlan, content: PlanDraft, today: date) -> tuple[PlanFinding, ...]:
    previous_id = newest_signed(session, plan.client_id)
    previous_on = None
    if previous_id is not None:
        previous_on = session.scalar(select(TreatmentPlan.established_on).where(TreatmentPlan.id == previous_id))
    return plan_findings(content, today=today, previous_on=previous_on)


def open_plan(practice: Practice, person: Person, plan_id: int) -> OpenedPlan:
    """Open a version, draft or signed; the audit trail notes who looked."""
    with practice.writing() as session:
        plan = plan_for(session, person, plan_id)
        log_plan(session, practice, person, plan, Action.VIEW)
    return _opened(plan, draft_of(plan))


def plan_in_force(
    practice: Practice, person: Person, client_id: int, on_date: date | None = None
) -> OpenedPlan | None:
    """Return the newest signed version established on or before a day (today if none is given), if there is one."""
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        plan_id = newest_signed(session, client_id, on_date or practice.clock().date())
        if plan_id is None:
            return None
        plan = loaded_plan(session, plan_id)
        log_plan(session, practice, person, plan, Action.VIEW)
    return _opened(plan, draft_of(plan))


def _draft_for(session: Session, person: Person, plan_id: int) -> TreatmentPlan:
    plan = plan_for(session, person, plan_id)
    if plan.state is not PlanState.DRAFT:
        raise UserError(_READ_ONLY)
    return plan


def _require_revision(plan: TreatmentPlan, revision: int) -> None:
    if plan.revision != revision:
        raise UserError(STALE)


def _opened(plan: TreatmentPlan, content: PlanDraft) -> OpenedPlan:
    return OpenedPlan(
        plan_id=plan.id,
        client_id=plan.client_id,
        version=plan.version,
        state=plan.state,
        revision=plan.revision,
        author_id=plan.author_id,
        created_at=plan.created_at,
        signed_at=plan.signed_at,
        content=content,
    )
