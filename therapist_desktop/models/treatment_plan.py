"""Treatment plans: versions of problem → goal → objective → intervention (clinical.md 7)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from therapist_desktop.models.record import Numbered


class PlanState(StrEnum):
    """A draft can be revised; a signed version is read-only for ever."""

    DRAFT = "draft"
    SIGNED = "signed"


class ObjectiveStatus(StrEnum):
    """How far an objective has come."""

    OPEN = "open"
    MET = "met"
    PARTLY_MET = "partly met"
    NOT_MET = "not met"
    DEFERRED = "deferred"


class Participation(StrEnum):
    """How the client or guardian took part in the plan."""

    NOT_RECORDED = ""
    SIGNED = "signed"
    VERBAL = "verbal"
    DECLINED = "declined"


class TreatmentPlan(Numbered, kw_only=True):
    """One version of a client’s plan. The newest signed version is the plan in force."""

    __tablename__ = "treatment_plan"
    __table_args__ = (
        UniqueConstraint("client_id", "version"),
        # All that lists show, so that they do not decrypt the narrative of each version.
        Index("ix_treatment_plan_versions", "client_id", "state", "version", "established_on", "review_due_on"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[int]
    created_at: Mapped[datetime]
    established_on: Mapped[date]
    review_due_on: Mapped[date | None] = mapped_column(default=None)
    service_type: Mapped[str] = mapped_column(default="individual")
    session_length: Mapped[str] = mapped_column(default="")
    frequency: Mapped[str] = mapped_column(default="")
    duration: Mapped[str] = mapped_column(default="")
    no_diagnosis_reason: Mapped[str] = mapped_column(Text, default="")
    strengths: Mapped[str] = mapped_column(Text, default="")
    barriers: Mapped[str] = mapped_column(Text, default="")
    level_of_care: Mapped[str] = mapped_column(Text, default="")
    necessity: Mapped[str] = mapped_column(Text, default="")
    discharge_criteria: Mapped[str] = mapped_column(Text, default="")
    participation: Mapped[Participation] = mapped_column(default=Participation.NOT_RECORDED)
    participation_note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)

    diagnoses: Mapped[list[PlanDiagnosis]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlanDiagnosis.position", default_factory=list
    )
    problems: Mapped[list[PlanProblem]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlanProblem.position", default_factory=list
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class PlanDiagnosis(Numbered, kw_only=True):
    """A diagnosis the plan treats, as it stood."""

    __tablename__ = "plan_diagnosis"

    plan_id: Mapped[int] = mapped_column(ForeignKey("treatment_plan.id"), index=True, init=False)
    code: Mapped[str]
    title: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class PlanProblem(Numbered, kw_only=True):
    """A problem in the client’s words."""

    __tablename__ = "plan_problem"

    plan_id: Mapped[int] = mapped_column(ForeignKey("treatment_plan.id"), index=True, init=False)
    text: Mapped[str] = mapped_column(Text)
    diagnosis_code: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(Text, default="")
    impairment: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    goals: Mapped[list[PlanGoal]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlanGoal.position", default_factory=list
    )


class PlanGoal(Numbered, kw_only=True):
    """Where the work on a problem is to lead."""

    __tablename__ = "plan_goal"

    problem_id: Mapped[int] = mapped_column(ForeignKey("plan_problem.id"), index=True, init=False)
    text: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)
    objectives: Mapped[list[PlanObjective]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlanObjective.position", default_factory=list
    )


class PlanObjective(Numbered, kw_only=True):
    """A step that can be measured; ``thread`` stays the same when a version is copied."""

    __tablename__ = "plan_objective"

    goal_id: Mapped[int] = mapped_column(ForeignKey("plan_goal.id"), index=True, init=False)
    thread: Mapped[str] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(default="")
    baseline: Mapped[str] = mapped_column(default="")
    target: Mapped[str] = mapped_column(default="")
    target_on: Mapped[date | None] = mapped_column(default=None)
    status: Mapped[ObjectiveStatus] = mapped_column(default=ObjectiveStatus.OPEN)
    progress: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    interventions: Mapped[list[PlanIntervention]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlanIntervention.position", default_factory=list
    )


class PlanIntervention(Numbered, kw_only=True):
    """What the clinician will do towards an objective."""

    __tablename__ = "plan_intervention"

    objective_id: Mapped[int] = mapped_column(ForeignKey("plan_objective.id"), index=True, init=False)
    text: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(default="")
    frequency: Mapped[str] = mapped_column(default="")
    duration: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
