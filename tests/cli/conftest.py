"""The command line in this process, on a real encrypted practice, with what a therapist would see."""

from __future__ import annotations

import ctypes
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PASSWORD
from therapist_desktop.cli.entry import run

PR_SET_DUMPABLE = 4  # linux/prctl.h


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

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._capture = capture
        self._monkeypatch = monkeypatch

    def __call__(
        self,
        *command: object,
        secrets: tuple[str, ...] = (PASSWORD,),
        typed: str | bytes = b"",
        before: tuple[object, ...] = (),
    ) -> Said:
        """Run a command; ``typed`` is standard input, ``before`` are options that stand before the command."""
        reader, writer = os.pipe()
        try:
            os.write(writer, "".join(f"{secret}\n" for secret in secrets).encode())
            os.close(writer)
            return self.bare("--practice", self.folder, "--password-fd", reader, *before, *command, typed=typed)
        finally:
            os.close(reader)

    def bare(self, *arguments: object, typed: str | bytes = b"") -> Said:
        """Run with nothing but these arguments."""
        data = typed.encode() if isinstance(typed, str) else typed
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        self._capture.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = self._capture.readouterr()
        return Said(code, out, err)

    def well(self, *command: object, **given: object) -> list[str]:
        """Run a command that must succeed and say nothing on standard error; return the lines it printed."""
        said = self(*command, **given)  # type: ignore[arg-type]
        assert (said.code, said.err) == (0, ""), said
        return said.lines

    def refused(self, *command: object, **given: object) -> str:
        """Run a command that must be refused in one sentence or two; return them."""
        said = self(*command, **given)  # type: ignore[arg-type]
        assert (said.code, said.out) == (1, ""), said
        assert said.err.count("\n") == 1, said
        return said.err.strip()

    def misread(self, *command: object, **given: object) -> str:
        """Run a command whose arguments must be refused; return why."""
        said = self(*command, **given)  # type: ignore[arg-type]
        assert (said.code, said.out) == (2, ""), said
        return said.err.splitlines()[-1]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test’s own, where nothing was ever done."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "THERAPIST_DESKTOP_PRACTICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home


@pytest.fixture(autouse=True)
def unhardened() -> Iterator[None]:
    """Give back what the program takes from its process for good, for the tests after this one."""
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


@pytest.fixture
def program(practice_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program on a practice with Rosa Alvarez as its owner and nothing else in it."""
    return Program(practice_folder, capsys, monkeypatch)


@pytest.fixture
def with_client(program: Program) -> Program:
    """The program on a practice with client 1, Jordan Whitfield, who has a diagnosis and insurance."""
    program.well("client", "add", typed=JORDAN)
    program.well("client", "diagnose", 1, "F33.1", "--since", "01/05/2026")
    return program


JORDAN = (
    "Jordan\nWhitfield\n\nthey/them\n04/05/1990\nM\n\njordan@mail.example\n207-555-0111\ny\n"
    "1 Elm Street\nPortland\nME\n04102\nAcme Health\nW1234567\n"
)
"""Answers to “client add”."""
