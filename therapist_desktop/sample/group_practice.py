"""The large sample: ten years of a group practice, to measure speed on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from therapist_desktop.models.people import Role
from therapist_desktop.sample.calendar import SampleCalendar, eastern
from therapist_desktop.sample.founding import Staff, found_practice
from therapist_desktop.sample.group_clients import invent_clients
from therapist_desktop.sample.group_treatment import Treatment
from therapist_desktop.sample.group_writing import ChartPage
from therapist_desktop.sample.narrator import Library
from therapist_desktop.sample.sources import GroupPracticeSource, SmallPracticeSource, read_source
from therapist_desktop.services.superbills import issue_month
from therapist_desktop.storage.progress import Meter, Progress


@dataclass(frozen=True, kw_only=True)
class GroupSize:
    """How much a group leaves behind."""

    clients: int = 300
    notes: int = 30_000
    years: int = 10
    billed_months: int = 3
    """Months whose superbills are issued, the last of them two months before the sample’s today."""


TEN_YEARS = GroupSize()
"""What the benchmarks are measured on."""

_SESSIONS_A_PAGE = 500


def found_group_practice(folder: Path, password: str, now: datetime, size: GroupSize) -> Staff:
    """Set up the practice and its people, a little before the first session."""
    source = read_source("group_practice.toml", GroupPracticeSource)
    shared = read_source("small_practice.toml", SmallPracticeSource)
    # Courses that holidays made longer reach back a few weeks more.
    weeks_ago = size.years * 56 + 8
    return found_practice(
        folder,
        password,
        SampleCalendar(now).moment(weeks_ago, "Mon", time(7, 30)),
        now.date(),
        facts=source.facts,
        people=source.person,
        services=shared.service,
        payers=shared.payer,
    )


def live_group_practice(staff: Staff, now: datetime, size: GroupSize, seed: str, progress: Progress | None) -> None:
    """Write all charts, day by day, and issue the superbills of some months."""
    source = read_source("group_practice.toml", GroupPracticeSource)
    payers = read_source("small_practice.toml", SmallPracticeSource).payer
    calendar, library = SampleCalendar(now), Library()
    clinicians = [key for key, person in staff.people.items() if person.has(Role.CLINICIAN)]
    chance = random.Random(seed)  # noqa: S311  made to be the same each time
    invented = invent_clients(
        source.clients,
        payers,
        clinicians,
        calendar,
        chance,
        clients=size.clients,
        notes=size.notes,
        years=size.years,
    )
    modifiers = {payer.name: payer.video_modifier for payer in payers}
    treatments = [
        Treatment(one, staff, library, source, modifiers, calendar.today, random.Random(f"{seed}:{number}"))  # noqa: S311
        for number, one in enumerate(invented)
    ]
    meter = Meter(size.notes + size.billed_months, progress)
    to_bill = _months(calendar.today, size.billed_months)
    for page in _pages(treatments, to_bill):
        while to_bill and _issued_on(to_bill[0]) <= page[0][0]:
            _issue(staff, to_bill.pop(0))
            meter.add(1)
        with staff.practice.writing() as session:
            chart_page = ChartPage(session, staff.practice)
            for day, treatment in page:
                treatment.hold_session(chart_page, day)
            chart_page.finish()
        meter.add(len(page))
    for month in to_bill:
        _issue(staff, month)
        meter.add(1)
    staff.clock.now = now


def _issue(staff: Staff, month: date) -> None:
    staff.clock.now = eastern(_issued_on(month), time(7, 0))
    issue_month(staff.practice, staff.biller, staff.reference, month.year, month.month)


def _issued_on(month: date) -> date:
    """Return the day on which the superbills of a month are issued, before the first session of that day."""
    return (month + timedelta(days=31)).replace(day=2)


def _pages(treatments: Sequence[Treatment], to_bill: Sequence[date]) -> Iterator[list[tuple[date, Treatment]]]:
    """Yield the sessions in the order they were held, whole days at a time, with an end where a month is billed.

    So the moments of events and signatures run on from page to page.
    """
    ends = [_issued_on(month) for month in to_bill]
    sessions = sorted(
        (
            (day, treatment.invented.hour, number)
            for number, treatment in enumerate(treatments)
            for day in treatment.invented.days
        )
    )
    page: list[tuple[date, Treatment]] = []
    for day, _, number in sessions:
        full = len(page) >= _SESSIONS_A_PAGE and page[-1][0] != day
        if full or (page and any(page[-1][0] < end <= day for end in ends)):
            yield page
            page = []
        page.append((day, treatments[number]))
    if page:
        yield page


def _months(today: date, count: int) -> list[date]:
    """Return the first days of the months to be billed, the earliest first; last month is left to do."""
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    months = []
    for _ in range(count):
        last = (last - timedelta(days=1)).replace(day=1)
        months.append(last)
    return months[::-1]
