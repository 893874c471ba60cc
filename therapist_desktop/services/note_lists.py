"""Lists of notes: a chart page by page, and what somebody still has to finish. No narrative is decrypted for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, func, select, tuple_

from therapist_desktop.models.client import Client
from therapist_desktop.models.people import Person
from therapist_desktop.models.service import Service
from therapist_desktop.models.session_note import Amendment, AmendmentKind, NoteState, SessionNote
from therapist_desktop.services.access import require_client, require_clinical
from therapist_desktop.services.note_loading import minutes_between
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class NotePlace:
    """Where a note stands in its chart: the next page begins after it."""

    date_of_service: date
    note_id: int


@dataclass(frozen=True)
class NoteRow:
    """A line of a chart’s list of notes."""

    note_id: int
    date_of_service: date
    kind: str
    template: str
    service: str
    """The label of the service as it is called today, empty if none is chosen."""
    start: time | None
    stop: time | None
    interruption_minutes: int
    author_id: int
    author_name: str
    state: NoteState
    signed_at: datetime | None
    late_entry: bool
    amendments: int
    """How many addenda, corrections and voidings stand beside it."""
    is_void: bool

    @property
    def minutes(self) -> int | None:
        """How long the session was, None while its times are missing or cannot be."""
        return minutes_between(self.start, self.stop, self.interruption_minutes)

    @property
    def place(self) -> NotePlace:
        """What to ask ``list_notes`` with for the page after this line."""
        return NotePlace(self.date_of_service, self.note_id)


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """A note its author has not signed yet."""

    note_id: int
    client_id: int
    client_name: str
    date_of_service: date
    kind: str
    template: str
    begun_at: datetime
    saved_at: datetime


_AMENDMENTS = select(func.count()).where(Amendment.note_id == SessionNote.id)
_VOID = select(Amendment.id).where(Amendment.note_id == SessionNote.id, Amendment.kind == AmendmentKind.VOID)

FIRST_PAGE: Select[*tuple[Any, ...]] = (
    select(
        SessionNote.id,
        SessionNote.date_of_service,
        SessionNote.kind,
        SessionNote.template,
        func.coalesce(Service.label, ""),
        SessionNote.start,
        SessionNote.stop,
        SessionNote.interruption_minutes,
        SessionNote.author_id,
        Person.first_name + " " + Person.last_name,
        SessionNote.state,
        SessionNote.signed_at,
        SessionNote.late_entry,
        _AMENDMENTS.scalar_subquery(),
        _VOID.exists(),
    )
    .join(Person, Person.id == SessionNote.author_id)
    .outerjoin(Service, Service.id == SessionNote.service_id)
    .where(SessionNote.client_id == bindparam("chart"))
    .order_by(SessionNote.date_of_service.desc(), SessionNote.id.desc())
    .limit(bindparam("size", type_=Integer))
)
"""The columns of ``NoteRow`` in its order; walks ``ix_session_note_chart`` backwards, however long the chart is."""

NEXT_PAGE = FIRST_PAGE.where(
    tuple_(SessionNote.date_of_service, SessionNote.id)
    < tuple_(bindparam("day", type_=Date), bindparam("number", type_=Integer))
)


def list_notes(
    practice: Practice, person: Person, client_id: int, *, before: NotePlace | None = None, limit: int = 50
) -> tuple[NoteRow, ...]:
    """Return a page of a chart’s notes, the newest first; ``before`` is the place of the last line of the page above.

    The audit trail notes who opens a note, not who sees this list: it shows no more than the calendar does.
    """
    values: dict[str, object] = {"chart": client_id, "size": limit}
    if before is not None:
        values |= {"day": before.date_of_service, "number": before.note_id}
    with practice.reading() as session:
        require_client(session, person, client_id, clinical=True)
        rows = session.connection().execute(NEXT_PAGE if before else FIRST_PAGE, values).all()
    return tuple(NoteRow(*row) for row in rows)


def open_drafts(practice: Practice, person: Person) -> tuple[DraftRow, ...]:
    """Return what somebody has begun and not signed, the oldest session first."""
    require_clinical(person)
    statement = (
        select(
            SessionNote.id,
            SessionNote.client_id,
            Client.used_name,
            Client.first_name,
            Client.last_name,
            SessionNote.date_of_service,
            SessionNote.kind,
            SessionNote.template,
            SessionNote.created_at,
            SessionNote.updated_at,
        )
        .join(Client, Client.id == SessionNote.client_id)
        .where(SessionNote.author_id == person.id, SessionNote.state == NoteState.DRAFT)
        .order_by(SessionNote.date_of_service, SessionNote.id)
    )
    with practice.reading() as session:
        rows = session.execute(statement).all()
    return tuple(
        DraftRow(
            note_id=row.id,
            client_id=row.client_id,
            client_name=f"{row.used_name or row.first_name} {row.last_name}".strip(),
            date_of_service=row.date_of_service,
            kind=row.kind,
            template=row.template,
            begun_at=row.created_at,
            saved_at=row.updated_at,
        )
        for row in rows
    )
