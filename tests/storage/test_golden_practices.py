"""A practice of every released schema still opens, whole, with everything that was in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import CHEAP_KDF, TestClock
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.services.checking import check_practice
from therapist_desktop.services.clients import list_clients
from therapist_desktop.services.note_lists import list_notes
from therapist_desktop.services.practices import logins, sign_in
from therapist_desktop.services.searching import search
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.storage.schema import RELEASED

GOLDEN = Path(__file__).parent.parent / "golden"
PASSWORD = "a golden lantern at low tide"


@pytest.mark.parametrize(
    "schema", sorted(path.name.split("_", 1)[0] for path in (RELEASED.scripts / "versions").glob("0*.py"))
)
def test_a_practice_of_every_released_schema_opens_whole(schema: str, tmp_path: Path, clock: TestClock) -> None:
    folder = tmp_path / f"{schema}.practice"
    shutil.copytree(GOLDEN / folder.name, folder)
    owner = logins(folder)[0]
    signed_in = sign_in(folder, owner.person_id, PASSWORD, clock, kdf=CHEAP_KDF)
    practice, person = signed_in.practice, signed_in.person
    assert check_practice(practice, person).whole
    clients = list_clients(practice, person)
    assert len(clients) == 4
    notes = [row for client in clients for row in list_notes(practice, person, client.client_id)]
    assert len(notes) == 24
    note = open_note(practice, person, notes[0].note_id)
    words = note.draft.sections[0].text.split()
    assert search(practice, person, f'"{words[0]} {words[1]}"', kinds=(SearchKind.SESSION_NOTE,))
    signed_in.sign_out()
