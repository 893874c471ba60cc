"""Amounts, dates and times read as they do in the United States."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from therapist_desktop.reports.figures import (
    clock,
    column_amount,
    dollars,
    long_date,
    moment,
    short_date,
    time_span,
)


def test_money_has_cents_and_a_negative_amount_is_called_a_refund() -> None:
    assert dollars(123450) == "$1,234.50"
    assert dollars(-2000) == "refund $20.00"
    assert column_amount(5) == "0.05"
    assert column_amount(-5) == "refund 0.05"


def test_dates_are_month_first() -> None:
    assert short_date(date(2026, 3, 4)) == "03/04/2026"
    assert long_date(date(2026, 3, 4)) == "March 4, 2026"


@pytest.mark.parametrize(
    ("at", "shown"), [(time(0, 5), "12:05 am"), (time(12, 0), "12:00 pm"), (time(15, 4), "3:04 pm")]
)
def test_the_clock_has_twelve_hours(at: time, shown: str) -> None:
    assert clock(at) == shown


def test_a_span_names_the_half_of_the_day_once_and_says_what_is_known() -> None:
    assert time_span(time(10), time(10, 55)) == "10:00–10:55 am"
    assert time_span(time(11, 30), time(12, 25)) == "11:30 am–12:25 pm"
    assert time_span(time(10), None) == "10:00 am"
    assert time_span(None, None) == ""


def test_a_moment_carries_the_offset_it_was_made_in() -> None:
    assert moment(datetime(2026, 11, 2, 15, 4, tzinfo=UTC)) == "November 2, 2026, 3:04 pm (UTC+00:00)"
    india = timezone(timedelta(hours=5, minutes=30))
    assert moment(datetime(2026, 11, 2, 1, 0, tzinfo=india)).endswith("1:00 am (UTC+05:30)")


def test_a_moment_without_offset_is_a_bug() -> None:
    with pytest.raises(ValueError, match="offset"):
        moment(datetime(2026, 11, 2, 15, 4))  # noqa: DTZ001
