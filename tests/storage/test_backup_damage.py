"""A backup that is cut, turned or forged is refused; and a damaged practice is not backed up as if it were whole."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PASSWORD, TestClock
from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.backup_file import BackupFile, read_backup
from therapist_desktop.storage.backup_header import DamagedBackupError, NewerBackupError, seal_of
from therapist_desktop.storage.backup_listing import list_backups
from therapist_desktop.storage.backup_restore import restore_backup, verify_backup
from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.practice import DATABASE, Practice
from therapist_desktop.storage.practice_opening import open_practice
from therapist_desktop.storage.unlocking import with_password

UNLOCK = with_password(1, PASSWORD)
Header = dict[str, Any]


def hidden_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def rewritten(path: Path, change: Callable[[Header], None], *, key: KeyBundle | None = None) -> None:
    """Change the header of a backup, with a right checksum; only somebody with a key can seal it anew."""
    backup = read_backup(path)
    content = path.read_bytes()[backup.begins_at :]
    fields = json.loads(backup.header_bytes)
    change(fields)
    header = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    checksum = hashlib.sha256(header).digest()
    first_line = b"Therapist Desktop backup\n"
    seal = backup.seal if key is None else seal_of(header, key.practice_key)
    path.write_bytes(first_line + struct.pack(">I", len(header)) + header + checksum + seal + content)


def test_a_damaged_practice_is_not_backed_up_as_if_it_were_whole(
    practice: Practice, chart: int, shelf: Path, clock: TestClock
) -> None:
    practice.close()
    path = practice.folder / DATABASE
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle + 100] ^= 1
    path.write_bytes(data)
    damaged = open_practice(practice.folder, UNLOCK, clock)
    with pytest.raises(UserError, match="damaged"):
        damaged.back_up(shelf)
    damaged.abandon()
    assert list(shelf.iterdir()) == []


def test_a_practice_with_a_broken_reference_is_not_backed_up(practice: Practice, chart: int, shelf: Path) -> None:
    with practice.database.alone() as connection, connection.schema_changes():
        connection.raw.execute("PRAGMA foreign_keys = OFF")
        connection.raw.execute("UPDATE search_entry SET client_id = 77")
    with pytest.raises(DamagedBackupError, match="not kept"):
        practice.back_up(shelf)
    assert list(shelf.iterdir()) == []


def test_a_flipped_bit_in_a_private_file_is_noticed(practice: Practice, chart: int, shelf: Path) -> None:
    (practice.folder / "private").mkdir()
    (practice.folder / "private" / "1.db").write_bytes(bytes(10_000))
    backup = practice.back_up(shelf).path
    data = bytearray(backup.read_bytes())
    data[-5000] ^= 1
    backup.write_bytes(data)
    with pytest.raises(DamagedBackupError):
        verify_backup(backup, UNLOCK)


def test_a_backup_cut_anywhere_is_refused(backup: Path, tmp_path: Path, clock: TestClock) -> None:
    whole = backup.read_bytes()
    begins_at = read_backup(backup).begins_at
    lengths = {0, 1, 24, 25, 26, 28, 29, 30, begins_at - 65, begins_at - 64, begins_at - 33, begins_at - 32}
    lengths |= {begins_at - 1, begins_at, begins_at + 1, begins_at + 4096, len(whole) - 4096, len(whole) - 1}
    for length in sorted(lengths):
        backup.write_bytes(whole[:length])
        with pytest.raises(DamagedBackupError):
            verify_backup(backup, UNLOCK)
        with pytest.raises(DamagedBackupError):
            restore_backup(backup, tmp_path / "Restored.practice", UNLOCK, clock)
    backup.write_bytes(whole + b"\0")
    with pytest.raises(DamagedBackupError):
        verify_backup(backup, UNLOCK)
    assert not (tmp_path / "Restored.practice").exists()
    assert hidden_in(tmp_path) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields.update(practice_name="Another"),
        lambda fields: fields.update(made_at="2031-01-01T00:00:00-05:00"),
        lambda fields: fields["rows"].update(client=2),
    ],
)
def test_a_header_changed_by_somebody_without_a_key_is_refused(
    backup: Path, change: Callable[[Header], None]
) -> None:
    rewritten(backup, change)
    assert isinstance(read_backup(backup), BackupFile)
    with pytest.raises(DamagedBackupError):
        verify_backup(backup, UNLOCK)


@pytest.mark.parametrize(
    "name",
    [
        "../practice.db",
        "/etc/passwd",
        "private/../../x.db",
        "private/a/b.db",
        "practice.keys",
        "private/1.db-shm",
        "",
    ],
)
def test_a_header_that_leads_out_of_the_folder_is_refused(backup: Path, name: str) -> None:
    def add_file(fields: Header) -> None:
        files = fields["files"]
        assert isinstance(files, list)
        files.append({"name": name, "size": 0, "sha256": "0" * 64})

    rewritten(backup, add_file)
    with pytest.raises(DamagedBackupError):
        read_backup(backup)


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields.update(files=[]),
        lambda fields: fields.update(files=fields["files"] * 2),
        lambda fields: fields["files"][0].update(size=-1),
        lambda fields: fields.update(made_at="yesterday"),
        lambda fields: fields.update(made_at="2026-11-23T10:00:00"),
        lambda fields: fields.update(rows={"client": "many"}),
        lambda fields: fields.update(keys="{}"),
        lambda fields: fields.pop("keys"),
        lambda fields: fields.update(format="1"),
    ],
)
def test_a_header_that_makes_no_sense_is_refused(backup: Path, change: Callable[[Header], None]) -> None:
    rewritten(backup, change)
    with pytest.raises(DamagedBackupError):
        read_backup(backup)


@pytest.mark.parametrize(
    "nested",
    [b"[" * 1_000_000, b'{"format":1,"x":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}"],
    ids=["only open", "well formed"],
)
def test_one_hostile_file_does_not_hide_the_other_backups_of_a_folder(backup: Path, nested: bytes) -> None:
    head = struct.pack(">I", len(nested)) + nested + hashlib.sha256(nested).digest() + bytes(32)
    hostile = backup.with_name("hostile.tdbackup")
    hostile.write_bytes(b"Therapist Desktop backup\n" + head)
    with pytest.raises(DamagedBackupError):
        read_backup(hostile)
    assert [(one.path, bool(one.problem)) for one in list_backups(backup.parent)] == [
        (backup, False),
        (hostile, True),
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Harbor\0Counseling", "Harbor-Counseling"),
        ("../../Harbor", "-..-Harbor"),
        ("Harbor\n\x1b[2J", "Harbor--[2J"),
        ("é" * 5000, "é" * 75),
        ("..", "Practice"),
        ("", "Practice"),
    ],
)
def test_a_name_that_no_disk_can_hold_is_made_to_fit(
    backup: Path, tmp_path: Path, clock: TestClock, name: str, meant: str
) -> None:
    rewritten(
        backup, lambda fields: fields.update(practice_name=name), key=UNLOCK(read_backup(backup).header.key_file)
    )
    assert read_backup(backup).header.practice_name == meant
    restore_backup(backup, tmp_path / "Restored.practice", UNLOCK, clock)
    assert (tmp_path / "Restored.practice").is_dir()


def test_a_backup_of_a_newer_program_is_refused_and_says_so(backup: Path, tmp_path: Path, clock: TestClock) -> None:
    rewritten(backup, lambda fields: fields.update(schema="9999"))
    with pytest.raises(NewerBackupError, match="newest version"):
        restore_backup(backup, tmp_path / "Restored.practice", UNLOCK, clock)
    rewritten(backup, lambda fields: fields.update(format=2))
    with pytest.raises(NewerBackupError, match="newest version"):
        read_backup(backup)
    [listed] = list_backups(backup.parent)
    assert "newer Therapist Desktop" in listed.problem


def test_the_content_of_another_backup_under_this_header_is_refused(
    practice: Practice, backup: Path, shelf: Path
) -> None:
    other = read_backup(practice.back_up(shelf).path)
    content = other.path.read_bytes()[other.begins_at :]
    head = read_backup(backup).begins_at
    backup.write_bytes(backup.read_bytes()[:head] + content)
    with pytest.raises(DamagedBackupError):
        verify_backup(backup, UNLOCK)
