"""A safety plan from its first line to its review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.conftest import TestClock
from tests.services.plan_samples import JORDAN, TODAY, audit_details, colleague
from tests.services.safety_plan_samples import MAYA, drafted, in_use, row, whole_safety_plan
from therapist_desktop.models.client import ClientAccess
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.safety_plan import SafetyPlanState
from therapist_desktop.models.safety_plan_content import MeansItemContent, SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft, SafetyPlanRowDraft
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.safety_plan_lists import list_safety_plan_versions
from therapist_desktop.services.safety_plan_seals import verify_safety_plans
from therapist_desktop.services.safety_plans import (
    discard_safety_plan_draft,
    open_safety_plan,
    put_in_use,
    review_safety_plan,
    rows_from_contacts,
    safety_plan_in_use,
    save_safety_plan_draft,
    start_safety_plan,
)
from therapist_desktop.services.searching import search
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def jordan(practice: Practice, rosa: Person) -> int:
    return add_client(practice, rosa, JORDAN)


def test_the_first_plan_is_empty_and_in_the_language_of_the_client(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    opened = start_safety_plan(practice, rosa, jordan)
    assert (opened.version, opened.state, opened.author_id) == (1, SafetyPlanState.DRAFT, rosa.id)
    assert opened.content == SafetyPlanDraft(made_on=TODAY, language="es")


def test_what_was_written_comes_back_in_every_field(practice: Practice, rosa: Person, jordan: int) -> None:
    plan = whole_safety_plan()
    assert drafted(practice, rosa, jordan, plan).content == plan


def test_words_of_every_script_are_kept_as_typed(practice: Practice, rosa: Person, jordan: int) -> None:
    text = "Mi hermana Íñiga — 妹, أختي, 👩🏽‍🦽\n\t“ya”  "
    plan = whole_safety_plan(rows=tuple(row(part, text) for part in SafetyPlanPart), barriers=text)
    assert drafted(practice, rosa, jordan, plan).content == plan
    assert [hit.title for hit in search(practice, rosa, "iniga")] == ["Safety plan, version 1"]


def test_lines_stand_in_the_order_of_the_parts_and_in_each_as_they_were_put(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    opened = drafted(practice, rosa, jordan, whole_safety_plan())
    mixed = (
        row(SafetyPlanPart.WHAT_MATTERS, "z"),
        row(SafetyPlanPart.PEOPLE, "b"),
        row(SafetyPlanPart.WARNING_SIGNS, "y"),
        row(SafetyPlanPart.PEOPLE, "a"),
    )
    plan = replace(opened.content, rows=mixed, means=opened.content.means[1:])
    save_safety_plan_draft(practice, rosa, opened.plan_id, plan, opened.revision)
    again = open_safety_plan(practice, rosa, opened.plan_id).content
    assert [one.text for one in again.rows] == ["y", "b", "a", "z"]
    assert [one.means for one in again.means] == ["firearms"]


def test_a_draft_saved_elsewhere_is_not_overwritten(practice: Practice, rosa: Person, jordan: int) -> None:
    opened = start_safety_plan(practice, rosa, jordan)
    first = replace(opened.content, rows=(MAYA,))
    revision = save_safety_plan_draft(practice, rosa, opened.plan_id, first, opened.revision)
    assert revision > opened.revision
    with pytest.raises(UserError, match="another window"):
        save_safety_plan_draft(practice, rosa, opened.plan_id, whole_safety_plan(), opened.revision)
    assert save_safety_plan_draft(practice, rosa, opened.plan_id, first, opened.revision) == revision
    assert open_safety_plan(practice, rosa, opened.plan_id).content == first


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"likelihood": -1}, "0 to 10"),
        ({"likelihood": 11}, "0 to 10"),
        ({"means": (MeansItemContent(means="medicines", present="maybe"),)}, "yes, no or declined"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(
    practice: Practice, rosa: Person, jordan: int, change: dict[str, object], words: str
) -> None:
    opened = start_safety_plan(practice, rosa, jordan)
    with pytest.raises(UserError, match=words):
        save_safety_plan_draft(practice, rosa, opened.plan_id, whole_safety_plan(**change), opened.revision)
    assert open_safety_plan(practice, rosa, opened.plan_id) == opened


def test_only_one_draft_at_a_time_and_a_discarded_one_is_not_found(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    opened = drafted(practice, rosa, jordan, whole_safety_plan())
    with pytest.raises(UserError, match="already a draft"):
        start_safety_plan(practice, rosa, jordan)
    discard_safety_plan_draft(practice, rosa, opened.plan_id, opened.revision)
    assert search(practice, rosa, "lighthouse") == ()
    assert audit_details(practice, "safety plan")[-1] == ("discard", "version:1")
    assert start_safety_plan(practice, rosa, jordan).version == 1


def test_putting_in_use_drops_empty_lines_sets_a_review_and_notes_a_hash(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    blank = SafetyPlanRowDraft(part=SafetyPlanPart.BY_MYSELF, text="  ", hours="\n")
    plan = whole_safety_plan(rows=(blank, MAYA), means=(MeansItemContent(means=" ", present="no"),), review_on=None)
    opened = in_use(practice, rosa, jordan, plan)
    assert opened.content == replace(plan, rows=(MAYA,), means=(), review_on=TODAY + timedelta(days=120))
    assert (opened.state, opened.in_use_since) == (SafetyPlanState.IN_USE, practice.clock())
    assert safety_plan_in_use(practice, rosa, jordan) == opened
    action, detail = next(one for one in audit_details(practice, "safety plan") if one[0] == "issue")
    assert (action, detail[:7], len(detail)) == ("issue", "sha256:", 71)


def test_nothing_saved_elsewhere_since_is_put_in_use_or_discarded_unseen(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    on_screen = drafted(practice, rosa, jordan, whole_safety_plan())
    other = whole_safety_plan(barriers="typed in another window")
    save_safety_plan_draft(practice, rosa, on_screen.plan_id, other, on_screen.revision)
    with pytest.raises(UserError, match="another window"):
        put_in_use(practice, rosa, on_screen.plan_id, on_screen.revision)
    with pytest.raises(UserError, match="another window"):
        discard_safety_plan_draft(practice, rosa, on_screen.plan_id, on_screen.revision)
    left = open_safety_plan(practice, rosa, on_screen.plan_id)
    assert (left.state, left.content) == (SafetyPlanState.DRAFT, other)


def test_a_draft_is_discarded_by_whoever_began_it_or_an_owner(practice: Practice, rosa: Person, jordan: int) -> None:
    ben = colleague(practice, rosa, "Ben", Role.CLINICIAN)
    with practice.writing() as session:
        session.add(ClientAccess(client_id=jordan, person_id=ben.id))
    opened = start_safety_plan(practice, rosa, jordan)
    with pytest.raises(UserError, match="began this draft"):
        discard_safety_plan_draft(practice, ben, opened.plan_id, opened.revision)
    discard_safety_plan_draft(practice, rosa, opened.plan_id, opened.revision)
    his = start_safety_plan(practice, ben, jordan)
    discard_safety_plan_draft(practice, rosa, his.plan_id, his.revision)


@pytest.mark.parametrize("part", list(SafetyPlanPart)[:5])
def test_one_line_in_one_of_the_first_five_parts_is_enough_to_use_a_plan(
    practice: Practice, rosa: Person, jordan: int, part: SafetyPlanPart
) -> None:
    opened = in_use(practice, rosa, jordan, SafetyPlanDraft(made_on=TODAY, rows=(row(part, "x"),)))
    assert opened.state is SafetyPlanState.IN_USE


def test_a_plan_without_a_line_to_act_on_is_not_put_in_use(practice: Practice, rosa: Person, jordan: int) -> None:
    rows = (row(SafetyPlanPart.WHAT_MATTERS, "my niece"), row(SafetyPlanPart.PEOPLE, " "))
    opened = drafted(practice, rosa, jordan, SafetyPlanDraft(made_on=TODAY, rows=rows))
    with pytest.raises(UserError, match="first five parts"):
        put_in_use(practice, rosa, opened.plan_id, opened.revision)
    assert open_safety_plan(practice, rosa, opened.plan_id) == opened


def test_the_next_version_keeps_the_clients_words_and_asks_anew_what_belongs_to_the_day(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    plan = whole_safety_plan()
    first = in_use(practice, rosa, jordan, plan)
    clock.move(days=10)
    second = start_safety_plan(practice, rosa, jordan)
    assert second.version == 2
    assert second.content == replace(
        plan, made_on=TODAY + timedelta(days=10), made_with="", review_on=None, likelihood=None
    )
    assert safety_plan_in_use(practice, rosa, jordan) == first
    put_in_use(practice, rosa, second.plan_id, second.revision)
    current = safety_plan_in_use(practice, rosa, jordan)
    assert current is not None
    assert current.version == 2
    assert open_safety_plan(practice, rosa, first.plan_id) == first
    assert [one.version for one in list_safety_plan_versions(practice, rosa, jordan)] == [2, 1]


def test_a_version_in_use_can_be_neither_saved_nor_discarded_nor_put_in_use_again(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    opened = in_use(practice, rosa, jordan, whole_safety_plan())
    with pytest.raises(UserError, match="never changes"):
        save_safety_plan_draft(practice, rosa, opened.plan_id, whole_safety_plan(rows=()), opened.revision)
    with pytest.raises(UserError, match="never changes"):
        discard_safety_plan_draft(practice, rosa, opened.plan_id, opened.revision)
    with pytest.raises(UserError, match="never changes"):
        put_in_use(practice, rosa, opened.plan_id, opened.revision)
    assert open_safety_plan(practice, rosa, opened.plan_id) == opened


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE safety_plan SET barriers = 'x'",
        "DELETE FROM safety_plan",
        "UPDATE safety_plan_row SET phone = '911'",
        "DELETE FROM means_item",
        "INSERT INTO safety_plan_row(plan_id, part, text, phone, relation, hours, may_contact, position)"
        " VALUES (1, 4, 'x', '', '', '', 0, 9)",
        "UPDATE safety_plan_review SET next_review_on = '2099-01-01'",
        "DELETE FROM safety_plan_review",
    ],
)
def test_the_file_itself_refuses_to_change_a_version_in_use_and_its_reviews(
    practice: Practice, rosa: Person, jordan: int, statement: str
) -> None:
    opened = in_use(practice, rosa, jordan, whole_safety_plan())
    review_safety_plan(practice, rosa, opened.plan_id)
    with pytest.raises(UserError, match="never changes"), practice.writing() as session:
        session.connection().exec_driver_sql(statement)


def test_a_version_that_was_changed_behind_the_programs_back_is_noticed(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    in_use(practice, rosa, jordan, whole_safety_plan())
    assert (verify_safety_plans(practice).plans, verify_safety_plans(practice).fault) == (1, "")
    with practice.database.alone() as connection, connection.schema_changes():
        connection.raw.execute("DROP TRIGGER safety_plan_row_frozen_update")
        connection.raw.execute("UPDATE safety_plan_row SET phone = '207-555-0199' WHERE phone <> ''")
    assert "does not say what it said" in verify_safety_plans(practice).fault


def test_a_new_name_of_the_client_does_not_look_like_a_changed_plan(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    in_use(practice, rosa, jordan, whole_safety_plan())
    with practice.database.alone() as connection:
        connection.raw.execute("UPDATE client SET first_name = 'Jordana', used_name = ''")
    assert verify_safety_plans(practice).fault == ""


def test_a_review_that_changes_nothing_moves_the_next_one(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    opened = in_use(practice, rosa, jordan, whole_safety_plan())
    assert opened.next_review_on == date(2026, 12, 7)
    clock.move(days=14)
    assert review_safety_plan(practice, rosa, opened.plan_id, next_review_on=date(2027, 1, 4)) == date(2027, 1, 4)
    assert review_safety_plan(practice, rosa, opened.plan_id) == date(2026, 12, 7) + timedelta(days=120)
    again = open_safety_plan(practice, rosa, opened.plan_id)
    assert again.next_review_on == date(2026, 12, 7) + timedelta(days=120)
    assert again.content == opened.content
    assert ("change", "reviewed") in audit_details(practice, "safety plan")


def test_only_the_plan_in_use_is_reviewed_and_the_next_review_lies_ahead(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    old = in_use(practice, rosa, jordan, whole_safety_plan())
    new = drafted(practice, rosa, jordan, whole_safety_plan())
    with pytest.raises(UserError, match="that is in use"):
        review_safety_plan(practice, rosa, new.plan_id)
    put_in_use(practice, rosa, new.plan_id, new.revision)
    with pytest.raises(UserError, match="that is in use"):
        review_safety_plan(practice, rosa, old.plan_id)
    with pytest.raises(UserError, match="later than today"):
        review_safety_plan(practice, rosa, new.plan_id, next_review_on=TODAY)


def test_contacts_of_the_record_are_offered_as_rows_with_their_phone_and_consent(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    assert rows_from_contacts(practice, rosa, jordan) == (
        SafetyPlanRowDraft(
            part=SafetyPlanPart.PEOPLE, text="Sam Whitfield", phone="207-555-0118", relation="brother"
        ),
        SafetyPlanRowDraft(
            part=SafetyPlanPart.PEOPLE,
            text="Maya Okafor",
            phone="207-555-0117",
            relation="sister",
            may_contact=True,
        ),
        SafetyPlanRowDraft(
            part=SafetyPlanPart.PROFESSIONALS, text="Dr. Hahn, Casco Family Medicine", phone="207-555-0190"
        ),
    )


def test_a_stretch_of_typing_is_one_audit_event(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    opened = start_safety_plan(practice, rosa, jordan)
    revision = opened.revision
    for count in range(1, 5):
        clock.move(seconds=5)
        draft = replace(opened.content, rows=(row(SafetyPlanPart.PEOPLE, "Maya"[:count]),))
        revision = save_safety_plan_draft(practice, rosa, opened.plan_id, draft, revision)
    assert audit_details(practice, "safety plan") == [("create", "version:1"), ("change", "fields:rows")]
    assert verify_audit_chain(practice).whole
