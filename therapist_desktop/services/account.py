"""A client’s account as it stands: charges with what is paid on each, payments, balances; only reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from therapist_desktop.models.billing import Charge, Payment, PaymentAllocation, PaymentMethod
from therapist_desktop.models.client import Client
from therapist_desktop.models.people import Person
from therapist_desktop.models.superbill import Superbill, SuperbillHold
from therapist_desktop.services.access import require_billing, require_client, visible_clients
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class ChargeRow:
    """A charge in a client’s account; money in cents."""

    charge_id: int
    client_id: int
    clinician_id: int
    note_id: int | None
    date_of_service: date
    label: str
    code: str
    modifiers: tuple[str, ...]
    place_of_service: str
    minutes: int | None
    units: int
    amount_cents: int
    paid_cents: int
    on_superbill: bool
    override_reason: str
    superbill_number: str
    """The live superbill it stands on, empty if none."""
    reversal_reason: str
    """Empty while the charge stands."""

    @property
    def balance_cents(self) -> int:
        """What is still open; nothing on a reversed charge."""
        return 0 if self.reversal_reason else self.amount_cents - self.paid_cents


@dataclass(frozen=True, kw_only=True)
class PaymentRow:
    """A payment or, with a negative amount, the reversal of one."""

    payment_id: int
    received_on: date
    method: PaymentMethod
    amount_cents: int
    reference: str
    payer_name: str
    by_charge: Mapping[int, int]
    """Cents for each charge."""
    reverses_id: int | None
    reversed: bool
    reversal_reason: str

    @property
    def credit_cents(self) -> int:
        """What of it is not given to any charge."""
        return self.amount_cents - sum(self.by_charge.values())


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What a client owes and has to their credit, in cents."""

    client_id: int
    client_name: str
    charged_cents: int
    paid_cents: int
    """Given to charges."""
    received_cents: int
    """Everything that came in, less what was taken back."""

    @property
    def open_cents(self) -> int:
        """What is still owed."""
        return self.charged_cents - self.paid_cents

    @property
    def credit_cents(self) -> int:
        """What was paid and is not given to any charge yet."""
        return self.received_cents - self.paid_cents


def list_charges(practice: Practice, person: Person, client_id: int) -> tuple[ChargeRow, ...]:
    """Return a client’s charges in the order of their dates, reversed ones too."""
    with practice.writing() as session:
        _view(session, practice, person, client_id, "charges")
        return _charges(session, Charge.client_id == client_id)


def open_charges(practice: Practice, person: Person, client_id: int | None = None) -> tuple[ChargeRow, ...]:
    """Return what is still owed, oldest first: by one client, or by every client the person may see."""
    with practice.writing() as session:
        _view(session, practice, person, client_id, "open charges")
        seen = _seen_by(person) if client_id is None else Charge.client_id == client_id
        return _charges(session, seen, _owed())


def list_payments(practice: Practice, person: Person, client_id: int) -> tuple[PaymentRow, ...]:
    """Return a client’s payments in the order they were entered, with the charges each one went to."""
    reversal = aliased(Payment)
    with practice.writing() as session:
        _view(session, practice, person, client_id, "payments")
        found = session.execute(
            select(Payment, reversal.id)
            .outerjoin(reversal, reversal.reverses_id == Payment.id)
            .where(Payment.client_id == client_id)
            .options(selectinload(Payment.allocations))
            .order_by(Payment.id)
        ).all()
    return tuple(
        PaymentRow(
            payment_id=payment.id,
            received_on=payment.received_on,
            method=payment.method,
            amount_cents=payment.amount_cents,
            reference=payment.reference,
            payer_name=payment.payer_name,
            by_charge=payment.cents_by_charge(),
            reverses_id=payment.reverses_id,
            reversed=reversal_id is not None,
            reversal_reason=payment.reversal_reason,
        )
        for payment, reversal_id in found
    )


