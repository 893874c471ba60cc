"""The people who work in the practice, their roles and licences."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from therapist_desktop.models.letterhead_content import ClinicianContent, LicenceContent
from therapist_desktop.models.record import Numbered


class Role(StrEnum):
    """What somebody may do; one person can hold several."""

    OWNER = "owner"
    CLINICIAN = "clinician"
    SUPERVISEE = "supervisee"
    BILLER = "biller"


class Person(Numbered, kw_only=True):
    """Somebody with a login of their own (45 CFR 164.312(a)(2)(i): no shared logins)."""

    __tablename__ = "person"

    first_name: Mapped[str]
    last_name: Mapped[str]
    credentials: Mapped[str] = mapped_column(default="")
    roles: Mapped[list[str]] = mapped_column(default_factory=list)
    npi: Mapped[str] = mapped_column(default="")
    taxonomy: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    active: Mapped[bool] = mapped_column(default=True)
    licences: Mapped[list[Licence]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Licence.id", default_factory=list
    )

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def name_and_credentials(self) -> str:
        """The printed name, such as “Rosa Alvarez, LCSW”."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of the roles."""
        return any(role.value in self.roles for role in roles)

    def licence_on(self, day: date, state: str = "") -> Licence | None:
        """Return the licence in force on a day, in that state if one is named, else the first one."""
        fitting = [one for one in self.licences if one.in_force_on(day) and state in ("", one.state)]
        return fitting[0] if fitting else None

    def content_on(self, day: date) -> ClinicianContent:
        """Return how a document names this person on a day."""
        licence = self.licence_on(day) or (self.licences[0] if self.licences else None)
        return ClinicianContent(
            name=self.name,
            credentials=self.credentials,
            npi=self.npi,
            taxonomy=self.taxonomy,
            phone=self.phone,
            licence=licence.content() if licence else None,
        )


class Licence(Numbered, kw_only=True):
    """A licence to practise in one state."""

    __tablename__ = "licence"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, init=False)
    kind: Mapped[str]
    number: Mapped[str]
    state: Mapped[str]
    issued_on: Mapped[date | None] = mapped_column(default=None)
    expires_on: Mapped[date | None] = mapped_column(default=None)

    def in_force_on(self, day: date) -> bool:
        """Whether it covers a day; an unknown date does not limit."""
        return (self.issued_on is None or self.issued_on <= day) and (
            self.expires_on is None or day <= self.expires_on
        )

    def content(self) -> LicenceContent:
        """Return what a document prints of it."""
        return LicenceContent(kind=self.kind, number=self.number, state=self.state, expires_on=self.expires_on)
