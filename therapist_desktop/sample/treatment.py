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
                InterventionContent(
                    text=text, who=setting.clinician, frequency=setting.frequency, duration="as the objective"
                )
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
    """Return the next version after a review, the first, second…: objectives have come further, some are met."""
    progress = words.early if review == 1 else words.middle if review == 2 else words.late

    def come_further(goal_place: int, place: int, objective: ObjectiveDraft) -> ObjectiveDraft:
        met = review > goal_place + place + 1
        return replace(
            objective,
            status=ObjectiveStatus.MET if met else ObjectiveStatus.PARTLY_MET if place == 0 else objective.status,
            progress=chance.choice(words.late if met else progress),
            target_on=objective.target_on if met else today + _TARGET_AFTER,
        )

    return replace(
        plan,
        established_on=today,
        review_due_on=None,
        problems=tuple(
            replace(
                problem,
                goals=tuple(
                    replace(
                        goal,
                        objectives=tuple(
                            come_further(goal_place, place, one) for place, one in enumerate(goal.objectives)
                        ),
                    )
                    for goal_place, goal in enumerate(problem.goals)
                ),
            )
            for problem in plan.problems
        ),
        participation=chance.choice((Participation.SIGNED, Participation.VERBAL)),
        participation_note=chance.choice(words.participation),
    )


def worked_on(plan: PlanDraft | None) -> tuple[NumberedObjective, ...]:
    """Return the objectives of a plan that notes can still cite."""
    return () if plan is None else tuple(_unmet(plan)) or tuple(plan.numbered_objectives())


def _unmet(plan: PlanDraft) -> Iterator[NumberedObjective]:
    return (one for one in plan.numbered_objectives() if one.objective.status is not ObjectiveStatus.MET)
