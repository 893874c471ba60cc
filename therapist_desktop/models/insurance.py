"""Payers and the policies clients hold with them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.record import Numbered
from therapist_desktop.models.superbill_content import SuperbillInsurance


class InsurancePolicy(Numbered, kw_only=True):
    """A client’s cover with a payer, as it stands on the card."""

    __tablename__ = "insurance_policy"

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True, init=False)
    payer_name: Mapped[str]
    member_id: Mapped[str] = mapped_column(default="")
    group_number: Mapped[str] = mapped_column(default="")
    plan_kind: Mapped[str] = mapped_column(default="")
    relationship_to_subscriber: Mapped[str] = mapped_column(default="self")
    subscriber_name: Mapped[str] = mapped_column(default="")
    subscriber_born_on: Mapped[date | None] = mapped_column(default=None)
    claims_address: Mapped[str] = mapped_column(default="")
    prior_authorization: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)

    def in_force_on(self, day: date) -> bool:
        """Whether it covers a day; an unknown date does not limit."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def content(self) -> SuperbillInsurance:
        """Return what a superbill prints of it."""
        return SuperbillInsurance(
            payer_name=self.payer_name,
            member_id=self.member_id,
            group_number=self.group_number,
            plan_kind=self.plan_kind,
            subscriber_name=self.subscriber_name,
            subscriber_born_on=self.subscriber_born_on,
            relationship=self.relationship_to_subscriber,
            prior_authorization=self.prior_authorization,
        )


class Payer(Numbered, kw_only=True):
    """A payer and how it wants telehealth marked: 95 for video is a rule of the payer, not of the law."""

    __tablename__ = "payer"

    name: Mapped[str] = mapped_column(unique=True)
    video_modifier: Mapped[str] = mapped_column(default="95")
    audio_modifier: Mapped[str] = mapped_column(default="93")
    claims_address: Mapped[str] = mapped_column(default="")
