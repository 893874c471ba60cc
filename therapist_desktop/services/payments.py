"""Money that came in: recording it, sharing it out to charges, taking it back. Every cent leaves a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from therapist_desktop.models.billing import Charge, Payment, PaymentAllocation, PaymentMethod
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import (
    MOST_CENTS,
    Allocation,
    OpenCharge,
    allocate_oldest_first,
    check_allocation,
    format_cents,
)
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.superbill import Superbill, SuperbillHold
from therapist_desktop.services.access import require_billing, require_client
from therapist_desktop.services.account import charges_owed
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class PaymentChange:
    """What a payment or its reversal did."""

    payment_id: int
    by_charge: Mapping[int, int]
    """Cents for each charge; negative for a reversal."""
    credit_cents: int
    """What no charge took."""
    outdated_superbills: tuple[str, ...]
    """Numbers of live superbills whose column “paid” no longer says what is true; correct them if they were sent."""


def record_payment(
    practice: Practice,
    person: Person,
    client_id: int,
    received_on: date,
    method: PaymentMethod,
    amount_cents: int,
    *,
    allocations: Mapping[int, int] | None = None,
    reference: str = "",
    payer_name: str = "",
) -> PaymentChange:
    """Record a payment and give it to charges: to those named (cents for each charge), else to the oldest.

    More than is owed is refused unless the practice allows credit.
    """
    require_billing(person)
    if amount_cents > MOST_CENTS:
        raise UserError(f"An amount cannot be more than {format_cents(MOST_CENTS)}. Check the digits.")
    if received_on > practice.clock().date():
        raise UserError("The payment lies in the future. Correct the date it was received.")
    with practice.writing() as session:
        require_client(session, person, client_id)
        allocation = _allocation(session, client_id, amount_cents, allocations)
        payment = Payment(
            client_id=client_id,
            received_on=received_on,
            method=method,
            amount_cents=amount_cents,
            entered_at=practice.clock(),
            entered_by_id=person.id,
            reference=reference.strip(),
            payer_name=payer_name.strip(),
            allocations=_rows(allocation.by_charge),
        )
        return _keep(session, practice, person, payment, Action.CREATE)


def reverse_payment(
    practice: Practice, person: Person, payment_id: int, reason: str, *, on_date: date | None = None
) -> PaymentChange:
    """Take a payment back, whole: a negative mirror of it and of what it gave to each charge.

    For a bounced check, a slip of the keyboard or a refund; of a refund in part, record anew what was kept.
    """
    require_billing(person)
    if not reason.strip():
        raise UserError("Say why the payment is taken back; the reason stays in the account.")
    with practice.writing() as session:
        payment = session.scalars(
            select(Payment).where(Payment.id == payment_id).options(selectinload(Payment.allocations))
        ).one_or_none()
        if payment is None:
            raise UserError("There is no such payment. Choose one from the client’s account.")
        require_client(session, person, payment.client_id)
        if payment.reverses_id is not None:
            raise UserError("This entry takes a payment back. Record the payment anew instead.")
        if session.scalar(select(Payment.id).where(Payment.reverses_id == payment_id)) is not None:
            raise UserError("This payment is already taken back. Nothing more is left of it.")
        mirror = Payment(
            client_id=payment.client_id,
            received_on=on_date or practice.clock().date(),
            method=payment.method,
            amount_cents=-payment.amount_cents,
            entered_at=practice.clock(),
            entered_by_id=person.id,
            reference=payment.reference,
            payer_name=payment.payer_name,
            reverses_id=payment.id,
            reversal_reason=reason.strip(),
            allocations=_rows({charge_id: -cents for charge_id, cents in payment.cents_by_charge().items()}),
        )
        return _keep(session, practice, person, mirror, Action.REVERSE)


def apply_credit(practice: Practice, person: Person, client_id: int) -> tuple[PaymentChange, ...]:
    """Give what earlier payments have left over to the charges still open, the oldest to the oldest."""
    require_billing(person)
    with practice.writing() as session:
        require_client(session, person, client_id)
        open_cents = {row.charge_id: row.balance_cents for row in charges_owed(session, client_id)}
        changes = []
        for payment in _payments_with_credit(session, client_id):
            left = payment.amount_cents - sum(payment.cents_by_charge().values())
            more: dict[int, int] = {}
            for charge_id, owed in open_cents.items():
                if part := min(left, owed):
                    more[charge_id] = part
                    left -= part
                    open_cents[charge_id] -= part
            if more:
                payment.allocations.extend(_rows(more))
                changes.append(_keep(session, practice, person, payment, Action.CHANGE))
    return tuple(changes)


def _allocation(session: Session, client_id: int, amount_cents: int, wished: Mapping[int, int] | None) -> Allocation:
    owed = charges_owed(session, client_id)
    allow_credit = session.get_one(PracticeFacts, 1).allow_credit
    if wished is None:
        charges = [
            OpenCharge(charge_id=row.charge_id, date_of_service=row.date_of_service, open_cents=row.balance_cents)
            for row in owed
        ]
        return allocate_oldest_first(amount_cents, charges, allow_credit=allow_credit)
    own = select(Charge.id).where(Charge.client_id == client_id, Charge.id.in_(wished))
    if set(wished) - set(session.scalars(own)):
        raise UserError("A payment can only go to charges of the same client. Choose from the client’s account.")
    open_by_charge = {row.charge_id: row.balance_cents for row in owed}
    return check_allocation(amount_cents, wished, open_by_charge, allow_credit=allow_credit)


def _payments_with_credit(session: Session, client_id: int) -> list[Payment]:
    taken_back = select(Payment.reverses_id).where(Payment.client_id == client_id, Payment.reverses_id.is_not(None))
    payments = session.scalars(
        select(Payment)
        .where(Payment.client_id == client_id, Payment.amount_cents > 0, Payment.id.not_in(taken_back))
        .options(selectinload(Payment.allocations))
        .order_by(Payment.received_on, Payment.id)
    )
    return [one for one in payments if sum(one.cents_by_charge().values()) < one.amount_cents]


def _rows(by_charge: Mapping[int, int]) -> list[PaymentAllocation]:
    return [PaymentAllocation(charge_id=charge_id, amount_cents=cents) for charge_id, cents in by_charge.items()]


def _keep(session: Session, practice: Practice, person: Person, payment: Payment, action: Action) -> PaymentChange:
    """Save a payment and say what it did."""
    session.add(payment)
    session.flush()
    record_event(
        session,
        practice,
        person.id,
        action,
        record_kind="payment",
        record_id=payment.id,
        client_id=payment.client_id,
    )
    by_charge = payment.cents_by_charge()
    return PaymentChange(
        payment_id=payment.id,
        by_charge=by_charge,
        credit_cents=payment.amount_cents - sum(by_charge.values()),
        outdated_superbills=_live_superbills(session, by_charge),
    )


def _live_superbills(session: Session, charge_ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(Superbill.number)
            .join(SuperbillHold, SuperbillHold.superbill_id == Superbill.id)
            .where(SuperbillHold.charge_id.in_(set(charge_ids)))
            .distinct()
            .order_by(Superbill.number)
        )
    )
