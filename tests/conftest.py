"""A real encrypted practice for every test: made once, copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from therapist_desktop.models.people import Licence, Person, Role
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.services.people import list_people
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.practice_opening import create_practice, open_with_password

CHEAP_KDF = KdfParameters(memory_kib=8 * 1024, time=1, lanes=1)
PASSWORD = "a quiet harbour at dawn"
EASTERN = timezone(timedelta(hours=-5))


class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> TestClock:
    """Monday, November 23, 2026, ten in the morning in Portland, Maine."""
    return TestClock(datetime(2026, 11, 23, 10, 0, tzinfo=EASTERN))


def harbor_facts(now: datetime) -> PracticeFacts:
    """The facts of a fictional practice."""
    return PracticeFacts(
        created_at=now,
        legal_name="Harbor Counseling LLC",
        trade_name="Harbor Counseling",
        npi="1245319599",
        npi_kind=2,
        tax_id="01-2345678",
        tax_id_kind="EIN",
        address_line1="210 Water St, Suite 4",
        city="Portland",
        state="ME",
        postal_code="04101",
        phone="207-555-0101",
        email="office@harbor.example",
    )


def rosa_alvarez() -> Person:
    """The fictional owner of the practice."""
    return Person(
        first_name="Rosa",
        last_name="Alvarez",
        credentials="LCSW",
        roles=[Role.OWNER.value, Role.CLINICIAN.value],
        npi="1234567893",
        taxonomy="1041C0700X",
        phone="207-555-0101",
        licences=[
            Licence(
                kind="LCSW",
                number="LC12345",
                state="ME",
                issued_on=date(2015, 4, 1),
                expires_on=date(2027, 3, 31),
            )
        ],
    )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed practice with its owner and nothing else."""
    folder = tmp_path_factory.mktemp("template") / "Harbor Counseling.practice"
    clock = TestClock(datetime(2026, 11, 23, 8, 0, tzinfo=EASTERN))
    practice, _ = create_practice(folder, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF)
    practice.close()
    return folder


@pytest.fixture
def practice_folder(template: Path, tmp_path: Path) -> Path:
    """A closed practice of the test’s own."""
    folder = tmp_path / template.name
    shutil.copytree(template, folder)
    return folder


@pytest.fixture
def practice(practice_folder: Path, clock: TestClock) -> Iterator[Practice]:
    """An open practice of the test’s own."""
    practice = open_with_password(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
    yield practice
    practice.close()


@pytest.fixture
def rosa(practice: Practice) -> Person:
    """The owner, who is a clinician too."""
    return list_people(practice)[0]
