"""How far long work has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Is told what is done and all there is to do, in the same unit. An exception from it ends the work, tidily."""


class Meter:
    """Adds up the parts of a piece of work and tells whoever looks on."""

    def __init__(self, total: int, progress: Progress | None = None) -> None:
        self._total = max(total, 1)
        self._progress = progress
        self._done = 0

    def add(self, amount: int) -> None:
        """Report that so much more is done."""
        self._done = min(self._done + amount, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)

    def part(self, weight: int) -> Callable[[float], None]:
        """Begin a part of this weight; the function returned is told which share of it is done, from 0 to 1."""
        start = self._done

        def reached(share: float) -> None:
            self.add(start + round(weight * share) - self._done)

        return reached
