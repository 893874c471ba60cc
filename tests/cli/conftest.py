"""The command line in this process, on a real encrypted practice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import JORDAN, SESSION, TEXT, Program, new_home, unhardened_afterwards
from tests.conftest import CHEAP_KDF, PASSWORD, harbor_facts, rosa_alvarez
from therapist_desktop.models.moment import system_clock
from therapist_desktop.services.service_catalog import add_starter_services
from therapist_desktop.storage.practice_opening import create_practice


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test’s own, where nothing was ever done."""
    return new_home(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def unhardened() -> Iterator[None]:
    """Give back what the program takes from its process for good."""
    with unhardened_afterwards():
        yield


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


@pytest.fixture(scope="session")
def charted(stocked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with client 1, Jordan Whitfield, who has a diagnosis and insurance."""
    program = copied(stocked, tmp_path_factory.mktemp("charted"))
    with unhardened_afterwards():
        program.well("client", "add", typed=JORDAN)
        program.well("client", "diagnose", 1, "F33.1")
    return program.folder


@pytest.fixture(scope="session")
def documented(charted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with signed note 1 on today’s session of 55 minutes at $180."""
    program = copied(charted, tmp_path_factory.mktemp("documented"))
    with unhardened_afterwards():
        program.well("service", "set", 4, "--code", "90837", "--fee", "180")
        program.well("note", "new", 1, *SESSION, typed=TEXT)
        program.well("note", "sign", 1)
    return program.folder


def copied(practice: Path, place: Path) -> Program:
    """Return the program on a copy of a closed practice."""
    folder = place / practice.name
    shutil.copytree(practice, folder)
    return Program(folder)


@pytest.fixture
def program(stocked: Path, tmp_path: Path) -> Program:
    """The program on a practice with Rosa Alvarez as its owner and nothing else in it."""
    return copied(stocked, tmp_path)


@pytest.fixture
def with_client(charted: Path, tmp_path: Path) -> Program:
    """The program on a practice with client 1, Jordan Whitfield, who has a diagnosis and insurance."""
    return copied(charted, tmp_path)


@pytest.fixture
def signed(documented: Path, tmp_path: Path) -> Program:
    """The program on a practice where note 1 of that client, of 55 minutes today at $180, is signed."""
    return copied(documented, tmp_path)
