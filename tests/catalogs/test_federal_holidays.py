"""Federal holidays and business days, held against the ``holidays`` package and the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.catalogs.federal_holidays import (
    add_business_days,
    business_days_between,
    federal_holidays,
    is_business_day,
)

DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))


def test_the_holidays_of_2026_are_observed_on_these_days() -> None:
    assert federal_holidays(2026) == {
        date(2026, 1, 1): "New Year's Day",
        date(2026, 1, 19): "Birthday of Martin Luther King, Jr.",
        date(2026, 2, 16): "Washington's Birthday",
        date(2026, 5, 25): "Memorial Day",
        date(2026, 6, 19): "Juneteenth National Independence Day",
        date(2026, 7, 3): "Independence Day",  # July 4 is a Saturday
        date(2026, 9, 7): "Labor Day",
        date(2026, 10, 12): "Columbus Day",
        date(2026, 11, 11): "Veterans Day",
        date(2026, 11, 26): "Thanksgiving Day",
        date(2026, 12, 25): "Christmas Day",
    }


def test_new_years_day_on_a_saturday_is_observed_in_the_year_before() -> None:
    assert federal_holidays(2027)[date(2027, 12, 31)] == "New Year's Day"
    assert date(2028, 1, 1) not in federal_holidays(2028)
    assert federal_holidays(2023)[date(2023, 1, 2)] == "New Year's Day"  # January 1 was a Sunday


def test_juneteenth_began_in_2021() -> None:
    assert len(federal_holidays(2020)) == 10
    assert federal_holidays(2021)[date(2021, 6, 18)] == "Juneteenth National Independence Day"


@pytest.mark.parametrize("year", range(1986, 2081))
def test_every_year_agrees_with_the_holidays_package(year: int) -> None:
    theirs = holidays.country_holidays("US", years=[year, year + 1])
    weekdays = {day for day in theirs if day.year == year and day.weekday() < 5}
    assert set(federal_holidays(year)) == weekdays


def test_years_before_the_present_holidays_are_refused() -> None:
    with pytest.raises(ValueError, match="from 1986 on"):
        federal_holidays(1985)


def test_weekends_holidays_and_the_practices_own_closed_days_are_no_business_days() -> None:
    assert is_business_day(date(2026, 11, 23))
    assert not is_business_day(date(2026, 11, 22))
    assert not is_business_day(date(2026, 11, 26))
    assert not is_business_day(date(2026, 7, 3))
    assert not is_business_day(date(2026, 11, 27), closed=[date(2026, 11, 27)])


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 25), 1, date(2026, 11, 27)),  # over Thanksgiving
        (date(2026, 11, 25), 3, date(2026, 12, 1)),
        (date(2026, 7, 2), 1, date(2026, 7, 6)),  # over Independence Day observed
        (date(2027, 12, 30), 1, date(2028, 1, 3)),  # over New Year's Day observed on December 31
        (date(2026, 11, 22), 1, date(2026, 11, 23)),  # from a Sunday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 30), -1, date(2026, 11, 27)),
        (date(2026, 11, 27), -1, date(2026, 11, 25)),
    ],
)
def test_business_days_are_counted_from_the_day_after(start: date, count: int, end: date) -> None:
    assert add_business_days(start, count) == end


def test_a_good_faith_estimate_asked_for_before_thanksgiving_is_due_after_it() -> None:
    closed = [date(2026, 11, 27)]
    assert add_business_days(date(2026, 11, 24), 3) == date(2026, 11, 30)
    assert add_business_days(date(2026, 11, 24), 3, closed) == date(2026, 12, 1)


@given(start=DAYS, count=st.integers(1, 30))
def test_counting_forward_and_between_agree(start: date, count: int) -> None:
    end = add_business_days(start, count)
    assert is_business_day(end)
    assert business_days_between(start, end) == count
    assert business_days_between(start, end - timedelta(days=1)) == count - 1
    assert business_days_between(end, start) == 0


@given(start=DAYS.filter(is_business_day), count=st.integers(1, 30))
def test_counting_back_undoes_counting_forward(start: date, count: int) -> None:
    assert add_business_days(add_business_days(start, count), -count) == start
