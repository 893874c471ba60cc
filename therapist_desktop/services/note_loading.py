"""Who may open a note, and the canonical content that is made of it (clinical.md 6.1, 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_content import (
    NoteContent,
    NoteDiagnosisContent,
    NoteObjectiveContent,
    NoteSectionContent,
)
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.service import Service
from therapist_desktop.models.session_note import NoteState
from therapist_desktop.models.session_time import is_late_entry, session_end, session_minutes
from therapist_desktop.services.access import require_clinical, visible_clients
from therapist_desktop.services.note_rows import StoredNote, read_note

NOTE = "session note"
"""The word for a note in the audit trail."""

STALE = (
    "This note was saved from another window since you opened it here, and nothing was overwritten. "
    "Copy what you wrote, open the note again and put it in."
)
_SIGNED = "This note is signed and never changes. Write an addendum or a correction instead."
_MISSING = "There is no such note, or it is not open to you. Check the list of notes."

_CONTEXT = (
    select(Client, Service, PracticeFacts.late_entry_hours)
    .select_from(Client)
    .join(PracticeFacts, PracticeFacts.id == 1)
    .outerjoin(Service, Service.id == bindparam("service_id"))
    .where(Client.id == bindparam("client_id"))
)


@dataclass(frozen=True)
class NoteSheet:
    """A note with what its content takes from elsewhere."""

    note: StoredNote
    client: Client
    service: Service | None
    late_entry_hours: int


def load_note(session: Session, person: Person, note_id: int) -> StoredNote:
    """Return a note somebody may open.

    Those are the notes of visible charts, the notes of the people they supervise, and their own drafts: what
    somebody began to write can be finished even if the client has gone to a colleague meanwhile.
    """
    require_clinical(person)
    note = read_note(session, note_id)
    if note is None or not _may_open(session, person, note):
        raise UserError(_MISSING)
    return note


def load_own_draft(session: Session, person: Person, note_id: int, revision: int | None = None) -> StoredNote:
    """Return a draft to its author, and only as of a revision if one is given."""
    note = load_note(session, person, note_id)
    if note.author_id != person.id:
        raise UserError("Only its author can do this with a note. Ask them to sign in.")
    require_draft(note)
    if revision is not None:
        require_revision(note, revision)
    return note


def require_revision(note: StoredNote, revision: int) -> None:
    """Raise if a note was saved since it was at ``revision``."""
    if note.revision != revision:
        raise UserError(STALE)


def require_draft(note: StoredNote) -> None:
    """Raise if the note is signed; the file itself would refuse the change as well."""
    if note.state is NoteState.SIGNED:
        raise UserError(_SIGNED)


def sheet_of(session: Session, note: StoredNote) -> NoteSheet:
    """Return a note with what its content takes from elsewhere."""
    ids = {"client_id": note.client_id, "service_id": note.draft.service_id}
    return NoteSheet(note, *session.execute(_CONTEXT, ids).one())


def _may_open(session: Session, person: Person, note: StoredNote) -> bool:
    if note.author_id == person.id and note.state is NoteState.DRAFT:
        return True
    author_id = select(Person.id).where(Person.id == note.author_id, Person.supervisor_id == person.id)
    seen = select(Client.id).where(Client.id == note.client_id, or_(visible_clients(person), author_id.exists()))
    return session.scalar(seen) is not None


def note_content(sheet: NoteSheet) -> NoteContent:
    """Return the canonical content of a draft as it stands: what will be signed, hashed and printed.

    It is a late entry if it was begun more than the practice’s hours after the session, both read from the wall
    clock of the place where it was begun; a clock that was put back does not make it earlier than the audit trail.
    """
    note, client, service = sheet.note, sheet.client, sheet.service
    draft = note.draft
    ended_at = session_end(draft.date_of_service, draft.start, draft.stop, note.created_at.tzinfo)
    return NoteContent(
        client_name=client.legal_name,
        client_born_on=client.born_on,
        service_label=service.label if service else "",
        service_code=service.code if service else "",
        late_entry=is_late_entry(note.not_begun_before or note.created_at, ended_at, sheet.late_entry_hours),
        **stored_content(note),
    )


def stored_content(note: StoredNote) -> dict[str, Any]:
    """Return the part of the content that stands in the rows of the note itself, by the names of ``NoteContent``."""
    draft = note.draft
    return {
        "client_id": note.client_id,
        "kind": draft.kind.value,
        "template": draft.template,
        "date_of_service": draft.date_of_service,
        "start": draft.start,
        "stop": draft.stop,
        "interruption_minutes": draft.interruption_minutes,
        "minutes": minutes_between(draft.start, draft.stop, draft.interruption_minutes),
        "place_of_service": draft.place_of_service,
        "modality": draft.modality.value,
        "client_state": draft.client_state,
        "client_location": draft.client_location,
        "participants": draft.participants,
        "risk_today": draft.risk_today,
        "service_id": draft.service_id,
        "diagnoses": tuple(
            NoteDiagnosisContent(code=one.code, title=one.title, release=one.release) for one in draft.diagnoses
        ),
        "objectives": tuple(
            NoteObjectiveContent(label=one.label, text=one.text, progress=one.progress, thread=one.thread)
            for one in draft.objectives
        ),
        "interventions": draft.interventions,
        "sections": tuple(NoteSectionContent(heading=one.heading, text=one.text) for one in draft.sections),
        "begun_at": note.created_at,
    }


def minutes_between(start: time | None, stop: time | None, interruption_minutes: int) -> int | None:
    """Return the minutes of a session, None while its times are missing or cannot be."""
    if start is None or stop is None:
        return None
    try:
        return session_minutes(start, stop, interruption_minutes)
    except UserError:
        return None
