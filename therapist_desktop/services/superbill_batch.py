"""A month of superbills for every client: what is ready, what an insurer would send back, and issuing the rest."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from therapist_desktop.models.billing import Charge
from therapist_desktop.models.client import Client, ClientStatus
from therapist_desktop.models.people import Person
from therapist_desktop.models.session_note import Amendment, AmendmentKind, NoteState, SessionNote
from therapist_desktop.services.access import require_billing, visible_clients
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.superbill_drafting import SuperbillDraft, drafts_for
from therapist_desktop.services.superbill_issuing import (
    IssuedSuperbill,
    draw_up_again,
    number_and_freeze,
)
from therapist_desktop.services.superbill_material import SuperbillMaterial, load_material
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.progress import Progress

FIRST_REASONS = 3
"""A row of the month names so many reasons; the draft names all."""


class MonthState(StrEnum):
    """What a month holds for a client."""

    READY = "ready"
    NOT_READY = "would be rejected"
    NOTHING = "nothing to bill"


@dataclass(frozen=True, kw_only=True)
class MonthRow:
    """A client in a month; money in cents, of what is not on a live superbill yet."""

    client_id: int
    client_name: str
    state: MonthState
    superbills: int
    """How many there would be: one for each clinician and policy."""
    amount_cents: int
    paid_cents: int
    reasons: tuple[str, ...]
    """Why it would be rejected, or why there is nothing to bill."""
    remarks: tuple[str, ...]
    """What an insurer may ask, and sessions that are not charged yet."""


@dataclass(frozen=True, kw_only=True)
class MonthResult:
    """What issuing a month did."""

    issued: tuple[IssuedSuperbill, ...]
    not_ready: tuple[MonthRow, ...]
    stopped: bool
    """Whether somebody stopped it; what was issued stays, and issuing the month again does the rest."""


def month_overview(
    practice: Practice, person: Person, reference: Reference, year: int, month: int
) -> tuple[MonthRow, ...]:
    """Return every client the person may see who is active or had a session in the month, by name."""
    with practice.writing() as session:
        material = _material(session, practice, person, year, month)
        uncharged = _uncharged(session, person, material.period_from, material.period_to)
        clients = session.execute(
            select(Client.id, Client.first_name, Client.used_name, Client.last_name)
            .where(
                visible_clients(person),
                or_(Client.status == ClientStatus.ACTIVE, Client.id.in_({*material.charges, *uncharged})),
            )
            .order_by(Client.sort_name, Client.id)
        ).all()
    return tuple(
        _overview_row(
            client_id,
            f"{used_name or first_name} {last_name}".strip(),
            drafts_for(material, reference, client_id),
            {charge.held_by for charge in material.charges.get(client_id, ()) if charge.held_by},
            uncharged.get(client_id, {}),
        )
        for client_id, first_name, used_name, last_name in clients
    )


def issue_month(
    practice: Practice,
    person: Person,
    reference: Reference,
    year: int,
    month: int,
    *,
    accept_questioned: bool = True,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> MonthResult:
    """Issue every superbill of a month that is ready, each in a transaction of its own.

    It can be stopped between two of them, by ``stopped`` or by an error, and run again: a charge that stands
    on a live superbill is not taken a second time.
    """
    with practice.writing() as session:
        material = _material(session, practice, person, year, month)
    drafts = {client_id: drafts_for(material, reference, client_id) for client_id in material.clients}
    total = sum(len(some) for some in drafts.values())
    issued: list[IssuedSuperbill] = []
    not_ready: list[MonthRow] = []
    done = 0
    for client_id, some in drafts.items():
        refused: list[SuperbillDraft] = []
        reasons: list[str] = []
        for draft in some:
            if stopped():
                return MonthResult(issued=tuple(issued), not_ready=tuple(not_ready), stopped=True)
            result = _issue(practice, person, reference, draft, accept_questioned)
            if isinstance(result, IssuedSuperbill):
                issued.append(result)
            else:
                refused.append(draft)
                reasons += result
            done += 1
            if progress is not None:
                progress(done, total)
        if refused:
            not_ready.append(_row(client_id, material.clients[client_id].name, refused, reasons))
    return MonthResult(issued=tuple(issued), not_ready=tuple(not_ready), stopped=False)


def _issue(
    practice: Practice, person: Person, reference: Reference, draft: SuperbillDraft, accept_questioned: bool
) -> IssuedSuperbill | list[str]:
    """Issue a draft by what is known at this moment, or return why not."""
    if not draft.blocking(accept_questioned):
        with practice.writing() as session:
            fresh = draw_up_again(session, practice, reference, draft)
            if fresh is None:
                return ["Sessions were changed while the month was being issued. Issue the month again."]
            if not fresh.blocking(accept_questioned):
                return number_and_freeze(session, practice, person, fresh, accept_questioned=accept_questioned)
            draft = fresh
    return [finding.sentence for finding in draft.blocking(accept_questioned)]


def _material(session: Session, practice: Practice, person: Person, year: int, month: int) -> SuperbillMaterial:
    require_billing(person)
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    record_event(
        session, practice, person.id, Action.VIEW, record_kind="month of superbills", detail=f"month:{first:%Y-%m}"
    )
    return load_material(session, practice.clock().date(), visible_clients(person), first, last)


def _uncharged(session: Session, person: Person, first: date, last: date) -> dict[int, dict[NoteState, int]]:
    """Count the notes of a period that no standing charge belongs to, by client and state."""
    charged = exists().where(Charge.note_id == SessionNote.id, Charge.reversed_at.is_(None))
    voided = exists().where(Amendment.note_id == SessionNote.id, Amendment.kind == AmendmentKind.VOID)
    found: dict[int, dict[NoteState, int]] = {}
    for client_id, state, count in session.execute(
        select(SessionNote.client_id, SessionNote.state, func.count())
        .join(Client, Client.id == SessionNote.client_id)
        .where(
            SessionNote.date_of_service.between(first, last),
            SessionNote.service_id.is_not(None),
            visible_clients(person),
            ~charged,
            ~voided,
        )
        .group_by(SessionNote.client_id, SessionNote.state)
    ):
        found.setdefault(client_id, {})[state] = count
    return found


def _overview_row(
    client_id: int,
    client_name: str,
    drafts: list[SuperbillDraft],
    held_by: set[str],
    uncharged: dict[NoteState, int],
) -> MonthRow:
    remarks = list(_uncharged_remarks(uncharged))
    if drafts:
        reasons = [finding.sentence for draft in drafts for finding in draft.rejections]
        remarks += [finding.sentence for draft in drafts for finding in draft.questions]
    elif held_by:
        reasons = [f"Everything charged is on superbill {', '.join(sorted(held_by))}."]
    else:
        reasons = remarks or ["There is no session in this month."]
    return _row(client_id, client_name, drafts, reasons, remarks)


def _row(
    client_id: int,
    client_name: str,
    drafts: list[SuperbillDraft],
    reasons: list[str],
    remarks: Iterable[str] = (),
) -> MonthRow:
    state = MonthState.NOT_READY if reasons else MonthState.READY
    return MonthRow(
        client_id=client_id,
        client_name=client_name,
        state=state if drafts else MonthState.NOTHING,
        superbills=len(drafts),
        amount_cents=sum(draft.content.charge_cents for draft in drafts),
        paid_cents=sum(draft.content.paid_cents for draft in drafts),
        reasons=tuple(dict.fromkeys(reasons))[:FIRST_REASONS],
        remarks=tuple(dict.fromkeys(remarks))[:FIRST_REASONS],
    )


def _uncharged_remarks(uncharged: dict[NoteState, int]) -> Iterable[str]:
    signed, drafts = uncharged.get(NoteState.SIGNED, 0), uncharged.get(NoteState.DRAFT, 0)
    if signed:
        yield f"{signed} signed {'session is' if signed == 1 else 'sessions are'} not charged yet."
    if drafts:
        yield f"{drafts} {'note is' if drafts == 1 else 'notes are'} not signed yet."
