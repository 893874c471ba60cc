"""Notes on paper: exactly what was signed, with its signatures and everything written beside it since."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from therapist_desktop.models.note_content import NotePaper
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.session_note import NoteState
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.note_loading import NOTE, load_note, note_content, sheet_of
from therapist_desktop.services.note_rows import StoredNote
from therapist_desktop.services.note_seals import signed_amendments, signed_note
from therapist_desktop.services.people import load_person
from therapist_desktop.storage.practice import Practice


def note_paper(practice: Practice, person: Person, note_id: int) -> NotePaper:
    """Return what the document of a note says, as for a preview; the audit trail notes who looked."""
    return _logged_paper(practice, person, note_id, Action.VIEW)


def print_note(practice: Practice, person: Person, note_id: int) -> bytes:
    """Return the document of a note as a PDF; of a draft it says so on every page.

    The audit trail notes the printing before the document is made: better one entry too many than one too few.
    """
    from therapist_desktop.reports import session_note  # noqa: PLC0415  (slow to load)

    return session_note.build(_logged_paper(practice, person, note_id, Action.PRINT))


def _logged_paper(practice: Practice, person: Person, note_id: int, action: Action) -> NotePaper:
    with practice.writing() as session:
        note = load_note(session, person, note_id)
        paper = _paper(session, practice, note)
        record_event(
            session,
            practice,
            person.id,
            action,
            record_kind=NOTE,
            record_id=note_id,
            client_id=note.client_id,
        )
    return paper


def _paper(session: Session, practice: Practice, note: StoredNote) -> NotePaper:
    now = practice.clock()
    heading = session.get_one(PracticeFacts, 1).content()
    author = load_person(session, note.author_id)
    if note.state is NoteState.DRAFT:
        return NotePaper(
            practice=heading,
            author=author.content_on(now.date()),
            note=note_content(sheet_of(session, note)),
            signatures=(),
            amendments=(),
            printed_at=now,
        )
    signed = signed_note(session, note.note_id)
    signature = signed.signatures[0]
    return NotePaper(
        practice=heading,
        # The author may have married or earned a degree since; the signature knows them as they were.
        author=replace(
            author.content_on(signature.signed_at.date()), name=signature.name, credentials=signature.credentials
        ),
        note=signed.content,
        signatures=signed.signatures,
        amendments=signed_amendments(session, note.note_id),
        printed_at=now,
    )
