"""The audit chain: every read, change, signature, print and failed login, each bound to the one before.

It shows mistakes and misuse through the program. It does not stop a forger who holds the practice’s key
(security.md 5); its head is therefore also written to the key file and to every backup.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.canonical import canonical_bytes, sha256_hex
from therapist_desktop.models.moment import moment_text
from therapist_desktop.models.record import Record

FIRST_HASH = "0" * 64


class AuditEvent(Record, kw_only=True):
    """Who did what to which record, when. Never any clinical text."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_client", "client_id", "sequence"),
        Index("ix_audit_event_moment", "moment"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[datetime]
    person_id: Mapped[int | None]
    """None for the program itself, and for somebody who failed to log in."""
    action: Mapped[str]
    record_kind: Mapped[str] = mapped_column(default="")
    record_id: Mapped[int | None] = mapped_column(default=None)
    client_id: Mapped[int | None] = mapped_column(default=None)
    detail: Mapped[str] = mapped_column(default="")
    """Machine words such as “fields:born_on,email”; never a value."""
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(default="")

    def computed_hash(self) -> str:
        """Return the hash over the event and the hash before it."""
        return sha256_hex(
            canonical_bytes(
                {
                    "sequence": self.sequence,
                    "moment": moment_text(self.moment),
                    "person_id": self.person_id,
                    "action": self.action,
                    "record_kind": self.record_kind,
                    "record_id": self.record_id,
                    "client_id": self.client_id,
                    "detail": self.detail,
                    "previous_hash": self.previous_hash,
                }
            )
        )
