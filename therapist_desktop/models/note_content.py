"""What a session note says: the frozen content that is signed and printed (clinical.md 6.1, 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from therapist_desktop.models.letterhead_content import ClinicianContent, PracticeContent, SignatureContent


@dataclass(frozen=True, kw_only=True)
class NoteSectionContent:
    """A heading and what was written under it."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class NoteDiagnosisContent:
    """A diagnosis as it stood on the date of service."""

    code: str
    title: str
    release: str = ""
    """The release of ICD-10-CM it is from; signed, not printed."""


@dataclass(frozen=True, kw_only=True)
class NoteObjectiveContent:
    """An objective of the treatment plan that was worked on."""

    label: str
    """Its number in the plan, such as “1b”."""
    text: str
    progress: str = ""
    thread: str = ""
    """Its identity through all versions of the plan; signed, not printed."""


@dataclass(frozen=True, kw_only=True)
class NoteContent:
    """What the author signs. A change of a single character changes the hash."""

    client_id: int
    client_name: str
    client_born_on: date | None
    kind: str
    template: str
    date_of_service: date
    start: time | None
    stop: time | None
    interruption_minutes: int
    minutes: int | None
    place_of_service: str
    modality: str
    client_state: str
    client_location: str
    participants: str
    service_id: int | None = None
    """The number of the service in the catalogue; signed, not printed."""
    service_label: str
    service_code: str
    risk_today: str
    """The clinician’s words on risk; empty if none were written."""
    diagnoses: tuple[NoteDiagnosisContent, ...]
    objectives: tuple[NoteObjectiveContent, ...]
    interventions: tuple[str, ...]
    sections: tuple[NoteSectionContent, ...]
    late_entry: bool
    """True if it was begun longer after the session than the practice allows (clinical.md 6.4)."""
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class AmendmentContent:
    """An addendum or correction: dated and signed beside a note that stays as it is."""

    kind: str
    """"addendum", "correction" or "void"."""
    text: str
    what_was_wrong: str
    """For a correction or a void: what in the original is wrong, and why."""
    note_id: int
    note_sha256: str
    written_at: datetime


@dataclass(frozen=True, kw_only=True)
class SignedAmendment:
    """An amendment with its signature."""

    amendment: AmendmentContent
    signature: SignatureContent


@dataclass(frozen=True, kw_only=True)
class NotePaper:
    """A note as it is printed: the content, its signatures and everything written beside it since."""

    practice: PracticeContent
    author: ClinicianContent
    note: NoteContent
    signatures: tuple[SignatureContent, ...]
    """Empty for a draft, which is printed with the word DRAFT across it."""
    amendments: tuple[SignedAmendment, ...]
    printed_at: datetime
