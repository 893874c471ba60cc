"""Backups from the command line: made, listed, proven, verified, restored, and what damages them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.conftest import PASSWORD

PASSPHRASE = "four words are enough"


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    drive = tmp_path / "drive"
    drive.mkdir()
    return drive


def only_file(drive: Path) -> Path:
    (path,) = drive.iterdir()
    return path


def test_a_backup_is_made_listed_proven_verified_and_restored_elsewhere(
    with_client: Program, drive: Path, tmp_path: Path
) -> None:
    said = with_client.well("backup", "make", drive)
    path = only_file(drive)
    assert said[0].startswith(f"Made and verified: {path} (")
    listed = with_client.bare("backup", "list", drive).lines[1]
    assert listed.startswith(path.name)
    assert listed.endswith("a password or the recovery key")
    assert " restores: " in with_client.well("backup", "prove", path)[0]
    assert " is whole: " in with_client.apart("verify", path).lines[0]
    restored = with_client.apart("restore", path, tmp_path / "Second")
    assert restored.lines == [
        f"Restored to {tmp_path}/Second.practice",
        "Everybody signs in as on the day of the backup.",
    ]
    with_client.folder = tmp_path / "Second"
    assert "Jordan Whitfield" in with_client.well("client", "list")[1]
    assert with_client("check").code == 0


def test_nothing_is_ever_restored_over_something(with_client: Program, drive: Path) -> None:
    with_client.well("backup", "make", drive)
    said = with_client.apart("restore", only_file(drive), with_client.folder)
    assert (said.code, said.out) == (1, "")
    assert "already something" in said.err
    assert with_client.well("client", "list")


def test_a_copy_that_leaves_the_house_opens_with_its_passphrase_only(
    with_client: Program, drive: Path, tmp_path: Path
) -> None:
    both = {"secrets": (PASSWORD, PASSPHRASE)}
    assert "unrelated words" in with_client.refused(
        "backup", "make", drive, "--own-passphrase", secrets=(PASSWORD, "short")
    )
    assert list(drive.iterdir()) == []
    with_client.well("backup", "make", drive, "--own-passphrase", **both)
    path = only_file(drive)
    assert with_client.bare("backup", "list", drive).lines[1].endswith("its passphrase")
    assert with_client.apart("verify", path).code == 1
    assert with_client.well("backup", "prove", path, **both)
    restored = with_client.apart("restore", path, tmp_path / "Second", secrets=(PASSPHRASE,))
    assert restored.lines[-1] == "Nobody has a password for it yet. Set one with “person recover --passphrase”."
    with_client.folder = tmp_path / "Second.practice"
    assert "person recover --passphrase" in with_client.refused("client", "list")
    new = "lanterns over the bay"
    with_client.well("person", "recover", "--passphrase", secrets=(PASSPHRASE, new))
    assert "Jordan Whitfield" in with_client.well("client", "list", secrets=(new,))[1]


def test_a_place_without_a_backup_or_a_drive_is_named(program: Program, drive: Path, tmp_path: Path) -> None:
    assert program.bare("backup", "list", drive).lines == ["There is no backup in that folder."]
    assert "Connect the drive" in program.refused("backup", "make", tmp_path / "unplugged")
    assert "no such backup" in program.apart("verify", drive / "x.tdbackup").err
    for command in (("verify", drive), ("restore", drive, tmp_path / "Second"), ("backup", "prove", drive)):
        said = program(*command)
        assert (said.code, said.out) == (1, ""), said


def test_a_damaged_backup_is_refused_and_nothing_of_it_is_used(
    with_client: Program, drive: Path, tmp_path: Path
) -> None:
    with_client.well("backup", "make", drive)
    path = only_file(drive)
    whole = path.read_bytes()
    for damaged in (whole[:-1000], whole[:200], b"", b"not a backup", whole[:9000] + b"?" + whole[9001:]):
        path.write_bytes(damaged)
        said = with_client.apart("restore", path, tmp_path / "Second")
        assert (said.code, said.out) == (1, ""), said
        assert with_client.apart("verify", path).code == 1
    assert not (tmp_path / "Second.practice").exists()


def test_a_damaged_backup_is_listed_as_such_beside_the_others(program: Program, drive: Path) -> None:
    program.well("backup", "make", drive)
    (drive / "Old.tdbackup").write_bytes(b"not a backup")
    listed = {line.split("  ")[0]: line for line in program.bare("backup", "list", drive).lines[1:]}
    assert "damaged" in listed["Old.tdbackup"]
    assert len(listed) == 2


def test_the_recovery_key_opens_a_backup_and_a_typo_in_it_is_noticed(program: Program, drive: Path) -> None:
    assert program("person", "new-recovery-key", typed="n\n").code == 130
    (key,) = [line.strip() for line in program.well("person", "new-recovery-key", "--yes") if line.startswith("    ")]
    program.well("backup", "make", drive)
    path = only_file(drive)
    assert program.apart("verify", path, "--recovery-key", secrets=(key,)).code == 0
    typo = key[:-1] + ("0" if key[-1] != "0" else "1")
    said = program.apart("verify", path, "--recovery-key", secrets=(typo,))
    assert (said.code, said.out) == (1, "")
    assert typo not in said.err
