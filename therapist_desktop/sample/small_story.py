"""What happens in the small sample beside sessions: calls, amendments, co-signing, superbills, things put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from therapist_desktop.catalogs.federal_holidays import is_business_day
from therapist_desktop.models.billing import PaymentMethod
from therapist_desktop.models.note_templates import NoteKind
from therapist_desktop.models.people import Person, Role
from therapist_desktop.sample.calendar import SampleCalendar, eastern
from therapist_desktop.sample.diary import Diary
from therapist_desktop.sample.founding import Staff
from therapist_desktop.sample.small_charts import FOUNDED_WEEKS_AGO, Chart
from therapist_desktop.sample.small_sessions import PlannedSession, SessionKeeping
from therapist_desktop.sample.small_sources import (
    AddOnSource,
    AmendmentSource,
    MomentSource,
    StorySource,
    WrittenNote,
)
from therapist_desktop.services.account import list_payments
from therapist_desktop.services.charges import charge_absence, charge_session
from therapist_desktop.services.clients import open_client, save_client
from therapist_desktop.services.note_amendments import amend_note
from therapist_desktop.services.note_draft import DraftSection
from therapist_desktop.services.note_signing import cosign_note, sign_note
from therapist_desktop.services.payments import reverse_payment
from therapist_desktop.services.session_notes import open_note, save_draft, start_note
from therapist_desktop.services.superbills import correct_superbill, deliver_superbill, issue_month

_ISSUED_FROM = 2
"""Superbills of a month are issued on the first business day from the second of the next one."""
_SUPERVISION = time(17, 10)


class StoryKeeping:
    """Enters everything that is no regular session into the diary."""

    def __init__(
        self, staff: Staff, calendar: SampleCalendar, diary: Diary, charts: Mapping[str, Chart], money: SessionKeeping
    ) -> None:
        self._staff = staff
        self._calendar = calendar
        self._diary = diary
        self._charts = charts
        self._money = money
        self._cosigned: set[int] = set()

    def enter(self, story: StorySource, sessions: Mapping[str, Sequence[PlannedSession]]) -> None:
        """Enter the whole story."""
        moment = self._calendar.moment
        for note in story.note:
            if note.at is not None and note.weekday is not None:
                at = moment(note.weeks_ago, note.weekday, note.at)
                self._diary.note(at, self._write_note, self._charts[note.client], note)
        for amendment in story.amendment:
            for session in _held(sessions[amendment.client], amendment.note_weeks_ago, amendment.weekday):
                at = session.ended_at + timedelta(hours=amendment.hours_later, minutes=30)
                self._diary.note(at, self._amend, self._charts[amendment.client], amendment)
        for add_on in story.add_on:
            for session in _held(sessions[add_on.client], add_on.weeks_ago, add_on.weekday):
                at = session.ended_at + timedelta(hours=2)
                self._diary.note(at, self._charge_add_on, self._charts[add_on.client], add_on)
        for reversed_payment in story.reversed_payment:
            at = moment(reversed_payment.weeks_ago, reversed_payment.weekday, reversed_payment.at)
            self._diary.note(at, self._reverse_payment, self._charts[reversed_payment.client], reversed_payment)
        for corrected in story.corrected_superbill:
            at = moment(corrected.weeks_ago, corrected.weekday, corrected.at)
            self._diary.note(at, self._correct_superbill, self._charts[corrected.client], corrected)
        self._enter_supervision()
        self._enter_months()

    def _enter_supervision(self) -> None:
        for week in range(FOUNDED_WEEKS_AGO, -1, -1):
            for supervisee in self._staff.people.values():
                if supervisee.has(Role.SUPERVISEE):
                    at = self._calendar.moment(week, "Mon", _SUPERVISION)
                    self._diary.note(at, self._cosign, supervisee)

    def _enter_months(self) -> None:
        """Enter a month of superbills at the beginning of the next; the month before the sample’s is left to do."""
        today = self._calendar.today
        month = self._calendar.day(FOUNDED_WEEKS_AGO).replace(day=1)
        to_do = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        while month < to_do:
            following = (month + timedelta(days=31)).replace(day=1)
            day = following.replace(day=_ISSUED_FROM)
            while not is_business_day(day):
                day += timedelta(days=1)
            self._diary.note(eastern(day, time(9, 0)), self._issue, month)
            month = following

    def _write_note(self, chart: Chart, given: WrittenNote) -> None:
        staff, clinician = self._staff, chart.clinician
        today = staff.clock().date()
        note_id = start_note(staff.practice, clinician, chart.client_id, today, template="free", kind=given.kind)
        opened = open_note(staff.practice, clinician, note_id)
        draft = replace(
            opened.draft,
            risk_today=given.risk,
            sections=tuple(DraftSection(heading=heading, text=text) for heading, text in given.sections.items()),
        )
        revision = save_draft(staff.practice, clinician, note_id, draft, opened.revision)
        sign_note(staff.practice, clinician, staff.reference, note_id, staff.password, revision=revision)
        if given.kind is NoteKind.ABSENCE and given.charge:
            service = staff.services[given.charge]
            charge_id = charge_absence(staff.practice, clinician, chart.client_id, service.id, today)
            self._money.settle(chart, charge_id, service.fee_cents)

    def _amend(self, chart: Chart, source: AmendmentSource) -> None:
        amend_note(
            self._staff.practice,
            chart.clinician,
            chart.note_of(source.note_weeks_ago, source.weekday),
            source.kind,
            source.text,
            password=self._staff.password,
            what_was_wrong=source.what_was_wrong,
        )

    def _charge_add_on(self, chart: Chart, source: AddOnSource) -> None:
        service = self._staff.services[source.service]
        charge_id = charge_session(
            self._staff.practice,
            self._money.biller_for(chart),
            self._staff.reference,
            chart.note_of(source.weeks_ago, source.weekday),
            service_id=service.id,
        )
        self._money.settle(chart, charge_id, service.fee_cents)

    def _cosign(self, supervisee: Person) -> None:
        """Co-sign what a supervisee has signed since the last supervision."""
        supervisor = next(one for one in self._staff.people.values() if one.id == supervisee.supervisor_id)
        for chart in self._charts.values():
            if chart.clinician is supervisee:
                for note_id in chart.notes.values():
                    if note_id not in self._cosigned:
                        cosign_note(self._staff.practice, supervisor, note_id, self._staff.password)
                        self._cosigned.add(note_id)

    def _reverse_payment(self, chart: Chart, source: MomentSource) -> None:
        """Take the last payment back, and enter at once that the client pays by card."""
        practice, person = self._staff.practice, self._money.biller_for(chart)
        last = list_payments(practice, person, chart.client_id)[-1]
        reverse_payment(practice, person, last.payment_id, source.reason)
        chart.owed.update(last.by_charge)
        self._money.pay(chart, dict(last.by_charge), PaymentMethod.CARD)

    def _issue(self, month: date) -> None:
        staff = self._staff
        result = issue_month(staff.practice, staff.biller, staff.reference, month.year, month.month)
        by_client = {chart.client_id: chart for chart in self._charts.values()}
        for issued in result.issued:
            by_client[issued.client_id].superbills.append(issued.superbill_id)
            deliver_superbill(staff.practice, staff.biller, issued.superbill_id, "handed over in session")

    def _correct_superbill(self, chart: Chart, source: MomentSource) -> None:
        """Put the member ID right and issue the last superbill anew."""
        practice, clinician = self._staff.practice, chart.clinician
        opened = open_client(practice, clinician, chart.client_id)
        assert chart.source.policy is not None
        policy = replace(opened.record.policies[0], member_id=chart.source.policy.member)
        save_client(practice, clinician, chart.client_id, replace(opened.record, policies=(policy,)), opened.revision)
        corrected = correct_superbill(
            practice, self._staff.biller, self._staff.reference, chart.superbills[-1], source.reason
        )
        chart.superbills.append(corrected.superbill_id)


def _held(sessions: Sequence[PlannedSession], weeks_ago: int, weekday: str | None) -> list[PlannedSession]:
    """Return the first session of a week, if it was held: it may have fallen on a holiday."""
    return [one for one in sessions if one.weeks_ago == weeks_ago and weekday in (None, one.weekday)][:1]
