"""What several tests of services begin with."""

from __future__ import annotations

import pytest

from tests.conftest import TestClock
from tests.services.note_samples import Desk
from therapist_desktop.models.people import Person
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def desk(practice: Practice, rosa: Person, clock: TestClock) -> Desk:
    """A client, a service and short words for writing notes."""
    return Desk(practice, rosa, clock)
