"""Signing notes: what is still missing, the author’s signature, the supervisor’s beside it (clinical.md 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_content import NoteContent
from therapist_desktop.models.note_likeness import clone_finding
from therapist_desktop.models.note_readiness import Need, NoteContext, NoteFinding, note_findings
from therapist_desktop.models.people import Person
from therapist_desktop.models.session_note import NoteSection, NoteState, SessionNote
from therapist_desktop.models.signature import Meaning, Signature, SignedKind
from therapist_desktop.models.treatment_plan import ObjectiveStatus
from therapist_desktop.services.audit_trail import Action, record_event, record_once
from therapist_desktop.services.note_loading import (
    NOTE,
    NoteSheet,
    load_note,
    load_own_draft,
    note_content,
    sheet_of,
)
from therapist_desktop.services.note_rows import StoredNote, write_signed
from therapist_desktop.services.note_seals import signed_note
from therapist_desktop.services.people import load_person
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.signing import add_signature, confirm_signer
from therapist_desktop.services.treatment_plan_lists import objectives_on
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature that was just given to a note."""

    note_id: int
    client_id: int
    signed_at: datetime
    late_entry: bool
    content_sha256: str


def readiness(practice: Practice, person: Person, reference: Reference, note_id: int) -> tuple[NoteFinding, ...]:
    """Return what a draft lacks, first what keeps it from being signed; a signed note lacks nothing any more."""
    with practice.writing() as session:
        note = load_note(session, person, note_id)
        record_once(
            session,
            practice,
            person.id,
            Action.VIEW,
            record_kind=NOTE,
            record_id=note_id,
            client_id=note.client_id,
            detail="readiness",
        )
        if note.state is NoteState.SIGNED:
            return ()
        found = _findings(practice, reference, sheet_of(session, note), with_plan=_has_objectives(session, note))
        before = _narrative_before(session, note)
    cloned = clone_finding([section.text for section in note.draft.sections], before)
    return (*found, cloned) if cloned else found


def sign_note(
    practice: Practice,
    person: Person,
    reference: Reference,
    note_id: int,
    password: str,
    *,
    revision: int,
) -> Signed:
    """Sign a draft as its author, for good, and return the signature.

    The password is asked again: two components, as for any electronic signature (clinical.md 6.4). Raises
    ``UserError`` and leaves the draft as it is if the password is wrong or something is missing that must be there.
    ``revision`` is that of the draft on the screen: if it was saved elsewhere since, nothing is signed unseen.
    """
    confirm_signer(practice, person, password)
    with practice.writing() as session:
        note = load_own_draft(session, person, note_id, revision)
        sheet = sheet_of(session, note)
        # What only should be there, such as an objective, does not matter here: no need to look for the plan.
        for finding in _findings(practice, reference, sheet, with_plan=False):
            if finding.need is Need.MUST:
                raise UserError(finding.sentence)
        content = note_content(sheet)
        signature = _add_signature(session, practice, person, note, content, Meaning.AUTHOR)
        write_signed(session, note, signature.signed_at, late_entry=content.late_entry)
    return _signed(signature, content)


def cosign_note(practice: Practice, person: Person, note_id: int, password: str) -> Signed:
    """Sign a supervisee’s signed note as the supervisor: a further signature over the same bytes, no edit."""
    confirm_signer(practice, person, password)
    with practice.writing() as session:
        note = load_note(session, person, note_id)
        if load_person(session, note.author_id).supervisor_id != person.id:
            raise UserError("Only the supervisor of its author can co-sign a note. Ask them to sign in.")
        if note.state is NoteState.DRAFT:
            raise UserError("The author has not signed this note yet. Co-sign it after them.")
        signed = signed_note(session, note_id)
        if any(signature.meaning == Meaning.COSIGNER for signature in signed.signatures):
            raise UserError("This note is co-signed already. There is nothing more to do.")
        signature = _add_signature(session, practice, person, note, signed.content, Meaning.COSIGNER)
    return _signed(signature, signed.content)


def _add_signature(
    session: Session, practice: Practice, person: Person, note: StoredNote, content: NoteContent, meaning: Meaning
) -> Signature:
    signature = add_signature(
        session,
        practice,
        load_person(session, person.id),  # credentials and licences as they are now, not as at sign-in
        kind=SignedKind.SESSION_NOTE,
        record_id=note.note_id,
        client_id=note.client_id,
        content=content,
        meaning=meaning,
    )
    record_event(
        session,
        practice,
        person.id,
        Action.SIGN,
        record_kind=NOTE,
        record_id=note.note_id,
        client_id=note.client_id,
        detail=meaning.value,
    )
    return signature


def _signed(signature: Signature, content: NoteContent) -> Signed:
    return Signed(
        note_id=signature.record_id,
        client_id=signature.client_id,
        signed_at=signature.signed_at,
        late_entry=content.late_entry,
        content_sha256=signature.content_sha256,
    )


def _findings(
    practice: Practice, reference: Reference, sheet: NoteSheet, *, with_plan: bool
) -> tuple[NoteFinding, ...]:
    context = NoteContext(
        today=practice.clock().date(),
        service_kind=sheet.service.kind.value if sheet.service else "",
        plan_has_objectives=with_plan,
        is_session=sheet.note.draft.kind.is_session,
    )
    return note_findings(note_content(sheet), catalog=reference.icd10, rules=reference.billing_rules, context=context)


def _has_objectives(session: Session, note: StoredNote) -> bool:
    """Whether the plan in force on the date of service has an objective that is still worked on."""
    worked_on = (ObjectiveStatus.OPEN, ObjectiveStatus.PARTLY_MET)
    objectives = objectives_on(session, note.client_id, note.draft.date_of_service)
    return any(objective.status in worked_on for objective in objectives)


def _narrative_before(session: Session, note: StoredNote) -> list[str]:
    """Return what stands under the headings of the client’s note before this one."""
    place = tuple_(SessionNote.date_of_service, SessionNote.id)
    before = (
        select(SessionNote.id)
        .where(
            SessionNote.client_id == note.client_id,
            place < tuple_(literal(note.draft.date_of_service), literal(note.note_id)),
        )
        .order_by(SessionNote.date_of_service.desc(), SessionNote.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    texts = select(NoteSection.text).where(NoteSection.note_id == before).order_by(NoteSection.position)
    return list(session.scalars(texts))
