"""The small sample: some 25 clients and a year of a practice, lived through with the program’s own verbs."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from therapist_desktop.sample.calendar import SampleCalendar
from therapist_desktop.sample.diary import Diary
from therapist_desktop.sample.founding import Staff, found_practice
from therapist_desktop.sample.narrator import Library
from therapist_desktop.sample.small_charts import FOUNDED_WEEKS_AGO, RecordKeeping, chart_for
from therapist_desktop.sample.small_plans import PlanKeeping
from therapist_desktop.sample.small_sessions import SessionKeeping, planned_sessions
from therapist_desktop.sample.small_sources import SafetyPlansSource, SmallClientsSource, StorySource
from therapist_desktop.sample.small_story import StoryKeeping
from therapist_desktop.sample.sources import SmallPracticeSource, read_source
from therapist_desktop.storage.progress import Progress

_FOUNDED_AT = time(7, 30)


def found_small_practice(folder: Path, password: str, now: datetime) -> Staff:
    """Set up the practice and its people, as of its first day."""
    source = read_source("small_practice.toml", SmallPracticeSource)
    return found_practice(
        folder,
        password,
        SampleCalendar(now).moment(FOUNDED_WEEKS_AGO, "Mon", _FOUNDED_AT),
        now.date(),
        facts=source.facts,
        people=source.person,
        services=source.service,
        payers=source.payer,
    )


def live_small_practice(staff: Staff, now: datetime, seed: str, progress: Progress | None) -> None:
    """Let everything happen that the files tell, from the first day until now."""
    clients = read_source("small_clients.toml", SmallClientsSource).client
    safety_plans = read_source("small_safety_plans.toml", SafetyPlansSource).plan
    story = read_source("small_story.toml", StorySource)
    calendar, diary, library = SampleCalendar(now), Diary(), Library()
    watched = {plan.client for plan in safety_plans}
    charts = {
        source.key: chart_for(source, staff, library, seed, watched=source.key in watched) for source in clients
    }
    sessions = {key: planned_sessions(chart, calendar) for key, chart in charts.items()}
    records = RecordKeeping(staff, calendar, diary)
    plans = PlanKeeping(staff, calendar, diary, library)
    notes = SessionKeeping(staff, calendar, diary, story.note)
    for key, chart in charts.items():
        records.enter(chart)
        plans.enter_treatment_plans(chart, sessions[key])
        notes.enter(chart, sessions[key])
    for source in safety_plans:
        plans.enter_safety_plans(charts[source.client], source)
    StoryKeeping(staff, calendar, diary, charts, notes).enter(story, sessions)
    diary.play(staff.clock, now, progress)
