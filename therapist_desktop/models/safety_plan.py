"""Safety plans: versions of seven parts in the client’s words (clinical.md 4)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from therapist_desktop.models.record import Numbered
from therapist_desktop.models.safety_plan_content import SafetyPlanPart


class SafetyPlanState(StrEnum):
    """A draft can be revised; a version in use is read-only, and revising copies it."""

    DRAFT = "draft"
    IN_USE = "in use"


class MeansPresent(StrEnum):
    """The answer to the question whether a means of harm is within reach."""

    YES = "yes"
    NO = "no"
    DECLINED = "declined to say"


class SafetyPlan(Numbered, kw_only=True):
    """One version. The newest version in use is the client’s safety plan."""

    __tablename__ = "safety_plan"
    __table_args__ = (
        UniqueConstraint("client_id", "version"),
        # All that lists show, so that they do not decrypt the rest of each version.
        Index("ix_safety_plan_versions", "client_id", "state", "version", "made_on", "review_on"),
        CheckConstraint("likelihood BETWEEN 0 AND 10", name="likelihood"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[int]
    created_at: Mapped[datetime]
    made_on: Mapped[date]
    made_with: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None] = mapped_column(default=None)
    language: Mapped[str] = mapped_column(default="en")
    likelihood: Mapped[int | None] = mapped_column(default=None)
    barriers: Mapped[str] = mapped_column(Text, default="")
    kept_where: Mapped[str] = mapped_column(default="")
    copies_held_by: Mapped[str] = mapped_column(default="")
    state: Mapped[SafetyPlanState] = mapped_column(default=SafetyPlanState.DRAFT)
    in_use_since: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)

    rows: Mapped[list[SafetyPlanRow]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="(SafetyPlanRow.part, SafetyPlanRow.position)",
        default_factory=list,
    )
    means: Mapped[list[MeansItem]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="MeansItem.position", default_factory=list
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class SafetyPlanRow(Numbered, kw_only=True):
    """One line of a part."""

    __tablename__ = "safety_plan_row"

    plan_id: Mapped[int] = mapped_column(ForeignKey("safety_plan.id"), index=True, init=False)
    part: Mapped[int]
    """1 to 7, see ``SafetyPlanPart``."""
    text: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(default="")
    relation: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    may_contact: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    @property
    def named_part(self) -> SafetyPlanPart:
        """The part as a name."""
        return SafetyPlanPart(self.part)


class MeansItem(Numbered, kw_only=True):
    """A means of harm: asked, answered, and what was agreed."""

    __tablename__ = "means_item"

    plan_id: Mapped[int] = mapped_column(ForeignKey("safety_plan.id"), index=True, init=False)
    means: Mapped[str]
    present: Mapped[MeansPresent]
    storage: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text, default="")
    helper: Mapped[str] = mapped_column(default="")
    by_when: Mapped[date | None] = mapped_column(default=None)
    done_on: Mapped[date | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)


class SafetyPlanReview(Numbered, kw_only=True):
    """A look at the plan with the client that changed nothing."""

    __tablename__ = "safety_plan_review"

    plan_id: Mapped[int] = mapped_column(ForeignKey("safety_plan.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reviewed_on: Mapped[date]
    next_review_on: Mapped[date | None] = mapped_column(default=None)
