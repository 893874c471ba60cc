"""What a treatment plan says: problem → goal → objective → intervention (clinical.md 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from therapist_desktop.models.letterhead_content import ClinicianContent, PracticeContent, SignatureContent


@dataclass(frozen=True, kw_only=True)
class InterventionContent:
    """What the clinician will do."""

    text: str
    who: str = ""
    frequency: str = ""
    duration: str = ""


@dataclass(frozen=True, kw_only=True)
class ObjectiveContent:
    """A step that can be measured."""

    label: str
    """Number in the plan, such as “1b”."""
    text: str
    measure: str = ""
    baseline: str = ""
    target: str = ""
    target_on: date | None = None
    status: str = "open"
    """"open", "met", "partly met", "not met" or "deferred"."""
    progress: str = ""
    interventions: tuple[InterventionContent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GoalContent:
    """Where the work is to lead."""

    text: str
    objectives: tuple[ObjectiveContent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProblemContent:
    """A problem in the client’s words, with the diagnosis it belongs to."""

    text: str
    diagnosis_code: str = ""
    baseline: str = ""
    impairment: str = ""
    goals: tuple[GoalContent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanDiagnosisContent:
    """A diagnosis the plan treats."""

    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class TreatmentPlanContent:
    """What is signed when a version of a plan is signed."""

    client_id: int
    client_name: str
    client_born_on: date | None
    version: int
    established_on: date
    review_due_on: date | None
    service_type: str
    """Individual, couple, family or group, as Medicare plans must state it."""
    session_length: str
    frequency: str
    duration: str
    diagnoses: tuple[PlanDiagnosisContent, ...]
    problems: tuple[ProblemContent, ...]
    strengths: str
    barriers: str
    level_of_care: str
    necessity: str
    discharge_criteria: str
    participation: str
    """How the client took part: "signed", "verbal", "declined" or empty."""
    participation_note: str
    no_diagnosis_reason: str = ""
    """Why the plan treats no diagnosis, if it has none."""


@dataclass(frozen=True, kw_only=True)
class TreatmentPlanPaper:
    """A plan as it is printed."""

    practice: PracticeContent
    clinician: ClinicianContent
    plan: TreatmentPlanContent
    signatures: tuple[SignatureContent, ...]
    printed_at: datetime
