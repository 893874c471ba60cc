"""A treatment plan as an editor holds it: the whole of a version, frozen, to be replaced part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from uuid import uuid4

from therapist_desktop.models.treatment_plan import ObjectiveStatus, Participation
from therapist_desktop.models.treatment_plan_content import InterventionContent, PlanDiagnosisContent


def new_thread() -> str:
    """Return a fresh name for an objective, which it keeps through all versions of the plan."""
    return uuid4().hex


@dataclass(frozen=True, kw_only=True)
class ObjectiveDraft:
    """A step that can be measured. A new one has its thread from the start, so that notes can cite it at once."""

    text: str
    measure: str = ""
    baseline: str = ""
    target: str = ""
    target_on: date | None = None
    status: ObjectiveStatus = ObjectiveStatus.OPEN
    progress: str = ""
    interventions: tuple[InterventionContent, ...] = ()
    thread: str = field(default_factory=new_thread)


@dataclass(frozen=True, kw_only=True)
class GoalDraft:
    """Where the work on a problem is to lead."""

    text: str
    objectives: tuple[ObjectiveDraft, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProblemDraft:
    """A problem in the client’s words, with the diagnosis it belongs to."""

    text: str
    diagnosis_code: str = ""
    baseline: str = ""
    impairment: str = ""
    goals: tuple[GoalDraft, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanDraft:
    """Everything of a version that can be edited."""

    established_on: date
    review_due_on: date | None = None
    """None lets the practice’s review cycle decide when the version is signed."""
    service_type: str = "individual"
    session_length: str = ""
    frequency: str = ""
    duration: str = ""
    diagnoses: tuple[PlanDiagnosisContent, ...] = ()
    no_diagnosis_reason: str = ""
    """Why the plan treats no diagnosis; only needed if it has none."""
    problems: tuple[ProblemDraft, ...] = ()
    strengths: str = ""
    barriers: str = ""
    level_of_care: str = ""
    necessity: str = ""
    discharge_criteria: str = ""
    participation: Participation = Participation.NOT_RECORDED
    participation_note: str = ""

    def __post_init__(self) -> None:
        threads = [one.objective.thread for one in self.numbered_objectives()]
        if len(set(threads)) != len(threads) or "" in threads:
            raise ValueError("two objectives of a plan share a thread, or one has none")

    def goals(self) -> Iterator[GoalDraft]:
        """Yield the goals of all problems."""
        for problem in self.problems:
            yield from problem.goals

    def numbered_objectives(self) -> Iterator[NumberedObjective]:
        """Yield every objective with its label; goals are counted through the whole plan."""
        for goal_number, goal in enumerate(self.goals(), start=1):
            for place, objective in enumerate(goal.objectives):
                yield NumberedObjective(objective_label(goal_number, place), objective)

    def carried_forward(self, today: date) -> PlanDraft:
        """Return the draft of the next version: what is treated is kept, what belongs to the day is asked anew."""
        return replace(
            self,
            established_on=today,
            review_due_on=None,
            participation=Participation.NOT_RECORDED,
            participation_note="",
        )

    def changed_fields(self, other: PlanDraft) -> tuple[str, ...]:
        """Return the names of the fields in which two drafts differ."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != getattr(other, one.name))


@dataclass(frozen=True)
class NumberedObjective:
    """An objective and its number in the plan, such as “1b”."""

    label: str
    objective: ObjectiveDraft


def objective_label(goal_number: int, place: int) -> str:
    """Return “1a” for the first objective (place 0) of the first goal; the 27th is “1aa”."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return f"{goal_number}{letters}"
