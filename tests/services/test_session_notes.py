"""A note while it is written: beginning, autosaving, coming back, listing, discarding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.services.note_samples import ANXIETY, DEPRESSION, TODAY, Desk
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_templates import NoteKind, note_template, note_templates
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.session_note import Modality, NoteState
from therapist_desktop.services.audit_trail import EDITING_PAUSE
from therapist_desktop.services.charges import charge_session
from therapist_desktop.services.diagnoses import list_diagnoses, resolve_diagnosis
from therapist_desktop.services.note_draft import DraftDiagnosis, DraftObjective, DraftSection, NoteDraft
from therapist_desktop.services.note_lists import list_notes
from therapist_desktop.services.people import list_people
from therapist_desktop.services.practices import change_facts
from therapist_desktop.services.searching import search
from therapist_desktop.services.service_catalog import add_service
from therapist_desktop.services.session_notes import (
    discard_draft,
    open_note,
    save_draft,
)
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.practice_opening import open_with_password

# Beginning


def test_a_new_note_has_the_empty_sections_of_its_template_and_nothing_of_earlier_notes(desk: Desk) -> None:
    desk.signed(TODAY - timedelta(days=7), text="Told about the quarrel with the landlord.")
    note_id = desk.start(template="birp")
    draft = desk.draft(note_id)
    assert draft.template == "BIRP"
    assert [(one.heading, one.text) for one in draft.sections] == [
        ("Behavior", ""),
        ("Intervention", ""),
        ("Response", ""),
        ("Plan", ""),
    ]
    assert not draft.words


def test_a_new_note_takes_over_the_diagnoses_of_its_date_and_not_those_of_another(desk: Desk) -> None:
    (anxiety, _) = list_diagnoses(desk.practice, desk.person, desk.client_id)
    resolve_diagnosis(desk.practice, desk.person, desk.client_id, anxiety.diagnosis_id, date(2026, 10, 1))
    before, after = desk.draft(desk.start(date(2026, 9, 30))), desk.draft(desk.start(date(2026, 10, 1)))
    assert [one.code for one in before.diagnoses] == [ANXIETY, DEPRESSION]
    assert [one.code for one in after.diagnoses] == [DEPRESSION]
    assert before.diagnoses[0].title == "Generalized anxiety disorder"
    assert "2026" in before.diagnoses[0].release


@pytest.mark.parametrize(
    ("place", "modifiers", "modality"),
    [("11", [], Modality.IN_PERSON), ("10", ["95"], Modality.VIDEO), ("10", ["93"], Modality.AUDIO)],
)
def test_place_and_modality_are_proposed_from_the_service(
    desk: Desk, place: str, modifiers: list[str], modality: Modality
) -> None:
    service_id = add_service(
        desk.practice, desk.person, label="Another service", place_of_service=place, modifiers=modifiers
    )
    draft = desk.draft(desk.start(service_id=service_id))
    assert (draft.place_of_service, draft.modality) == (place, modality)


def test_a_client_can_have_many_notes_on_one_day(desk: Desk) -> None:
    numbers = {desk.start(), desk.start(), desk.start(kind=NoteKind.CONTACT, template="free")}
    assert len(numbers) == 3
    assert {row.note_id for row in list_notes(desk.practice, desk.person, desk.client_id)} == numbers


def test_an_unknown_service_or_template_is_refused_and_nothing_is_begun(desk: Desk) -> None:
    with pytest.raises(UserError, match="no such service"):
        desk.start(service_id=999)
    with pytest.raises(UserError, match="no such note template"):
        desk.start(template="SOUP")
    assert desk.count("session_note") == 0


# Saving


def test_a_draft_comes_back_after_the_practice_was_closed(
    practice_folder: Path, practice: Practice, rosa: Person, clock: TestClock
) -> None:
    desk = Desk(practice, rosa, clock)
    note_id = desk.start()
    desk.save(note_id, "Half a sentence and then the phone", interventions=("Grounding",))
    saved = desk.draft(note_id)
    practice.close()
    again = open_with_password(practice_folder, rosa.id, PASSWORD, clock, kdf=CHEAP_KDF)
    try:
        view = open_note(again, list_people(again)[0], note_id)
        assert view.draft == saved
        assert view.draft.sections[0].text == "Half a sentence and then the phone"
        assert view.may_edit
    finally:
        again.close()


def test_a_save_from_an_older_revision_is_refused_and_overwrites_nothing(desk: Desk) -> None:
    note_id = desk.start()
    first = open_note(desk.practice, desk.person, note_id)
    desk.save(note_id, "Written in the other window")
    mine = replace(first.draft, risk_today="Denied.")
    with pytest.raises(UserError, match="another window"):
        save_draft(desk.practice, desk.person, note_id, mine, first.revision)
    assert desk.draft(note_id).sections[0].text == "Written in the other window"
    assert desk.draft(note_id).risk_today == ""


def test_repeating_a_save_that_was_stored_already_does_no_harm(desk: Desk) -> None:
    note_id = desk.start()
    view = open_note(desk.practice, desk.person, note_id)
    changed = replace(view.draft, risk_today="Denied.")
    saved = save_draft(desk.practice, desk.person, note_id, changed, view.revision)
    assert save_draft(desk.practice, desk.person, note_id, changed, view.revision) == saved


def test_saving_no_change_writes_nothing_at_all(desk: Desk) -> None:
    note_id = desk.start()
    revision = desk.save(note_id)
    draft = desk.draft(note_id)
    with desk.practice.database.alone() as connection:
        before = connection.raw.total_changes
        assert save_draft(desk.practice, desk.person, note_id, draft, revision) == revision
        assert connection.raw.total_changes == before


def test_only_the_section_that_changed_is_written(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id)
    with desk.practice.database.alone() as connection:
        written: list[str] = []
        connection.raw.set_trace_callback(written.append)
        desk.save(note_id, "Changed")
        connection.raw.set_trace_callback(None)
    # SQLite traces a statement once more for each trigger it fires.
    updates = {statement for statement in written if statement.startswith("UPDATE note_section")}
    assert len(updates) == 1
    assert not [one for one in written if "note_diagnosis SET" in one or "INTO note_" in one]


def test_sections_can_be_added_removed_and_put_into_another_order(desk: Desk) -> None:
    note_id = desk.start()
    one, two, three = (DraftSection(heading=name, text=f"About {name}") for name in ("Data", "Mood", "Plan"))
    for sections in ((one, two, three), (three, one), (two,), (), (one, two, three)):
        view = open_note(desk.practice, desk.person, note_id)
        save_draft(desk.practice, desk.person, note_id, replace(view.draft, sections=sections), view.revision)
        assert desk.draft(note_id).sections == sections
    assert desk.count("note_section") == 3


def test_a_note_of_twenty_kilobytes_is_kept_to_the_last_letter(desk: Desk) -> None:
    note_id = desk.start()
    text = "Ana said: “Ça va – 今日は 😊 e\u0301.”\n\t" * 700
    assert len(text.encode()) > 20_000
    desk.save(note_id, text)
    assert desk.draft(note_id).sections[0].text == text


def test_the_search_index_follows_every_save(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id, "Talked about the lighthouse")
    (hit,) = search(desk.practice, desk.person, "lighthouse", kinds=(SearchKind.SESSION_NOTE,))
    assert (hit.record_id, hit.client_name, hit.on_date, hit.title) == (
        note_id,
        "Jo Whitfield",
        TODAY,
        "Progress note",
    )
    desk.save(note_id, "Talked about the harbour", date_of_service=TODAY - timedelta(days=1))
    assert search(desk.practice, desk.person, "lighthouse") == ()
    (hit,) = search(desk.practice, desk.person, "harb")
    assert hit.on_date == TODAY - timedelta(days=1)


def test_an_hour_of_autosaving_is_one_event_and_the_next_sitting_another(desk: Desk) -> None:
    note_id = desk.start()
    view = open_note(desk.practice, desk.person, note_id)
    draft, revision = view.draft, view.revision
    for seconds in range(360):
        desk.clock.move(seconds=10)
        draft = replace(draft, risk_today="x" * seconds)
        revision = save_draft(desk.practice, desk.person, note_id, draft, revision)
    assert [action for action, _ in desk.trail()] == ["create", "view"]
    desk.clock.move(seconds=EDITING_PAUSE.total_seconds())
    save_draft(desk.practice, desk.person, note_id, replace(draft, risk_today="Denied."), revision)
    assert [action for action, _ in desk.trail()] == ["create", "view", "change"]


# What hypothesis types

texts = st.text(max_size=60)
halves = st.times().map(lambda one: one.replace(microsecond=0, fold=0))
drafts = st.builds(
    NoteDraft,
    date_of_service=st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)),
    kind=st.sampled_from(NoteKind),
    template=st.sampled_from([template.name for template in note_templates()]),
    start=st.none() | halves,
    stop=st.none() | halves,
    interruption_minutes=st.integers(min_value=-5, max_value=10_000),
    place_of_service=texts,
    modality=st.sampled_from(Modality),
    client_state=texts,
    client_location=texts,
    participants=texts,
    risk_today=texts,
    interventions=st.lists(texts, max_size=4).map(tuple),
    sections=st.lists(st.builds(DraftSection, heading=texts, text=texts), max_size=5).map(tuple),
    diagnoses=st.lists(st.builds(DraftDiagnosis, code=texts, title=texts, release=texts), max_size=4).map(tuple),
    objectives=st.lists(
        st.builds(DraftObjective, thread=texts, label=texts, text=texts, progress=texts), max_size=4
    ).map(tuple),
)
with_one_practice = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@with_one_practice
@given(sittings=st.lists(drafts, min_size=1, max_size=3))
def test_whatever_is_typed_comes_back_as_it_was_typed(desk: Desk, sittings: list[NoteDraft]) -> None:
    note_id = desk.start()
    for draft in sittings:
        view = open_note(desk.practice, desk.person, note_id)
        save_draft(desk.practice, desk.person, note_id, draft, view.revision)
        assert desk.draft(note_id) == draft


@given(draft=drafts, names=st.lists(st.sampled_from([one.name for one in note_templates()]), min_size=1, max_size=4))
def test_no_text_is_lost_by_changing_the_template(draft: NoteDraft, names: list[str]) -> None:
    moved = draft
    for name in names:
        moved = moved.in_template(note_template(name))
        headings = note_template(name).headings
        assert tuple(section.heading for section in moved.sections[: len(headings)]) == headings
    assert moved.template == note_template(names[-1]).name
    for section in draft.sections:
        assert any(section.text in other.text for other in moved.sections)


# Opening and listing


def test_opening_a_note_is_noted_in_the_audit_trail(desk: Desk) -> None:
    note_id = desk.start()
    open_note(desk.practice, desk.person, note_id)
    assert desk.trail()[-1] == ("view", "")


# Discarding


def test_a_discarded_draft_is_gone_with_its_words_and_the_act_is_noted(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id, "Begun for the wrong client: lighthouse")
    discard_draft(desk.practice, desk.person, note_id, desk.revision(note_id))
    assert [desk.count(name) for name in ("session_note", "note_section", "note_diagnosis")] == [0, 0, 0]
    assert search(desk.practice, desk.person, "lighthouse") == ()
    assert desk.trail()[-1] == ("discard", "with-words")


def test_what_was_saved_elsewhere_since_is_not_discarded_unseen(desk: Desk) -> None:
    note_id = desk.start()
    on_screen = desk.revision(note_id)
    desk.save(note_id, "Written in the other window")
    with pytest.raises(UserError, match="another window"):
        discard_draft(desk.practice, desk.person, note_id, on_screen)
    assert "other window" in desk.draft(note_id).words


def test_a_signed_note_cannot_be_discarded(desk: Desk) -> None:
    note_id = desk.signed()
    with pytest.raises(UserError, match="never changes"):
        discard_draft(desk.practice, desk.person, note_id, desk.revision(note_id))
    assert open_note(desk.practice, desk.person, note_id).state is NoteState.SIGNED


def test_a_draft_whose_session_was_charged_is_kept(desk: Desk) -> None:
    note_id = desk.start()
    change_facts(desk.practice, desk.person, {"bill_unsigned_notes": True})
    charge_session(desk.practice, desk.person, desk.reference, note_id, fee_cents=180_00)
    with pytest.raises(UserError, match="charged"):
        discard_draft(desk.practice, desk.person, note_id, desk.revision(note_id))


def test_an_owner_can_clear_away_an_empty_draft_of_a_colleague_but_no_words(desk: Desk) -> None:
    kofi = desk.colleague("Kofi", Role.CLINICIAN)
    desk.share_with(kofi)
    theirs = desk.as_seen_by(kofi)
    empty, written = theirs.start(), theirs.start()
    theirs.save(written)
    discard_draft(desk.practice, desk.person, empty, desk.revision(empty))
    with pytest.raises(UserError, match="Only its author"):
        discard_draft(desk.practice, desk.person, written, desk.revision(written))
