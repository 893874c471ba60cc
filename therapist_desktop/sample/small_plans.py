"""The treatment plans and safety plans of the small sample, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from therapist_desktop.models.safety_plan_content import MeansItemContent, SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft, SafetyPlanRowDraft
from therapist_desktop.sample.calendar import SampleCalendar, eastern
from therapist_desktop.sample.diary import Diary
from therapist_desktop.sample.founding import Staff
from therapist_desktop.sample.narrator import Library
from therapist_desktop.sample.small_charts import Chart
from therapist_desktop.sample.small_sessions import PlannedSession
from therapist_desktop.sample.small_sources import SafetyPlanSource, SafetyVersionSource
from therapist_desktop.sample.treatment import Setting, first_plan, reviewed_plan
from therapist_desktop.services.safety_plans import put_in_use, save_safety_plan_draft, start_safety_plan
from therapist_desktop.services.treatment_plans import revise_plan, save_plan_draft, sign_plan, start_plan

_REVIEW_EVERY = timedelta(weeks=12)
_INTO_SESSION = timedelta(minutes=25)


class PlanKeeping:
    """Enters plans into the diary: they are made and reviewed in sessions, with the client."""

    def __init__(self, staff: Staff, calendar: SampleCalendar, diary: Diary, library: Library) -> None:
        self._staff = staff
        self._calendar = calendar
        self._diary = diary
        self._library = library

    def enter_treatment_plans(self, chart: Chart, sessions: Sequence[PlannedSession]) -> None:
        """Enter the first version, in the session after the intake, and a review every twelve weeks."""
        planning = [one for one in sessions if not one.is_intake]
        days = _at_weeks(planning, chart.source.plan_weeks) or _every_twelve_weeks(planning)
        for session in days:
            is_last = session is days[-1]
            at = eastern(session.day, session.start) + _INTO_SESSION
            self._diary.note(at, self._write_plan, chart, session, is_last)
        if chart.source.plan_in_work:
            last = [one.ended_at for one in sessions if one.ended_at < self._calendar.now][-1]
            self._diary.note(last + timedelta(hours=1), self._begin_revision, chart)

    def enter_safety_plans(self, chart: Chart, source: SafetyPlanSource) -> None:
        """Enter each version."""
        for number, version in enumerate(source.versions, start=1):
            at = self._calendar.moment(version.weeks_ago, version.weekday, version.at)
            self._diary.note(at, self._write_safety_plan, chart, source, version, number)

    def _write_plan(self, chart: Chart, session: PlannedSession, is_last: bool) -> None:
        practice, clinician, words = self._staff.practice, chart.clinician, self._library.narrative.plan
        theme = self._library.theme(chart.source.theme)
        if chart.plan is None:
            opened = start_plan(practice, clinician, chart.client_id)
            draft = first_plan(
                theme.problem[chart.source.variant],
                words,
                chart.chance,
                Setting(
                    service_type="couple" if chart.source.theme == "couple" else "individual",
                    minutes=session.row.minutes,
                    every_weeks=session.row.every,
                    clinician=clinician.name_and_credentials,
                ),
                established_on=session.day,
                diagnoses=opened.content.diagnoses,
            )
        else:
            opened = revise_plan(practice, clinician, chart.client_id)
            chart.reviews += 1
            draft = reviewed_plan(opened.content, words, chart.chance, chart.reviews, session.day)
        if is_last and chart.source.review_due_in_days is not None:
            draft = replace(draft, review_due_on=self._due(session.day, chart.source.review_due_in_days))
        revision = save_plan_draft(practice, clinician, opened.plan_id, draft, opened.revision)
        sign_plan(practice, clinician, opened.plan_id, self._staff.password, revision=revision)
        chart.plan = draft

    def _due(self, established_on: date, in_days: int) -> date:
        return max(self._calendar.today + timedelta(days=in_days), established_on + timedelta(days=1))

    def _begin_revision(self, chart: Chart) -> None:
        opened = revise_plan(self._staff.practice, chart.clinician, chart.client_id)
        words = self._library.narrative.plan
        draft = reviewed_plan(opened.content, words, chart.chance, chart.reviews + 1, self._staff.clock().date())
        save_plan_draft(self._staff.practice, chart.clinician, opened.plan_id, draft, opened.revision)

    def _write_safety_plan(
        self, chart: Chart, source: SafetyPlanSource, version: SafetyVersionSource, number: int
    ) -> None:
        practice, clinician = self._staff.practice, chart.clinician
        opened = start_safety_plan(practice, clinician, chart.client_id)
        draft = _safety_draft(source, number, opened.content)
        if version.by:
            draft = replace(draft, made_with=f"{source.made_with}, by {version.by}")
        revision = save_safety_plan_draft(practice, clinician, opened.plan_id, draft, opened.revision)
        put_in_use(practice, clinician, opened.plan_id, revision)


def _at_weeks(sessions: Sequence[PlannedSession], weeks: Sequence[int]) -> list[PlannedSession]:
    """Return the first session of each of these weeks or after it."""
    return [next(one for one in sessions if one.weeks_ago <= week) for week in weeks]


def _every_twelve_weeks(sessions: Sequence[PlannedSession]) -> list[PlannedSession]:
    chosen: list[PlannedSession] = []
    for session in sessions:
        if not chosen or session.day - chosen[-1].day >= _REVIEW_EVERY:
            chosen.append(session)
    return chosen


def _safety_draft(source: SafetyPlanSource, number: int, begun: SafetyPlanDraft) -> SafetyPlanDraft:
    return replace(
        begun,
        made_with=source.made_with,
        likelihood=min(10, source.likelihood - len(source.versions) + number),
        barriers=source.barriers,
        kept_where=source.kept_where,
        copies_held_by=source.copies_held_by,
        rows=tuple(
            SafetyPlanRowDraft(
                part=SafetyPlanPart(row.part),
                text=row.text,
                phone=row.phone,
                relation=row.relation,
                hours=row.hours,
                may_contact=row.may_contact,
            )
            for row in source.rows
            if row.since <= number <= row.until
        ),
        means=tuple(
            MeansItemContent(
                means=one.means,
                present=one.present.value,
                storage=one.storage,
                action=one.action,
                helper=one.helper,
                by_when=begun.made_on + timedelta(weeks=one.due_weeks) if one.due_weeks else None,
                done_on=begun.made_on if one.done else None,
            )
            for one in source.means
            if one.since <= number <= one.until
        ),
    )
