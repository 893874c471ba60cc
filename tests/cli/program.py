"""`therapist-desktop` run in this process, with what a therapist would see, and what tests type again and again."""

from __future__ import annotations

import ctypes
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import PASSWORD
from therapist_desktop.cli.entry import run
from therapist_desktop.models.moment import system_clock

PR_SET_DUMPABLE = 4  # linux/prctl.h

JORDAN = (
    "Jordan\nWhitfield\n\nthey/them\n04/05/1990\nM\n\njordan@mail.example\n207-555-0111\ny\n"
    "1 Elm Street\nPortland\nME\n04102\nAcme Health\nW1234567\n"
)
"""Answers to “client add”."""

TEXT = "# Data\nTalked about work.\n\n# Assessment\nLess tense.\n\n# Plan\nGo on.\n"
SESSION = ("--start", "9:00", "--stop", "9:55", "--service", 4)


def new_home(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home folder where nothing was ever done, which the program takes for that of its user."""
    home = place / "home"
    home.mkdir()
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "THERAPIST_DESKTOP_PRACTICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home


@contextmanager
def unhardened_afterwards() -> Iterator[None]:
    """Give back what the program takes from its process for good, for the tests after this one."""
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def today() -> date:
    """The day by the clock of this computer, which the program goes by."""
    return system_clock().date()


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Program:
    """`therapist-desktop`, run in this process with its passwords through a pipe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        *command: object,
        secrets: tuple[str, ...] = (PASSWORD,),
        typed: str | bytes = b"",
        before: tuple[object, ...] = (),
    ) -> Said:
        """Run a command; ``typed`` is standard input, ``before`` are options that stand before the command."""
        return self.apart("--practice", self.folder, *before, *command, secrets=secrets, typed=typed)

    def apart(self, *arguments: object, secrets: tuple[str, ...] = (PASSWORD,), typed: str | bytes = b"") -> Said:
        """Run with these arguments and passwords, and no practice named."""
        reader, writer = os.pipe()
        try:
            os.write(writer, "".join(f"{secret}\n" for secret in secrets).encode())
            os.close(writer)
            return self.bare("--password-fd", reader, *arguments, typed=typed)
        finally:
            os.close(reader)

    def bare(self, *arguments: object, typed: str | bytes = b"") -> Said:
        """Run with nothing but these arguments."""
        data = typed.encode() if isinstance(typed, str) else typed
        out, err, stdin = io.StringIO(), io.StringIO(), sys.stdin
        sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = run([str(argument) for argument in arguments])
        finally:
            sys.stdin = stdin
        return Said(code, out.getvalue(), err.getvalue())

    def well(self, *command: object, **given: object) -> list[str]:
        """Run a command that must succeed; return the lines it printed."""
        said = self(*command, **given)  # type: ignore[arg-type]
        assert said.code == 0, said
        return said.lines

    def refused(self, *command: object, **given: object) -> str:
        """Run a command that must be refused with nothing done; return the line that says why."""
        said = self(*command, **given)  # type: ignore[arg-type]
        assert (said.code, said.out) == (1, ""), said
        return said.err.splitlines()[-1]

    def misread(self, *command: object, **given: object) -> str:
        """Run a command whose arguments must be refused; return why."""
        said = self(*command, **given)  # type: ignore[arg-type]
        assert (said.code, said.out) == (2, ""), said
        return said.err.splitlines()[-1]
