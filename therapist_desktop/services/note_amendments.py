"""What is written beside a signed note: addendum, correction, void; each dated and signed (clinical.md 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_content import AmendmentContent
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.session_note import Amendment, AmendmentKind, NoteState
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.note_loading import NOTE, load_note
from therapist_desktop.services.note_rows import StoredNote
from therapist_desktop.services.note_seals import signed_note
from therapist_desktop.services.people import load_person
from therapist_desktop.services.signing import add_signature, confirm_signer
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class Amended:
    """An amendment that was just signed."""

    amendment_id: int
    note_id: int
    client_id: int
    kind: AmendmentKind
    signed_at: datetime


def amend_note(
    practice: Practice,
    person: Person,
    note_id: int,
    kind: AmendmentKind,
    text: str,
    *,
    password: str,
    what_was_wrong: str = "",
) -> Amended:
    """Write beside a signed note and sign that; the note itself stays as it is, whatever is said about it.

    An addendum tells something new. A correction tells what was wrong and what is right. A void tells why the whole
    note does not count (in ``what_was_wrong`` or ``text``): it is struck through on paper and kept for ever. Any
    clinician who may open the note can write beside it, under their own name; only its author or an owner voids it.
    Source: CMS Program Integrity Manual ch. 3 § 3.3.2.5.
    """
    text, what_was_wrong = text.strip(), what_was_wrong.strip()
    _check_words(kind, text, what_was_wrong)
    confirm_signer(practice, person, password)
    with practice.writing() as session:
        note = load_note(session, person, note_id)
        _check_note(session, person, note, kind)
        amendment = Amendment(
            note_id=note_id,
            client_id=note.client_id,
            author_id=person.id,
            kind=kind,
            written_at=practice.clock(),
            text=text,
            what_was_wrong=what_was_wrong,
        )
        session.add(amendment)
        session.flush()
        signature = add_signature(
            session,
            practice,
            load_person(session, person.id),
            kind=SignedKind.AMENDMENT,
            record_id=amendment.id,
            client_id=note.client_id,
            content=amendment_content(amendment, signed_note(session, note_id).sha256),
        )
        search_index.put(
            session,
            SearchKind.AMENDMENT,
            amendment.id,
            client_id=note.client_id,
            title=kind.value.capitalize(),
            body=f"{what_was_wrong}\n{text}".strip(),
            on_date=note.draft.date_of_service,
        )
        record_event(
            session,
            practice,
            person.id,
            Action.AMEND,
            record_kind=NOTE,
            record_id=note_id,
            client_id=note.client_id,
            detail=f"{kind.value}:{amendment.id}",
        )
    return Amended(
        amendment_id=amendment.id,
        note_id=note_id,
        client_id=note.client_id,
        kind=kind,
        signed_at=signature.signed_at,
    )


def amendment_content(amendment: Amendment, note_sha256: str) -> AmendmentContent:
    """Return what is signed: the amendment, bound to the exact content of the note it speaks of."""
    return AmendmentContent(
        kind=amendment.kind.value,
        text=amendment.text,
        what_was_wrong=amendment.what_was_wrong,
        note_id=amendment.note_id,
        note_sha256=note_sha256,
        written_at=amendment.written_at,
    )


def _check_words(kind: AmendmentKind, text: str, what_was_wrong: str) -> None:
    if kind is AmendmentKind.VOID:
        if not text and not what_was_wrong:
            raise UserError("A note is voided for a reason. Say why it does not count.")
    elif not text:
        raise UserError(f"The {kind.value} is empty. Write what is to stand beside the note.")
    elif kind is AmendmentKind.CORRECTION and not what_was_wrong:
        raise UserError("A correction says what was wrong. Name it, and why it was wrong if you know.")


def _check_note(session: Session, person: Person, note: StoredNote, kind: AmendmentKind) -> None:
    if note.state is NoteState.DRAFT:
        raise UserError("This note is not signed yet. Write in the note itself, or discard the draft.")
    if kind is not AmendmentKind.VOID:
        return
    if note.author_id != person.id and not person.has(Role.OWNER):
        raise UserError("Only its author or an owner of the practice can void a note. Write an addendum instead.")
    void = select(Amendment.id).where(Amendment.note_id == note.note_id, Amendment.kind == AmendmentKind.VOID)
    if session.scalar(void.limit(1)) is not None:
        raise UserError("This note is void already. What else there is to say goes into an addendum.")
