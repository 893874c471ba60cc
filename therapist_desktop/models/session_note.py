"""Session notes: draft → signed → amended (clinical.md 6.1, 6.4)."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from therapist_desktop.models.record import Numbered


class NoteState(StrEnum):
    """A draft can be written in; a signed note never changes."""

    DRAFT = "draft"
    SIGNED = "signed"


class Modality(StrEnum):
    """How client and clinician met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    AUDIO = "audio"


class AmendmentKind(StrEnum):
    """What is written beside a signed note."""

    ADDENDUM = "addendum"
    CORRECTION = "correction"
    VOID = "void"


class SessionNote(Numbered, kw_only=True):
    """The facts of one session and the state of its note; the narrative is in ``NoteSection``."""

    __tablename__ = "session_note"
    __table_args__ = (
        Index("ix_session_note_chart", "client_id", "date_of_service", "id"),
        Index("ix_session_note_author", "author_id", "state", "date_of_service"),
        Index("ix_session_note_day", "date_of_service"),
    )

    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    not_begun_before: Mapped[datetime | None] = mapped_column(default=None)
    """A later moment the audit trail had seen already, if the clock stood before it when the note was begun."""
    updated_at: Mapped[datetime]
    date_of_service: Mapped[date]
    kind: Mapped[str] = mapped_column(default="progress")
    template: Mapped[str] = mapped_column(default="DAP")
    start: Mapped[time | None] = mapped_column(default=None)
    stop: Mapped[time | None] = mapped_column(default=None)
    interruption_minutes: Mapped[int] = mapped_column(default=0)
    place_of_service: Mapped[str] = mapped_column(default="")
    modality: Mapped[Modality] = mapped_column(default=Modality.IN_PERSON)
    client_state: Mapped[str] = mapped_column(default="")
    client_location: Mapped[str] = mapped_column(default="")
    participants: Mapped[str] = mapped_column(default="")
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), default=None)
    risk_today: Mapped[str] = mapped_column(Text, default="")
    interventions: Mapped[list[str]] = mapped_column(default_factory=list)
    state: Mapped[NoteState] = mapped_column(default=NoteState.DRAFT)
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    late_entry: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)

    sections: Mapped[list[NoteSection]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="NoteSection.position", default_factory=list
    )
    diagnoses: Mapped[list[NoteDiagnosis]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="NoteDiagnosis.position", default_factory=list
    )
    objectives: Mapped[list[NoteObjective]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="NoteObjective.position", default_factory=list
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class NoteSection(Numbered, kw_only=True):
    """A heading and its narrative, in a table of its own so that lists do not decrypt it."""

    __tablename__ = "note_section"
    __table_args__ = (Index("ix_note_section_note", "note_id", "position"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("session_note.id"), init=False)
    heading: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)


class NoteDiagnosis(Numbered, kw_only=True):
    """A diagnosis as it stood on the date of service; superbills take it from here."""

    __tablename__ = "note_diagnosis"

    note_id: Mapped[int] = mapped_column(ForeignKey("session_note.id"), index=True, init=False)
    code: Mapped[str]
    title: Mapped[str]
    release: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class NoteObjective(Numbered, kw_only=True):
    """An objective that was worked on; ``thread`` is the same through all versions of the plan."""

    __tablename__ = "note_objective"

    note_id: Mapped[int] = mapped_column(ForeignKey("session_note.id"), index=True, init=False)
    thread: Mapped[str] = mapped_column(index=True)
    label: Mapped[str]
    text: Mapped[str]
    progress: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)


class Amendment(Numbered, kw_only=True):
    """An addendum, a correction or the voiding of a signed note: signed, dated, beside the original."""

    __tablename__ = "amendment"

    note_id: Mapped[int] = mapped_column(ForeignKey("session_note.id"), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[AmendmentKind]
    written_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    what_was_wrong: Mapped[str] = mapped_column(Text, default="")
