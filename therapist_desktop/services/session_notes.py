"""Session notes while they are written: beginning, saving, opening and discarding them (clinical.md 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.billing import Charge
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.letterhead_content import SignatureContent
from therapist_desktop.models.note_content import NoteContent, SignedAmendment
from therapist_desktop.models.note_templates import DEFAULT_TEMPLATE, NoteKind, note_template
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.place_and_modifiers import MODIFIERS_BY_MODALITY, TELEHEALTH_PLACES
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.service import Service
from therapist_desktop.models.session_note import Modality, NoteState
from therapist_desktop.services.access import require_client
from therapist_desktop.services.audit_trail import EDITING_PAUSE, Action, record_event
from therapist_desktop.services.clock_watch import seen_later_than
from therapist_desktop.services.note_draft import DraftDiagnosis, DraftSection, NoteDraft
from therapist_desktop.services.note_loading import (
    NOTE,
    load_note,
    load_own_draft,
    note_content,
    require_draft,
    require_revision,
    sheet_of,
)
from therapist_desktop.services.note_rows import add_note, remove_note, write_draft
from therapist_desktop.services.note_seals import signed_amendments, signed_note
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """An opened note."""

    note_id: int
    client_id: int
    author_id: int
    state: NoteState
    revision: int
    """To be given back with the next save."""
    begun_at: datetime
    saved_at: datetime
    signed_at: datetime | None
    draft: NoteDraft
    content: NoteContent
    """Of a signed note exactly what was signed; of a draft what would be."""
    signatures: tuple[SignatureContent, ...]
    amendments: tuple[SignedAmendment, ...]
    may_edit: bool


def start_note(
    practice: Practice,
    person: Person,
    client_id: int,
    date_of_service: date,
    *,
    template: str = DEFAULT_TEMPLATE,
    kind: NoteKind = NoteKind.PROGRESS,
    service_id: int | None = None,
    start: time | None = None,
    stop: time | None = None,
    modality: Modality | None = None,
    participants: str = "",
) -> int:
    """Begin a draft and return its number; a client can have many notes on one day.

    It takes over the client’s diagnoses of that date, and proposes place and modality from the service. Of
    earlier notes nothing is copied: cloned narrative is what reviewers reject.
    """
    chosen = note_template(template)
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        service = _service(session, service_id) if service_id is not None else None
        draft = NoteDraft(
            date_of_service=date_of_service,
            kind=kind,
            template=chosen.name,
            start=start,
            stop=stop,
            place_of_service=service.place_of_service if service else "",
            modality=modality or (_usual_modality(service) if service else Modality.IN_PERSON),
            participants=participants,
            service_id=service_id,
            sections=tuple(DraftSection(heading=heading) for heading in chosen.headings),
            diagnoses=_diagnoses_on(session, client_id, date_of_service),
        )
        now = practice.clock()
        seen = seen_later_than(session, now)
        note_id = add_note(session, client_id, person.id, draft, now, not_begun_before=seen)
        search_index.put(session, SearchKind.SESSION_NOTE, note_id, client_id=client_id, **_search_entry(draft))
        _log(session, practice, person, Action.CREATE, note_id, client_id)
    return note_id


def save_draft(practice: Practice, person: Person, note_id: int, draft: NoteDraft, revision: int) -> int:
    """Save a draft that was opened or last saved at ``revision``; return the new revision.

    Made to be called every few seconds: only what changed is written, and nothing at all if nothing did. The
    audit trail gets one event for an editing session, which is a row of saves without a pause of
    ``EDITING_PAUSE``, and not one for every few seconds of typing. If the note was saved from elsewhere since,
    nothing is written; saving again what is already stored does no harm.
    """
    with practice.writing() as session:
        note = load_own_draft(session, person, note_id)
        if draft == note.draft:
            return note.revision
        require_revision(note, revision)
        if draft.service_id not in (None, note.draft.service_id):
            _service(session, draft.service_id)
        now = practice.clock()
        saved = write_draft(session, note, draft, now)
        entry = _search_entry(draft)
        if entry != _search_entry(note.draft):
            search_index.put(session, SearchKind.SESSION_NOTE, note_id, client_id=note.client_id, **entry)
        if abs(now - note.updated_at) >= EDITING_PAUSE:
            _log(session, practice, person, Action.CHANGE, note_id, note.client_id)
    return saved


def open_note(practice: Practice, person: Person, note_id: int) -> NoteView:
    """Open a note to read it or to go on writing; the audit trail notes who looked."""
    with practice.writing() as session:
        note = load_note(session, person, note_id)
        signatures: tuple[SignatureContent, ...] = ()
        amendments: tuple[SignedAmendment, ...] = ()
        if note.state is NoteState.SIGNED:
            signed = signed_note(session, note_id)
            content, signatures = signed.content, signed.signatures
            amendments = signed_amendments(session, note_id)
        else:
            content = note_content(sheet_of(session, note))
        _log(session, practice, person, Action.VIEW, note_id, note.client_id)
    return NoteView(
        note_id=note_id,
        client_id=note.client_id,
        author_id=note.author_id,
        state=note.state,
        revision=note.revision,
        begun_at=note.created_at,
        saved_at=note.updated_at,
        signed_at=note.signed_at,
        draft=note.draft,
        content=content,
        signatures=signatures,
        amendments=amendments,
        may_edit=note.state is NoteState.DRAFT and note.author_id == person.id,
    )


def discard_draft(practice: Practice, person: Person, note_id: int, revision: int) -> None:
    """Delete a draft for good, words and all: one’s own, or as an owner an empty one of somebody else.

    Only the ``revision`` somebody has seen is deleted. The audit trail keeps that it was, and whether it was empty.
    """
    with practice.writing() as session:
        note = load_note(session, person, note_id)
        require_draft(note)
        empty = not note.draft.words
        if note.author_id != person.id and not (empty and person.has(Role.OWNER)):
            raise UserError("Only its author can discard a draft, or an owner if it is empty. Ask them to do it.")
        require_revision(note, revision)
        if session.scalar(select(Charge.id).where(Charge.note_id == note_id).limit(1)) is not None:
            raise UserError("The session of this note was charged, so the note is kept. Finish it and sign it.")
        remove_note(session, note)
        search_index.remove(session, SearchKind.SESSION_NOTE, note_id)
        _log(session, practice, person, Action.DISCARD, note_id, note.client_id, "empty" if empty else "with-words")


def _service(session: Session, service_id: int | None) -> Service:
    service = session.get(Service, service_id)
    if service is None:
        raise UserError("There is no such service in the catalogue. Choose another one.")
    return service


def _usual_modality(service: Service) -> Modality:
    if MODIFIERS_BY_MODALITY["audio"] & set(service.modifiers):
        return Modality.AUDIO
    return Modality.VIDEO if service.place_of_service in TELEHEALTH_PLACES else Modality.IN_PERSON


def _diagnoses_on(session: Session, client_id: int, day: date) -> tuple[DraftDiagnosis, ...]:
    known = session.scalars(
        select(Diagnosis).where(Diagnosis.client_id == client_id).order_by(Diagnosis.position, Diagnosis.id)
    )
    return tuple(
        DraftDiagnosis(code=one.code, title=one.title, release=one.release) for one in known if one.active_on(day)
    )


def _search_entry(draft: NoteDraft) -> dict[str, Any]:
    title = draft.kind.value if draft.kind is NoteKind.ABSENCE else f"{draft.kind.value} note"
    return {"title": title.capitalize(), "body": draft.words, "on_date": draft.date_of_service}


def _log(
    session: Session,
    practice: Practice,
    person: Person,
    action: Action,
    note_id: int,
    client_id: int,
    detail: str = "",
) -> None:
    record_event(
        session,
        practice,
        person.id,
        action,
        record_kind=NOTE,
        record_id=note_id,
        client_id=client_id,
        detail=detail,
    )
