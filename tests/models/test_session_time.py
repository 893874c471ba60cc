from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.session_time import (
    LONGEST_MINUTES,
    day_text,
    is_late_entry,
    session_end,
    session_minutes,
)

EASTERN = timezone(timedelta(hours=-5))
PACIFIC = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("start", "stop", "interruption", "minutes"),
    [
        (time(15, 0), time(15, 53), 0, 53),
        (time(15, 0), time(16, 0), 8, 52),
        (time(23, 40), time(0, 25), 0, 45),
        (time(0, 0), time(12, 0), 0, 720),
    ],
)
def test_minutes_run_from_start_to_stop_past_midnight_and_less_interruptions(
    start: time, stop: time, interruption: int, minutes: int
) -> None:
    assert session_minutes(start, stop, interruption) == minutes


@pytest.mark.parametrize(
    ("start", "stop", "interruption", "sentence"),
    [
        (time(15, 0), time(15, 0), 0, "stops when it starts"),
        (time(15, 0), time(14, 50), 0, "23 hours 50 minutes"),
        (time(15, 0), time(15, 50), -1, "negative"),
        (time(15, 0), time(15, 50), 50, "whole session of 50 minutes"),
    ],
)
def test_times_that_cannot_be_are_refused_with_a_sentence(
    start: time, stop: time, interruption: int, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        session_minutes(start, stop, interruption)


@given(st.times(), st.integers(1, LONGEST_MINUTES), st.data())
def test_adding_the_minutes_to_the_start_gives_the_stop(start: time, length: int, data: st.DataObject) -> None:
    stop = (datetime.combine(date(2026, 3, 2), start) + timedelta(minutes=length)).time()
    interruption = data.draw(st.integers(0, length - 1))
    assert session_minutes(start, stop, interruption) == length - interruption


def test_a_session_past_midnight_ends_on_the_next_day() -> None:
    assert session_end(date(2026, 12, 31), time(23, 30), time(0, 20), EASTERN) == datetime(
        2027, 1, 1, 0, 20, tzinfo=EASTERN
    )
    assert session_end(date(2026, 3, 2), time(9), time(10), EASTERN) == datetime(2026, 3, 2, 10, tzinfo=EASTERN)


def test_a_session_without_times_ends_with_its_day() -> None:
    assert session_end(date(2026, 3, 2), None, None, EASTERN) == datetime(2026, 3, 3, tzinfo=EASTERN)


def test_a_note_is_a_late_entry_only_after_more_than_72_hours() -> None:
    ended = datetime(2026, 3, 2, 16, 0, tzinfo=EASTERN)
    assert not is_late_entry(ended + timedelta(hours=72), ended)
    assert is_late_entry(ended + timedelta(hours=72, seconds=1), ended)
    assert is_late_entry(ended + timedelta(hours=25), ended, hours=24)


def test_late_is_counted_in_real_hours_when_the_clinician_travels() -> None:
    ended = datetime(2026, 3, 2, 16, 0, tzinfo=EASTERN)
    assert not is_late_entry(datetime(2026, 3, 5, 13, 0, tzinfo=PACIFIC), ended)
    assert is_late_entry(datetime(2026, 3, 5, 13, 1, tzinfo=PACIFIC), ended)


def test_moments_without_an_offset_are_a_bug() -> None:
    with pytest.raises(ValueError, match="offset"):
        is_late_entry(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1))  # noqa: DTZ001


def test_dates_are_written_as_americans_write_them() -> None:
    assert day_text(date(2026, 1, 5)) == "1/5/2026"
