"""The log of what left the practice (45 CFR 164.528)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.record import Numbered


class Disclosure(Numbered, kw_only=True):
    """Who was given what of a client’s record, when, how and why."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_client", "client_id", "moment"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    moment: Mapped[datetime]
    recipient: Mapped[str]
    what: Mapped[str]
    """A brief description, such as “superbill 2026-10-0147”."""
    purpose: Mapped[str]
    method: Mapped[str] = mapped_column(default="")
    recipient_address: Mapped[str] = mapped_column(default="")
    accountable: Mapped[bool] = mapped_column(default=False)
    """Whether 164.528 requires it in an accounting; what goes to the client is not."""
