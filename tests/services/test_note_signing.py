"""Signing: the password asked again, what must be there, snapshots, late entries, co-signing, and that it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.conftest import PASSWORD
from tests.services.note_samples import ANXIETY, DATA, DEPRESSION, TODAY, Desk, colleague_password
from tests.services.plan_samples import signed as signed_plan
from tests.services.plan_samples import whole_plan
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_templates import NoteKind
from therapist_desktop.models.people import Licence, Person, Role
from therapist_desktop.models.session_note import Modality, NoteSection, NoteState, SessionNote
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.services.audit_trail import Action
from therapist_desktop.services.clock_watch import confirm_clock
from therapist_desktop.services.diagnoses import list_diagnoses, resolve_diagnosis
from therapist_desktop.services.note_draft import DraftDiagnosis, DraftObjective
from therapist_desktop.services.note_lists import list_notes, open_drafts
from therapist_desktop.services.note_signing import readiness, sign_note
from therapist_desktop.services.note_verification import verify_notes
from therapist_desktop.services.practices import change_facts
from therapist_desktop.services.session_notes import open_note, save_draft
from therapist_desktop.services.signing import signatures_of, verify_signatures

EST, PST = (timezone(timedelta(hours=hours)) for hours in (-5, -8))


# The whole life


def test_the_life_of_a_note_from_the_first_word_to_the_signature(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(
        note_id,
        risk_today="Denied thoughts of suicide.",
        interventions=("Cognitive restructuring",),
        objectives=(DraftObjective(thread="t1", label="1a", text="Walk twice a week", progress="met"),),
    )
    assert [row.note_id for row in open_drafts(desk.practice, desk.person)] == [note_id]
    done = desk.sign(note_id)
    view = open_note(desk.practice, desk.person, note_id)
    assert view.state is NoteState.SIGNED
    assert not view.may_edit
    assert view.signed_at == done.signed_at == desk.clock()
    assert (view.content.client_name, view.content.client_born_on) == ("Jordan Whitfield", date(1994, 3, 14))
    assert (view.content.service_label, view.content.service_code) == ("Individual therapy 45", "90834")
    assert (view.content.minutes, view.content.modality) == (50, "in_person")
    assert [one.code for one in view.content.diagnoses] == [ANXIETY, DEPRESSION]
    assert view.content.objectives[0].progress == "met"
    assert view.content.sections[0].text == DATA
    (signature,) = view.signatures
    assert (signature.name, signature.credentials, signature.meaning) == ("Rosa Alvarez", "LCSW", "author")
    assert signature.licence == "ME LCSW LC12345, expires 2027-03-31"
    assert signature.content_sha256 == done.content_sha256
    assert open_drafts(desk.practice, desk.person) == ()
    assert ("sign", "author") in desk.trail()
    assert verify_signatures(desk.practice).fault == ""
    assert (verify_notes(desk.practice).notes, verify_notes(desk.practice).fault) == (1, "")


def test_each_signature_is_chained_to_the_one_before(desk: Desk) -> None:
    first, second = desk.signed(), desk.signed()
    with desk.practice.reading() as session:
        (one,) = signatures_of(session, SignedKind.SESSION_NOTE, first)
        (two,) = signatures_of(session, SignedKind.SESSION_NOTE, second)
    assert two.previous_sha256 == one.link_sha256


# What keeps a note from being signed


def test_a_wrong_password_leaves_a_draft(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id)
    with pytest.raises(UserError):
        desk.sign(note_id, "not the password of Rosa")
    assert open_note(desk.practice, desk.person, note_id).may_edit
    assert desk.count("signature") == 0
    with desk.practice.reading() as session:
        failed = session.scalars(select(AuditEvent.detail).where(AuditEvent.action == Action.FAILED_SIGN_IN.value))
        assert failed.all() == ["at:signature"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "empty"),
        ({"stop": None}, "Enter both times"),
        ({"stop": time(8, 50)}, "Correct the start or the stop"),
        ({"service_id": None}, "No service"),
        ({"date_of_service": TODAY + timedelta(days=1)}, "future"),
        ({"modality": Modality.VIDEO}, "place of service 11"),
        ({"modality": Modality.VIDEO, "place_of_service": "10"}, "in which state"),
        ({"diagnoses": (DraftDiagnosis(code="F33", title="Major depressive disorder, recurrent"),)}, "F33"),
    ],
)
def test_what_must_be_there_keeps_a_note_from_being_signed(desk: Desk, change: dict[str, Any], sentence: str) -> None:
    note_id = desk.start()
    desk.save(note_id, **change)
    must = [
        finding
        for finding in readiness(desk.practice, desk.person, desk.reference, note_id)
        if finding.need == "must"
    ]
    assert sentence in must[0].sentence
    with pytest.raises(UserError, match=sentence):
        desk.sign(note_id)
    assert open_note(desk.practice, desk.person, note_id).state is NoteState.DRAFT


def test_a_note_of_a_call_needs_no_times_and_no_service(desk: Desk) -> None:
    note_id = desk.start(kind=NoteKind.CONTACT, template="free", start=None, stop=None, service_id=None)
    desk.save(note_id, "Called to move Thursday’s session.")
    assert desk.sign(note_id).note_id == note_id


def test_a_missing_objective_is_pointed_out_once_a_plan_has_one(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id)
    keys = {finding.key for finding in readiness(desk.practice, desk.person, desk.reference, note_id)}
    assert keys == {"plan"}
    signed_plan(desk.practice, desk.person, desk.client_id, whole_plan())
    keys = {finding.key for finding in readiness(desk.practice, desk.person, desk.reference, note_id)}
    assert keys == {"objective"}
    objective = DraftObjective(thread="t", label="1a", text="Get up by seven")
    desk.save(note_id, objectives=(objective,))
    assert readiness(desk.practice, desk.person, desk.reference, note_id) == ()


def test_a_note_copied_from_the_one_before_is_pointed_out_and_can_still_be_signed(desk: Desk) -> None:
    text = "Practised breathing before the meeting with the landlord and stayed until its end. " * 4
    desk.signed(TODAY - timedelta(days=7), text)
    note_id = desk.start()
    desk.save(note_id, text)
    assert "cloned" in {one.key for one in readiness(desk.practice, desk.person, desk.reference, note_id)}
    desk.sign(note_id)
    assert readiness(desk.practice, desk.person, desk.reference, note_id) == ()


def test_nothing_is_signed_unseen(desk: Desk) -> None:
    note_id = desk.start()
    on_screen = desk.save(note_id)
    desk.save(note_id, "Added in the other window")
    with pytest.raises(UserError, match="another window"):
        sign_note(desk.practice, desk.person, desk.reference, note_id, PASSWORD, revision=on_screen)
    assert open_note(desk.practice, desk.person, note_id).may_edit


def test_only_the_author_signs_and_only_once(desk: Desk) -> None:
    esi = desk.colleague("Esi", Role.OWNER)
    note_id = desk.start()
    desk.save(note_id)
    with pytest.raises(UserError, match="Only its author"):
        sign_note(desk.practice, esi, desk.reference, note_id, colleague_password("Esi"), revision=2)
    desk.sign(note_id)
    with pytest.raises(UserError, match="never changes"):
        desk.sign(note_id)
    assert desk.count("signature") == 1


# A signed note never changes


def by_saving(desk: Desk, note_id: int) -> None:
    view = open_note(desk.practice, desk.person, note_id)
    save_draft(desk.practice, desk.person, note_id, replace(view.draft, risk_today="x"), view.revision)


def by_its_row(desk: Desk, note_id: int) -> None:
    with desk.practice.writing() as session:
        session.get_one(SessionNote, note_id).risk_today = "x"


def by_its_section(desk: Desk, note_id: int) -> None:
    with desk.practice.writing() as session:
        session.execute(update(NoteSection).where(NoteSection.note_id == note_id).values(text="x"))


def by_a_further_section(desk: Desk, note_id: int) -> None:
    with desk.practice.writing() as session:
        section = NoteSection(heading="More", text="x")
        section.note_id = note_id
        session.add(section)


def by_replacing(desk: Desk, note_id: int) -> None:
    with desk.practice.writing() as session:
        session.connection().exec_driver_sql(
            "INSERT OR REPLACE INTO note_section (id, note_id, heading, text, position) "
            "SELECT id, note_id, heading, 'x', position FROM note_section WHERE note_id = ?",
            (note_id,),
        )


def by_opening_it_again(desk: Desk, note_id: int) -> None:
    with desk.practice.writing() as session:
        session.execute(update(SessionNote).where(SessionNote.id == note_id).values(state=NoteState.DRAFT))


def by_deleting(desk: Desk, note_id: int) -> None:
    with desk.practice.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM session_note WHERE id = ?", (note_id,))


@pytest.mark.parametrize(
    "change",
    [by_saving, by_its_row, by_its_section, by_a_further_section, by_replacing, by_opening_it_again, by_deleting],
)
def test_a_signed_note_never_changes(desk: Desk, change: Callable[[Desk, int], None]) -> None:
    note_id = desk.signed()
    before = open_note(desk.practice, desk.person, note_id)
    with pytest.raises(UserError, match="signed and never changes"):
        change(desk, note_id)
    assert open_note(desk.practice, desk.person, note_id) == before
    assert verify_notes(desk.practice).fault == ""


# Snapshots


def test_a_signed_note_keeps_diagnoses_names_and_service_as_they_were(desk: Desk) -> None:
    note_id = desk.signed()
    before = open_note(desk.practice, desk.person, note_id).content
    for diagnosis in list_diagnoses(desk.practice, desk.person, desk.client_id):
        resolve_diagnosis(desk.practice, desk.person, desk.client_id, diagnosis.diagnosis_id, date(2025, 2, 1))
    with desk.practice.writing() as session:
        session.execute(update(Client).values(last_name="Okafor"))
        session.connection().exec_driver_sql("UPDATE service SET label = 'Renamed', code = '90837'")
    after = open_note(desk.practice, desk.person, note_id)
    assert after.content == before
    assert after.content.client_name == "Jordan Whitfield"
    assert verify_notes(desk.practice).fault == ""


def test_a_draft_keeps_its_diagnoses_when_the_list_of_the_client_changes(desk: Desk) -> None:
    note_id = desk.start()
    for diagnosis in list_diagnoses(desk.practice, desk.person, desk.client_id):
        resolve_diagnosis(desk.practice, desk.person, desk.client_id, diagnosis.diagnosis_id, date(2025, 2, 1))
    assert [one.code for one in desk.draft(note_id).diagnoses] == [ANXIETY, DEPRESSION]


def test_a_signature_keeps_licence_and_credentials_as_they_were_and_takes_them_as_they_are(desk: Desk) -> None:
    first = desk.signed()
    with desk.practice.writing() as session:
        session.execute(update(Person).values(credentials="LCSW, PhD"))
        session.execute(update(Licence).values(number="LC99999", expires_on=date(2029, 3, 31)))
    second = desk.signed()  # by the Person loaded at sign-in, before the change
    licences = [
        (signature.credentials, signature.licence)
        for note_id in (first, second)
        for signature in open_note(desk.practice, desk.person, note_id).signatures
    ]
    assert licences == [
        ("LCSW", "ME LCSW LC12345, expires 2027-03-31"),
        ("LCSW, PhD", "ME LCSW LC99999, expires 2029-03-31"),
    ]


# Late entries


@pytest.mark.parametrize(
    ("begun_at", "late"),
    [
        (datetime(2026, 11, 30, 8, 50, tzinfo=EST), False),  # 71 hours after the session’s end
        (datetime(2026, 11, 30, 9, 50, tzinfo=EST), False),  # 72
        (datetime(2026, 11, 30, 10, 50, tzinfo=EST), True),  # 73
    ],
)
def test_a_note_begun_more_than_72_hours_after_the_session_is_a_late_entry(
    desk: Desk, begun_at: datetime, late: bool
) -> None:
    desk.clock.now = begun_at
    note_id = desk.signed(date(2026, 11, 27))
    assert open_note(desk.practice, desk.person, note_id).content.late_entry is late
    assert [row.late_entry for row in list_notes(desk.practice, desk.person, desk.client_id)] == [late]


@pytest.mark.parametrize(
    ("begun_at", "late"),
    [
        (datetime(2026, 11, 3, 8, 50, tzinfo=EST), False),  # 72 hours by a stopwatch, 71 by the clock on the wall
        (datetime(2026, 11, 3, 9, 50, tzinfo=EST), False),
        (datetime(2026, 11, 3, 10, 50, tzinfo=EST), True),
        (datetime(2026, 11, 3, 9, 50, tzinfo=PST), False),  # begun on a journey
        (datetime(2026, 11, 3, 10, 50, tzinfo=PST), True),
    ],
)
def test_late_is_counted_on_the_wall_clock_across_the_end_of_daylight_saving_time(
    desk: Desk, begun_at: datetime, late: bool
) -> None:
    session_in_daylight_time = date(2026, 10, 31)
    desk.clock.now = begun_at
    confirm_clock(desk.practice, desk.person)  # the desk was made in November
    note_id = desk.signed(session_in_daylight_time)
    assert open_note(desk.practice, desk.person, note_id).content.late_entry is late


def test_what_counts_is_when_a_note_was_begun_and_not_when_it_was_signed(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id)
    desk.clock.move(days=10)
    assert not desk.sign(note_id).late_entry


def test_a_clock_put_back_makes_no_late_note_timely(desk: Desk) -> None:
    desk.clock.move(days=-18)
    put_back = desk.clock().date()
    open_note(desk.practice, desk.person, desk.start(put_back))  # what is logged meanwhile does not hide it
    note_id = desk.signed(put_back)
    content = open_note(desk.practice, desk.person, note_id).content
    assert content.late_entry
    assert content.begun_at == desk.clock()
    assert verify_notes(desk.practice).fault == ""


def test_after_an_owner_confirmed_the_clock_a_future_it_once_showed_counts_no_more(desk: Desk) -> None:
    desk.clock.move(days=2000)
    desk.start(desk.clock().date())
    desk.clock.move(days=-2000)
    assert open_note(desk.practice, desk.person, desk.start()).content.late_entry
    with pytest.raises(UserError, match="Only an owner"):
        confirm_clock(desk.practice, desk.colleague("Ama", Role.CLINICIAN))
    confirm_clock(desk.practice, desk.person)
    assert not open_note(desk.practice, desk.person, desk.start()).content.late_entry
    desk.clock.move(days=-18)
    assert open_note(desk.practice, desk.person, desk.start(desk.clock().date())).content.late_entry


def test_the_practice_chooses_its_own_hours(desk: Desk) -> None:
    change_facts(desk.practice, desk.person, {"late_entry_hours": 24})
    assert open_note(desk.practice, desk.person, desk.signed(TODAY - timedelta(days=2))).content.late_entry
