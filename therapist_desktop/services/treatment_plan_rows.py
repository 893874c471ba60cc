"""A treatment plan between its rows, the draft an editor holds, and the content that is signed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from therapist_desktop.models.client import Client
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.treatment_plan import (
    PlanDiagnosis,
    PlanGoal,
    PlanIntervention,
    PlanObjective,
    PlanProblem,
    TreatmentPlan,
)
from therapist_desktop.models.treatment_plan_content import (
    GoalContent,
    InterventionContent,
    ObjectiveContent,
    PlanDiagnosisContent,
    ProblemContent,
    TreatmentPlanContent,
)
from therapist_desktop.models.treatment_plan_draft import GoalDraft, ObjectiveDraft, PlanDraft, ProblemDraft
from therapist_desktop.services.draft_keeping import copy_fields, fit
from therapist_desktop.storage import search_index

_FRAME = (
    "established_on", "review_due_on", "service_type", "session_length", "frequency", "duration",
    "no_diagnosis_reason", "strengths", "barriers", "level_of_care", "necessity", "discharge_criteria",
    "participation", "participation_note",
)  # fmt: skip
_PROBLEM = ("text", "diagnosis_code", "baseline", "impairment")
_OBJECTIVE = ("thread", "text", "measure", "baseline", "target", "target_on", "status", "progress")
_INTERVENTION = ("text", "who", "frequency", "duration")

_WHOLE = (
    selectinload(TreatmentPlan.diagnoses),
    selectinload(TreatmentPlan.problems)
    .selectinload(PlanProblem.goals)
    .selectinload(PlanGoal.objectives)
    .selectinload(PlanObjective.interventions),
)


def load_plan(session: Session, plan_id: int) -> TreatmentPlan | None:
    """Return a version with all that it holds, in six queries however long it is."""
    return session.scalars(select(TreatmentPlan).where(TreatmentPlan.id == plan_id).options(*_WHOLE)).one_or_none()


def draft_of(plan: TreatmentPlan) -> PlanDraft:
    """Return what a loaded version says."""
    return PlanDraft(
        **{name: getattr(plan, name) for name in _FRAME},
        diagnoses=tuple(PlanDiagnosisContent(code=one.code, title=one.title) for one in plan.diagnoses),
        problems=tuple(
            ProblemDraft(
                **{name: getattr(problem, name) for name in _PROBLEM},
                goals=tuple(
                    GoalDraft(text=goal.text, objectives=tuple(_objective_draft(one) for one in goal.objectives))
                    for goal in problem.goals
                ),
            )
            for problem in plan.problems
        ),
    )


def _objective_draft(objective: PlanObjective) -> ObjectiveDraft:
    return ObjectiveDraft(
        **{name: getattr(objective, name) for name in _OBJECTIVE},
        interventions=tuple(
            InterventionContent(**{name: getattr(one, name) for name in _INTERVENTION})
            for one in objective.interventions
        ),
    )


def write_draft(plan: TreatmentPlan, draft: PlanDraft) -> None:
    """Make a loaded or new version say what the draft says. Its revision grows even if only a line below changed."""
    copy_fields(draft, plan, _FRAME)
    fit(
        plan.diagnoses,
        draft.diagnoses,
        lambda one: PlanDiagnosis(code=one.code, title=one.title),
        lambda row, one: copy_fields(one, row, ("code", "title")),
    )
    fit(plan.problems, draft.problems, lambda one: PlanProblem(text=one.text), _write_problem)
    flag_modified(plan, "version")


def _write_problem(problem: PlanProblem, draft: ProblemDraft) -> None:
    copy_fields(draft, problem, _PROBLEM)
    fit(problem.goals, draft.goals, lambda one: PlanGoal(text=one.text), _write_goal)


def _write_goal(goal: PlanGoal, draft: GoalDraft) -> None:
    goal.text = draft.text
    fit(
        goal.objectives,
        draft.objectives,
        lambda one: PlanObjective(thread=one.thread, text=one.text),
        _write_objective,
    )


def _write_objective(objective: PlanObjective, draft: ObjectiveDraft) -> None:
    copy_fields(draft, objective, _OBJECTIVE)
    fit(
        objective.interventions,
        draft.interventions,
        lambda one: PlanIntervention(text=one.text),
        lambda row, one: copy_fields(one, row, _INTERVENTION),
    )


def content_of(plan: TreatmentPlan, draft: PlanDraft, client: Client) -> TreatmentPlanContent:
    """Return what is signed and printed: the plan with its numbers and the client as named that day."""
    labels = {one.objective.thread: one.label for one in draft.numbered_objectives()}
    return TreatmentPlanContent(
        **{name: getattr(draft, name) for name in _FRAME},
        client_id=client.id,
        client_name=client.legal_name,
        client_born_on=client.born_on,
        version=plan.version,
        diagnoses=draft.diagnoses,
        problems=tuple(
            ProblemContent(
                **{name: getattr(problem, name) for name in _PROBLEM},
                goals=tuple(
                    GoalContent(
                        text=goal.text,
                        objectives=tuple(_objective_content(one, labels[one.thread]) for one in goal.objectives),
                    )
                    for goal in problem.goals
                ),
            )
            for problem in draft.problems
        ),
    )


def _objective_content(objective: ObjectiveDraft, label: str) -> ObjectiveContent:
    return ObjectiveContent(
        **{name: getattr(objective, name) for name in _OBJECTIVE if name != "thread"},
        label=label,
        interventions=objective.interventions,
    )


def index_plan(session: Session, plan: TreatmentPlan, draft: PlanDraft) -> None:
    """Put the words of a version into the search index."""
    search_index.put(
        session,
        SearchKind.TREATMENT_PLAN,
        plan.id,
        client_id=plan.client_id,
        title=f"Treatment plan, version {plan.version}",
        body="\n".join(filter(None, _words(draft))),
        on_date=draft.established_on,
    )


def _words(draft: PlanDraft) -> Iterator[str]:
    yield from (draft.strengths, draft.barriers, draft.level_of_care, draft.necessity, draft.discharge_criteria)
    yield from (draft.no_diagnosis_reason, draft.participation_note)
    for diagnosis in draft.diagnoses:
        yield from (diagnosis.code, diagnosis.title)
    for problem in draft.problems:
        yield from (problem.text, problem.baseline, problem.impairment)
    for goal in draft.goals():
        yield goal.text
    for one in draft.numbered_objectives():
        objective = one.objective
        yield from (objective.text, objective.measure, objective.baseline, objective.target, objective.progress)
        yield from (intervention.text for intervention in objective.interventions)
