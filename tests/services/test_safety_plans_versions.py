"""Whatever is revised, saved and put in use: versions in use never change, and the newest is the client’s plan."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import TestClock
from tests.services.plan_samples import JORDAN, TODAY
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan_comparison import SafetyPlanChange, compare_safety_plans
from therapist_desktop.models.safety_plan_content import MeansItemContent, SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft, SafetyPlanRowDraft
from therapist_desktop.models.version_comparison import ChangeKind
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.safety_plan_lists import compare_safety_plan_versions, list_safety_plan_versions
from therapist_desktop.services.safety_plan_seals import verify_safety_plans
from therapist_desktop.services.safety_plans import (
    OpenedSafetyPlan,
    discard_safety_plan_draft,
    open_safety_plan,
    put_in_use,
    safety_plan_in_use,
    save_safety_plan_draft,
    start_safety_plan,
)
from therapist_desktop.storage.practice import Practice

words = st.sampled_from(["walk", "call Maya", "música", " ", ""])
rows = st.builds(
    SafetyPlanRowDraft, part=st.sampled_from(SafetyPlanPart), text=words, phone=words, may_contact=st.booleans()
)
means = st.builds(
    MeansItemContent, means=words, present=st.sampled_from(["yes", "no", "declined to say"]), action=words
)
plans = st.builds(
    SafetyPlanDraft,
    made_on=st.just(TODAY),
    likelihood=st.none() | st.integers(0, 10),
    barriers=words,
    rows=st.lists(rows, max_size=6).map(tuple),
    means=st.lists(means, max_size=2).map(tuple),
)
acts = st.lists(st.sampled_from(["start", "use", "use", "discard"]) | plans, max_size=14)


class _Chart:
    """A client’s safety plan as it should be, beside the one in the practice."""

    def __init__(self, practice: Practice, person: Person) -> None:
        self.practice, self.person = practice, person
        self.client_id = add_client(practice, person, JORDAN)
        self.used: list[OpenedSafetyPlan] = []
        self.draft: OpenedSafetyPlan | None = None

    def act(self, act: str | SafetyPlanDraft) -> None:
        if act == "start":
            self.start()
        elif self.draft is None:
            return
        elif act == "use":
            self.use(self.draft)
        elif act == "discard":
            discard_safety_plan_draft(self.practice, self.person, self.draft.plan_id, self.draft.revision)
            self.draft = None
        elif isinstance(act, SafetyPlanDraft):
            save_safety_plan_draft(self.practice, self.person, self.draft.plan_id, act, self.draft.revision)
            self.draft = open_safety_plan(self.practice, self.person, self.draft.plan_id)
            assert self.draft.content == act

    def start(self) -> None:
        if self.draft is not None:
            with pytest.raises(UserError, match="already a draft"):
                start_safety_plan(self.practice, self.person, self.client_id)
            return
        self.draft = start_safety_plan(self.practice, self.person, self.client_id)
        assert self.draft.version == len(self.used) + 1
        if self.used:
            assert self.draft.content.rows == self.used[-1].content.rows

    def use(self, draft: OpenedSafetyPlan) -> None:
        if not any(row.part <= 5 and not row.blank for row in draft.content.rows):
            with pytest.raises(UserError, match="first five parts"):
                put_in_use(self.practice, self.person, draft.plan_id, draft.revision)
            return
        self.used.append(put_in_use(self.practice, self.person, draft.plan_id, draft.revision))
        self.draft = None
        assert self.used[-1].content.rows == tuple(row for row in draft.content.rows if not row.blank)

    def check(self) -> None:
        count = len(self.used) + (self.draft is not None)
        listed = list_safety_plan_versions(self.practice, self.person, self.client_id)
        assert [one.version for one in listed] == list(range(count, 0, -1))
        for version in self.used:
            assert open_safety_plan(self.practice, self.person, version.plan_id) == version
        assert safety_plan_in_use(self.practice, self.person, self.client_id) == (
            self.used[-1] if self.used else None
        )


@given(acts=acts)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_versions_of_a_safety_plan_through_any_life(
    practice: Practice, rosa: Person, clock: TestClock, acts: list[str | SafetyPlanDraft]
) -> None:
    chart = _Chart(practice, rosa)
    for act in ["start", *acts]:
        clock.move(hours=5)
        chart.act(act)
    chart.check()
    assert verify_safety_plans(practice).fault == ""


@given(plans, plans)
def test_versions_differ_exactly_if_a_change_is_named(older: SafetyPlanDraft, newer: SafetyPlanDraft) -> None:
    assert (compare_safety_plans(older, newer) == ()) == (older == newer)


def test_a_change_names_part_and_place_and_no_word_of_the_plan(practice: Practice, rosa: Person) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    maya = SafetyPlanRowDraft(part=SafetyPlanPart.PEOPLE, text="Maya", phone="207-555-0117")
    walk = SafetyPlanRowDraft(part=SafetyPlanPart.BY_MYSELF, text="walk")
    first = start_safety_plan(practice, rosa, client_id)
    box = MeansItemContent(means="medicines", present="yes")
    older = SafetyPlanDraft(made_on=TODAY, rows=(walk, maya), means=(box,), barriers="none", likelihood=5)
    revision = save_safety_plan_draft(practice, rosa, first.plan_id, older, first.revision)
    put_in_use(practice, rosa, first.plan_id, revision)
    second = start_safety_plan(practice, rosa, client_id)
    sam = SafetyPlanRowDraft(part=SafetyPlanPart.PEOPLE, text="Sam")
    moved = SafetyPlanRowDraft(part=SafetyPlanPart.PEOPLE, text="Maya", phone="207-555-0199")
    locked = MeansItemContent(means="medicines", present="yes", action="lockbox", done_on=TODAY)
    newer = SafetyPlanDraft(
        made_on=TODAY, review_on=second.content.review_on, rows=(sam, moved), means=(locked,), barriers="none"
    )
    save_safety_plan_draft(practice, rosa, second.plan_id, newer, second.revision)
    changes = compare_safety_plan_versions(practice, rosa, first.plan_id, second.plan_id)
    assert changes[1:] == (
        SafetyPlanChange(kind=ChangeKind.REMOVED, part=SafetyPlanPart.BY_MYSELF, older=1),
        SafetyPlanChange(kind=ChangeKind.ADDED, part=SafetyPlanPart.PEOPLE, newer=1),
        SafetyPlanChange(kind=ChangeKind.CHANGED, part=SafetyPlanPart.PEOPLE, older=1, newer=2, fields=("phone",)),
        SafetyPlanChange(kind=ChangeKind.CHANGED, means=True, older=1, newer=1, fields=("action", "done_on")),
    )
    assert changes[0] == SafetyPlanChange(kind=ChangeKind.CHANGED, fields=("review_on", "likelihood"))
    other = start_safety_plan(practice, rosa, add_client(practice, rosa, JORDAN))
    with pytest.raises(UserError, match="different clients"):
        compare_safety_plan_versions(practice, rosa, first.plan_id, other.plan_id)
