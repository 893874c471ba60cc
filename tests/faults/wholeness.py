"""Looking at everything that vouches for a practice."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from tests.conftest import PASSWORD
from tests.faults.workers import opened
from therapist_desktop.models.session_note import NoteSection
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice


def notes_of(practice: Practice) -> dict[int, str]:
    """Return the text of every note by its number."""
    with practice.reading() as session:
        rows = session.execute(select(NoteSection.note_id, NoteSection.text).order_by(NoteSection.note_id))
        return {number: words for number, words in rows}  # noqa: C416  (rows are no pairs to mypy)


def notes_if_all_is_whole(folder: Path, password: str = PASSWORD) -> dict[int, str]:
    """Open a practice, check pages, references, audit chain, signatures and index, and return all notes."""
    practice, _ = opened(folder, password)
    with practice.database.alone() as connection:
        assert connection.faults() == ()
    assert verify_audit_chain(practice).whole
    assert not verify_signatures(practice).fault
    notes = notes_of(practice)
    with practice.reading() as session:
        assert search_index.agrees(session)
        for words in list(notes.values())[-3:]:
            assert words in {
                notes[one.record_id] for one in search_index.find(session, words.split()[-1], limit=5000)
            }
    practice.close()
    return notes
