"""Superbills: numbered once, frozen when issued, voided or corrected but never changed (field.md 3d)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.record import Numbered, Record


class SuperbillEventKind(StrEnum):
    """What happened to a superbill after it was issued."""

    VOIDED = "voided"
    DELIVERED = "delivered"


class Superbill(Numbered, kw_only=True):
    """The head of an issued superbill; content and paper are in ``SuperbillDocument``."""

    __tablename__ = "superbill"
    __table_args__ = (
        Index("ix_superbill_client", "client_id", "issued_on"),
        Index("ix_superbill_period", "period_from", "client_id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    rendering_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    period_from: Mapped[date]
    period_to: Mapped[date]
    charge_cents: Mapped[int]
    paid_cents: Mapped[int]
    content_sha256: Mapped[str]
    pdf_sha256: Mapped[str]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("superbill.id"), unique=True, default=None)


class SuperbillDocument(Record, kw_only=True):
    """The frozen content (canonical bytes) and the PDF exactly as it was issued."""

    __tablename__ = "superbill_document"

    superbill_id: Mapped[int] = mapped_column(ForeignKey("superbill.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


class SuperbillLineRecord(Numbered, kw_only=True):
    """Which charge stands on which superbill, for ever."""

    __tablename__ = "superbill_line"

    superbill_id: Mapped[int] = mapped_column(ForeignKey("superbill.id"), index=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)


class SuperbillHold(Record, kw_only=True):
    """The one live superbill a charge stands on; its key lets no charge stand on two. Voiding releases it."""

    __tablename__ = "superbill_hold"

    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), primary_key=True)
    superbill_id: Mapped[int] = mapped_column(ForeignKey("superbill.id"), index=True)


class SuperbillEvent(Numbered, kw_only=True):
    """Voiding or delivery of a superbill."""

    __tablename__ = "superbill_event"

    superbill_id: Mapped[int] = mapped_column(ForeignKey("superbill.id"), index=True)
    kind: Mapped[SuperbillEventKind]
    moment: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(default="")
    """Why it was voided, or how it was delivered."""


class NumberSequence(Record, kw_only=True):
    """The last number given out; it only grows, so that no number is used twice."""

    __tablename__ = "number_sequence"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
