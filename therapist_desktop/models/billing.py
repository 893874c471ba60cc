"""Charges, payments and how payments are allocated; every amount in integer cents, nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from therapist_desktop.models.record import Numbered


class PaymentMethod(StrEnum):
    """How money came."""

    CASH = "cash"
    CHECK = "check"
    CARD = "card"
    HSA = "HSA"
    OTHER = "other"


class Charge(Numbered, kw_only=True):
    """What one session, or an absence, costs; with everything as it was that day."""

    __tablename__ = "charge"
    __table_args__ = (
        Index("ix_charge_account", "client_id", "date_of_service", "id"),
        Index("ix_charge_month", "date_of_service", "client_id"),
        # A reversed charge makes room for the right one. On PostgreSQL the index needs the same condition; naming
        # it here would load that dialect, with three drivers, at every start.
        Index("uq_charge_standing", "note_id", "service_id", unique=True, sqlite_where=text("reversed_at IS NULL")),
        CheckConstraint("fee_cents >= 0 AND units >= 1", name="amounts"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("session_note.id"), default=None)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    created_at: Mapped[datetime]
    date_of_service: Mapped[date]
    label: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    modifiers: Mapped[list[str]] = mapped_column(default_factory=list)
    place_of_service: Mapped[str] = mapped_column(default="")
    units: Mapped[int] = mapped_column(default=1)
    fee_cents: Mapped[int]
    """Fee of one unit."""
    minutes: Mapped[int | None] = mapped_column(default=None)
    on_superbill: Mapped[bool] = mapped_column(default=True)
    override_reason: Mapped[str] = mapped_column(default="")
    reversed_at: Mapped[datetime | None] = mapped_column(default=None)
    reversal_reason: Mapped[str] = mapped_column(default="")

    @property
    def amount_cents(self) -> int:
        """Fee times units."""
        return self.fee_cents * self.units


class Payment(Numbered, kw_only=True):
    """Money that came in; a negative one takes an earlier one back."""

    __tablename__ = "payment"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    received_on: Mapped[date]
    method: Mapped[PaymentMethod]
    amount_cents: Mapped[int]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reference: Mapped[str] = mapped_column(default="")
    payer_name: Mapped[str] = mapped_column(default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True, default=None)
    reversal_reason: Mapped[str] = mapped_column(default="")
    allocations: Mapped[list[PaymentAllocation]] = relationship(
        lazy="raise", cascade="all", order_by="PaymentAllocation.id", default_factory=list
    )

    def cents_by_charge(self) -> dict[int, int]:
        """Return what it gives to each charge, in the order it was given."""
        cents: dict[int, int] = {}
        for part in self.allocations:
            cents[part.charge_id] = cents.get(part.charge_id, 0) + part.amount_cents
        return cents


class PaymentAllocation(Numbered, kw_only=True):
    """A part of a payment that belongs to one charge; credit applied later can add another part."""

    __tablename__ = "payment_allocation"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True, init=False)
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    amount_cents: Mapped[int]
