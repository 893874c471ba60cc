"""Issuing, voiding and correcting superbills. A number is given once; what is issued never changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from therapist_desktop.models.canonical import canonical_bytes, sha256_hex
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.superbill import (
    NumberSequence,
    Superbill,
    SuperbillDocument,
    SuperbillEvent,
    SuperbillEventKind,
    SuperbillHold,
    SuperbillLineRecord,
)
from therapist_desktop.models.superbill_preflight import Finding
from therapist_desktop.services.access import require_billing, require_client
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.superbill_drafting import SuperbillDraft, drafts_for
from therapist_desktop.services.superbill_material import load_material
from therapist_desktop.storage.practice import Practice

SEQUENCE = "superbill"
NUMBERS_LEFT_OUT = 1000
"""How far numbering jumps after a restore: nobody knows which numbers were given out since that backup was made."""
"""Name of the one sequence of numbers; it does not restart with a month or a year."""


class SuperbillNotReadyError(UserError):
    """An insurer would send this superbill back; the findings say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(" ".join(finding.sentence for finding in findings))
        self.findings = findings


@dataclass(frozen=True, kw_only=True)
class IssuedSuperbill:
    """A superbill that now has a number; money in cents."""

    superbill_id: int
    number: str
    client_id: int
    rendering_id: int
    lines: int
    charge_cents: int
    paid_cents: int
    findings: tuple[Finding, ...]
    """What an insurer may still ask, and advice."""


def issue_superbill(
    practice: Practice,
    person: Person,
    reference: Reference,
    draft: SuperbillDraft,
    *,
    accept_questioned: bool = True,
) -> IssuedSuperbill:
    """Number a draft, print it and freeze it, exactly as it was looked at.

    Raises ``SuperbillNotReadyError`` for what would be rejected and, if so wished, for what would be
    questioned; and ``UserError`` if anything on it was changed since it was drawn up.
    """
    with practice.writing() as session:
        _require_access(session, person, draft.client_id)
        fresh = draw_up_again(session, practice, reference, draft)
        if fresh is None or replace(fresh.content, issued_on=draft.content.issued_on) != draft.content:
            raise UserError(
                "Something on this superbill was changed after it was drawn up. Look at it again, then issue it."
            )
        return number_and_freeze(session, practice, person, fresh, accept_questioned=accept_questioned)


def void_superbill(practice: Practice, person: Person, superbill_id: int, reason: str) -> None:
    """Declare a superbill void. Its number stays used; its charges can be put right and stand on another one."""
    with practice.writing() as session:
        superbill = load_superbill(session, person, superbill_id)
        if is_void(session, superbill_id):
            raise UserError("This superbill is already void.")
        _void(session, practice, person, superbill, reason)


def correct_superbill(
    practice: Practice,
    person: Person,
    reference: Reference,
    superbill_id: int,
    reason: str = "",
    *,
    accept_questioned: bool = True,
) -> IssuedSuperbill:
    """Void a superbill and issue one in its place from today’s data, both or neither.

    One that is already void, because a charge on it had to be put right first, is only replaced.
    """
    with practice.writing() as session:
        old = load_superbill(session, person, superbill_id)
        follower = session.scalar(select(Superbill.number).where(Superbill.replaces_id == old.id))
        if follower is not None:
            raise UserError(f"This superbill was already replaced by {follower}. Correct that one.")
        if not is_void(session, old.id):
            _void(session, practice, person, old, reason)
        charge_ids = session.scalars(
            select(SuperbillLineRecord.charge_id).where(SuperbillLineRecord.superbill_id == old.id)
        ).all()
        material = load_material(
            session, practice.clock().date(), Client.id == old.client_id, old.period_from, old.period_to
        )
        drafts = drafts_for(material, reference, old.client_id, charge_ids=charge_ids, replaces_number=old.number)
        if not drafts:
            raise UserError("Nothing of this superbill is left to bill. Void it instead.")
        if len(drafts) > 1:
            raise UserError(
                "The sessions of this superbill now belong on more than one, because insurance or diagnoses "
                "changed. Void it and issue new ones."
            )
        return number_and_freeze(
            session, practice, person, drafts[0], replaces_id=old.id, accept_questioned=accept_questioned
        )


def draw_up_again(
    session: Session, practice: Practice, reference: Reference, draft: SuperbillDraft
) -> SuperbillDraft | None:
    """Return the draft as it is by the data of this transaction; None if its charges no longer fit on one sheet."""
    material = load_material(
        session, practice.clock().date(), Client.id == draft.client_id, draft.period_from, draft.period_to
    )
    drafts = drafts_for(material, reference, draft.client_id, charge_ids=draft.charge_ids)
    return drafts[0] if len(drafts) == 1 and drafts[0].charge_ids == draft.charge_ids else None


