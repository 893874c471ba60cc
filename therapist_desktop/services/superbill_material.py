"""Everything superbills of a period are made of, read with a fixed number of queries for any number of clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from therapist_desktop.models.billing import Charge, Payment, PaymentAllocation, PaymentMethod
from therapist_desktop.models.client import Client
from therapist_desktop.models.insurance import Payer
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.session_note import (
    Amendment,
    AmendmentKind,
    Modality,
    NoteDiagnosis,
    NoteState,
    SessionNote,
)
from therapist_desktop.models.superbill import Superbill, SuperbillHold
from therapist_desktop.models.superbill_content import SuperbillDiagnosis
from therapist_desktop.services.payers import payers_by_name


@dataclass(frozen=True, kw_only=True)
class BillableCharge:
    """A standing charge that belongs on a superbill, with the facts of its session."""

    charge_id: int
    client_id: int
    clinician_id: int
    note_id: int | None
    date_of_service: date
    place_of_service: str
    code: str
    modifiers: list[str]
    label: str
    units: int
    amount_cents: int
    minutes: int | None
    override_reason: str
    held_by: str
    """Number of the live superbill it stands on, empty if none."""
    note_date: date | None
    note_state: NoteState | None
    note_voided: bool
    start: time | None
    stop: time | None
    modality: Modality | None
    client_state: str


@dataclass(frozen=True, kw_only=True)
class PaymentPart:
    """What one payment gave to one charge; payments that were taken back are left out."""

    payment_id: int
    received_on: date
    method: PaymentMethod
    amount_cents: int


@dataclass(frozen=True, kw_only=True)
class SuperbillMaterial:
    """What is known of some clients’ charges in a period."""

    today: date
    period_from: date
    period_to: date
    facts: PracticeFacts
    people: dict[int, Person]
    payers: dict[str, Payer]
    clients: dict[int, Client]
    charges: dict[int, list[BillableCharge]]
    """By client, in the order of the dates."""
    diagnoses: dict[int, list[SuperbillDiagnosis]]
    """By note."""
    payments: dict[int, list[PaymentPart]]
    """By charge."""
    credit_cents: dict[int, int]
    """By client: what was paid and is given to no charge."""


def load_material(
    session: Session, today: date, clients: ColumnElement[bool], period_from: date, period_to: date
) -> SuperbillMaterial:
    """Read the charges of a period, both days included, of the clients that fulfil a condition on ``Client``."""
    charges = _charges(session, clients, period_from, period_to)
    by_client: dict[int, list[BillableCharge]] = {}
    for charge in charges:
        by_client.setdefault(charge.client_id, []).append(charge)
    facts = session.get_one(PracticeFacts, 1)
    return SuperbillMaterial(
        today=today,
        period_from=period_from,
        period_to=period_to,
        facts=facts,
        people={one.id: one for one in session.scalars(select(Person).options(selectinload(Person.licences)))},
        payers=payers_by_name(session),
        clients=_clients(session, by_client),
        charges=by_client,
        diagnoses=_diagnoses(session, [one.note_id for one in charges if one.note_id is not None]),
        payments=_payments(session, [one.charge_id for one in charges]),
        credit_cents=_credits(session, by_client) if facts.allow_credit else {},
    )


def _charges(
    session: Session, clients: ColumnElement[bool], period_from: date, period_to: date
) -> list[BillableCharge]:
    voided = exists().where(Amendment.note_id == SessionNote.id, Amendment.kind == AmendmentKind.VOID)
    found = session.execute(
        select(
            Charge.id.label("charge_id"),
            Charge.client_id,
            Charge.clinician_id,
            Charge.note_id,
            Charge.date_of_service,
            Charge.place_of_service,
            Charge.code,
            Charge.modifiers,
            Charge.label,
            Charge.units,
            (Charge.fee_cents * Charge.units).label("amount_cents"),
            Charge.minutes,
            Charge.override_reason,
            func.coalesce(Superbill.number, "").label("held_by"),
            SessionNote.date_of_service.label("note_date"),
            SessionNote.state.label("note_state"),
            voided.label("note_voided"),
            SessionNote.start,
            SessionNote.stop,
            SessionNote.modality,
            func.coalesce(SessionNote.client_state, "").label("client_state"),
        )
        .outerjoin(SessionNote, SessionNote.id == Charge.note_id)
        .outerjoin(SuperbillHold, SuperbillHold.charge_id == Charge.id)
        .outerjoin(Superbill, Superbill.id == SuperbillHold.superbill_id)
        .where(
            Charge.client_id.in_(select(Client.id).where(clients)),
            Charge.date_of_service.between(period_from, period_to),
            Charge.on_superbill.is_(True),
            Charge.reversed_at.is_(None),
        )
        .order_by(Charge.date_of_service, Charge.id)
    )
    return [BillableCharge(**row._mapping) for row in found]


def _clients(session: Session, client_ids: Iterable[int]) -> dict[int, Client]:
    found = session.scalars(
        select(Client)
        .where(Client.id.in_(set(client_ids)))
        .options(
            selectinload(Client.addresses),
            selectinload(Client.phones),
            selectinload(Client.contacts),
            selectinload(Client.policies),
        )
        .order_by(Client.sort_name, Client.id)
    )
    return {client.id: client for client in found}


def _diagnoses(session: Session, note_ids: list[int]) -> dict[int, list[SuperbillDiagnosis]]:
    found: dict[int, list[SuperbillDiagnosis]] = {}
    for note_id, code, title, release in session.execute(
        select(NoteDiagnosis.note_id, NoteDiagnosis.code, NoteDiagnosis.title, NoteDiagnosis.release)
        .where(NoteDiagnosis.note_id.in_(set(note_ids)))
        .order_by(NoteDiagnosis.note_id, NoteDiagnosis.position, NoteDiagnosis.id)
    ):
        found.setdefault(note_id, []).append(SuperbillDiagnosis(code=code, title=title, release=release))
    return found


def _payments(session: Session, charge_ids: list[int]) -> dict[int, list[PaymentPart]]:
    mirror = aliased(Payment)
    found: dict[int, list[PaymentPart]] = {}
    for charge_id, payment_id, received_on, method, cents, reverses_id, taken_back in session.execute(
        select(
            PaymentAllocation.charge_id,
            Payment.id,
            Payment.received_on,
            Payment.method,
            PaymentAllocation.amount_cents,
            Payment.reverses_id,
            mirror.id.is_not(None),
        )
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .outerjoin(mirror, mirror.reverses_id == Payment.id)
        .where(PaymentAllocation.charge_id.in_(charge_ids))
    ):
        # Not a condition of the query: it would be taken for a narrow one, and read every payment there is.
        if reverses_id is None and not taken_back:
            part = PaymentPart(payment_id=payment_id, received_on=received_on, method=method, amount_cents=cents)
            found.setdefault(charge_id, []).append(part)
    return found


def _credits(session: Session, client_ids: Iterable[int]) -> dict[int, int]:
    given = (
        select(func.coalesce(func.sum(PaymentAllocation.amount_cents), 0))
        .where(PaymentAllocation.payment_id == Payment.id)
        .correlate(Payment)
        .scalar_subquery()
    )
    found = session.execute(
        select(Payment.client_id, func.sum(Payment.amount_cents - given))
        .where(Payment.client_id.in_(set(client_ids)))
        .group_by(Payment.client_id)
    )
    return {client_id: cents for client_id, cents in found if cents}
