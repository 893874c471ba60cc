"""The time of a sample: Eastern hours, weeks counted back, ages that stay right, and a diary played in order."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.client_gaps import age_on
from therapist_desktop.sample.calendar import (
    SampleCalendar,
    SampleClock,
    eastern,
    is_open,
    next_on,
    years_before,
)
from therapist_desktop.sample.diary import Diary

NOW = datetime(2026, 11, 23, 11, 5, tzinfo=timezone(timedelta(hours=-5)))


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 7), -5),
        (date(2026, 3, 8), -4),
        (date(2026, 10, 31), -4),
        (date(2026, 11, 1), -5),
        (date(2016, 11, 6), -5),
        (date(2016, 11, 5), -4),
    ],
)
def test_daylight_saving_runs_from_march_to_november(day: date, hours: int) -> None:
    assert eastern(day, time(12)).utcoffset() == timedelta(hours=hours)


def test_week_zero_is_the_week_of_today_whatever_day_it_is() -> None:
    for days in range(7):
        calendar = SampleCalendar(NOW + timedelta(days=days))
        assert calendar.day(0, "Mon") == date(2026, 11, 23)
        assert calendar.day(7, "Thu") == date(2026, 10, 8)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 100), st.integers(1, 12), st.integers(1, 28))
def test_somebody_has_the_age_they_are_said_to_have(today: date, age: int, month: int, day: int) -> None:
    assert age_on(years_before(today, age, f"{month:02}-{day:02}"), today) == age


def test_a_licence_expires_on_the_next_such_day() -> None:
    assert next_on(date(2026, 11, 23), "03-31") == date(2027, 3, 31)
    assert next_on(date(2026, 3, 30), "03-31") == date(2026, 3, 31)
    assert next_on(date(2026, 3, 31), "03-31") == date(2027, 3, 31)


def test_a_practice_is_closed_on_thanksgiving_and_open_on_columbus_day() -> None:
    assert not is_open(date(2026, 11, 26))
    assert is_open(date(2026, 10, 12))


def test_a_diary_is_played_in_order_and_only_until_now() -> None:
    clock, diary, done = SampleClock(NOW - timedelta(days=9)), Diary(), []
    for days in (1, -1, -3, -3):
        diary.note(NOW + timedelta(days=days), lambda days=days: done.append((days, clock())))
    diary.play(clock, NOW)
    assert done == [(days, NOW + timedelta(days=days)) for days in (-3, -3, -1)]
    assert clock() == NOW
