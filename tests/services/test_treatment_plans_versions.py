"""Whatever is revised, saved, signed or discarded: signed versions never change, objectives keep their threads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import PASSWORD, TestClock
from tests.services.plan_samples import JORDAN, whole_plan
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.treatment_plan import Participation, PlanState
from therapist_desktop.models.treatment_plan_draft import GoalDraft, ObjectiveDraft, PlanDraft, ProblemDraft
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.services.treatment_plan_documents import plan_paper
from therapist_desktop.services.treatment_plan_lists import list_versions
from therapist_desktop.services.treatment_plans import (
    OpenedPlan,
    discard_plan_draft,
    open_plan,
    plan_in_force,
    save_plan_draft,
    sign_plan,
    start_plan,
)
from therapist_desktop.storage.practice import Practice

words = st.text(min_size=1, max_size=12).filter(str.strip)
goals = st.lists(
    st.builds(
        lambda text, objectives: GoalDraft(text=text, objectives=tuple(objectives)),
        words,
        st.lists(st.builds(lambda text: ObjectiveDraft(text=text), words), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=3,
)
problems = st.builds(lambda text, goals: ProblemDraft(text=text, goals=tuple(goals)), words, goals)
acts = st.lists(
    st.one_of(
        st.just("start"),
        st.just("sign"),
        st.just("sign"),
        st.just("discard"),
        st.tuples(st.just("add"), problems),
        st.tuples(st.just("reword"), words),
        st.just("drop first"),
    ),
    max_size=14,
)


class _Chart:
    """A client’s plan as it should be, beside the one in the practice."""

    def __init__(self, practice: Practice, person: Person, clock: TestClock) -> None:
        self.practice, self.person, self.clock = practice, person, clock
        self.client_id = add_client(practice, person, JORDAN)
        self.signed: list[OpenedPlan] = []
        self.draft: OpenedPlan | None = None

    def act(self, act: str | tuple[str, object]) -> None:
        self.clock.move(hours=5)
        name, what = act if isinstance(act, tuple) else (act, None)
        if name == "start":
            self.start()
        elif self.draft is None:
            return
        elif name == "sign":
            self.sign(self.draft)
        elif name == "discard":
            discard_plan_draft(self.practice, self.person, self.draft.plan_id, self.draft.revision)
            self.draft = None
        else:
            self.save(self.draft, _changed(self.draft.content, name, what))

    def start(self) -> None:
        if self.draft is not None:
            with pytest.raises(UserError, match="already a draft"):
                start_plan(self.practice, self.person, self.client_id)
            return
        self.draft = start_plan(self.practice, self.person, self.client_id)
        assert self.draft.version == len(self.signed) + 1
        if self.signed:
            assert _threads(self.draft.content) == _threads(self.signed[-1].content)
        else:
            self.save(self.draft, whole_plan(established_on=self.draft.content.established_on))

    def save(self, draft: OpenedPlan, content: PlanDraft) -> None:
        save_plan_draft(self.practice, self.person, draft.plan_id, content, draft.revision)
        self.draft = open_plan(self.practice, self.person, draft.plan_id)
        assert self.draft.content == content

    def sign(self, draft: OpenedPlan) -> None:
        if not draft.content.problems:
            with pytest.raises(UserError, match="no problem"):
                sign_plan(self.practice, self.person, draft.plan_id, PASSWORD, revision=draft.revision)
            return
        content = replace(draft.content, participation=Participation.SIGNED)
        revision = save_plan_draft(self.practice, self.person, draft.plan_id, content, draft.revision)
        done = sign_plan(self.practice, self.person, draft.plan_id, PASSWORD, revision=revision)
        self.draft = None
        self.signed.append(open_plan(self.practice, self.person, done.plan_id))
        assert self.signed[-1].content == replace(content, review_due_on=done.review_due_on)
        assert done.review_due_on == content.established_on + timedelta(days=90)

    def check(self) -> None:
        """Compare everything with what it should be."""
        rows = list_versions(self.practice, self.person, self.client_id)
        count = len(self.signed) + (self.draft is not None)
        assert [row.version for row in rows] == list(range(count, 0, -1))
        assert [row.state for row in rows].count(PlanState.DRAFT) == (self.draft is not None)
        for version in self.signed:
            assert open_plan(self.practice, self.person, version.plan_id) == version
            paper = plan_paper(self.practice, self.person, version.plan_id).plan
            labels = [one.label for one in version.content.numbered_objectives()]
            printed = [goal for problem in paper.problems for goal in problem.goals]
            assert [one.label for goal in printed for one in goal.objectives] == labels
        newest = plan_in_force(self.practice, self.person, self.client_id)
        assert newest == (self.signed[-1] if self.signed else None)


def _threads(content: PlanDraft) -> list[str]:
    return [one.objective.thread for one in content.numbered_objectives()]


def _changed(content: PlanDraft, name: str, what: object) -> PlanDraft:
    if isinstance(what, ProblemDraft):
        # Hypothesis may hand out one problem twice; a person who adds a problem adds new objectives.
        fresh = tuple(
            replace(goal, objectives=tuple(ObjectiveDraft(text=one.text) for one in goal.objectives))
            for goal in what.goals
        )
        return replace(content, problems=(*content.problems, replace(what, goals=fresh)))
    if name == "drop first":
        return replace(content, problems=content.problems[1:])
    return replace(content, strengths=str(what))


@given(acts=acts)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_versions_of_a_plan_through_any_life(
    practice: Practice, rosa: Person, clock: TestClock, acts: list[str | tuple[str, object]]
) -> None:
    chart = _Chart(practice, rosa, clock)
    for act in ["start", *acts]:
        chart.act(act)
    chart.check()
    assert verify_signatures(practice).fault == ""
