"""The rows of a note, read and written as one value with statements that are prepared once.

A draft is saved every few seconds while somebody types: going through the object-relational layer would cost several
times what the disk takes. Who may do it, and when, is for the verbs to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from therapist_desktop.models.note_templates import NoteKind
from therapist_desktop.models.session_note import (
    NoteDiagnosis,
    NoteObjective,
    NoteSection,
    NoteState,
    SessionNote,
)
from therapist_desktop.services.note_draft import DraftDiagnosis, DraftObjective, DraftSection, NoteDraft

Part = DraftSection | DraftDiagnosis | DraftObjective


@dataclass(frozen=True, kw_only=True)
class StoredNote:
    """A note as it stands in its rows."""

    note_id: int
    client_id: int
    author_id: int
    created_at: datetime
    not_begun_before: datetime | None = None
    updated_at: datetime
    state: NoteState
    signed_at: datetime | None
    late_entry: bool
    revision: int
    draft: NoteDraft
    row_ids: dict[str, Sequence[int]]
    """Numbers of the rows of sections, diagnoses and objectives, in their order."""


class _Parts:
    """One of the tables that hold a note’s parts in order."""

    def __init__(self, row: type[NoteSection | NoteDiagnosis | NoteObjective], part: type[Part]) -> None:
        self._part = part
        self._names = tuple(field.name for field in fields(part))
        self._read = (
            select(row.id, *(getattr(row, name) for name in self._names))
            .where(row.note_id == bindparam("of_note"))
            .order_by(row.position, row.id)
        )
        self._add = insert(row)
        self._change = update(row).where(row.id == bindparam("row_id"))
        self._remove = delete(row).where(row.id == bindparam("row_id"))

    def read(self, connection: Connection, note_id: int) -> tuple[Sequence[int], tuple[Part, ...]]:
        rows = connection.execute(self._read, {"of_note": note_id}).all()
        parts = tuple(self._part(**dict(zip(self._names, row[1:], strict=True))) for row in rows)
        return [row[0] for row in rows], parts

    def write(
        self, connection: Connection, note_id: int, ids: Sequence[int], old: Sequence[Part], new: Sequence[Part]
    ) -> None:
        """Write what differs between ``old``, which stands in the rows ``ids``, and ``new``."""
        for row_id, before, after in zip(ids, old, new, strict=False):
            if after != before:
                connection.execute(self._change, {"row_id": row_id, **vars(after)})
        added = [{"note_id": note_id, "position": at, **vars(part)} for at, part in enumerate(new) if at >= len(old)]
        if added:
            connection.execute(self._add, added)
        for row_id in ids[len(new) :]:
            connection.execute(self._remove, {"row_id": row_id})


_PARTS = {
    "sections": _Parts(NoteSection, DraftSection),
    "diagnoses": _Parts(NoteDiagnosis, DraftDiagnosis),
    "objectives": _Parts(NoteObjective, DraftObjective),
}
_PLAIN_FACTS = tuple(
    field.name for field in fields(NoteDraft) if field.name not in ("kind", "interventions", *_PARTS)
)
_STATE = (
    "client_id",
    "author_id",
    "created_at",
    "not_begun_before",
    "updated_at",
    "state",
    "signed_at",
    "late_entry",
    "revision",
)
_READ = select(*(getattr(SessionNote, name) for name in (*_STATE, *_PLAIN_FACTS, "kind", "interventions"))).where(
    SessionNote.id == bindparam("row_id")
)
_ADD = insert(SessionNote).returning(SessionNote.id)
_CHANGE = update(SessionNote).where(
    SessionNote.id == bindparam("row_id"), SessionNote.revision == bindparam("at_revision")
)
_REMOVE = delete(SessionNote).where(SessionNote.id == bindparam("row_id"))


def read_note(session: Session, note_id: int) -> StoredNote | None:
    """Return a note with all it holds, None if there is none."""
    connection = session.connection()
    row = connection.execute(_READ, {"row_id": note_id}).mappings().one_or_none()
    if row is None:
        return None
    found = {name: parts.read(connection, note_id) for name, parts in _PARTS.items()}
    values: dict[str, Any] = {name: row[name] for name in _PLAIN_FACTS}
    values |= {name: parts for name, (_, parts) in found.items()}
    draft = NoteDraft(**values, kind=NoteKind(row["kind"]), interventions=tuple(row["interventions"]))
    return StoredNote(
        note_id=note_id,
        **{name: row[name] for name in _STATE},
        draft=draft,
        row_ids={name: ids for name, (ids, _) in found.items()},
    )


def add_note(
    session: Session,
    client_id: int,
    author_id: int,
    draft: NoteDraft,
    now: datetime,
    *,
    not_begun_before: datetime | None = None,
) -> int:
    """Store a new draft and return its number."""
    connection = session.connection()
    note_id = connection.execute(
        _ADD,
        {
            **_facts(draft),
            "client_id": client_id,
            "author_id": author_id,
            "created_at": now,
            "not_begun_before": not_begun_before,
            "updated_at": now,
            "state": NoteState.DRAFT,
            "late_entry": False,
            "revision": 1,
        },
    ).scalar_one()
    for name, parts in _PARTS.items():
        parts.write(connection, note_id, (), (), getattr(draft, name))
    return note_id


def write_draft(session: Session, stored: StoredNote, draft: NoteDraft, now: datetime) -> int:
    """Make the rows say what the draft says, touching only what differs; return the new revision."""
    connection = session.connection()
    for name, parts in _PARTS.items():
        parts.write(
            connection, stored.note_id, stored.row_ids[name], getattr(stored.draft, name), getattr(draft, name)
        )
    return _change(connection, stored, _facts(draft) | {"updated_at": now})


def write_signed(session: Session, stored: StoredNote, signed_at: datetime, *, late_entry: bool) -> int:
    """Freeze a note: from here on the file itself refuses every change."""
    return _change(
        session.connection(),
        stored,
        {"state": NoteState.SIGNED, "signed_at": signed_at, "late_entry": late_entry},
    )


def remove_note(session: Session, stored: StoredNote) -> None:
    """Delete a draft with all it holds."""
    connection = session.connection()
    for name, parts in _PARTS.items():
        parts.write(connection, stored.note_id, stored.row_ids[name], getattr(stored.draft, name), ())
    connection.execute(_REMOVE, {"row_id": stored.note_id})


def _facts(draft: NoteDraft) -> dict[str, object]:
    plain: dict[str, object] = {name: getattr(draft, name) for name in _PLAIN_FACTS}
    return plain | {"kind": draft.kind.value, "interventions": list(draft.interventions)}


def _change(connection: Connection, stored: StoredNote, values: dict[str, object]) -> int:
    revision = stored.revision + 1
    changed = connection.execute(
        _CHANGE, {**values, "revision": revision, "row_id": stored.note_id, "at_revision": stored.revision}
    )
    if changed.rowcount != 1:
        raise LookupError("the note changed within the transaction that read it")
    return revision
