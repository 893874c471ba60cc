"""The sessions of the small sample: when they were held, their notes, what they cost and how they were paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from therapist_desktop.models.billing import PaymentMethod
from therapist_desktop.models.client import ClientStatus
from therapist_desktop.models.note_templates import NoteKind
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.session_note import Modality
from therapist_desktop.sample.calendar import SampleCalendar, eastern, is_open
from therapist_desktop.sample.diary import Diary
from therapist_desktop.sample.founding import Staff
from therapist_desktop.sample.imported_notes import import_signed_note
from therapist_desktop.sample.narrator import Chapter, WrittenSession
from therapist_desktop.sample.small_charts import Chart
from therapist_desktop.sample.small_sources import MeetingsSource, WrittenNote
from therapist_desktop.sample.sources import Weekday
from therapist_desktop.sample.treatment import worked_on
from therapist_desktop.services.charges import charge_session
from therapist_desktop.services.note_draft import DraftObjective, DraftSection, NoteDraft
from therapist_desktop.services.note_signing import sign_note
from therapist_desktop.services.payments import record_payment
from therapist_desktop.services.session_notes import open_note, save_draft, start_note

INTAKE_SERVICE = "Intake evaluation"
INTAKE_MINUTES = 55
_CERTAIN_WEEKS = 9
"""In the last weeks nobody cancels by chance, so that the month to be billed is as the files say."""
_CANCELS = 0.05
_PAID_AT_ONCE = {"card": PaymentMethod.CARD, "cash": PaymentMethod.CASH, "HSA": PaymentMethod.HSA}
_PART_CENTS = 100_00


@dataclass(frozen=True, kw_only=True)
class PlannedSession:
    """A session that was held."""

    weeks_ago: int
    weekday: Weekday
    day: date
    start: time
    stop: time
    row: MeetingsSource
    is_intake: bool
    share: float
    """How much of the course of treatment is behind."""
    last_of_month: bool

    @property
    def ended_at(self) -> datetime:
        """When it was over."""
        return eastern(self.day, self.stop)


def planned_sessions(chart: Chart, calendar: SampleCalendar) -> list[PlannedSession]:
    """Return the sessions of a client up to the sample’s week 0, the earliest first."""
    source = chart.source
    dates = sorted(
        (calendar.day(week, row.weekday), week, row)
        for row in source.meetings
        for week in range(row.first, row.last - 1, -row.every)
        if _held(chart, row, week) and is_open(calendar.day(week, row.weekday))
    )
    if not dates:
        return []
    begun_weeks_ago = source.known_since or dates[0][1]
    course = begun_weeks_ago - dates[-1][1]
    if source.status is not ClientStatus.DISCHARGED:
        course = max(source.course, course)
    return [
        PlannedSession(
            weeks_ago=week,
            weekday=row.weekday,
            day=day,
            start=row.start,
            stop=_after(row.start, INTAKE_MINUTES if place == 0 and source.known_since is None else row.minutes),
            row=row,
            is_intake=place == 0 and source.known_since is None,
            share=min(1.0, (begun_weeks_ago - week) / course),
            last_of_month=(day + timedelta(weeks=row.every)).month != day.month,
        )
        for place, (day, week, row) in enumerate(dates)
    ]


def _held(chart: Chart, row: MeetingsSource, week: int) -> bool:
    if week in row.missed:
        return False
    if row.first == row.last or week < _CERTAIN_WEEKS or week == row.first:
        return True
    return week not in chart.habits.away and chart.chance.random() >= _CANCELS


class SessionKeeping:
    """Enters the notes and the money of sessions into the diary."""

    def __init__(self, staff: Staff, calendar: SampleCalendar, diary: Diary, written: Sequence[WrittenNote]) -> None:
        self._staff = staff
        self._calendar = calendar
        self._diary = diary
        self._written = [one for one in written if one.at is None]

    def enter(self, chart: Chart, sessions: Sequence[PlannedSession]) -> None:
        """Enter when each note was begun, saved and signed, and when the session was charged."""
        for session in sessions:
            late = session.weeks_ago in chart.source.late
            begun_at = session.ended_at + (timedelta(days=5, hours=2) if late else timedelta(minutes=2))
            saved_at = begun_at + timedelta(minutes=chart.chance.randrange(4, 8))
            signed_at = saved_at + timedelta(minutes=chart.chance.randrange(3, 30))
            is_draft = session.weeks_ago in chart.source.drafts
            if chart.source.from_import and not is_draft:
                self._diary.note(signed_at, self._import, chart, session)
            else:
                self._diary.note(begun_at, self._begin, chart, session)
                self._diary.note(saved_at, self._save, chart, session, is_draft)
                if is_draft:
                    continue
                self._diary.note(signed_at, self._sign, chart, session)
            self._diary.note(self._charged_at(chart, signed_at), self._charge, chart, session)

    def biller_for(self, chart: Chart) -> Person:
        """Return who charges a client: the clinician, but the biller for somebody under supervision."""
        return self._staff.biller if chart.clinician.has(Role.SUPERVISEE) else chart.clinician

    def settle(self, chart: Chart, charge_id: int, cents: int, *, month_ends: bool = False) -> None:
        """Record what is owed, and whatever of it the client pays now, as is their habit."""
        chart.owed[charge_id] = cents
        habit = chart.source.pays
        if habit in _PAID_AT_ONCE:
            self.pay(chart, {charge_id: cents}, _PAID_AT_ONCE[habit])
        elif habit == "part":
            self.pay(chart, {charge_id: min(cents, _PART_CENTS)}, PaymentMethod.CARD)
        elif habit == "check" and month_ends:
            self.pay(chart, dict(chart.owed), PaymentMethod.CHECK)

    def pay(self, chart: Chart, by_charge: dict[int, int], method: PaymentMethod) -> None:
        """Record a payment for charges."""
        number = 1000 + chart.client_id * 20 + len(chart.payments)
        paid = record_payment(
            self._staff.practice,
            self.biller_for(chart),
            chart.client_id,
            self._staff.clock().date(),
            method,
            sum(by_charge.values()),
            allocations=by_charge,
            reference=f"check {number}" if method is PaymentMethod.CHECK else "",
        )
        chart.payments.append(paid.payment_id)
        for charge_id, cents in by_charge.items():
            chart.owed[charge_id] -= cents
        chart.owed = {charge_id: cents for charge_id, cents in chart.owed.items() if cents}

    def _charged_at(self, chart: Chart, signed_at: datetime) -> datetime:
        if self.biller_for(chart) is chart.clinician:
            return signed_at + timedelta(minutes=1)
        return eastern(signed_at.date() + timedelta(days=1), time(8, 40))

    def _begin(self, chart: Chart, session: PlannedSession) -> None:
        chart.notes[session.weeks_ago, session.weekday] = start_note(
            self._staff.practice,
            chart.clinician,
            chart.client_id,
            session.day,
            template=chart.source.template or chart.habits.template,
            kind=NoteKind.INTAKE if session.is_intake else NoteKind.PROGRESS,
            service_id=self._staff.services[self._service(session)].id,
            start=session.start,
            stop=session.stop,
            modality=session.row.modality,
            participants=session.row.participants,
        )

    def _save(self, chart: Chart, session: PlannedSession, is_draft: bool) -> None:
        note_id = chart.notes[session.weeks_ago, session.weekday]
        opened = open_note(self._staff.practice, chart.clinician, note_id)
        draft = self._draft(chart, session, opened.draft)
        if is_draft:
            *written, last = draft.sections
            draft = replace(draft, sections=(*written, replace(last, text="")))
        save_draft(self._staff.practice, chart.clinician, note_id, draft, opened.revision)

    def _sign(self, chart: Chart, session: PlannedSession) -> None:
        staff = self._staff
        note_id = chart.notes[session.weeks_ago, session.weekday]
        revision = open_note(staff.practice, chart.clinician, note_id).revision
        sign_note(staff.practice, chart.clinician, staff.reference, note_id, staff.password, revision=revision)

    def _import(self, chart: Chart, session: PlannedSession) -> None:
        """Take a signed note over as another program had it, without the checks of this one."""
        self._begin(chart, session)
        self._save(chart, session, is_draft=False)
        import_signed_note(self._staff.practice, chart.clinician, chart.notes[session.weeks_ago, session.weekday])

    def _charge(self, chart: Chart, session: PlannedSession) -> None:
        note_id = chart.notes[session.weeks_ago, session.weekday]
        charge_id = charge_session(self._staff.practice, self.biller_for(chart), self._staff.reference, note_id)
        fee_cents = self._staff.services[self._service(session)].fee_cents
        self.settle(chart, charge_id, fee_cents, month_ends=session.last_of_month)

    @staticmethod
    def _service(session: PlannedSession) -> str:
        return INTAKE_SERVICE if session.is_intake else session.row.service

    def _draft(self, chart: Chart, session: PlannedSession, begun: NoteDraft) -> NoteDraft:
        telehealth = session.row.modality is not Modality.IN_PERSON
        words = self._words(chart, session, begun)
        return replace(
            begun,
            place_of_service="10" if telehealth else begun.place_of_service,
            client_state="ME" if telehealth else "",
            client_location=session.row.location,
            risk_today=words.risk,
            interventions=words.interventions,
            sections=words.sections,
            objectives=words.objectives,
        )

    def _words(self, chart: Chart, session: PlannedSession, begun: NoteDraft) -> WrittenSession:
        assert chart.narrator is not None
        narrated = chart.narrator.write(
            Chapter(
                share=session.share,
                template=begun.template,
                objectives=worked_on(chart.plan),
                next_on=session.day + timedelta(weeks=session.row.every),
                is_intake=session.is_intake,
            )
        )
        given = self._given(chart, session)
        return narrated if given is None else _as_given(given, begun, chart)

    def _given(self, chart: Chart, session: PlannedSession) -> WrittenNote | None:
        return next(
            (
                one
                for one in self._written
                if (one.client, one.weeks_ago) == (chart.source.key, session.weeks_ago)
                and one.weekday in (None, session.weekday)
            ),
            None,
        )


def _as_given(given: WrittenNote, begun: NoteDraft, chart: Chart) -> WrittenSession:
    """Return the words of a note that ``small_story.toml`` gives."""
    return WrittenSession(
        sections=tuple(DraftSection(heading=one.heading, text=given.sections[one.heading]) for one in begun.sections),
        interventions=given.interventions,
        objectives=tuple(_cited(chart, given.objectives)),
        risk=given.risk,
    )


def _cited(chart: Chart, labels: Sequence[str]) -> Iterator[DraftObjective]:
    for one in worked_on(chart.plan):
        if one.label in labels:
            yield DraftObjective(thread=one.objective.thread, label=one.label, text=one.objective.text)


def _after(start: time, minutes: int) -> time:
    return (datetime.combine(date.min, start) + timedelta(minutes=minutes)).time()
