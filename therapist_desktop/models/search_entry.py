"""What can be found by searching: one entry for each record with words in it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.record import Numbered


class SearchKind(StrEnum):
    """What sort of record was found."""

    CLIENT = "client"
    SESSION_NOTE = "session note"
    AMENDMENT = "amendment"
    TREATMENT_PLAN = "treatment plan"
    SAFETY_PLAN = "safety plan"

    @property
    def clinical(self) -> bool:
        """Whether the words are part of the clinical record, which a biller does not see."""
        return self is not SearchKind.CLIENT


class SearchEntry(Numbered, kw_only=True):
    """A record in the index. Its words are only in the full-text index, as terms; the text stays where it is."""

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "record_id"),
        Index("ix_search_entry_client", "client_id", "kind"),
    )

    kind: Mapped[SearchKind]
    record_id: Mapped[int]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    on_date: Mapped[date | None] = mapped_column(default=None)
    title: Mapped[str] = mapped_column(default="")