def number_and_freeze(
    session: Session,
    practice: Practice,
    person: Person,
    draft: SuperbillDraft,
    *,
    accept_questioned: bool,
    replaces_id: int | None = None,
) -> IssuedSuperbill:
    """Issue a draft that was drawn up in this very transaction.

    The paper is printed inside the transaction (some 10 ms): its number is on it, and if printing fails, the
    number was never given.
    """
    from therapist_desktop.reports.superbill import build  # noqa: PLC0415  ReportLab is slow to import

    if blocking := draft.blocking(accept_questioned):
        raise SuperbillNotReadyError(blocking)
    now = practice.clock()
    content = replace(
        draft.content,
        number=_next_number(session, now.date()),
        issued_on=now.date(),
        # Only clinicians sign for themselves: what a biller or an owner issues is signed by hand.
        signed_by=draft.content.rendering.name_and_credentials if person.id == draft.rendering_id else "",
    )
    data = canonical_bytes(content)
    pdf = build(content)
    superbill = Superbill(
        number=content.number,
        client_id=draft.client_id,
        rendering_id=draft.rendering_id,
        issued_on=content.issued_on,
        issued_at=now,
        issued_by_id=person.id,
        period_from=draft.period_from,
        period_to=draft.period_to,
        charge_cents=content.charge_cents,
        paid_cents=content.paid_cents,
        content_sha256=sha256_hex(data),
        pdf_sha256=sha256_hex(pdf),
        replaces_id=replaces_id,
    )
    session.add(superbill)
    session.flush()
    session.add(SuperbillDocument(superbill_id=superbill.id, content=data, pdf=pdf))
    for line in content.lines:
        session.add(SuperbillLineRecord(superbill_id=superbill.id, charge_id=line.charge_id))
        session.add(SuperbillHold(superbill_id=superbill.id, charge_id=line.charge_id))
    _log(session, practice, person, superbill, Action.ISSUE)
    return IssuedSuperbill(
        superbill_id=superbill.id,
        number=superbill.number,
        client_id=superbill.client_id,
        rendering_id=superbill.rendering_id,
        lines=len(content.lines),
        charge_cents=superbill.charge_cents,
        paid_cents=superbill.paid_cents,
        findings=draft.findings,
    )


def load_superbill(session: Session, person: Person, superbill_id: int) -> Superbill:
    """Return the head of a superbill of a client the person may see."""
    superbill = session.get(Superbill, superbill_id)
    if superbill is None:
        raise UserError("There is no such superbill. Choose one from the list.")
    _require_access(session, person, superbill.client_id)
    return superbill


def is_void(session: Session, superbill_id: int) -> bool:
    """Whether a superbill was declared void."""
    voided = select(SuperbillEvent.id).where(
        SuperbillEvent.superbill_id == superbill_id, SuperbillEvent.kind == SuperbillEventKind.VOIDED
    )
    return session.scalar(voided) is not None


def _require_access(session: Session, person: Person, client_id: int) -> None:
    require_billing(person)
    require_client(session, person, client_id)


def _void(session: Session, practice: Practice, person: Person, superbill: Superbill, reason: str) -> None:
    if not reason.strip():
        raise UserError("Say why the superbill is void; the reason is printed on its copies.")
    session.add(
        SuperbillEvent(
            superbill_id=superbill.id,
            kind=SuperbillEventKind.VOIDED,
            moment=practice.clock(),
            person_id=person.id,
            text=reason.strip(),
        )
    )
    session.flush()  # the file lets go of a charge only after the event
    session.execute(delete(SuperbillHold).where(SuperbillHold.superbill_id == superbill.id))
    _log(session, practice, person, superbill, Action.VOID)


def _next_number(session: Session, today: date) -> str:
    """Take the next number, such as 2026-11-0147: year and month of issue and a count that never restarts."""
    sequence = session.get(NumberSequence, SEQUENCE)
    if sequence is None:
        sequence = NumberSequence(name=SEQUENCE)
        session.add(sequence)
    sequence.last += 1
    session.flush()
    return f"{today:%Y-%m}-{sequence.last:04}"


def leave_out_numbers(session: Session) -> None:
    """Jump ahead in a restored practice that has issued superbills, so that no number is ever used twice."""
    sequence = session.get(NumberSequence, SEQUENCE)
    if sequence is not None:
        sequence.last += NUMBERS_LEFT_OUT


def _log(session: Session, practice: Practice, person: Person, superbill: Superbill, action: Action) -> None:
    session.flush()
    record_event(
        session,
        practice,
        person.id,
        action,
        record_kind="superbill",
        record_id=superbill.id,
        client_id=superbill.client_id,
    )
