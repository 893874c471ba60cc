"""The key file on disk: two copies, and no damage that goes unnoticed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import stat
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.storage.keys_of_harbor import ROSA, ROSAS_PASSWORD, SAM, HarborKeys, harbor_keys
from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.key_file_store import (
    BACKUP_NAME,
    NAME,
    from_json,
    read_key_file,
    to_json,
    write_key_file,
)
from therapist_desktop.storage.key_json import KeyFileDamagedError, KeyFileTooNewError

NEW_KEY = b"new practice key of 32 bytes !!!"


@pytest.fixture(scope="module")
def keys() -> HarborKeys:
    return harbor_keys()


@pytest.fixture
def folder(keys: HarborKeys, tmp_path: Path) -> Path:
    write_key_file(keys.file, tmp_path)
    return tmp_path


def with_right_checksum(content: dict[str, Any]) -> str:
    """What somebody writes who changes the file on purpose."""
    content.pop("checksum", None)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return json.dumps(content | {"checksum": hashlib.sha256(canonical.encode()).hexdigest()})


def test_what_is_written_is_read_back_in_both_copies(keys: HarborKeys, folder: Path) -> None:
    found = read_key_file(folder)
    assert found == keys.file
    assert not found.used_backup
    assert not found.needs_repair
    assert (folder / NAME).read_bytes() == (folder / BACKUP_NAME).read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == [NAME, BACKUP_NAME]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_only_this_user_may_read_the_copies(folder: Path) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_file_holds_names_of_people_who_sign_in_but_no_key_and_no_password(
    keys: HarborKeys, folder: Path
) -> None:
    text = (folder / NAME).read_text("ascii")
    assert "Rosa Alvarez" in text
    for secret in (keys.bundle.practice_key, keys.bundle.membership_key, keys.recovery_key.secret):
        assert secret.hex() not in text
    assert ROSAS_PASSWORD not in text
    assert keys.recovery_key.text not in text


@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda path: path.write_bytes(b""), lambda path: os.truncate(path, 700)]
)
def test_the_second_copy_is_used_and_said_so_when_the_first_is_gone(
    keys: HarborKeys, folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder / NAME)
    found = read_key_file(folder)
    assert found == keys.file
    assert found.used_backup
    assert found.needs_repair

    write_key_file(found, folder)
    mended = read_key_file(folder)
    assert mended == keys.file
    assert not mended.used_backup


def test_a_damaged_second_copy_is_noticed_though_it_is_not_needed(keys: HarborKeys, folder: Path) -> None:
    (folder / BACKUP_NAME).write_text("{}")
    found = read_key_file(folder)
    assert found == keys.file
    assert found.needs_repair
    assert not found.used_backup


def test_with_both_copies_damaged_the_practice_is_refused_and_a_backup_advised(folder: Path) -> None:
    for name in (NAME, BACKUP_NAME):
        (folder / name).write_text("not a key file")
    with pytest.raises(KeyFileDamagedError, match="Restore the practice from a backup"):
        read_key_file(folder)


def test_a_folder_without_key_file_is_no_practice(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no key file"):
        read_key_file(tmp_path)


def test_of_two_whole_copies_the_newer_one_counts(keys: HarborKeys, folder: Path) -> None:
    old = (folder / NAME).read_bytes()
    newer = keys.file.without_person(SAM)
    write_key_file(newer, folder)

    (folder / BACKUP_NAME).write_bytes(old)  # killed between the two copies
    found = read_key_file(folder)
    assert (found, found.used_backup, found.needs_repair) == (newer, False, True)

    write_key_file(newer, folder)
    (folder / NAME).write_bytes(old)  # somebody put an old file back
    found = read_key_file(folder)
    assert (found, found.used_backup, found.needs_repair) == (newer, True, True)


def test_copies_of_two_practices_are_not_mixed(folder: Path) -> None:
    (folder / BACKUP_NAME).write_text(to_json(harbor_keys().file))
    with pytest.raises(UserError, match="belong to different practices"):
        read_key_file(folder)


@pytest.mark.fault
def test_no_flipped_bit_of_the_file_goes_unnoticed(keys: HarborKeys, folder: Path) -> None:
    whole = (folder / NAME).read_bytes()
    # Every byte of the file, each with one of its bits.
    for position in range(len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << position % 8
        (folder / NAME).write_bytes(flipped)
        found = read_key_file(folder)
        assert found == keys.file
        assert found.used_backup
        with pytest.raises((KeyFileDamagedError, UnicodeDecodeError)):
            from_json(flipped.decode("ascii"))


@pytest.mark.fault
def test_torn_and_overwritten_files_are_refused(keys: HarborKeys) -> None:
    whole = to_json(keys.file).encode("ascii")
    chance = random.Random(20261123)
    for _ in range(300):
        start, end = sorted(chance.sample(range(len(whole)), 2))
        mutants = (
            whole[:start],
            whole[:start] + whole[end:],
            whole[:start] + bytes(end - start) + whole[end:],
            whole[:start] + whole[end:] + whole[start:end],
            whole + whole[start:end],
        )
        for mutant in mutants:
            if mutant.rstrip() != whole.rstrip():
                with pytest.raises(KeyFileDamagedError):
                    from_json(mutant.decode("ascii"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"checksum": 1}',
        "[" * 100_000,
        '{"format": ' + "9" * 10_000 + "}",
        "NaN",
        '"\\ud800"',
    ],
)
def test_what_is_no_key_file_at_all_is_refused(text: str) -> None:
    with pytest.raises(KeyFileDamagedError):
        from_json(text)


def change_slot(field: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["slots"][0].__setitem__(field, value)


def change_kdf(field: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["slots"][0]["kdf"].__setitem__(field, value)


@pytest.mark.parametrize(
    "change",
    [
        change_kdf("memory_kib", 100 * 1024 * 1024),
        change_kdf("memory_kib", 8),
        change_kdf("time", 10_000),
        change_kdf("time", 0),
        change_kdf("lanes", 0),
        change_kdf("lanes", 1000),
        change_kdf("lanes", True),
        change_kdf("name", "pbkdf2"),
        change_slot("kind", "master"),
        change_slot("salt", "00"),
        change_slot("salt", "AB" * 16),
        change_slot("nonce", "zz" * 12),
        change_slot("person_id", 7),
        change_slot("label", "x" * 201),
        change_slot("keys", []),
        change_slot("keys", {}),
        change_slot("extra", 1),
        lambda content: content.__setitem__("slots", []),
        lambda content: content["slots"].append(content["slots"][0]),
        lambda content: content.__setitem__("format", 0),
        lambda content: content.__setitem__("format", "1"),
        lambda content: content.__setitem__("generation", 0),
        lambda content: content.__setitem__("generation", 1.5),
        lambda content: content.__setitem__("vault_id", "harbor"),
        lambda content: content.__setitem__("pending_key_id", "00" * 8),
        lambda content: content.__setitem__("key_id", "00" * 8),
        lambda content: content.__setitem__("anchor", {"sequence": 1, "hash": "ab" * 32, "moment": "yesterday"}),
        lambda content: content.__setitem__("anchor", {"sequence": 1, "hash": "ab" * 32, "moment": "2026-11-23"}),
        lambda content: content.pop("cipher"),
    ],
)
def test_a_file_changed_on_purpose_is_refused_when_it_asks_for_nonsense(
    keys: HarborKeys, change: Callable[[dict[str, Any]], None]
) -> None:
    content = json.loads(to_json(keys.file))
    change(content)
    with pytest.raises(KeyFileDamagedError):
        from_json(with_right_checksum(content))


@pytest.mark.parametrize("field", ["sealed", "tag"])
def test_a_sealed_key_that_was_changed_no_longer_opens(keys: HarborKeys, field: str) -> None:
    content = json.loads(to_json(keys.file))
    sealed = content["slots"][0]["keys"][0]
    sealed[field] = sealed[field][:-1] + ("0" if sealed[field][-1] != "0" else "1")
    with pytest.raises(KeyFileDamagedError):
        from_json(with_right_checksum(content)).unlock_with_password(ROSA, ROSAS_PASSWORD)


def test_a_slot_carried_over_from_another_practice_does_not_open(keys: HarborKeys) -> None:
    content, foreign = json.loads(to_json(keys.file)), json.loads(to_json(harbor_keys().file))
    foreign["slots"][0]["keys"] = content["slots"][0]["keys"]
    content["slots"][0] = foreign["slots"][0]
    with pytest.raises(UserError):
        from_json(with_right_checksum(content)).unlock_with_password(ROSA, ROSAS_PASSWORD)


def test_a_slot_given_to_another_person_does_not_open(keys: HarborKeys) -> None:
    content = json.loads(to_json(keys.file))
    rosa, sam = content["slots"][:2]
    rosa["person_id"], sam["person_id"] = sam["person_id"], rosa["person_id"]
    with pytest.raises(UserError, match="not right"):
        from_json(with_right_checksum(content)).unlock_with_password(SAM, ROSAS_PASSWORD)


def test_a_file_of_a_newer_program_is_refused_and_not_passed_over(keys: HarborKeys, folder: Path) -> None:
    newer = with_right_checksum(json.loads(to_json(keys.file)) | {"format": 2, "novelty": True})
    with pytest.raises(KeyFileTooNewError, match="Install the newer version"):
        from_json(newer)
    (folder / NAME).write_text(newer)
    with pytest.raises(KeyFileTooNewError):
        read_key_file(folder)

    other_cipher = json.loads(to_json(keys.file)) | {"cipher": {"compatibility": 5, "page_size": 4096}}
    with pytest.raises(KeyFileTooNewError):
        from_json(with_right_checksum(other_cipher))


def test_a_huge_file_is_not_read_into_memory(folder: Path) -> None:
    with (folder / NAME).open("wb") as file:
        file.truncate(2_000_000_000)
    tracemalloc.start()
    try:
        assert read_key_file(folder).used_backup
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_nothing_is_written_that_could_not_be_read_again(keys: HarborKeys, folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    with pytest.raises(KeyFileDamagedError):
        write_key_file(replace(keys.file, slots=()), folder)
    assert (folder / NAME).read_bytes() == before


@pytest.mark.fault
def test_a_full_disk_leaves_both_copies_as_they_were(keys: HarborKeys, folder: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(UserError, match="no room left"):
            write_key_file(keys.file.without_person(SAM), folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    found = read_key_file(folder)
    assert found == keys.file
    assert not found.needs_repair
    assert sorted(path.name for path in folder.iterdir()) == [NAME, BACKUP_NAME]
