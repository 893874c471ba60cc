"""The practice itself: its legal facts and the rules it chose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.letterhead_content import AddressContent, PracticeContent
from therapist_desktop.models.record import Record


class PracticeFacts(Record, kw_only=True):
    """The single row that says whose practice this is."""

    __tablename__ = "practice"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    created_at: Mapped[datetime]
    legal_name: Mapped[str]
    trade_name: Mapped[str] = mapped_column(default="")
    npi: Mapped[str] = mapped_column(default="")
    npi_kind: Mapped[int | None] = mapped_column(default=None)
    tax_id: Mapped[str] = mapped_column(default="")
    tax_id_kind: Mapped[str] = mapped_column(default="")
    address_line1: Mapped[str] = mapped_column(default="")
    address_line2: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    fax: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    late_entry_hours: Mapped[int] = mapped_column(default=72)
    plan_review_days: Mapped[int] = mapped_column(default=90)
    bill_unsigned_notes: Mapped[bool] = mapped_column(default=False)
    """Whether a session may be charged before its note is signed."""
    print_diagnosis_titles: Mapped[bool] = mapped_column(default=True)
    allow_credit: Mapped[bool] = mapped_column(default=False)
    """Whether a payment may be larger than what is owed."""

    def content(self) -> PracticeContent:
        """Return the practice as a document names it."""
        address = None
        if self.address_line1:
            address = AddressContent(
                line1=self.address_line1,
                line2=self.address_line2,
                city=self.city,
                state=self.state,
                postal_code=self.postal_code,
            )
        return PracticeContent(
            legal_name=self.legal_name,
            trade_name=self.trade_name,
            npi=self.npi,
            npi_kind=self.npi_kind,
            tax_id=self.tax_id,
            tax_id_kind=self.tax_id_kind,
            address=address,
            phone=self.phone,
            fax=self.fax,
            email=self.email,
        )
