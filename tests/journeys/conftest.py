"""A therapist’s own computer for whole stories: a home folder, and a place for temporary files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import new_home, unhardened_afterwards


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder where nothing was ever done."""
    return new_home(tmp_path, monkeypatch)


@pytest.fixture
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which anything temporary would be left."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setenv("SQLITE_TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return place


@pytest.fixture(autouse=True)
def unhardened() -> Iterator[None]:
    """Give back what the program takes from its process for good."""
    with unhardened_afterwards():
        yield
