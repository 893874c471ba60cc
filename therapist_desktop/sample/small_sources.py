"""What the files of the small sample practice hold: its clients, their safety plans, and what happens to them."""

from __future__ import annotations

from datetime import date, time

from therapist_desktop.models.client import ClientStatus, ContactKind
from therapist_desktop.models.note_templates import NoteKind
from therapist_desktop.models.safety_plan import MeansPresent
from therapist_desktop.models.session_note import AmendmentKind, Modality
from therapist_desktop.sample.sources import Source, Weekday


class DiagnosisSource(Source, frozen=True):
    """A diagnosis from one week to another."""

    code: str
    weeks_ago: int
    resolved_weeks_ago: int | None = None


class PolicySource(Source, frozen=True):
    """An insurance policy."""

    payer: str
    member: str
    plan: str = ""
    group: str = ""
    relationship: str = "self"
    subscriber: str = ""
    subscriber_born: date | None = None


class ContactSource(Source, frozen=True):
    """Somebody around a client."""

    kind: ContactKind
    name: str
    relation: str = ""
    organization: str = ""
    phone: str = ""
    npi: str = ""
    may_contact: bool = False


class MeetingsSource(Source, frozen=True):
    """A row of sessions at the same hour."""

    weekday: Weekday
    start: time
    minutes: int
    service: str
    first: int
    last: int = 0
    every: int = 1
    missed: tuple[int, ...] = ()
    modality: Modality = Modality.IN_PERSON
    location: str = ""
    participants: str = ""


class CorrectedMember(Source, frozen=True):
    """A member ID that was mistyped until a week."""

    weeks_ago: int
    was: str


class ClientSource(Source, frozen=True):
    """A client; ``small_clients.toml`` explains the fields."""

    key: str
    first_name: str
    last_name: str
    clinician: str
    used_name: str = ""
    pronouns: str = ""
    age: int = 0
    birthday: str = ""
    plan_sex: str = "U"
    gender: str = ""
    language: str = "en"
    status: ClientStatus = ClientStatus.ACTIVE
    status_weeks_ago: int = 0
    status_reason: str = ""
    known_since: int | None = None
    """Week in which treatment began, if that was before the practice kept its records here."""
    referral: str = ""
    remarks: str = ""
    tags: tuple[str, ...] = ()
    phone: str = ""
    may_leave_message: bool = False
    address: str = ""
    policy: PolicySource | None = None
    corrected_member: CorrectedMember | None = None
    contacts: tuple[ContactSource, ...] = ()
    diagnoses: tuple[DiagnosisSource, ...] = ()
    from_import: bool = False
    """Whether diagnosis and notes came as they were from an older program, not through the checks of this one."""
    theme: str = ""
    variant: int = 0
    template: str = ""
    course: int = 44
    """Weeks a treatment that goes on is expected to last."""
    meetings: tuple[MeetingsSource, ...] = ()
    pays: str = "card"
    drafts: tuple[int, ...] = ()
    """Weeks whose note is still a draft."""
    late: tuple[int, ...] = ()
    """Weeks whose note was begun days after the session."""
    plan_weeks: tuple[int, ...] = ()
    """Weeks in which the plan was made and reviewed; if none are given, every twelve weeks."""
    review_due_in_days: int | None = None
    plan_in_work: bool = False


class SmallClientsSource(Source, frozen=True):
    """``small_clients.toml``."""

    client: tuple[ClientSource, ...]


class SafetyVersionSource(Source, frozen=True):
    """When a version of a safety plan was made."""

    weeks_ago: int
    weekday: Weekday
    at: time
    by: str = ""


class SafetyRowSource(Source, frozen=True):
    """A line, and the versions it stands in."""

    part: int
    text: str
    phone: str = ""
    relation: str = ""
    hours: str = ""
    may_contact: bool = False
    since: int = 1
    until: int = 99


class MeansSource(Source, frozen=True):
    """A means of harm, and the versions it stands in."""

    means: str
    present: MeansPresent
    storage: str = ""
    action: str = ""
    helper: str = ""
    due_weeks: int | None = None
    done: bool = False
    since: int = 1
    until: int = 99


class SafetyPlanSource(Source, frozen=True):
    """A client’s safety plan with all its versions."""

    client: str
    versions: tuple[SafetyVersionSource, ...]
    made_with: str
    likelihood: int
    barriers: str
    kept_where: str
    copies_held_by: str
    rows: tuple[SafetyRowSource, ...]
    means: tuple[MeansSource, ...]


class SafetyPlansSource(Source, frozen=True):
    """``small_safety_plans.toml``."""

    plan: tuple[SafetyPlanSource, ...]


class WrittenNote(Source, frozen=True):
    """A note whose words are given: of a regular session, or of its own if ``at`` says when."""

    client: str
    weeks_ago: int
    sections: dict[str, str]
    weekday: Weekday | None = None
    at: time | None = None
    kind: NoteKind = NoteKind.PROGRESS
    objectives: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    risk: str = ""
    charge: str = ""
    """Label of the absence fee that is charged."""


class AmendmentSource(Source, frozen=True):
    """What is written beside the first note of a week."""

    client: str
    note_weeks_ago: int
    hours_later: int
    kind: AmendmentKind
    text: str
    what_was_wrong: str = ""
    weekday: Weekday | None = None


class MomentSource(Source, frozen=True):
    """Something that happens to a client’s papers at a moment, for a reason."""

    client: str
    weeks_ago: int
    weekday: Weekday
    at: time
    reason: str


class AddOnSource(Source, frozen=True):
    """A further charge for a session."""

    client: str
    weeks_ago: int
    service: str
    weekday: Weekday | None = None


class StorySource(Source, frozen=True):
    """``small_story.toml``."""

    note: tuple[WrittenNote, ...]
    amendment: tuple[AmendmentSource, ...]
    corrected_superbill: tuple[MomentSource, ...]
    reversed_payment: tuple[MomentSource, ...]
    add_on: tuple[AddOnSource, ...]
