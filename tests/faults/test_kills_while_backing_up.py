"""A process killed while it makes or restores a backup leaves nothing that claims to be one and is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.faults.conftest import Victims
from tests.faults.workers import SENTENCE, back_up, opened, restore
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.people import Person
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.backups import (
    list_backups,
    make_backup,
    restore_backup,
    verify_backup,
    with_password,
)
from therapist_desktop.storage.practice import Practice

KILLS = 7
UNLOCK = with_password(1, PASSWORD)


@pytest.fixture
def shelf(practice: Practice, rosa: Person, tmp_path: Path) -> Path:
    """A folder for backups, beside a closed practice that is large enough to be killed in the middle."""
    client_id = add_client(practice, rosa)
    for _ in range(20):
        write_note(practice, rosa, client_id, SENTENCE * 500)
    practice.close()
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    return shelf


@pytest.mark.fault
def test_every_file_that_claims_to_be_a_backup_is_one(practice: Practice, shelf: Path, victims: Victims) -> None:
    for _ in range(KILLS):
        killed = victims.kill_at_work(back_up, practice.folder, shelf, within_seconds=0.2)
        assert killed.was_alive
        listed = list_backups(shelf)
        assert {name for what, *rest in killed.said if what == "made" for name in rest} <= {
            one.path.name for one in listed
        }
        for one in listed:
            verify_backup(one.path, UNLOCK)
    again, rosa = opened(practice.folder)
    assert verify_audit_chain(again).whole
    make_backup(again, rosa, shelf)
    again.close()
    # The next backup swept up after those that were killed.
    assert {path.suffix for path in shelf.iterdir()} == {".tdbackup"}
    assert [path.name for path in practice.folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.fault
def test_every_folder_that_claims_to_be_restored_is_whole(
    practice: Practice, shelf: Path, victims: Victims, tmp_path: Path, clock: TestClock
) -> None:
    original, rosa = opened(practice.folder)
    backup = make_backup(original, rosa, shelf).path
    original.close()
    place = tmp_path / "restored"
    place.mkdir()
    whole = set()
    for number in range(KILLS):
        killed = victims.kill_at_work(restore, backup, place, 1000 * number, within_seconds=0.2)
        assert killed.was_alive
        for folder in place.glob("*.practice"):
            restored, _ = opened(folder)
            chain = verify_audit_chain(restored)
            assert chain.whole
            with restored.database.alone() as connection:
                assert connection.faults() == ()
            restored.close()
            whole.add(folder.name)
        assert {name for what, *rest in killed.said if what == "restored" for name in rest} <= whole
    # What was killed is in the way of nothing.
    at_last = restore_backup(backup, place / "At last", UNLOCK, clock, kdf=CHEAP_KDF)
    opened(at_last)[0].close()
