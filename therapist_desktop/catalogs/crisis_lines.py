"""Crisis lines: whom to reach in a crisis, how, and when each way was last verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from .code_table import CodeTable, shipped

Channel = Literal["call", "text", "chat", "tty", "videophone"]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a line.

    ``contact`` is the number or web address; ``then`` is what to press or to text once connected.
    ``verified_on`` is None until a person has checked it against ``source``.
    """

    channel: Channel
    contact: str
    then: str = ""
    verified_on: date | None = None
    source: str = ""

    @property
    def instruction(self) -> str:
        """How a person in a crisis reads it: ``Call 988, then press 1`` or ``Text HOME to 741741``."""
        if self.channel == "text":
            return f"Text {self.then} to {self.contact}" if self.then else f"Text {self.contact}"
        if self.channel == "chat":
            return f"Chat at {self.contact}"
        verb = {"call": "Call", "tty": "TTY", "videophone": "By videophone (ASL),"}[self.channel]
        return f"{verb} {self.contact}" + (f", then {self.then}" if self.then else "")


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """One line: whom it is for, when it answers (empty if not known), and the ways to reach it."""

    code: str
    name: str
    audience: str
    hours: str
    language: str
    ways: tuple[Way, ...]


class CrisisLines(CodeTable[CrisisLine]):
    """The crisis lines, most general first. Numbers change: a practice may give a file of its own."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file or shipped("crisis_lines.toml"), "line", _line)

    def verified(self) -> tuple[CrisisLine, ...]:
        """Return the lines with only the ways that were verified; the ones a document may print."""
        checked = (
            replace(line, ways=tuple(way for way in line.ways if way.verified_on is not None)) for line in self
        )
        return tuple(line for line in checked if line.ways)

    def unverified(self) -> tuple[CrisisLine, ...]:
        """Return the lines with only the ways somebody still has to check before they are printed."""
        open_ = (replace(line, ways=tuple(way for way in line.ways if way.verified_on is None)) for line in self)
        return tuple(line for line in open_ if line.ways)


def _line(row: Mapping[str, Any]) -> CrisisLine:
    return CrisisLine(
        code=row["code"],
        name=row["name"],
        audience=row["audience"],
        hours=row.get("hours", ""),
        language=row.get("language", "English"),
        ways=tuple(Way(**way) for way in row["ways"]),
    )
