"""A process killed while it saves notes loses nothing it said was saved."""

from __future__ import annotations

import shutil

import pytest

from tests.faults.conftest import Victims
from tests.faults.wholeness import notes_if_all_is_whole
from tests.faults.workers import save_notes
from tests.harbor_chart import add_client
from therapist_desktop.models.people import Person
from therapist_desktop.storage.practice import DATABASE, Practice

ROUNDS, KILLS = 4, 14


@pytest.mark.fault
def test_no_saved_note_is_lost(practice: Practice, rosa: Person, victims: Victims) -> None:
    add_client(practice, rosa)
    practice.close()
    logs = kills = 0
    for number in range(ROUNDS):
        folder = practice.folder.with_name(f"{number}.practice")
        shutil.copytree(practice.folder, folder)
        saved: dict[int, str] = {}
        for _ in range(KILLS):
            before = len(saved)
            killed = victims.kill_at_work(save_notes, folder, 1000 * kills, within_seconds=0.08)
            assert killed.was_alive
            kills += 1
            logs += (folder / f"{DATABASE}-wal").is_file()
            saved |= {int(message[1]): message[2] for message in killed.said if message[0] == "saved"}
            found = notes_if_all_is_whole(folder)
            assert saved.items() <= found.items()
            # One more may have been saved just before it could be said.
            assert len(found) - len(saved) in (0, 1)
            saved = found
            assert len(saved) >= before
        assert len(saved) > KILLS
    assert kills == ROUNDS * KILLS
    assert logs > kills // 2  # a log was left to be taken up again
