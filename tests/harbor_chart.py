"""Clients and notes put straight into a practice, for tests of what keeps them."""

from __future__ import annotations

from therapist_desktop.models.client import Client
from therapist_desktop.models.people import Person
from therapist_desktop.models.session_note import NoteSection, NoteState, SessionNote
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.signing import add_signature
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.search_index import SearchKind, put


def add_client(practice: Practice, person: Person, first_name: str = "Jordan", last_name: str = "Whitfield") -> int:
    """Add a client, to the index and the audit chain too."""
    with practice.writing() as session:
        client = Client(
            created_at=practice.clock(),
            first_name=first_name,
            last_name=last_name,
            clinician_id=person.id,
            sort_name=f"{last_name}, {first_name}".casefold(),
        )
        session.add(client)
        session.flush()
        put(session, SearchKind.CLIENT, client.id, client_id=client.id, title=client.name, body="")
        record_event(
            session,
            practice,
            person.id,
            Action.CREATE,
            record_kind="client",
            record_id=client.id,
            client_id=client.id,
        )
    return client.id


def write_note(practice: Practice, person: Person, client_id: int, text: str, *, sign: bool = False) -> int:
    """Write a note of one section in one transaction: row, text, index, audit event, and signature if asked."""
    day = practice.clock().date()
    with practice.writing() as session:
        note = SessionNote(
            client_id=client_id,
            author_id=person.id,
            created_at=practice.clock(),
            updated_at=practice.clock(),
            date_of_service=day,
            sections=[NoteSection(heading="Data", text=text)],
        )
        session.add(note)
        session.flush()
        put(
            session,
            SearchKind.SESSION_NOTE,
            note.id,
            client_id=client_id,
            title=f"Note of {day.isoformat()}",
            body=text,
            on_date=day,
        )
        if sign:
            note.state = NoteState.SIGNED
            note.signed_at = practice.clock()
            add_signature(
                session,
                practice,
                person,
                kind=SignedKind.SESSION_NOTE,
                record_id=note.id,
                client_id=client_id,
                content=text,
            )
        record_event(
            session,
            practice,
            person.id,
            Action.SIGN if sign else Action.CREATE,
            record_kind="session note",
            record_id=note.id,
            client_id=client_id,
        )
    return note.id
