"""Comparing every signed note and amendment as it is stored with the bytes that were signed.

``signing.verify_signatures`` shows that the signed bytes are whole; this shows that the chart still says the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

import msgspec
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from therapist_desktop.models.canonical import from_canonical
from therapist_desktop.models.note_content import AmendmentContent, NoteContent
from therapist_desktop.models.session_note import Amendment, NoteState, SessionNote
from therapist_desktop.models.signature import Meaning, Signature, SignedContent, SignedKind
from therapist_desktop.services.note_amendments import amendment_content
from therapist_desktop.services.note_loading import stored_content
from therapist_desktop.services.note_rows import read_note
from therapist_desktop.storage.practice import Practice

_AT_ONCE = 500
"""Notes looked at before others may use the practice again."""

C = TypeVar("C", NoteContent, AmendmentContent)


@dataclass(frozen=True)
class NotesReport:
    """What comparing the notes found."""

    notes: int
    """Signed notes that were compared."""
    fault: str = ""
    """Empty if all is well; otherwise one sentence."""


def verify_notes(practice: Practice) -> NotesReport:
    """Compare every signed note with what was signed, and look for signatures whose note is gone or open again."""
    with practice.reading() as session:
        fault = _without_record(session) or _changed_amendment(session)
    count, last = 0, 0
    while not fault:
        with practice.reading() as session:
            signed = SessionNote.state == NoteState.SIGNED
            ids = session.scalars(
                select(SessionNote.id).where(SessionNote.id > last, signed).order_by(SessionNote.id).limit(_AT_ONCE)
            ).all()
            if not ids:
                break
            fault = _changed_note(session, ids)
        count, last = count + len(ids), ids[-1]
    return NotesReport(count, fault)


def _changed_note(session: Session, ids: Sequence[int]) -> str:
    sealed = _sealed(session, SignedKind.SESSION_NOTE, Signature.record_id.in_(ids), NoteContent)
    for note_id in ids:
        note = read_note(session, note_id)
        if note is None or note_id not in sealed:
            return f"Note {note_id} is signed, but there is no signature that can be read."
        signature, content = sealed[note_id]
        as_stored = replace(content, late_entry=note.late_entry, **stored_content(note))
        by = (note.author_id, note.signed_at) == (signature.person_id, signature.signed_at)
        if as_stored != content or not by:
            return f"Note {note_id} is not what was signed."
    return ""


def _changed_amendment(session: Session) -> str:
    sealed = _sealed(session, SignedKind.AMENDMENT, true(), AmendmentContent)
    for amendment in session.scalars(select(Amendment).order_by(Amendment.id)):
        if amendment.id not in sealed:
            return f"Amendment {amendment.id} has no signature that can be read."
        signature, content = sealed[amendment.id]
        as_stored = amendment_content(amendment, content.note_sha256)
        if as_stored != content or amendment.author_id != signature.person_id:
            return f"Amendment {amendment.id} is not what was signed."
    return ""


def _without_record(session: Session) -> str:
    note = session.scalar(
        select(Signature.record_id)
        .outerjoin(SessionNote, SessionNote.id == Signature.record_id)
        .where(
            Signature.record_kind == SignedKind.SESSION_NOTE,
            or_(SessionNote.id.is_(None), SessionNote.state != NoteState.SIGNED),
        )
        .limit(1)
    )
    if note is not None:
        return f"Note {note} was signed, but is gone or open again."
    amendment = session.scalar(
        select(Signature.record_id)
        .outerjoin(Amendment, Amendment.id == Signature.record_id)
        .where(Signature.record_kind == SignedKind.AMENDMENT, Amendment.id.is_(None))
        .limit(1)
    )
    return "" if amendment is None else f"Amendment {amendment} was signed, but is gone."


def _sealed(
    session: Session, kind: SignedKind, which: ColumnElement[bool], content: type[C]
) -> dict[int, tuple[Signature, C]]:
    """Return what authors signed, by the number of the record; what cannot be read is left out."""
    found: dict[int, tuple[Signature, C]] = {}
    rows = session.execute(
        select(Signature, SignedContent.compressed)
        .join(SignedContent, SignedContent.signature_id == Signature.id)
        .where(Signature.record_kind == kind, Signature.meaning == Meaning.AUTHOR, which)
    )
    for signature, compressed in rows:
        with suppress(zlib.error, msgspec.DecodeError):
            found[signature.record_id] = signature, from_canonical(zlib.decompress(compressed), content)
    return found
