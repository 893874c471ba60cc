"""Treatment plans of sample clients: the first version, and what a review makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from therapist_desktop.models.treatment_plan import ObjectiveStatus, Participation
from therapist_desktop.models.treatment_plan_content import InterventionContent, PlanDiagnosisContent
from therapist_desktop.models.treatment_plan_draft import (
    GoalDraft,
    NumberedObjective,
    ObjectiveDraft,
    PlanDraft,
    ProblemDraft,
)
from therapist_desktop.sample.narrator import ObjectiveSource, PlanWords, ProblemSource

_TARGET_AFTER = timedelta(weeks=26)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The frame of a treatment."""

    service_type: str
    minutes: int
    every_weeks: int
    clinician: str

    @property
    def frequency(self) -> str:
        """How often client and clinician meet."""
        return {1: "weekly", 2: "every two weeks", 4: "monthly"}.get(
            self.every_weeks, f"every {self.every_weeks} weeks"
        )


def first_plan(
    problem: ProblemSource,
    words: PlanWords,
    chance: Random,
    setting: Setting,
    *,
    established_on: date,
    diagnoses: Sequence[PlanDiagnosisContent],
) -> PlanDraft:
    """Return the first version of a plan, with everything an insurer looks for."""

    def objective(source: ObjectiveSource) -> ObjectiveDraft:
        return ObjectiveDraft(
            text=source.text,
            measure=source.measure,
            baseline=source.baseline,
            target=source.target,
            target_on=established_on + _TARGET_AFTER,
            interventions=tuple(
                InterventionContent(text=text, who=setting.clinician, frequency=setting.frequency)
                for text in source.interventions
            ),
            thread=f"{chance.getrandbits(128):032x}",
        )

    goals = [(problem.goal, problem.objective), (problem.second_goal, problem.second_objective)]
    return PlanDraft(
        established_on=established_on,
        service_type=setting.service_type,
        session_length=f"{setting.minutes} minutes",
        frequency=setting.frequency,
        duration=chance.choice(words.durations),
        diagnoses=tuple(diagnoses),
        no_diagnosis_reason="" if diagnoses else "Diagnosis deferred until the evaluation is complete.",
        problems=(
            ProblemDraft(
                text=problem.text,
                diagnosis_code=diagnoses[0].code if diagnoses else "",
                baseline=problem.baseline,
                impairment=problem.impairment,
                goals=tuple(
                    GoalDraft(text=goal, objectives=tuple(map(objective, objectives)))
                    for goal, objectives in goals
                    if goal
                ),
            ),
        ),
        strengths=chance.choice(words.strengths),
        barriers=chance.choice(words.barriers),
        level_of_care=chance.choice(words.level_of_care),
        necessity=chance.choice(words.necessity),
        discharge_criteria=chance.choice(words.discharge_criteria),
        participation=Participation.SIGNED,
        participation_note=chance.choice(words.participation),
    )


def reviewed_plan(plan: PlanDraft, words: PlanWords, chance: Random, review: int, today: date) -> PlanDraft:
    """Return the next version after a review, the first, second…: one objective after the other is met."""
    order = {one.objective.thread: place for place, one in enumerate(plan.numbered_objectives())}

    def come_further(objective: ObjectiveDraft) -> ObjectiveDraft:
        ahead = review - order[objective.thread]
        if ahead >= 2:
            return replace(objective, status=ObjectiveStatus.MET, progress=chance.choice(words.met))
        status, progress = (
            (ObjectiveStatus.PARTLY_MET, words.middle) if ahead == 1 else (ObjectiveStatus.OPEN, words.early)
        )
        return replace(objective, status=status, progress=chance.choice(progress), target_on=today + _TARGET_AFTER)

    def with_goals(problem: ProblemDraft) -> ProblemDraft:
        goals = (replace(goal, objectives=tuple(map(come_further, goal.objectives))) for goal in problem.goals)
        return replace(problem, goals=tuple(goals))

    return replace(
        plan,
        established_on=today,
        review_due_on=None,
        problems=tuple(map(with_goals, plan.problems)),
        participation=chance.choice((Participation.SIGNED, Participation.VERBAL)),
        participation_note=chance.choice(words.participation),
    )


def worked_on(plan: PlanDraft | None) -> tuple[NumberedObjective, ...]:
    """Return the objectives of a plan that notes can still cite."""
    return () if plan is None else tuple(_unmet(plan)) or tuple(plan.numbered_objectives())


def _unmet(plan: PlanDraft) -> Iterator[NumberedObjective]:
    return (one for one in plan.numbered_objectives() if one.objective.status is not ObjectiveStatus.MET)
