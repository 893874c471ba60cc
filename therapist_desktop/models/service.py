"""The service catalogue: the practice’s own words for what it does, with a code box that is the user’s.

CPT descriptors never ship (clinical.md 1.4); the code is typed by somebody who holds a right to use it.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.record import Numbered


class ServiceKind(StrEnum):
    """What sort of service it is; fees for absences never reach a superbill."""

    INTAKE = "intake"
    INDIVIDUAL = "individual"
    COUPLE_OR_FAMILY = "couple or family"
    GROUP = "group"
    CRISIS = "crisis"
    ADD_ON = "add-on"
    ABSENCE_FEE = "absence fee"
    OTHER = "other"


class Service(Numbered, kw_only=True):
    """A service with its fee in cents and, where it is timed, its minutes."""

    __tablename__ = "service"

    label: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[ServiceKind] = mapped_column(default=ServiceKind.INDIVIDUAL)
    code: Mapped[str] = mapped_column(default="")
    min_minutes: Mapped[int | None] = mapped_column(default=None)
    max_minutes: Mapped[int | None] = mapped_column(default=None)
    fee_cents: Mapped[int] = mapped_column(default=0)
    place_of_service: Mapped[str] = mapped_column(default="11")
    modifiers: Mapped[list[str]] = mapped_column(default_factory=list)
    add_ons: Mapped[list[str]] = mapped_column(default_factory=list)
    """Labels of the add-on services that may stand beside it."""
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    @property
    def on_superbill(self) -> bool:
        """Whether an insurer may be asked to pay for it."""
        return self.kind is not ServiceKind.ABSENCE_FEE

    def fits(self, minutes: int) -> bool:
        """Whether a session of so many minutes is this service."""
        return (self.min_minutes is None or self.min_minutes <= minutes) and (
            self.max_minutes is None or minutes <= self.max_minutes
        )
