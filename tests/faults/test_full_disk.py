"""A full disk is told in a sentence; everything saved before is there, and work goes on once there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock, harbor_facts, rosa_alvarez
from tests.faults.conftest import Victims
from tests.faults.wholeness import notes_if_all_is_whole, notes_of
from tests.faults.workers import (
    SENTENCE,
    back_up_to_a_full_disk,
    encrypt_anew_on_a_full_disk,
    fill_the_disk,
    opened,
    save_notes,
)
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.backups import list_backups, make_backup, verify_backup, with_password
from therapist_desktop.services.people import list_people
from therapist_desktop.storage.faults import DiskFullError
from therapist_desktop.storage.practice import DATABASE, Practice
from therapist_desktop.storage.practice_opening import create_practice

pytestmark = pytest.mark.fault


@pytest.fixture
def folder(practice: Practice, rosa: Person) -> Path:
    """A closed practice with a client and a dozen notes."""
    client_id = add_client(practice, rosa)
    for _ in range(12):
        write_note(practice, rosa, client_id, SENTENCE * 100)
    practice.close()
    return practice.folder


@pytest.mark.parametrize("room", [20_000, 100_000, 1_000_000])
def test_notes_saved_before_the_disk_was_full_are_there(folder: Path, victims: Victims, room: int) -> None:
    said = victims.run(fill_the_disk, folder, room)
    saved = {int(message[1]): message[2] for message in said if message[0] == "saved"}
    [refusal] = [message[1] for message in said if message[0] == "refused"]
    assert "disk is full" in refusal
    assert "Free some space" in refusal
    found = notes_if_all_is_whole(folder)
    assert saved.items() <= found.items()
    assert len(found) == 12 + len(saved)


@pytest.mark.parametrize("share", [0.001, 0.5, 0.95, 1.001])
def test_encrypting_anew_without_room_changes_nothing_and_work_goes_on(
    folder: Path, victims: Victims, share: float
) -> None:
    before = notes_if_all_is_whole(folder)
    said = victims.run(encrypt_anew_on_a_full_disk, folder, share)
    assert said[0][0] == "refused"
    assert "Free some space" in said[0][1]
    found = notes_if_all_is_whole(folder)
    assert before.items() <= found.items()
    assert found.items() - before.items() == {(int(said[1][1]), said[1][2])}


def test_a_backup_to_a_full_disk_leaves_nothing(folder: Path, victims: Victims, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    files = sorted(folder.iterdir())
    size = (folder / DATABASE).stat().st_size
    for room in (0, 5000, size // 2, size - 4096, size + 100):
        [(what, sentence)] = victims.run(back_up_to_a_full_disk, folder, shelf, room)
        assert what == "refused"
        assert "Free some space" in sentence
        assert list(shelf.iterdir()) == []
        assert sorted(folder.iterdir()) == files
    assert victims.run(back_up_to_a_full_disk, folder, shelf, 4 * size)[0][0] == "made"
    assert [path.suffix for path in shelf.iterdir()] == [".tdbackup"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 4 MB."""
    place = tmp_path / "small disk"
    place.mkdir()
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root can mount a disk of its own")
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command here")
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_on_a_really_full_disk_everything_can_be_read_and_saved_again_later(
    small_disk: Path, tmp_path: Path, clock: TestClock
) -> None:
    folder = small_disk / "Harbor Counseling.practice"
    practice, _ = create_practice(folder, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF)
    rosa = list_people(practice)[0]
    client_id = add_client(practice, rosa)
    filler = small_disk / "holiday.mov"
    filler.write_bytes(bytes(1_500_000))
    saved: dict[int, str] = {}
    with pytest.raises(DiskFullError, match="disk is full"):
        while True:
            words = f"{SENTENCE * 20}saved{len(saved)}"
            saved[write_note(practice, rosa, client_id, words, sign=True)] = words
    assert len(saved) > 10
    assert notes_of(practice) == saved
    # Now is when a backup to another disk is needed most.
    shelf = tmp_path / "stick"
    shelf.mkdir()
    made = make_backup(practice, rosa, shelf)
    assert verify_backup(made.path, with_password(1, PASSWORD)).header.rows["note_section"] == len(saved)
    with pytest.raises(UserError, match="not enough room"):
        make_backup(practice, rosa, small_disk)
    assert list_backups(small_disk) == []
    filler.unlink()
    words = "after there was room again"
    saved[write_note(practice, rosa, client_id, words)] = words
    practice.close()
    assert notes_if_all_is_whole(folder) == saved


def test_after_a_kill_on_a_full_disk_everything_can_still_be_read(
    small_disk: Path, victims: Victims, clock: TestClock
) -> None:
    folder = small_disk / "Harbor Counseling.practice"
    practice, _ = create_practice(folder, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF)
    add_client(practice, list_people(practice)[0])
    practice.close()
    saved: dict[int, str] = {}
    while not saved:
        said = victims.kill_at_work(save_notes, folder, 0, within_seconds=0.05).said
        saved = {int(message[1]): message[2] for message in said if message[0] == "saved"}
    assert (folder / f"{DATABASE}-wal").stat().st_size > 0
    filler = small_disk / "holiday.mov"
    with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1000))
    practice, rosa = opened(folder)
    assert saved.items() <= notes_of(practice).items()
    with pytest.raises(DiskFullError):
        write_note(practice, rosa, 1, SENTENCE * 2000)
    filler.unlink()
    number = write_note(practice, rosa, 1, "after there was room again")
    practice.close()
    assert notes_if_all_is_whole(folder)[number] == "after there was room again"
