"""What is known of a client of the small sample while the diary is played, and the client’s record itself."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

from therapist_desktop.models.client import ClientStatus
from therapist_desktop.models.client_likeness import folded
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.people import Person
from therapist_desktop.models.treatment_plan_draft import PlanDraft
from therapist_desktop.sample.calendar import SampleCalendar, years_before
from therapist_desktop.sample.diary import Diary
from therapist_desktop.sample.founding import Staff
from therapist_desktop.sample.narrator import Library, Narrator
from therapist_desktop.sample.small_sources import ClientSource, DiagnosisSource, PolicySource
from therapist_desktop.sample.sources import PersonSource, Weekday, address_entry
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.client_record import (
    ClientRecord,
    ContactEntry,
    PhoneEntry,
    PolicyEntry,
)
from therapist_desktop.services.clients import add_client, load_client, open_client, save_client, set_status
from therapist_desktop.services.diagnoses import add_diagnosis, list_diagnoses, resolve_diagnosis

FOUNDED_WEEKS_AGO = 42


@dataclass(kw_only=True)
class Chart:
    """A client as far as the diary has come."""

    source: ClientSource
    clinician: Person
    habits: PersonSource
    """What is said of the clinician, such as the template they write in."""
    narrator: Narrator | None
    chance: random.Random
    client_id: int = 0
    plan: PlanDraft | None = None
    """The newest signed version."""
    reviews: int = 0
    notes: dict[tuple[int, Weekday], int] = field(default_factory=dict)
    """Signed notes and drafts by week and weekday of their session."""
    owed: dict[int, int] = field(default_factory=dict)
    """Cents still to be paid, by charge."""
    payments: list[int] = field(default_factory=list)
    superbills: list[int] = field(default_factory=list)

    def note_of(self, weeks_ago: int, weekday: Weekday | None) -> int:
        """Return the note of a session; without a weekday, the first one of the week."""
        return next(
            note_id for (week, day), note_id in self.notes.items() if week == weeks_ago and weekday in (None, day)
        )


def chart_for(source: ClientSource, staff: Staff, library: Library, seed: str, *, watched: bool) -> Chart:
    """Begin the chart of a client, with chances of its own: changing one client changes no other."""
    chance = random.Random(f"{seed}:{source.key}")  # noqa: S311  made to be the same each time
    return Chart(
        source=source,
        clinician=staff.people[source.clinician],
        habits=staff.sources[source.clinician],
        narrator=Narrator(library, source.theme, chance, watched=watched) if source.theme else None,
        chance=chance,
    )


class RecordKeeping:
    """Enters what happens to the record of a client into the diary."""

    def __init__(self, staff: Staff, calendar: SampleCalendar, diary: Diary) -> None:
        self._staff = staff
        self._calendar = calendar
        self._diary = diary

    def enter(self, chart: Chart) -> None:
        """Enter when the client came, was diagnosed, and left or paused."""
        source, calendar = chart.source, self._calendar
        first = max((row.first for row in source.meetings), default=None)
        if source.known_since is not None or (first is None and source.status is not ClientStatus.INQUIRY):
            added_at = calendar.moment(FOUNDED_WEEKS_AGO, "Mon", time(9, chart.chance.randrange(60)))
            self._diary.note(added_at, self._add, chart, ClientStatus.ACTIVE, source.known_since)
            diagnosed_at = added_at + timedelta(minutes=1)
        elif first is None:
            asked_at = calendar.moment(1, "Thu", time(15, chart.chance.randrange(60)))
            self._diary.note(asked_at, self._add, chart, ClientStatus.INQUIRY, None)
            return
        else:
            intake = next(row for row in source.meetings if row.first == first)
            asked_at = calendar.moment(first + 1, "Wed", time(16, chart.chance.randrange(60)))
            begins_at = calendar.moment(first, intake.weekday, intake.start)
            self._diary.note(asked_at, self._add, chart, ClientStatus.INQUIRY, None)
            self._diary.note(begins_at, self._begin_treatment, chart)
            diagnosed_at = begins_at + timedelta(minutes=50)
        for diagnosis in source.diagnoses:
            self._diary.note(diagnosed_at, self._diagnose, chart, diagnosis)
        if source.status_weeks_ago:
            ends_at = calendar.moment(source.status_weeks_ago, "Fri", time(16, 20))
            self._diary.note(ends_at, self._end, chart)

    def _add(self, chart: Chart, status: ClientStatus, known_since: int | None) -> None:
        started_on = None if known_since is None else self._calendar.day(known_since)
        record = replace(_record(chart, self._calendar), started_on=started_on)
        chart.client_id = add_client(self._staff.practice, chart.clinician, record, status=status)

    def _begin_treatment(self, chart: Chart) -> None:
        practice, today = self._staff.practice, self._staff.clock().date()
        opened = open_client(practice, chart.clinician, chart.client_id)
        record = replace(opened.record, started_on=today)
        save_client(practice, chart.clinician, chart.client_id, record, opened.revision)
        set_status(practice, chart.clinician, chart.client_id, ClientStatus.ACTIVE, today)

    def _diagnose(self, chart: Chart, source: DiagnosisSource) -> None:
        onset_on = self._calendar.day(source.weeks_ago)
        if chart.source.from_import:
            self._import_diagnosis(chart, source)
            return
        add_diagnosis(
            self._staff.practice,
            chart.clinician,
            self._staff.reference,
            chart.client_id,
            source.code,
            onset_on=onset_on,
        )

    def _import_diagnosis(self, chart: Chart, source: DiagnosisSource) -> None:
        """Keep a code as another program had it, which ``add_diagnosis`` would refuse."""
        onset_on = self._calendar.day(source.weeks_ago)
        status = self._staff.reference.icd10.status(source.code, onset_on)
        with self._staff.practice.writing() as session:
            client = load_client(session, chart.client_id)
            diagnosis = Diagnosis(
                code=source.code, title=status.title, release=status.release.label, onset_on=onset_on
            )
            client.diagnoses.append(diagnosis)
            session.flush()
            record_event(
                session,
                self._staff.practice,
                chart.clinician.id,
                Action.IMPORT,
                record_kind="diagnosis",
                record_id=diagnosis.id,
                client_id=chart.client_id,
            )

    def _end(self, chart: Chart) -> None:
        practice, today, source = self._staff.practice, self._staff.clock().date(), chart.source
        set_status(practice, chart.clinician, chart.client_id, source.status, today, source.status_reason)
        resolved = [one.code for one in source.diagnoses if one.resolved_weeks_ago is not None]
        for row in list_diagnoses(practice, chart.clinician, chart.client_id):
            if row.code in resolved:
                resolve_diagnosis(practice, chart.clinician, chart.client_id, row.diagnosis_id, today)


def _record(chart: Chart, calendar: SampleCalendar) -> ClientRecord:
    source = chart.source
    name = f"{folded(source.used_name or source.first_name)}.{folded(source.last_name)}"
    return ClientRecord(
        first_name=source.first_name,
        last_name=source.last_name,
        used_name=source.used_name,
        pronouns=source.pronouns,
        born_on=years_before(calendar.today, source.age, source.birthday) if source.birthday else None,
        plan_sex=source.plan_sex,
        gender=source.gender,
        email=f"{name}@example.com",
        language=source.language,
        referral_source=source.referral,
        clinician_id=chart.clinician.id,
        remarks=source.remarks,
        phones=(PhoneEntry(number=source.phone, may_leave_message=source.may_leave_message),),
        addresses=(address_entry(source.address),) if source.address else (),
        contacts=tuple(
            ContactEntry(
                kind=one.kind,
                name=one.name,
                relation=one.relation,
                organization=one.organization,
                phone=one.phone,
                npi=one.npi,
                may_contact=one.may_contact,
            )
            for one in source.contacts
        ),
        policies=(_policy(source.policy, source),) if source.policy else (),
        tags=source.tags,
    )


def _policy(policy: PolicySource, source: ClientSource) -> PolicyEntry:
    mistyped = source.corrected_member
    return PolicyEntry(
        payer_name=policy.payer,
        member_id=mistyped.was if mistyped else policy.member,
        group_number=policy.group,
        plan_kind=policy.plan,
        relationship_to_subscriber=policy.relationship,
        subscriber_name=policy.subscriber,
        subscriber_born_on=policy.subscriber_born,
    )
