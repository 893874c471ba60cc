"""Everything a therapist does with superbills; this is the door to the ``superbill_…`` modules beside it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.canonical import from_canonical
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.superbill import (
    Superbill,
    SuperbillDocument,
    SuperbillEvent,
    SuperbillEventKind,
)
from therapist_desktop.models.superbill_content import SuperbillContent
from therapist_desktop.services.access import require_billing, require_client
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.disclosures import add_disclosure
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.superbill_batch import (
    MonthResult,
    MonthRow,
    MonthState,
    issue_month,
    month_overview,
)
from therapist_desktop.services.superbill_drafting import SuperbillDraft, drafts_for
from therapist_desktop.services.superbill_issuing import (
    IssuedSuperbill,
    SuperbillNotReadyError,
    correct_superbill,
    is_void,
    issue_superbill,
    load_superbill,
    void_superbill,
)
from therapist_desktop.services.superbill_list import SuperbillRow, list_superbills
from therapist_desktop.services.superbill_material import load_material
from therapist_desktop.services.superbill_verification import (
    SuperbillReport,
    superbill_fault,
    verify_superbills,
)
from therapist_desktop.storage.faults import DamagedPracticeError
from therapist_desktop.storage.practice import Practice

__all__ = [
    "IssuedSuperbill",
    "MonthResult",
    "MonthRow",
    "MonthState",
    "SuperbillDraft",
    "SuperbillNotReadyError",
    "SuperbillReport",
    "SuperbillRow",
    "correct_superbill",
    "deliver_superbill",
    "draft_superbill",
    "issue_month",
    "issue_superbill",
    "list_superbills",
    "month_overview",
    "superbill_pdf",
    "verify_superbills",
    "void_superbill",
]

THE_CLIENT = "the client"


def draft_superbill(
    practice: Practice,
    person: Person,
    reference: Reference,
    client_id: int,
    period_from: date,
    period_to: date,
    *,
    charge_ids: Collection[int] | None = None,
) -> list[SuperbillDraft]:
    """Draw up what a client could be given for a period, both days included; nothing is numbered or kept.

    There is one for each clinician and each insurance policy of the period. ``charge_ids`` narrows it down to
    the lines somebody ticked.
    """
    require_billing(person)
    if period_to < period_from:
        raise UserError("The period ends before it begins. Correct one of the two dates.")
    with practice.writing() as session:
        require_client(session, person, client_id)
        material = load_material(session, practice.clock().date(), Client.id == client_id, period_from, period_to)
        record_event(session, practice, person.id, Action.VIEW, record_kind="superbill draft", client_id=client_id)
    return drafts_for(material, reference, client_id, charge_ids=charge_ids)


def superbill_pdf(practice: Practice, person: Person, superbill_id: int) -> bytes:
    """Return the paper exactly as it was issued; of a void one a copy that says VOID on every page, and why."""
    from therapist_desktop.reports.superbill import build  # noqa: PLC0415  ReportLab is slow to import

    with practice.writing() as session:
        superbill = load_superbill(session, person, superbill_id)
        document = session.get_one(SuperbillDocument, superbill_id)
        if superbill_fault(superbill, document):
            raise DamagedPracticeError(
                f"Superbill {superbill.number} is no longer as it was issued. Restore the latest backup."
            )
        reason = _void_reason(session, superbill_id) if is_void(session, superbill_id) else ""
        record_event(
            session,
            practice,
            person.id,
            Action.PRINT,
            record_kind="superbill",
            record_id=superbill_id,
            client_id=superbill.client_id,
        )
    return build(from_canonical(document.content, SuperbillContent), reason) if reason else document.pdf


def deliver_superbill(
    practice: Practice,
    person: Person,
    superbill_id: int,
    how: str,
    *,
    recipient: str = THE_CLIENT,
    recipient_address: str = "",
    when: datetime | None = None,
) -> None:
    """Write down that a superbill was given to somebody, and log the disclosure.

    To the client, or to a payer for payment, it is not accountable (45 CFR 164.528(a)(1)(i) and (ii)).
    """
    if not how.strip():
        raise UserError("Say how the superbill was delivered, such as by hand or by mail.")
    with practice.writing() as session:
        superbill = load_superbill(session, person, superbill_id)
        if is_void(session, superbill_id):
            raise UserError("This superbill is void. Deliver the one that replaces it.")
        disclosure = add_disclosure(
            session,
            practice,
            person,
            superbill.client_id,
            recipient=recipient,
            what=f"superbill {superbill.number}",
            purpose="reimbursement by the client’s health plan",
            method=how,
            recipient_address=recipient_address,
            when=when,
        )
        session.add(
            SuperbillEvent(
                superbill_id=superbill_id,
                kind=SuperbillEventKind.DELIVERED,
                moment=disclosure.moment,
                person_id=person.id,
                text=f"{how.strip()}, to {disclosure.recipient}",
            )
        )


def _void_reason(session: Session, superbill_id: int) -> str:
    """Return what a void copy says: why, and what stands in its place."""
    reason = session.scalars(
        select(SuperbillEvent.text).where(
            SuperbillEvent.superbill_id == superbill_id, SuperbillEvent.kind == SuperbillEventKind.VOIDED
        )
    ).first()
    follower = session.scalar(select(Superbill.number).where(Superbill.replaces_id == superbill_id))
    return f"{reason} · replaced by superbill no. {follower}" if follower else reason or "void"
