"""Timing a verb of the program against the bare operation it cannot do without, turn by turn."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from time import perf_counter

Turn = Callable[[int], float]
"""One repetition: takes the number of its round, so that each can work on something else, and returns seconds."""


class Unit(StrEnum):
    """What numbers of a comparison count."""

    SECONDS = "s"
    BYTES = "B"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What was measured of a verb and of the bare operation beside it, in ``unit``."""

    name: str
    bare_name: str
    program: tuple[float, ...]
    bare: tuple[float, ...]
    unit: Unit = Unit.SECONDS
    remark: str = ""

    @property
    def median(self) -> float:
        """The middle of what the program took."""
        return median(self.program)

    @property
    def p95(self) -> float:
        """What 95 of 100 repetitions of the program stay below (nearest rank)."""
        return sorted(self.program)[math.ceil(0.95 * len(self.program)) - 1]

    @property
    def bare_median(self) -> float:
        """The middle of what the bare operation took."""
        return median(self.bare)

    @property
    def ratio(self) -> float:
        """How many times the bare operation the verb costs, by the medians."""
        return self.median / self.bare_median

    def to_fields(self) -> dict[str, object]:
        """Return everything measured, for a file."""
        return {
            "name": self.name,
            "bare": self.bare_name,
            "unit": self.unit.value,
            "median": self.median,
            "p95": self.p95,
            "bare_median": self.bare_median,
            "ratio": self.ratio,
            "remark": self.remark,
            "program_values": self.program,
            "bare_values": self.bare,
        }


class Stopwatch:
    """Runs from the moment it is made, or made to begin again."""

    def __init__(self) -> None:
        self._begun = perf_counter()

    def begin_again(self) -> None:
        """Forget what went by until now."""
        self._begun = perf_counter()

    @property
    def seconds(self) -> float:
        """What went by."""
        return perf_counter() - self._begun


def timed(action: Callable[[int], object]) -> Turn:
    """Make a turn of something that is timed as a whole."""

    def turn(number: int) -> float:
        watch = Stopwatch()
        action(number)
        return watch.seconds

    return turn


def compare(
    name: str, program: Turn, bare_name: str, bare: Turn, rounds: int, *, remark: str = "", warm_up: int = 3
) -> Comparison:
    """Time both, turn by turn and each first in every other round, so that a noisy moment strikes both alike.

    The first ``warm_up`` rounds (fewer if there are few) are not counted: they fill caches as every day’s work does.
    """
    times: tuple[list[float], list[float]] = ([], [])
    turns = (program, bare)
    with undisturbed():
        for number in range(rounds + min(warm_up, rounds)):
            for which in (0, 1) if number % 2 else (1, 0):
                times[which].append(turns[which](number))
    return Comparison(
        name=name,
        bare_name=bare_name,
        program=tuple(times[0][-rounds:]),
        bare=tuple(times[1][-rounds:]),
        remark=remark,
    )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put aside what other benchmarks left to collect, so that this one does not pay for it."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def as_table(comparisons: Sequence[Comparison]) -> str:
    """Return the comparisons as aligned text."""
    head = ("what", "median", "p95", "bare", "ratio", "bare operation")
    rows = [head, *(_row(one) for one in comparisons)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < place < len(head) - 1 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _row(one: Comparison) -> tuple[str, ...]:
    amounts = (amount(value, one.unit) for value in (one.median, one.p95, one.bare_median))
    return (one.name, *amounts, f"{one.ratio:.2f}", one.bare_name)


def amount(value: float, unit: Unit) -> str:
    """Return a time in ms or s, or a size in MB, with about three digits that mean something."""
    if unit is Unit.BYTES:
        return f"{value / 1e6:.0f} MB"
    return (
        f"{value:.2f} s" if value >= 1 else f"{value * 1000:.{0 if value >= 0.1 else 1 if value >= 0.01 else 2}f} ms"
    )
