"""A practice with something in it, and a shelf for its backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.people import Person
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def chart(practice: Practice, rosa: Person) -> int:
    """A client with a signed note, all of it still in the write-ahead log."""
    client_id = add_client(practice, rosa)
    write_note(practice, rosa, client_id, "We spoke of the lighthouse at length.", sign=True)
    return client_id


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder for backups."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    return shelf


@pytest.fixture
def backup(practice: Practice, chart: int, shelf: Path) -> Path:
    return practice.back_up(shelf).path
