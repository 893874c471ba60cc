"""Notes changed behind the program’s back are found and not shown."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest

from tests.services.note_samples import JORDAN, Desk
from therapist_desktop.models.canonical import canonical_bytes, from_canonical
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_content import NoteContent
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.note_draft import DraftObjective
from therapist_desktop.services.note_verification import verify_notes
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.services.signing import signatures_of, signed_bytes, verify_signatures


def signed_content(desk: Desk, note_id: int) -> NoteContent:
    with desk.practice.reading() as session:
        signature = signatures_of(session, SignedKind.SESSION_NOTE, note_id)[0]
        return from_canonical(signed_bytes(session, signature.id), NoteContent)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE note_section SET text = 'Nothing happened.' WHERE position = 0",
        "UPDATE session_note SET stop = '10:30:00.000000'",
        "UPDATE session_note SET late_entry = 1",
        "UPDATE session_note SET signed_at = '2026-11-24T15:00:00.000000Z-0500'",
        "UPDATE note_diagnosis SET code = 'F43.10' WHERE position = 0",
        "DELETE FROM note_diagnosis WHERE position = 1",
        "INSERT INTO note_section (note_id, heading, text, position) VALUES (1, 'More', 'x', 9)",
        "UPDATE note_diagnosis SET release = 'FY1999' WHERE position = 0",
        "UPDATE session_note SET service_id = NULL",
        "UPDATE session_note SET state = 'draft'",
        "DELETE FROM signed_content",
    ],
)
def test_a_row_changed_behind_the_programs_back_is_found(desk: Desk, statement: str) -> None:
    note_id = desk.signed()
    assert verify_notes(desk.practice).fault == ""
    desk.behind_its_back(statement)
    assert f"ote {note_id}" in verify_notes(desk.practice).fault


def test_an_objective_that_was_moved_to_another_thread_is_found(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id, objectives=(DraftObjective(thread="sleep", label="1a", text="Sleep seven hours"),))
    desk.sign(note_id)
    assert verify_notes(desk.practice).fault == ""
    desk.behind_its_back("UPDATE note_objective SET thread = 'work'")
    assert f"ote {note_id}" in verify_notes(desk.practice).fault


def test_a_signature_that_was_moved_to_another_client_is_found(desk: Desk) -> None:
    desk.signed()
    maya = add_client(desk.practice, desk.person, replace(JORDAN, first_name="Maya"))
    desk.behind_its_back("UPDATE signature SET client_id = ?", maya)
    assert "Signature 1 was changed" in verify_signatures(desk.practice).fault


def test_changed_signed_bytes_are_found_and_not_shown(desk: Desk) -> None:
    note_id = desk.signed()
    forged = replace(signed_content(desk, note_id), participants="nobody")
    desk.behind_its_back("UPDATE signed_content SET compressed = ?", zlib.compress(canonical_bytes(forged)))
    assert verify_signatures(desk.practice).fault
    assert verify_notes(desk.practice).fault
    with pytest.raises(UserError, match="not what was signed"):
        open_note(desk.practice, desk.person, note_id)