def client_balance(practice: Practice, person: Person, client_id: int) -> Balance:
    """Return what a client owes and has to their credit."""
    with practice.writing() as session:
        _view(session, practice, person, client_id, "balance")
        return _balances(session, Client.id == client_id)[0]


def list_balances(practice: Practice, person: Person) -> tuple[Balance, ...]:
    """Return every client the person may see who owes something or has a credit, by name."""
    with practice.writing() as session:
        _view(session, practice, person, None, "balances")
        balances = _balances(session, visible_clients(person))
    return tuple(one for one in balances if one.open_cents or one.credit_cents)


def paid_on_charge() -> ScalarSelect[int]:
    """Return the expression for everything allocated to a ``Charge``; reversals count as negative."""
    return (
        select(func.coalesce(func.sum(PaymentAllocation.amount_cents), 0))
        .where(PaymentAllocation.charge_id == Charge.id)
        .correlate(Charge)
        .scalar_subquery()
    )


def charges_owed(session: Session, client_id: int) -> tuple[ChargeRow, ...]:
    """Return a client’s charges on which something is owed, oldest first, for the verb that pays them."""
    return _charges(session, Charge.client_id == client_id, _owed())


def _owed() -> ColumnElement[bool]:
    return (Charge.reversed_at.is_(None)) & (Charge.fee_cents * Charge.units > paid_on_charge())


def _seen_by(person: Person) -> ColumnElement[bool]:
    return Charge.client_id.in_(select(Client.id).where(visible_clients(person)))


def _view(session: Session, practice: Practice, person: Person, client_id: int | None, what: str) -> None:
    require_billing(person)
    if client_id is not None:
        require_client(session, person, client_id)
    record_event(session, practice, person.id, Action.VIEW, record_kind=what, client_id=client_id)


def _charges(session: Session, *conditions: ColumnElement[bool]) -> tuple[ChargeRow, ...]:
    found = session.execute(
        select(
            Charge.id.label("charge_id"),
            Charge.client_id,
            Charge.clinician_id,
            Charge.note_id,
            Charge.date_of_service,
            Charge.label,
            Charge.code,
            Charge.modifiers,
            Charge.place_of_service,
            Charge.minutes,
            Charge.units,
            (Charge.fee_cents * Charge.units).label("amount_cents"),
            paid_on_charge().label("paid_cents"),
            Charge.on_superbill,
            Charge.override_reason,
            func.coalesce(Superbill.number, "").label("superbill_number"),
            Charge.reversal_reason,
        )
        .outerjoin(SuperbillHold, SuperbillHold.charge_id == Charge.id)
        .outerjoin(Superbill, Superbill.id == SuperbillHold.superbill_id)
        .where(*conditions)
        .order_by(Charge.date_of_service, Charge.id)
    )
    return tuple(ChargeRow(**{**row._mapping, "modifiers": tuple(row.modifiers)}) for row in found)


def _balances(session: Session, clients: ColumnElement[bool]) -> list[Balance]:
    charged = select(func.coalesce(func.sum(Charge.fee_cents * Charge.units), 0)).where(
        Charge.client_id == Client.id, Charge.reversed_at.is_(None)
    )
    paid = (
        select(func.coalesce(func.sum(PaymentAllocation.amount_cents), 0))
        .join(Payment, Payment.id == PaymentAllocation.payment_id)
        .where(Payment.client_id == Client.id)
    )
    received = select(func.coalesce(func.sum(Payment.amount_cents), 0)).where(Payment.client_id == Client.id)
    found = session.execute(
        select(
            Client.id,
            Client.first_name,
            Client.used_name,
            Client.last_name,
            *(one.correlate(Client).scalar_subquery() for one in (charged, paid, received)),
        )
        .where(clients)
        .order_by(Client.sort_name, Client.id)
    )
    return [
        Balance(
            client_id=client_id,
            client_name=f"{used_name or first_name} {last_name}".strip(),
            charged_cents=charged_cents,
            paid_cents=paid_cents,
            received_cents=received_cents,
        )
        for client_id, first_name, used_name, last_name, charged_cents, paid_cents, received_cents in found
    ]
