"""What changed between two versions of a treatment plan, without a word of the plan itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from therapist_desktop.models.treatment_plan_content import InterventionContent, PlanDiagnosisContent
from therapist_desktop.models.treatment_plan_draft import GoalDraft, ObjectiveDraft, PlanDraft, ProblemDraft
from therapist_desktop.models.version_comparison import ChangeKind, Key, differing_fields, pair_up

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

P = TypeVar("P", bound="DataclassInstance")
_NESTED = ("diagnoses", "problems", "goals", "objectives", "interventions", "thread")


class PlanPart(StrEnum):
    """A part of a treatment plan."""

    FRAME = "frame"
    DIAGNOSIS = "diagnosis"
    PROBLEM = "problem"
    GOAL = "goal"
    OBJECTIVE = "objective"
    INTERVENTION = "intervention"


@dataclass(frozen=True, kw_only=True)
class PlanChange:
    """One difference between an older and a newer version."""

    kind: ChangeKind
    part: PlanPart
    older: str = ""
    """Its number in the older version: “2” of the problems or goals, “1b”, “1b.1”. Empty if it was not there."""
    newer: str = ""
    thread: str = ""
    """The thread of the objective that it is, or that it belongs to."""
    fields: tuple[str, ...] = ()
    """What changed of it; also “order”, or “problem” and “goal” if it was moved under another one."""


@dataclass(frozen=True)
class _Placed(Generic[P]):
    """A part with its number, and the place of what it stands under among its like."""

    number: str
    item: P
    parent: int = 0
    thread: str = ""


def compare_plans(older: PlanDraft, newer: PlanDraft) -> tuple[PlanChange, ...]:
    """Return what was added, removed and changed; nothing if the versions say the same.

    Objectives are the same if their thread is, wherever they stand. Problems and goals are found again by their
    words, then by an objective under them, then by their place. An objective that was added or removed stands for
    its interventions.
    """
    return tuple(_changes(older, newer))


def _changes(older: PlanDraft, newer: PlanDraft) -> Iterator[PlanChange]:
    frame = differing_fields(older, newer, *_NESTED)
    if frame:
        yield PlanChange(kind=ChangeKind.CHANGED, part=PlanPart.FRAME, fields=frame)
    diagnoses = _Level(PlanPart.DIAGNOSIS, _diagnoses(older), _diagnoses(newer), lambda one: {one.item.code})
    problems = _Level(
        PlanPart.PROBLEM, _problems(older), _problems(newer), lambda one: {one.item.text}, _threads_of_problem
    )
    goals = _Level(PlanPart.GOAL, _goals(older), _goals(newer), lambda one: {one.item.text}, _threads_of_goal)
    objectives = _Level(
        PlanPart.OBJECTIVE, _objectives(older), _objectives(newer), lambda one: {one.thread}, by_place=False
    )
    yield from diagnoses.changes()
    yield from problems.changes()
    yield from goals.changes("problem", problems.partner)
    yield from objectives.changes("goal", goals.partner)
    for old, new in objectives.kept():
        yield from _Level(
            PlanPart.INTERVENTION, _interventions(old), _interventions(new), lambda one: {one.item.text}
        ).changes()


class _Level(Generic[P]):
    """All parts of one kind in two versions, found again."""

    def __init__(
        self,
        part: PlanPart,
        older: Sequence[_Placed[P]],
        newer: Sequence[_Placed[P]],
        *keys: Key[_Placed[P]],
        by_place: bool = True,
    ) -> None:
        self.part, self.older, self.newer = part, older, newer
        self.pairs = pair_up(older, newer, *keys, by_place=by_place)

    def partner(self, newer: int) -> int | None:
        """Return where in the older version that stood which now stands at a place."""
        return self.pairs[newer].older

    def kept(self) -> Iterator[tuple[_Placed[P], _Placed[P]]]:
        """Yield what stands in both versions."""
        for pair in self.pairs:
            if pair.older is not None and pair.newer is not None:
                yield self.older[pair.older], self.newer[pair.newer]

    def changes(self, parent: str = "", partner: Callable[[int], int | None] | None = None) -> Iterator[PlanChange]:
        """Yield the differences; ``parent`` names what these parts stand under, and ``partner`` finds it again."""
        for pair in self.pairs:
            old = None if pair.older is None else self.older[pair.older]
            new = None if pair.newer is None else self.newer[pair.newer]
            if old is None or new is None:
                yield self._change(ChangeKind.REMOVED if new is None else ChangeKind.ADDED, old, new)
                continue
            fields = differing_fields(old.item, new.item, *_NESTED)
            if partner is not None and partner(new.parent) != old.parent:
                fields += (parent,)
            elif pair.reordered:
                fields += ("order",)
            if fields:
                yield self._change(ChangeKind.CHANGED, old, new, fields)

    def _change(
        self, kind: ChangeKind, old: _Placed[P] | None, new: _Placed[P] | None, fields: tuple[str, ...] = ()
    ) -> PlanChange:
        return PlanChange(
            kind=kind,
            part=self.part,
            older=old.number if old else "",
            newer=new.number if new else "",
            thread=(new or old).thread,  # type: ignore[union-attr]
            fields=fields,
        )


def _diagnoses(plan: PlanDraft) -> list[_Placed[PlanDiagnosisContent]]:
    return [_Placed(str(number), one) for number, one in enumerate(plan.diagnoses, start=1)]


def _problems(plan: PlanDraft) -> list[_Placed[ProblemDraft]]:
    return [_Placed(str(number), one) for number, one in enumerate(plan.problems, start=1)]


def _goals(plan: PlanDraft) -> list[_Placed[GoalDraft]]:
    placed = [(parent, goal) for parent, problem in enumerate(plan.problems) for goal in problem.goals]
    return [_Placed(str(number), goal, parent) for number, (parent, goal) in enumerate(placed, start=1)]


def _objectives(plan: PlanDraft) -> list[_Placed[ObjectiveDraft]]:
    parents = [place for place, goal in enumerate(plan.goals()) for _ in goal.objectives]
    return [
        _Placed(one.label, one.objective, parent, one.objective.thread)
        for parent, one in zip(parents, plan.numbered_objectives(), strict=True)
    ]


def _interventions(placed: _Placed[ObjectiveDraft]) -> list[_Placed[InterventionContent]]:
    return [
        _Placed(f"{placed.number}.{number}", one, 0, placed.thread)
        for number, one in enumerate(placed.item.interventions, start=1)
    ]


def _threads_of_goal(placed: _Placed[GoalDraft]) -> frozenset[str]:
    return frozenset(one.thread for one in placed.item.objectives)


def _threads_of_problem(placed: _Placed[ProblemDraft]) -> frozenset[str]:
    return frozenset(one.thread for goal in placed.item.goals for one in goal.objectives)
