"""The client record: who the client is and how to reach them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.insurance import InsurancePolicy
from therapist_desktop.models.letterhead_content import AddressContent
from therapist_desktop.models.record import Numbered


class ClientStatus(StrEnum):
    """Where a client stands with the practice."""

    INQUIRY = "inquiry"
    ACTIVE = "active"
    INACTIVE = "inactive"
    DISCHARGED = "discharged"


class ContactKind(StrEnum):
    """What somebody is to the client."""

    EMERGENCY = "emergency"
    GUARDIAN = "guardian"
    PRESCRIBER = "prescriber"
    PRIMARY_CARE = "primary care"
    SCHOOL = "school"
    REFERRER = "referrer"
    OTHER = "other"


class Client(Numbered, kw_only=True):
    """A person with a chart."""

    __tablename__ = "client"
    __table_args__ = (
        Index("ix_client_sort", "status", "sort_name"),
        Index("ix_client_likeness", "likeness_key"),
        Index("ix_client_born_on", "born_on"),
    )

    created_at: Mapped[datetime]
    first_name: Mapped[str]
    """Legal first name, as on the insurance card."""
    last_name: Mapped[str]
    middle_name: Mapped[str] = mapped_column(default="")
    suffix: Mapped[str] = mapped_column(default="")
    used_name: Mapped[str] = mapped_column(default="")
    """The name the client goes by, if it differs from the legal first name."""
    pronouns: Mapped[str] = mapped_column(default="")
    born_on: Mapped[date | None] = mapped_column(default=None)
    plan_sex: Mapped[str] = mapped_column(default="U")
    """"M", "F" or "U": administrative sex as the insurance plan holds it, apart from gender."""
    gender: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    status: Mapped[ClientStatus] = mapped_column(default=ClientStatus.ACTIVE)
    started_on: Mapped[date | None] = mapped_column(default=None)
    referral_source: Mapped[str] = mapped_column(default="")
    clinician_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True, default=None)
    remarks: Mapped[str] = mapped_column(default="")
    sort_name: Mapped[str] = mapped_column(default="")
    """Folded “last, used or first name”: lists are ordered by it."""
    likeness_key: Mapped[str] = mapped_column(default="")
    import_key: Mapped[str | None] = mapped_column(unique=True, default=None)
    """Identity of the imported row, so that importing twice adds nothing twice."""
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with every save, so that two editors cannot silently overwrite each other."""

    phones: Mapped[list[ClientPhone]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ClientPhone.position", default_factory=list
    )
    addresses: Mapped[list[ClientAddress]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ClientAddress.position", default_factory=list
    )
    contacts: Mapped[list[ClientContact]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ClientContact.position", default_factory=list
    )
    policies: Mapped[list[InsurancePolicy]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="InsurancePolicy.position", default_factory=list
    )
    diagnoses: Mapped[list[Diagnosis]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Diagnosis.position", default_factory=list
    )
    tags: Mapped[list[ClientTag]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ClientTag.tag", default_factory=list
    )
    status_changes: Mapped[list[ClientStatusChange]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ClientStatusChange.id", default_factory=list
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012

    @property
    def legal_name(self) -> str:
        """First, middle, last name and suffix, as on the card."""
        return " ".join(p for p in (self.first_name, self.middle_name, self.last_name, self.suffix) if p)

    @property
    def name(self) -> str:
        """The name the client is called by, and the last name."""
        return f"{self.used_name or self.first_name} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """First name in use and initial: what may stand on a sheet that lies about."""
        return f"{self.used_name or self.first_name} {self.last_name[:1]}.".strip(" .") + (
            "." if self.last_name else ""
        )


class ClientPhone(Numbered, kw_only=True):
    """A phone number, and whether a message may be left there."""

    __tablename__ = "client_phone"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True, init=False)
    number: Mapped[str]
    digits: Mapped[str] = mapped_column(index=True, default="")
    kind: Mapped[str] = mapped_column(default="mobile")
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class ClientAddress(Numbered, kw_only=True):
    """A postal address; the first one goes on documents."""

    __tablename__ = "client_address"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True, init=False)
    line1: Mapped[str]
    line2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="home")
    may_send_mail: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    def content(self) -> AddressContent:
        """Return the address as a document prints it."""
        return AddressContent(
            line1=self.line1,
            line2=self.line2,
            city=self.city,
            state=self.state,
            postal_code=self.postal_code,
        )


class ClientContact(Numbered, kw_only=True):
    """Somebody around the client: emergency contact, guardian, prescriber, school…"""

    __tablename__ = "client_contact"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True, init=False)
    kind: Mapped[ContactKind]
    name: Mapped[str]
    relation: Mapped[str] = mapped_column(default="")
    organization: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    npi: Mapped[str] = mapped_column(default="")
    may_contact: Mapped[bool] = mapped_column(default=False)
    remarks: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class ClientTag(Numbered, kw_only=True):
    """A word of the practice’s own to find clients by."""

    __tablename__ = "client_tag"
    __table_args__ = (UniqueConstraint("client_id", "tag"), Index("ix_client_tag_tag", "tag"))

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), init=False)
    tag: Mapped[str]


class ClientStatusChange(Numbered, kw_only=True):
    """When a client became an inquiry, active, inactive or discharged."""

    __tablename__ = "client_status_change"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True, init=False)
    status: Mapped[ClientStatus]
    on_date: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")


class ClientAccess(Numbered, kw_only=True):
    """Lets a further person of the practice see a chart that is not theirs."""

    __tablename__ = "client_access"
    __table_args__ = (
        UniqueConstraint("client_id", "person_id"),
        Index("ix_client_access_person", "person_id"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
