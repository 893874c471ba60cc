"""The command line in this process, on a real encrypted practice, with what a therapist would see."""

from __future__ import annotations

import ctypes
import io
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import CHEAP_KDF, PASSWORD, harbor_facts, rosa_alvarez
from therapist_desktop.cli.entry import run
from therapist_desktop.models.moment import system_clock
from therapist_desktop.services.service_catalog import add_starter_services
from therapist_desktop.storage.practice_opening import create_practice

PR_SET_DUMPABLE = 4  # linux/prctl.h


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
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        self._capture.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = self._capture.readouterr()
        return Said(code, out, err)

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


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed practice as “new” makes it, but for a key derivation that takes no time."""
    folder = tmp_path_factory.mktemp("stocked") / "Harbor Counseling.practice"
    owner = rosa_alvarez()
    owner.licences[0].expires_on = None  # these tests live by the clock of the computer
    practice, _ = create_practice(folder, harbor_facts(system_clock()), owner, PASSWORD, system_clock, kdf=CHEAP_KDF)
    add_starter_services(practice, owner)
    practice.close()
    return folder


@pytest.fixture
def program(
    stocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    """The program on a practice with Rosa Alvarez as its owner and nothing else in it."""
    folder = tmp_path / stocked.name
    shutil.copytree(stocked, folder)
    return Program(folder, capsys, monkeypatch)


@pytest.fixture
def with_client(program: Program) -> Program:
    """The program on a practice with client 1, Jordan Whitfield, who has a diagnosis and insurance."""
    program.well("client", "add", typed=JORDAN)
    program.well("client", "diagnose", 1, "F33.1")
    return program


@pytest.fixture
def signed(with_client: Program) -> Program:
    """Note 1 of the client, on today’s session of 55 minutes at $180, is signed."""
    with_client.well("service", "set", 4, "--code", "90837", "--fee", "180")
    with_client.well("note", "new", 1, *SESSION, typed=TEXT)
    with_client.well("note", "sign", 1)
    return with_client


JORDAN = (
    "Jordan\nWhitfield\n\nthey/them\n04/05/1990\nM\n\njordan@mail.example\n207-555-0111\ny\n"
    "1 Elm Street\nPortland\nME\n04102\nAcme Health\nW1234567\n"
)
"""Answers to “client add”."""

TEXT = "# Data\nTalked about work.\n\n# Assessment\nLess tense.\n\n# Plan\nGo on.\n"
SESSION = ("--start", "9:00", "--stop", "9:55", "--service", 4)
