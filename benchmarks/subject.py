"""The practice that is measured: a copy that only the benchmarks use, and how to get into it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from therapist_desktop.models.people import Person
from therapist_desktop.services.practices import sign_in
from therapist_desktop.services.reference import Reference
from therapist_desktop.storage.practice import Practice


class RunningClock:
    """A clock that begins at a moment of the practice’s own time and goes on from there."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._begun = time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun)


@dataclass(frozen=True)
class Subject:
    """A closed practice. Whoever is named writes notes, issues superbills and makes backups."""

    folder: Path
    person_id: int
    password: str = field(repr=False)
    clock: RunningClock
    pace: float = 1.0
    """How much of the usual repetitions is done; 0 does everything once."""

    def rounds(self, usual: int) -> int:
        """Return how often to repeat something."""
        return max(1, round(usual * self.pace))

    @property
    def scratch(self) -> Path:
        """Where files of a benchmark may lie: the same disk."""
        return self.folder.parent

    @contextmanager
    def open(self) -> Iterator[Workplace]:
        """Sign in for a while."""
        signed_in = sign_in(self.folder, self.person_id, self.password, self.clock)
        with closing(Reference()) as reference:
            try:
                yield Workplace(signed_in.practice, signed_in.person, reference)
            except BaseException:
                signed_in.abandon()
                raise
        signed_in.sign_out()


class Workplace:
    """The open practice, who works in it, and the bare connection beneath."""

    def __init__(self, practice: Practice, person: Person, reference: Reference) -> None:
        self.practice = practice
        self.person = person
        self.reference = reference
        self.raw: Any = practice.database.connection.raw
        """The driver’s own connection, with the very profile the program works with."""

    @property
    def today(self) -> date:
        """The day it is in the practice."""
        return self.practice.clock().date()

    @property
    def last_month(self) -> tuple[date, date]:
        """The first and the last day of the month that is to be billed."""
        last = self.today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a query on the bare connection, and read it to its end."""
        found: list[tuple[Any, ...]] = self.raw.execute(statement, values).fetchall()
        return found
