"""A client’s diagnoses over time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.record import Numbered


class Diagnosis(Numbered, kw_only=True):
    """An ICD-10-CM code with the title and release it was chosen from."""

    __tablename__ = "diagnosis"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True, init=False)
    code: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    release: Mapped[str] = mapped_column(default="")
    alias: Mapped[str] = mapped_column(default="")
    """The clinician’s own name for it on the chart; documents print the title."""
    specifiers: Mapped[str] = mapped_column(default="")
    """Severity, course and specifiers in the clinician’s words."""
    onset_on: Mapped[date | None] = mapped_column(default=None)
    resolved_on: Mapped[date | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)

    def active_on(self, day: date) -> bool:
        """Whether it was present on a day; an unknown date does not limit."""
        return (self.onset_on is None or self.onset_on <= day) and (
            self.resolved_on is None or day < self.resolved_on
        )
