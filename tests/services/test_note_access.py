"""Who may read notes and write in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from tests.services.note_samples import TODAY, Desk
from therapist_desktop.models.client import ClientAccess
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Role
from therapist_desktop.services.note_lists import list_notes, open_drafts
from therapist_desktop.services.session_notes import (
    discard_draft,
    open_note,
    save_draft,
    start_note,
)


def test_a_biller_gets_a_sentence_and_no_note(desk: Desk) -> None:
    note_id = desk.signed()
    ama = desk.colleague("Ama", Role.BILLER)
    for verb in (
        lambda: open_note(desk.practice, ama, note_id),
        lambda: list_notes(desk.practice, ama, desk.client_id),
        lambda: open_drafts(desk.practice, ama),
        lambda: start_note(desk.practice, ama, desk.client_id, TODAY),
        lambda: discard_draft(desk.practice, ama, note_id, 1),
    ):
        with pytest.raises(UserError, match="for clinicians"):
            verb()


def test_a_clinician_without_access_to_the_chart_sees_no_note_of_it(desk: Desk) -> None:
    note_id = desk.signed()
    kofi = desk.colleague("Kofi", Role.CLINICIAN)
    with pytest.raises(UserError, match="no such note"):
        open_note(desk.practice, kofi, note_id)
    with pytest.raises(UserError, match="no such client"):
        list_notes(desk.practice, kofi, desk.client_id)


def test_a_colleague_with_access_reads_a_draft_and_only_its_author_writes_in_it(desk: Desk) -> None:
    kofi = desk.colleague("Kofi", Role.CLINICIAN)
    desk.share_with(kofi)
    note_id = desk.start()
    view = open_note(desk.practice, kofi, note_id)
    assert not view.may_edit
    with pytest.raises(UserError, match="Only its author"):
        save_draft(desk.practice, kofi, note_id, replace(view.draft, risk_today="x"), view.revision)


def test_an_author_can_finish_a_draft_after_the_client_went_to_a_colleague(desk: Desk) -> None:
    kofi = desk.colleague("Kofi", Role.CLINICIAN)
    desk.share_with(kofi)
    theirs = desk.as_seen_by(kofi)
    note_id = theirs.start()
    with desk.practice.writing() as session:
        session.execute(delete(ClientAccess))
    theirs.save(note_id)
    theirs.sign(note_id, "Kofi walks the pier slowly")
    with pytest.raises(UserError, match="no such note"):
        open_note(desk.practice, kofi, note_id)


def test_a_supervisor_reads_what_a_supervisee_wrote(desk: Desk) -> None:
    esi = desk.colleague("Esi", Role.CLINICIAN)
    kofi = desk.colleague("Kofi", Role.SUPERVISEE, supervisor_id=esi.id)
    desk.share_with(kofi)
    note_id = desk.as_seen_by(kofi).start()
    assert open_note(desk.practice, esi, note_id).note_id == note_id


def test_a_missing_note_is_answered_with_a_sentence(desk: Desk) -> None:
    with pytest.raises(UserError, match="no such note"):
        open_note(desk.practice, desk.person, 999)
