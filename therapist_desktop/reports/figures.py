"""Amounts, dates and times as an American document prints them, whatever the computer is set to."""

from __future__ import annotations

from datetime import date, datetime, time

from therapist_desktop.models.money import format_cents

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def dollars(cents: int) -> str:
    """Return “$1,234.50”; a negative amount reads “refund $20.00” (clinical.md 1.2: no bare negatives)."""
    return f"refund {format_cents(-cents)}" if cents < 0 else format_cents(cents)


def column_amount(cents: int) -> str:
    """Return “1,234.50” for a column of money."""
    return dollars(cents).replace("$", "")


def short_date(day: date) -> str:
    """Return “11/02/2026”, the form insurers key."""
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def long_date(day: date) -> str:
    """Return “November 2, 2026”."""
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def clock(moment: time | datetime) -> str:
    """Return “3:04 pm”."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {'am' if moment.hour < 12 else 'pm'}"


def time_span(start: time | None, stop: time | None) -> str:
    """Return “10:00–10:55 am”, what is known of it, or nothing."""
    if start is None or stop is None:
        known = start or stop
        return clock(known) if known else ""
    first = clock(start)
    if (start.hour < 12) == (stop.hour < 12):
        first = first.rsplit(" ", 1)[0]
    return f"{first}–{clock(stop)}"


def moment(at: datetime) -> str:
    """Return “November 2, 2026, 3:04 pm (UTC−05:00)”, in the offset in which it was made."""
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("a moment needs its offset")
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"{long_date(at.date())}, {clock(at)} (UTC{sign}{hours:02}:{rest:02})"
