"""The time a sample practice lives in: weeks counted back from its today, in the local time of Portland, Maine."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from therapist_desktop.catalogs.federal_holidays import federal_holidays
from therapist_desktop.sample.sources import WEEKDAYS, Weekday

CLOSED = frozenset(
    {"New Year's Day", "Memorial Day", "Independence Day", "Labor Day", "Thanksgiving Day", "Christmas Day"}
)
"""The federal holidays on which private practices see nobody."""

_STANDARD, _DAYLIGHT = timezone(timedelta(hours=-5)), timezone(timedelta(hours=-4))


def eastern(day: date, at: time) -> datetime:
    """Return a moment in US Eastern time; daylight saving by 15 U.S.C. 260a, to the day."""
    begins, ends = _sunday(day.year, 3, 2), _sunday(day.year, 11, 1)
    return datetime.combine(day, at, _DAYLIGHT if begins <= day < ends else _STANDARD)


def is_open(day: date) -> bool:
    """Whether a practice sees clients on a weekday."""
    return federal_holidays(day.year).get(day) not in CLOSED


def years_before(day: date, years: int, birthday: str) -> date:
    """Return the birth date of somebody of that age whose birthday is “06-21”."""
    month, of_month = map(int, birthday.split("-"))
    had_it = (month, of_month) <= (day.month, day.day)
    return date(day.year - years - (not had_it), month, of_month)


def next_on(day: date, month_and_day: str) -> date:
    """Return the first day after ``day`` that is, for instance, a “03-31”."""
    month, of_month = map(int, month_and_day.split("-"))
    this_year = date(day.year, month, of_month)
    return this_year if this_year > day else date(day.year + 1, month, of_month)


class SampleCalendar:
    """The weeks of a sample: week 0 is that of its today."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = now.date()
        self._monday = self.today - timedelta(days=self.today.weekday())

    def day(self, weeks_ago: int, weekday: Weekday = "Mon") -> date:
        """Return a day of a week."""
        return self._monday - timedelta(weeks=weeks_ago) + timedelta(days=WEEKDAYS.index(weekday))

    def moment(self, weeks_ago: int, weekday: Weekday, at: time) -> datetime:
        """Return a moment of a week."""
        return eastern(self.day(weeks_ago, weekday), at)


class SampleClock:
    """The clock of a practice that is being made: it stands where it was put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _sunday(year: int, month: int, number: int) -> date:
    """Return the first, second… Sunday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
