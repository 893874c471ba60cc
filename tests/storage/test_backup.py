"""One file that holds everything, opens with what the therapist knows, and is never half a backup."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.storage import search_index
from therapist_desktop.storage.backup_file import read_backup
from therapist_desktop.storage.backup_listing import list_backups
from therapist_desktop.storage.backup_restore import restore_backup, verify_backup
from therapist_desktop.storage.database import Database
from therapist_desktop.storage.faults import DamagedPracticeError, DiskFullError
from therapist_desktop.storage.key_file_store import BACKUP_NAME, NAME, read_key_file
from therapist_desktop.storage.practice import DATABASE, Practice, closing
from therapist_desktop.storage.practice_opening import open_practice, open_with_passphrase, open_with_password
from therapist_desktop.storage.recovery_key import RecoveryKey
from therapist_desktop.storage.unfinished import LOCK, unfinished_path
from therapist_desktop.storage.unlocking import (
    Unlock,
    with_keyring,
    with_passphrase,
    with_password,
    with_recovery_key,
)

UNLOCK = with_password(1, PASSWORD)
PASSPHRASE = "granite kettle under moss"
SENTENCE = "We spoke of the lighthouse at length."


def client_names(folder: Path, unlock: Unlock, clock: TestClock) -> list[str]:
    with closing(open_practice(folder, unlock, clock, kdf=CHEAP_KDF)) as practice, practice.reading() as session:
        assert [one.kind.value for one in search_index.find(session, "lighthouse")] == ["session note"]
        return list(session.scalars(select(Client.last_name)))


def hidden_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_backup_says_whose_it_is_and_what_it_holds_before_it_is_opened(
    practice: Practice, backup: Path, clock: TestClock
) -> None:
    found = read_backup(backup)
    header = found.header
    assert backup.name == "Harbor Counseling 2026-11-23.tdbackup"
    assert header.practice_name == "Harbor Counseling"
    assert header.made_at == clock()
    assert header.schema == "0001"
    assert header.key_file.vault_id == practice.key_file.vault_id
    assert header.anchor == practice.audit_head()
    assert [slot.label for slot in header.key_file.password_slots] == ["Rosa Alvarez, LCSW"]
    assert not header.own_passphrase
    rows = {"client", "session_note", "note_section", "signature"}
    assert {table: header.rows[table] for table in rows} == dict.fromkeys(rows, 1)
    assert found.size == backup.stat().st_size
    assert backup.stat().st_mode & 0o777 == 0o600


def test_nothing_of_a_client_is_readable_in_it(backup: Path) -> None:
    data = backup.read_bytes()
    for word in (b"Whitfield", b"whitfield", b"lighthouse", b"CREATE TABLE", b"SQLite format"):
        assert word not in data


def test_everything_is_in_it_also_what_was_only_in_the_log(
    practice: Practice, backup: Path, tmp_path: Path, clock: TestClock
) -> None:
    restored = tmp_path / "Restored.practice"
    restore_backup(backup, restored, UNLOCK, clock)
    assert {path.name for path in restored.iterdir()} == {DATABASE, NAME, BACKUP_NAME}
    assert client_names(restored, UNLOCK, clock) == ["Whitfield"]
    assert hidden_in(tmp_path) == []
    # The practice it was made of goes on as before.
    with practice.reading() as session:
        assert session.scalars(select(Client.last_name)).all() == ["Whitfield"]


def test_each_way_in_opens_it_but_not_this_computers(practice: Practice, chart: int, shelf: Path) -> None:
    recovery_key = RecoveryKey.new()
    secret = bytes(range(32))
    ways_in = practice.ways_in.with_recovery_key(recovery_key).with_keyring(1, secret)
    practice.keep(ways_in.with_password(2, "Sam Whitfield, LMFT", PASSPHRASE))
    backup = practice.back_up(shelf).path
    for unlock in (UNLOCK, with_password(2, PASSPHRASE), with_recovery_key(recovery_key)):
        assert verify_backup(backup, unlock).path == backup
    for unlock, sentence in (
        (with_keyring(1, secret), "no longer remembers"),
        (with_password(1, "something else entirely"), "not right"),
        (with_password(3, PASSWORD), "cannot sign in"),
        (with_recovery_key(RecoveryKey.new()), "another practice"),
        (with_passphrase(PASSPHRASE), "no passphrase of its own"),
    ):
        with pytest.raises(UserError, match=sentence):
            verify_backup(backup, unlock)


def test_each_backup_has_a_key_of_its_own(practice: Practice, backup: Path, shelf: Path) -> None:
    second = practice.back_up(shelf).path
    names = {practice.key_file.key_id}
    names |= {read_backup(path).header.key_file.key_id for path in (backup, second)}
    assert len(names) == 3
    assert read_backup(backup).sha256 != read_backup(second).sha256


def test_files_of_a_restored_practice_do_not_fit_the_old_one(
    practice: Practice, backup: Path, tmp_path: Path, clock: TestClock
) -> None:
    restored = tmp_path / "Restored.practice"
    restore_backup(backup, restored, UNLOCK, clock)
    practice.close()
    shutil.copy(restored / DATABASE, practice.folder)
    with pytest.raises(DamagedPracticeError, match="another practice"):
        open_with_password(practice.folder, 1, PASSWORD, clock)


def test_a_copy_with_a_passphrase_opens_with_that_only(
    practice: Practice, chart: int, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    backup = practice.back_up(shelf, passphrase=PASSPHRASE).path
    header = read_backup(backup).header
    assert header.own_passphrase
    assert len(header.key_file.slots) == 1
    bundle = header.key_file.unlock_with_passphrase(PASSPHRASE)
    live = read_key_file(practice.folder).unlock_with_password("1", PASSWORD)
    assert {bundle.practice_key, bundle.membership_key}.isdisjoint({live.practice_key, live.membership_key})
    with pytest.raises(UserError, match="cannot sign in"):
        verify_backup(backup, UNLOCK)
    with pytest.raises(UserError, match="passphrase is not right"):
        verify_backup(backup, with_passphrase("granite kettle under mud"))
    restored = tmp_path / "Restored.practice"
    restore_backup(backup, restored, with_passphrase(PASSPHRASE), clock)
    assert client_names(restored, with_passphrase(PASSPHRASE), clock) == ["Whitfield"]
    with closing(open_with_passphrase(restored, PASSPHRASE, clock, kdf=CHEAP_KDF)) as again:
        assert not again.has_password(1)
        again.rekey(again.ways_in.with_password(1, "Rosa Alvarez, LCSW", PASSWORD).without_passphrase())
    assert client_names(restored, UNLOCK, clock) == ["Whitfield"]


def test_private_files_go_along_as_they_are_but_not_into_a_passphrase_copy(
    practice: Practice, chart: int, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    private = practice.folder / "private"
    private.mkdir()
    for name in ("1.db", "2.db", "2.db-wal"):
        (private / name).write_bytes(name.encode() * 1000)
    (private / "2.db-shm").write_bytes(b"not needed")
    backup = practice.back_up(shelf).path
    restored = tmp_path / "Restored.practice"
    restore_backup(backup, restored, UNLOCK, clock)
    assert {path.name: path.read_bytes() for path in (restored / "private").iterdir()} == {
        name: name.encode() * 1000 for name in ("1.db", "2.db", "2.db-wal")
    }
    copy = practice.back_up(shelf, passphrase=PASSPHRASE).path
    assert [file.name for file in read_backup(copy).header.files] == [DATABASE]


def test_a_foreign_file_among_the_private_ones_is_left_out_and_named(
    practice: Practice, shelf: Path, tmp_path: Path
) -> None:
    private = practice.folder / "private"
    (private / "folder.db").mkdir(parents=True)
    (private / "1.db").write_bytes(b"sealed")
    for name in ("._1.db", "my copy of 1.db", "odd\n\x1b[2J.db"):
        (private / name).write_bytes(b"foreign")
    (tmp_path / "thesis").write_bytes(b"ten years of work")
    (private / "2.db").symlink_to(tmp_path / "thesis")
    made = practice.back_up(shelf)
    assert [file.name for file in verify_backup(made.path, UNLOCK).header.files] == [DATABASE, "private/1.db"]
    assert [notice.partition(" in the folder “private”")[0] for notice in made.notices] == [
        "“._1.db”", "“2.db”", "“folder.db”", "“my copy of 1.db”", "“odd--[2J.db”"
    ]  # fmt: skip
    assert practice.back_up(shelf, passphrase=PASSPHRASE).notices == ()


def test_no_two_backups_have_one_name(practice: Practice, shelf: Path, clock: TestClock) -> None:
    names = [practice.back_up(shelf).path.name for _ in range(3)]
    clock.move(hours=5)
    names.append(practice.back_up(shelf).path.name)
    clock.move(days=1)
    names.append(practice.back_up(shelf).path.name)
    assert names == [
        "Harbor Counseling 2026-11-23.tdbackup",
        "Harbor Counseling 2026-11-23 100000.tdbackup",
        "Harbor Counseling 2026-11-23 100000 (2).tdbackup",
        "Harbor Counseling 2026-11-23 150000.tdbackup",
        "Harbor Counseling 2026-11-24.tdbackup",
    ]


def test_two_backups_made_at_once_are_two_whole_backups(practice: Practice, chart: int, shelf: Path) -> None:
    # As by two copies of one practice, which share everything a name could be made of.
    copy = shutil.copytree(practice.folder, practice.folder.with_name("Twin") / practice.folder.name)
    within: list[Path] = []

    def meanwhile(_done: int, _total: int) -> None:
        if not within:
            with closing(open_with_password(copy, 1, PASSWORD, practice.clock, kdf=CHEAP_KDF)) as twin:
                within.append(twin.back_up(shelf).path)

    made = practice.back_up(shelf, progress=meanwhile).path
    assert {one.path for one in list_backups(shelf)} == {made, *within}
    assert len({verify_backup(path, UNLOCK).sha256 for path in (made, *within)}) == 2


def test_a_trap_on_a_shared_drive_catches_nothing(practice: Practice, shelf: Path, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis"
    thesis.write_bytes(b"ten years of work")
    traps = [f".{practice.key_file.vault_id}.tdbackup.part", "Harbor Counseling 2026-11-23.tdbackup"]
    for name in traps:
        (shelf / name).symlink_to(thesis)
    made = practice.back_up(shelf).path
    assert (made.is_symlink(), made.name) == (False, "Harbor Counseling 2026-11-23 100000.tdbackup")
    assert thesis.read_bytes() == b"ten years of work"
    assert sorted(path.name for path in shelf.iterdir()) == sorted([*traps, made.name])


def test_a_name_that_a_usb_stick_cannot_hold_is_made_to_fit(
    practice: Practice, shelf: Path, clock: TestClock
) -> None:
    practice.close()
    odd = practice.folder.rename(practice.folder.with_name('Harbor: "Sea" & Co?.practice'))
    with closing(open_practice(odd, UNLOCK, clock)) as renamed:
        made = renamed.back_up(shelf)
    assert made.path.name == "Harbor- -Sea- & Co- 2026-11-23.tdbackup"
    restore_backup(made.path, shelf / "again.practice", UNLOCK, clock)


@pytest.mark.parametrize("kind", ["missing", "a file", "inside the practice"])
def test_a_place_that_cannot_take_a_backup_is_named(practice: Practice, tmp_path: Path, kind: str) -> None:
    place = practice.folder if kind == "inside the practice" else tmp_path / "shelf"
    if kind == "a file":
        place.write_bytes(b"")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match=r"hoose another folder"):
        practice.back_up(place)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_backup_that_would_not_fit_is_not_begun(practice: Practice, shelf: Path) -> None:
    (practice.folder / "private").mkdir()
    with (practice.folder / "private" / "1.db").open("wb") as file:
        file.truncate(8_000_000_000_000)  # more than is free, and nothing of it on the disk
    with pytest.raises(DiskFullError, match="MB are needed and"):
        practice.back_up(shelf)
    assert list(shelf.iterdir()) == []


class CalledOff(Exception):  # noqa: N818
    """What the person at the progress bar did."""


def test_calling_it_off_at_any_moment_leaves_nothing(
    practice: Practice, chart: int, shelf: Path, tmp_path: Path, clock: TestClock
) -> None:
    def at(moment: int) -> Callable[[int, int], None]:
        left = iter(range(moment))

        def progress(done: int, total: int) -> None:
            assert 0 < done <= total
            if next(left, None) is None:
                raise CalledOff

        return progress

    backup = practice.back_up(shelf).path
    restored = tmp_path / "Restored.practice"
    works: list[Callable[[Callable[[int, int], None]], object]] = [
        lambda progress: practice.back_up(shelf, progress=progress),
        lambda progress: verify_backup(backup, UNLOCK, progress=progress),
        lambda progress: restore_backup(backup, restored, UNLOCK, clock, progress=progress),
    ]
    for work in works:
        moments, before = 0, sorted(shelf.iterdir())
        while True:
            try:
                work(at(moments))
                break
            except CalledOff:
                moments += 1
                assert sorted(shelf.iterdir()) == before
                assert hidden_in(practice.folder) == hidden_in(tmp_path) == []
                assert not restored.exists()
        assert moments >= 2
    assert restored.is_dir()


def test_a_drive_that_is_pulled_out_is_told_in_a_sentence(
    practice: Practice, chart: int, shelf: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"

    def pull_out(_done: int, _total: int) -> None:
        shutil.rmtree(stick, ignore_errors=True)

    stick.mkdir()
    with pytest.raises(UserError, match="unplugged"):
        practice.back_up(stick, progress=pull_out)
    assert hidden_in(practice.folder) == []
    assert practice.back_up(shelf).path.is_file()


def test_what_killed_runs_left_is_cleared_away(
    practice: Practice, chart: int, shelf: Path, tmp_path: Path, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    left = [unfinished_path(place) for place in (practice.folder, shelf, tmp_path, temporary)]
    for folder in left:
        (folder / "inner").mkdir(parents=True)
        (folder / "inner" / DATABASE).write_bytes(b"half")
        (folder / LOCK).touch()
    backup = practice.back_up(shelf).path
    verify_backup(backup, UNLOCK)
    restore_backup(backup, tmp_path / "Restored.practice", UNLOCK, clock)
    assert not any(folder.exists() for folder in left)
    assert [path.name for path in shelf.iterdir()] == [backup.name]


def test_a_restore_never_touches_what_is_there(backup: Path, practice_folder: Path, clock: TestClock) -> None:
    before = {path: path.read_bytes() for path in practice_folder.iterdir()}
    for place in (practice_folder, backup, backup.parent):
        with pytest.raises(UserError, match="already something"):
            restore_backup(backup, place, UNLOCK, clock)
    assert {path: path.read_bytes() for path in practice_folder.iterdir()} == before


def test_a_restore_needs_nothing_but_the_file(
    backup: Path, practice: Practice, tmp_path: Path, clock: TestClock
) -> None:
    elsewhere = tmp_path / "new computer" / "Documents"
    practice.close()
    shutil.rmtree(practice.folder)
    restore_backup(backup, elsewhere / "Harbor.practice", UNLOCK, clock)
    assert client_names(elsewhere / "Harbor.practice", UNLOCK, clock) == ["Whitfield"]
    assert [path.name for path in elsewhere.iterdir()] == ["Harbor.practice"]


def test_backups_are_listed_newest_first_and_damaged_ones_last(
    practice: Practice, chart: int, shelf: Path, clock: TestClock
) -> None:
    first = practice.back_up(shelf).path
    clock.move(days=2)
    second = practice.back_up(shelf, passphrase=PASSPHRASE).path
    (shelf / "empty.tdbackup").touch()
    (shelf / "cut.tdbackup").write_bytes(first.read_bytes()[:-1])
    (shelf / "foreign.tdbackup").write_text("Dear diary", encoding="utf-8")
    (shelf / "a folder.tdbackup").mkdir()
    (shelf / "notes.txt").touch()
    listed = list_backups(shelf)
    assert [one.path.name for one in listed] == [
        second.name, first.name, "cut.tdbackup", "empty.tdbackup", "foreign.tdbackup"
    ]  # fmt: skip
    assert [bool(one.problem) for one in listed] == [False, False, True, True, True]
    assert "not a backup" in listed[-1].problem
    with pytest.raises(UserError, match="no such folder"):
        list_backups(shelf / "nowhere")


def test_a_restored_database_opens_with_no_other_key(backup: Path, practice: Practice, tmp_path: Path) -> None:
    found = read_backup(backup)
    first = found.header.files[0]
    data = backup.read_bytes()[found.begins_at : found.begins_at + first.size]
    (tmp_path / DATABASE).write_bytes(data)
    live = read_key_file(practice.folder).unlock_with_password("1", PASSWORD).practice_key
    with pytest.raises(DamagedPracticeError):
        Database(tmp_path / DATABASE, live)
    own = found.header.key_file.unlock_with_password("1", PASSWORD).practice_key
    Database(tmp_path / DATABASE, own).close()
