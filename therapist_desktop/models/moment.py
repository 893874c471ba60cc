"""Moments: an instant in UTC together with the local offset it was made in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Clock = Callable[[], datetime]
"""Returns now, with its offset. Rules never ask the system; they are given one of these."""


def system_clock() -> datetime:
    """Return now in the computer’s own time zone."""
    return datetime.now(UTC).astimezone()


def moment_text(moment: datetime) -> str:
    """Return the stored form, ``2026-11-23T20:04:05.123456Z-0500``: it sorts as UTC and keeps the offset."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment needs its offset")
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    utc = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{utc}Z{sign}{hours:02}{rest:02}"


def moment_from_text(text: str) -> datetime:
    """Read the stored form back into an aware datetime in its own offset."""
    utc, zone = text[:26], text[27:]
    minutes = int(zone[1:3]) * 60 + int(zone[3:5])
    offset = timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    return datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(timezone(offset))


class MomentColumn(TypeDecorator[datetime]):
    """A moment as sortable text, the same on every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Store a moment."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Load a moment."""
        return None if value is None else moment_from_text(value)
