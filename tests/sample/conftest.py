"""One small sample for the whole run, and an open copy of it for each test that looks into it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import CHEAP_KDF, PASSWORD
from therapist_desktop.sample.calendar import SampleClock
from therapist_desktop.sample.group_practice import GroupSize
from therapist_desktop.sample.making import SAMPLE_NOW, SampleSize, make_sample
from therapist_desktop.services.practices import SignedIn, sign_in
from therapist_desktop.services.reference import Reference

NAME = "Harbor Counseling.practice"
TINY = GroupSize(clients=6, notes=90, years=1, billed_months=2)


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The small sample, closed: made by the first process that needs it, for all of them."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with FileLock(shared / "small-sample.lock"):
        if not (shared / NAME).exists():
            make_sample(shared / NAME, PASSWORD, kdf=CHEAP_KDF)
    return shared / NAME


@pytest.fixture(scope="session")
def tiny_group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The large sample in miniature, closed."""
    folder = tmp_path_factory.mktemp("group") / "Saltmarsh.practice"
    make_sample(folder, PASSWORD, size=SampleSize.GROUP, group=TINY, kdf=CHEAP_KDF)
    return folder


@pytest.fixture
def harbor(small_sample: Path, tmp_path: Path) -> Iterator[SignedIn]:
    """A copy of the small sample, open, as its owner."""
    yield from _opened(small_sample, tmp_path)


@pytest.fixture
def saltmarsh(tiny_group: Path, tmp_path: Path) -> Iterator[SignedIn]:
    """A copy of the miniature of the large sample, open, as its owner."""
    yield from _opened(tiny_group, tmp_path)


@pytest.fixture(scope="session")
def reference() -> Iterator[Reference]:
    """The catalogs."""
    reference = Reference()
    yield reference
    reference.close()


def _opened(folder: Path, tmp_path: Path) -> Iterator[SignedIn]:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    signed_in = sign_in(copy, 1, PASSWORD, SampleClock(SAMPLE_NOW), kdf=CHEAP_KDF)
    yield signed_in
    signed_in.sign_out()
