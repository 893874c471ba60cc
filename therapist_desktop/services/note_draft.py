"""A note that is being written, as a plain value: what an editor shows, autosaves and gets back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

from therapist_desktop.models.note_templates import NoteKind, NoteTemplate
from therapist_desktop.models.session_note import Modality


@dataclass(frozen=True, kw_only=True)
class DraftSection:
    """A heading and what is written under it."""

    heading: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class DraftDiagnosis:
    """A diagnosis as it stood on the date of service, with the release of ICD-10-CM it is from."""

    code: str
    title: str
    release: str = ""


@dataclass(frozen=True, kw_only=True)
class DraftObjective:
    """An objective that was worked on; ``thread`` is its identity through all versions of the plan."""

    thread: str
    label: str
    """Its number in the plan, such as “1b”."""
    text: str
    progress: str = ""


@dataclass(frozen=True, kw_only=True)
class NoteDraft:
    """Everything of a note that its author can edit. Two drafts are equal if nothing needs saving."""

    date_of_service: date
    kind: NoteKind = NoteKind.PROGRESS
    template: str
    start: time | None = None
    stop: time | None = None
    interruption_minutes: int = 0
    place_of_service: str = ""
    modality: Modality = Modality.IN_PERSON
    client_state: str = ""
    """Two letters: in which state the client was, for telehealth."""
    client_location: str = ""
    """Where the client was, for telehealth, so that help could be sent."""
    participants: str = ""
    service_id: int | None = None
    risk_today: str = ""
    interventions: tuple[str, ...] = ()
    sections: tuple[DraftSection, ...] = ()
    diagnoses: tuple[DraftDiagnosis, ...] = ()
    objectives: tuple[DraftObjective, ...] = ()

    @property
    def words(self) -> str:
        """What the clinician wrote, for the search index; the words of the plan are found with the plan."""
        parts = [section.text for section in self.sections]
        parts += [self.risk_today, *self.interventions, *(one.progress for one in self.objectives), self.participants]
        return "\n".join(part for part in parts if part.strip())

    def in_template(self, template: NoteTemplate) -> NoteDraft:
        """Return the note in another template. Text whose heading it lacks follows at the end: none is lost."""
        written = [section for section in self.sections if section.text]
        fresh = [
            DraftSection(heading=heading, text="\n\n".join(one.text for one in written if one.heading == heading))
            for heading in template.headings
        ]
        kept = [section for section in written if section.heading not in template.headings]
        return replace(self, template=template.name, sections=(*fresh, *kept))
