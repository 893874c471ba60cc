"""Numbering, reviewing and comparing treatment plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.note_readiness import Need
from therapist_desktop.models.treatment_plan import ObjectiveStatus, Participation
from therapist_desktop.models.treatment_plan_comparison import PlanChange, PlanPart, compare_plans
from therapist_desktop.models.treatment_plan_content import InterventionContent, PlanDiagnosisContent
from therapist_desktop.models.treatment_plan_draft import (
    GoalDraft,
    ObjectiveDraft,
    PlanDraft,
    ProblemDraft,
    objective_label,
)
from therapist_desktop.models.treatment_plan_readiness import one_year_after, plan_findings, review_day
from therapist_desktop.models.version_comparison import ChangeKind, Pair, pair_up

DAY = date(2026, 11, 23)
words = st.sampled_from(["sleep", "work", "friends", ""])
interventions = st.lists(st.builds(InterventionContent, text=words, who=words), max_size=2).map(tuple)


@st.composite
def plans(draw: st.DrawFn) -> PlanDraft:
    """Small plans whose parts are often alike, with threads from one small pool."""
    threads = draw(st.permutations("abcdef"))

    def objectives() -> tuple[ObjectiveDraft, ...]:
        count = draw(st.integers(0, min(2, len(threads))))
        return tuple(
            ObjectiveDraft(text=draw(words), thread=threads.pop(), interventions=draw(interventions))
            for _ in range(count)
        )

    problems = tuple(
        ProblemDraft(
            text=draw(words),
            goals=tuple(GoalDraft(text=draw(words), objectives=objectives()) for _ in range(draw(st.integers(0, 2)))),
        )
        for _ in range(draw(st.integers(0, 3)))
    )
    codes = draw(st.lists(st.sampled_from(["F33.1", "F41.1"]), unique=True))
    diagnoses = tuple(PlanDiagnosisContent(code=code, title=draw(words)) for code in codes)
    return PlanDraft(established_on=DAY, strengths=draw(words), problems=problems, diagnoses=diagnoses)


@pytest.mark.parametrize(
    ("goal", "place", "label"), [(1, 0, "1a"), (1, 1, "1b"), (12, 25, "12z"), (2, 26, "2aa"), (2, 52, "2ba")]
)
def test_an_objective_is_numbered_by_its_goal_and_a_letter(goal: int, place: int, label: str) -> None:
    assert objective_label(goal, place) == label


def test_goals_are_counted_through_the_plan_also_those_without_objectives() -> None:
    walk, rest, eat = (ObjectiveDraft(text=text) for text in ("walk", "rest", "eat"))
    plan = PlanDraft(
        established_on=DAY,
        problems=(
            ProblemDraft(text="a", goals=(GoalDraft(text="b", objectives=(walk, rest)), GoalDraft(text="c"))),
            ProblemDraft(text="d", goals=(GoalDraft(text="e", objectives=(eat,)),)),
        ),
    )
    assert [(one.label, one.objective) for one in plan.numbered_objectives()] == [
        ("1a", walk),
        ("1b", rest),
        ("3a", eat),
    ]


def test_every_new_objective_has_a_thread_of_its_own() -> None:
    threads = {ObjectiveDraft(text="walk").thread for _ in range(100)}
    assert len(threads) == 100
    assert all(len(thread) == 32 and int(thread, 16) >= 0 for thread in threads)


@pytest.mark.parametrize("threads", [("a1", "a1"), ("",)])
def test_every_objective_of_a_plan_has_a_thread_that_no_other_has(threads: tuple[str, ...]) -> None:
    objectives = tuple(ObjectiveDraft(text="walk", thread=thread) for thread in threads)
    with pytest.raises(ValueError, match="share a thread"):
        PlanDraft(
            established_on=DAY,
            problems=(ProblemDraft(text="a", goals=(GoalDraft(text="b", objectives=objectives),)),),
        )


@pytest.mark.parametrize(
    ("established", "days", "due"),
    [
        (date(2026, 11, 23), 90, date(2027, 2, 21)),
        (date(2026, 11, 23), 365, date(2027, 11, 23)),
        (date(2026, 11, 23), 366, date(2027, 11, 23)),
        (date(2027, 3, 1), 400, date(2028, 3, 1)),
        (date(2028, 2, 29), 900, date(2029, 2, 28)),
    ],
)
def test_a_review_is_due_after_the_cycle_and_never_later_than_a_year(established: date, days: int, due: date) -> None:
    assert review_day(established, days) == due


@given(st.dates(max_value=date(9998, 12, 31)))
def test_a_year_is_never_longer_than_366_days_and_keeps_the_day(day: date) -> None:
    assert 365 <= (one_year_after(day) - day).days <= 366
    assert (one_year_after(day).month, one_year_after(day).day) in {(day.month, day.day), (2, 28)}


def test_what_an_insurer_looks_for_is_advised_and_does_not_stop_the_signature() -> None:
    plan = PlanDraft(
        established_on=DAY,
        service_type="",
        diagnoses=(PlanDiagnosisContent(code="F33.1", title="Depression"),),
        problems=(ProblemDraft(text="a", goals=(GoalDraft(text="b", objectives=(ObjectiveDraft(text="c"),)),)),),
        participation=Participation.SIGNED,
    )
    findings = plan_findings(plan, today=DAY)
    assert {finding.need for finding in findings} == {Need.SHOULD}
    assert [finding.fix for finding in findings] == [
        "problems",
        "problems",
        "service_type",
        "session_length",
        "frequency",
        "duration",
        "necessity",
    ]


def test_what_must_be_there_is_named_before_what_should() -> None:
    needs = [finding.need for finding in plan_findings(PlanDraft(established_on=DAY), today=DAY)]
    assert needs == sorted(needs, key=lambda need: need is not Need.MUST)
    assert len(set(needs)) == 2


@given(plans(), plans())
def test_versions_differ_exactly_if_a_change_is_named(older: PlanDraft, newer: PlanDraft) -> None:
    assert (compare_plans(older, newer) == ()) == (older == newer)


@given(plans(), plans())
def test_an_objective_is_kept_added_or_removed_as_its_thread_is(older: PlanDraft, newer: PlanDraft) -> None:
    def threads(plan: PlanDraft) -> dict[str, str]:
        return {one.objective.thread: one.label for one in plan.numbered_objectives()}

    before, after = threads(older), threads(newer)
    changes = [change for change in compare_plans(older, newer) if change.part is PlanPart.OBJECTIVE]
    for change in changes:
        assert change.older == before.get(change.thread, "")
        assert change.newer == after.get(change.thread, "")
    kinds = {change.thread: change.kind for change in changes}
    assert {t for t, kind in kinds.items() if kind is ChangeKind.ADDED} == after.keys() - before.keys()
    assert {t for t, kind in kinds.items() if kind is ChangeKind.REMOVED} == before.keys() - after.keys()


def test_an_objective_moved_to_another_goal_is_the_same_objective() -> None:
    walk = ObjectiveDraft(text="walk")
    older = PlanDraft(
        established_on=DAY,
        problems=(ProblemDraft(text="tired", goals=(GoalDraft(text="b", objectives=(walk,)), GoalDraft(text="c"))),),
    )
    met = replace(walk, status=ObjectiveStatus.MET, interventions=(InterventionContent(text="pacing"),))
    newer = replace(
        older,
        problems=(ProblemDraft(text="tired", goals=(GoalDraft(text="b"), GoalDraft(text="c", objectives=(met,)))),),
    )
    assert compare_plans(older, newer) == (
        PlanChange(
            kind=ChangeKind.CHANGED,
            part=PlanPart.OBJECTIVE,
            older="1a",
            newer="2a",
            thread=walk.thread,
            fields=("status", "goal"),
        ),
        PlanChange(kind=ChangeKind.ADDED, part=PlanPart.INTERVENTION, newer="2a.1", thread=walk.thread),
    )


def test_a_goal_put_before_another_is_reordered_and_a_reworded_one_changed() -> None:
    older = PlanDraft(
        established_on=DAY,
        problems=(ProblemDraft(text="a", goals=(GoalDraft(text="b"), GoalDraft(text="c"), GoalDraft(text="d"))),),
    )
    newer = replace(
        older,
        problems=(ProblemDraft(text="a", goals=(GoalDraft(text="c"), GoalDraft(text="b"), GoalDraft(text="D"))),),
    )
    assert [(one.part, one.older, one.newer, one.fields) for one in compare_plans(older, newer)] == [
        (PlanPart.GOAL, "1", "2", ("order",)),
        (PlanPart.GOAL, "3", "3", ("text",)),
    ]


@given(st.lists(words), st.lists(words), st.booleans())
def test_pairing_loses_and_doubles_nothing(older: list[str], newer: list[str], by_place: bool) -> None:
    pairs = pair_up(older, newer, lambda text: {text}, by_place=by_place)
    assert sorted(one.older for one in pairs if one.older is not None) == list(range(len(older)))
    assert [one.newer for one in pairs if one.newer is not None] == list(range(len(newer)))
    kept = [one for one in pairs if one.older is not None and one.newer is not None]
    assert sum(older[one.older] == newer[one.newer] for one in kept) >= sum(  # type: ignore[index]
        min(older.count(text), newer.count(text)) for text in set(older)
    )


def test_what_stands_before_what_it_stood_after_is_reordered() -> None:
    assert pair_up("abc", "cab", lambda letter: {letter}) == (Pair(2, 0), Pair(0, 1, True), Pair(1, 2, True))
