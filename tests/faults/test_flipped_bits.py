"""A bit that a disk has turned is refused or found by the check; it never crashes and never changes what is read."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.faults.wholeness import notes_if_all_is_whole, notes_of
from tests.faults.workers import SENTENCE, opened
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.backups import list_backups, make_backup, verify_backup, with_password
from therapist_desktop.services.checking import check_practice
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.storage.backup_file import read_backup
from therapist_desktop.storage.backup_header import DamagedBackupError
from therapist_desktop.storage.key_file_store import BACKUP_NAME, NAME
from therapist_desktop.storage.practice import DATABASE, Practice
from therapist_desktop.storage.practice_opening import open_with_password

pytestmark = pytest.mark.fault
NOTES = {number: f"{SENTENCE * 40}saved{number}" for number in range(1, 9)}


@pytest.fixture
def folder(practice: Practice, rosa: Person) -> Path:
    """A closed practice with eight notes."""
    client_id = add_client(practice, rosa)
    for words in NOTES.values():
        write_note(practice, rosa, client_id, words, sign=True)
    practice.close()
    return practice.folder


def flipped(data: bytes, position: int, bit: int) -> bytes:
    changed = bytearray(data)
    changed[position] ^= 1 << bit
    return bytes(changed)


def positions(size: int, count: int, seed: int, *, dense: range | None = None) -> list[tuple[int, int]]:
    """Sample places in a file, and the bit to turn at each."""
    chance = random.Random(seed)
    places = chance.sample(range(size), count) + list(dense or ())
    return [(place, chance.randrange(8)) for place in places]


def test_no_flipped_bit_in_the_practice_goes_unnoticed(folder: Path, clock: TestClock) -> None:
    path = folder / DATABASE
    whole = path.read_bytes()
    refused = 0
    for position, bit in positions(len(whole), 150, seed=1, dense=range(0, 4096, 128)):
        path.write_bytes(flipped(whole, position, bit))
        try:
            practice = open_with_password(folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
        except UserError:
            refused += 1
            continue
        try:
            found = notes_of(practice)
            assert found == NOTES
        except UserError as error:
            assert "damaged" in error.sentence
        with practice.database.alone() as connection:
            assert connection.faults()
        practice.abandon()
    assert refused >= 10
    path.write_bytes(whole)
    assert notes_if_all_is_whole(folder) == NOTES


def test_the_check_tells_a_person_of_the_damage(folder: Path, clock: TestClock) -> None:
    path = folder / DATABASE
    whole = path.read_bytes()
    path.write_bytes(flipped(whole, len(whole) // 2, 3))
    practice, rosa = opened(folder)
    report = check_practice(practice, rosa)
    assert not report.whole
    assert "restore the latest proven backup" in report.lines[0].found
    practice.abandon()


def test_a_flipped_bit_in_the_log_costs_at_most_what_was_in_the_log(
    folder: Path, clock: TestClock, tmp_path: Path
) -> None:
    practice, rosa = opened(folder)
    for number in (9, 10, 11):
        write_note(practice, rosa, 1, f"{SENTENCE}saved{number}", sign=True)
    crashed = tmp_path / "crashed.practice"
    shutil.copytree(folder, crashed)
    practice.close()
    files = {path: path.read_bytes() for path in crashed.iterdir()}
    log = crashed / f"{DATABASE}-wal"
    everything = NOTES | {number: f"{SENTENCE}saved{number}" for number in (9, 10, 11)}
    counts = set()
    for position, bit in positions(len(files[log]), 60, seed=2, dense=range(32)):
        for path, data in files.items():
            path.write_bytes(data)
        log.write_bytes(flipped(files[log], position, bit))
        practice, _ = opened(crashed)
        found = notes_of(practice)
        # SQLite takes up the log as far as it is whole; what follows the damage is lost, never wrong.
        assert NOTES.items() <= found.items() <= everything.items()
        assert sorted(found) == list(range(1, len(found) + 1))
        assert verify_audit_chain(practice).whole
        assert verify_signatures(practice).signatures == len(found)
        with practice.database.alone() as connection:
            assert connection.faults() == ()
        practice.abandon()
        counts.add(len(found))
    assert len(counts) > 1


def test_a_flipped_bit_in_one_copy_of_the_keys_is_mended_and_in_both_refused(folder: Path, clock: TestClock) -> None:
    keys = (folder / NAME).read_bytes()
    for position, bit in positions(len(keys), 80, seed=3):
        damaged = flipped(keys, position, bit)
        (folder / NAME).write_bytes(damaged)
        (folder / BACKUP_NAME).write_bytes(keys)
        practice = open_with_password(folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
        assert "second copy was used" in practice.notices[0]
        practice.abandon()
        assert (folder / NAME).read_bytes() == keys
        (folder / NAME).write_bytes(damaged)
        (folder / BACKUP_NAME).write_bytes(damaged)
        with pytest.raises(UserError, match="key file"):
            open_with_password(folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)


def test_no_flipped_bit_in_a_backup_goes_unnoticed(folder: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    practice, rosa = opened(folder)
    backup = make_backup(practice, rosa, shelf).path
    practice.close()
    whole, unlock = backup.read_bytes(), with_password(1, PASSWORD)
    begins_at = read_backup(backup).begins_at
    listed_damaged = 0
    for position, bit in positions(len(whole), 150, seed=4, dense=range(0, begins_at, 40)):
        backup.write_bytes(flipped(whole, position, bit))
        with pytest.raises(DamagedBackupError):
            verify_backup(backup, unlock)
        [listed] = list_backups(shelf)
        listed_damaged += bool(listed.problem)
    assert listed_damaged > 50
    backup.write_bytes(whole)
    verify_backup(backup, unlock)
