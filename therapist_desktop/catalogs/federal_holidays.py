"""US federal holidays and business days, by the statute (5 U.S.C. 6103).

Computed here and not with the ``holidays`` package, whose first use costs 150 ms and 19 MB; the tests hold
this against that package.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_ONE_DAY = timedelta(days=1)
_FIRST_YEAR = 1986  # all ten older holidays as they are today; before, the dates were others


def federal_holidays(year: int) -> dict[date, str]:
    """Return the days federal offices are closed for a holiday in a calendar year, and why.

    A holiday on a Saturday is observed the Friday before, on a Sunday the Monday after (5 U.S.C. 6103(b);
    Executive Order 11582), so New Year's Day of the next year may fall on December 31. Holidays on a weekend
    appear only on the day they are observed. Years from 1986 on; earlier ones raise ``ValueError``.
    """
    if year < _FIRST_YEAR:
        raise ValueError(f"federal holidays are known from {_FIRST_YEAR} on")
    observed = ((_observed(day), name) for of_year in (year, year + 1) for day, name in _statutory(of_year).items())
    return {day: name for day, name in sorted(observed) if day.year == year}


def is_business_day(day: date, closed: Iterable[date] = ()) -> bool:
    """Return whether the day is no weekend, no federal holiday and not among the practice's own ``closed``."""
    return day.weekday() < _SATURDAY and day not in federal_holidays(day.year) and day not in set(closed)


def add_business_days(day: date, count: int, closed: Iterable[date] = ()) -> date:
    """Return the day that is ``count`` business days after ``day`` (before it, if negative).

    The day itself is not counted: one business day after a Friday is Monday. Zero gives the day itself. So
    a Good Faith Estimate due “within 3 business days” of May 1 is due on ``add_business_days(may_1, 3)``.
    """
    step = _ONE_DAY if count > 0 else -_ONE_DAY
    open_day = partial(is_business_day, closed=frozenset(closed))
    for _ in range(abs(count)):
        day += step
        while not open_day(day):
            day += step
    return day


def business_days_between(start: date, end: date, closed: Iterable[date] = ()) -> int:
    """Return how many business days lie after ``start`` up to and including ``end``; 0 if end is not later."""
    days = (start + _ONE_DAY * number for number in range(1, (end - start).days + 1))
    own_days = frozenset(closed)
    return sum(is_business_day(day, own_days) for day in days)


def _statutory(year: int) -> dict[date, str]:
    """Return the eleven dates the statute names, before moving any off a weekend."""
    days = {
        date(year, 1, 1): "New Year's Day",
        _nth(year, 1, _MONDAY, 3): "Birthday of Martin Luther King, Jr.",
        _nth(year, 2, _MONDAY, 3): "Washington's Birthday",
        _nth(year, 6, _MONDAY, 1) - timedelta(days=7): "Memorial Day",
        date(year, 7, 4): "Independence Day",
        _nth(year, 9, _MONDAY, 1): "Labor Day",
        _nth(year, 10, _MONDAY, 2): "Columbus Day",
        date(year, 11, 11): "Veterans Day",
        _nth(year, 11, _THURSDAY, 4): "Thanksgiving Day",
        date(year, 12, 25): "Christmas Day",
    }
    if year >= 2021:  # Pub. L. 117-17, June 17, 2021
        days[date(year, 6, 19)] = "Juneteenth National Independence Day"
    return days


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _observed(day: date) -> date:
    if day.weekday() == _SATURDAY:
        return day - _ONE_DAY
    return day + _ONE_DAY if day.weekday() == _SUNDAY else day
