"""A note that was signed elsewhere: kept as it was, even where ``sign_note`` would refuse it today."""

from __future__ import annotations

from therapist_desktop.models.people import Person
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.note_loading import NOTE, load_own_draft, note_content, sheet_of
from therapist_desktop.services.note_rows import write_signed
from therapist_desktop.services.signing import add_signature
from therapist_desktop.storage.practice import Practice


def import_signed_note(practice: Practice, person: Person, note_id: int) -> None:
    """Sign a draft without asking what it lacks, so that the sample has a superbill that would be rejected."""
    with practice.writing() as session:
        note = load_own_draft(session, person, note_id)
        content = note_content(sheet_of(session, note))
        signature = add_signature(
            session,
            practice,
            person,
            kind=SignedKind.SESSION_NOTE,
            record_id=note_id,
            client_id=note.client_id,
            content=content,
        )
        write_signed(session, note, signature.signed_at, late_entry=content.late_entry)
        record_event(
            session,
            practice,
            person.id,
            Action.IMPORT,
            record_kind=NOTE,
            record_id=note_id,
            client_id=note.client_id,
        )
