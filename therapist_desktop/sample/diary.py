"""What happens in a sample practice, in the order in which it happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ParamSpec

from therapist_desktop.sample.calendar import SampleClock
from therapist_desktop.storage.progress import Progress

P = ParamSpec("P")


class Diary:
    """Deeds with their moments. Playing it moves the clock, so that every record bears a believable moment."""

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, int, Callable[[], object]]] = []

    def note(self, moment: datetime, deed: Callable[P, object], *args: P.args, **given: P.kwargs) -> None:
        """Enter a deed with what it is done to; of two at the same moment the one entered first comes first."""
        self._deeds.append((moment, len(self._deeds), partial(deed, *args, **given)))

    def play(self, clock: SampleClock, until: datetime, progress: Progress | None = None) -> None:
        """Do everything that lies no later than ``until``."""
        due = sorted(entry[:2] for entry in self._deeds if entry[0] <= until)
        for done, (moment, number) in enumerate(due, start=1):
            clock.now = moment
            self._deeds[number][2]()
            if progress is not None:
                progress(done, len(due))
        clock.now = until
