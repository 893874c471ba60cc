"""How long a session was, and whether its note was begun too late to be an ordinary one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from therapist_desktop.models.errors import UserError

LONGEST_MINUTES = 12 * 60
"""A longer session is taken for a slip, such as 3 pm to 2:50 pm."""

LATE_ENTRY_HOURS = 72
"""After this a note is labelled a late entry, unless the practice chose otherwise (clinical.md 6.4)."""


def day_text(day: date) -> str:
    """Return a date as Americans write it, 11/3/2026, whatever the computer’s language is."""
    return f"{day.month}/{day.day}/{day.year}"


def session_minutes(start: time, stop: time, interruption_minutes: int = 0) -> int:
    """Return the minutes from start to stop on the wall clock, less interruptions.

    A stop earlier than the start is on the next day. Raises ``UserError`` if that cannot be. Wall clocks know
    no time zone: a session during the change to or from daylight saving time is off by that hour.
    """
    minutes = _span_minutes(start, stop)
    if minutes == 0:
        raise UserError("The session stops when it starts. Correct the start or the stop time.")
    if minutes > LONGEST_MINUTES:
        raise UserError(
            f"From start to stop would be {minutes // 60} hours {minutes % 60} minutes. "
            "Correct the start or the stop time."
        )
    if interruption_minutes < 0:
        raise UserError("Interruptions cannot be negative. Enter their minutes, or 0.")
    if interruption_minutes >= minutes:
        raise UserError(
            f"The interruptions are as long as the whole session of {minutes} minutes. Correct one of them."
        )
    return minutes - interruption_minutes


def session_end(day: date, start: time | None, stop: time | None, zone: tzinfo | None) -> datetime:
    """Return the moment a session ended; without times, the end of its day."""
    if stop is None:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    crosses_midnight = start is not None and stop < start
    return datetime.combine(day + timedelta(days=int(crosses_midnight)), stop, zone)


def is_late_entry(begun_at: datetime, ended_at: datetime, hours: int = LATE_ENTRY_HOURS) -> bool:
    """Whether a note was begun more than ``hours`` after the session ended; both moments with their offset.

    Medicare Program Integrity Manual ch. 3 § 3.3.2.5: a delayed entry must be marked as one.
    """
    if begun_at.utcoffset() is None or ended_at.utcoffset() is None:
        raise ValueError("both moments need their offset")
    return begun_at - ended_at > timedelta(hours=hours)


def _span_minutes(start: time, stop: time) -> int:
    return (stop.hour * 60 + stop.minute - start.hour * 60 - start.minute) % (24 * 60)
