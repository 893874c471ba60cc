"""A file is the old one or the new one, and nothing between."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.atomic_file import (
    NEW_FILE,
    move_to_new_name,
    plain_disk_errors,
    sync_folder,
    write_atomically,
    write_copies,
)


@contextmanager
def disk_that_takes(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_file_is_made_and_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    write_atomically(path, b"first")
    write_atomically(path, b"second, and longer")
    write_atomically(path, b"third")
    assert path.read_bytes() == b"third"
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_is_private_even_where_new_files_are_not(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_atomically(tmp_path / "facts", b"first")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "facts").stat().st_mode) == 0o600


def test_no_name_beside_it_can_be_laid_as_a_trap(tmp_path: Path) -> None:
    precious, path = tmp_path / "thesis", tmp_path / "facts"
    precious.write_bytes(b"ten years of work")
    (tmp_path / "facts.new").symlink_to(precious)
    (tmp_path / "own.new").write_bytes(b"a file of somebody")
    path.symlink_to(precious)
    write_copies((path, tmp_path / "own"), b"whole")
    assert precious.read_bytes() == b"ten years of work"
    assert not path.is_symlink()
    assert path.read_bytes() == b"whole"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["facts", "facts.new", "own", "own.new", "thesis"]


def test_a_file_that_must_be_new_follows_no_link_and_empties_nothing(tmp_path: Path) -> None:
    precious = tmp_path / "thesis"
    precious.write_bytes(b"ten years of work")
    (tmp_path / "link").symlink_to(precious)
    (tmp_path / "nowhere").symlink_to(tmp_path / "not there")
    for name in ("thesis", "link", "nowhere"):
        with pytest.raises(FileExistsError):
            os.open(tmp_path / name, NEW_FILE)
    assert precious.read_bytes() == b"ten years of work"
    assert not (tmp_path / "not there").exists()


@pytest.mark.fault
def test_a_full_disk_is_said_in_a_sentence_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    write_atomically(path, b"old")
    with disk_that_takes(1000), pytest.raises(UserError, match="no room left"):
        write_atomically(path, bytes(2000))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "facts").write_bytes(b"old")
    program = (
        "import os, sys; from pathlib import Path\n"
        "from therapist_desktop.models.errors import UserError\n"
        "from therapist_desktop.storage.atomic_file import write_atomically\n"
        "os.geteuid() or os.setuid(65534)\n"
        "try: write_atomically(Path(sys.argv[1]), b'new')\n"
        "except UserError as error: print(error)\n"
    )
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "facts")],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "cannot be written" in done.stdout
    assert (tmp_path / "facts").read_bytes() == b"old"


@pytest.mark.parametrize("has_links", [True, False], ids=["hard links", "a drive without them"])
def test_a_finished_file_takes_a_name_from_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    if not has_links:

        def refused(*_: object) -> None:
            raise PermissionError(errno.EPERM, "no links on FAT")

        monkeypatch.setattr("os.link", refused)
    new, target, gone = tmp_path / "under way", tmp_path / "facts", tmp_path / "gone"
    new.write_bytes(b"new")
    target.write_bytes(b"old")
    gone.symlink_to(tmp_path / "nowhere")
    for taken in (target, gone):
        with pytest.raises(FileExistsError):
            move_to_new_name(new, taken)
    assert (new.read_bytes(), target.read_bytes(), gone.is_symlink()) == (b"new", b"old", True)
    move_to_new_name(new, tmp_path / "free")
    assert (tmp_path / "free").read_bytes() == b"new"
    assert not new.exists()


def test_several_copies_are_all_written(tmp_path: Path) -> None:
    paths = [tmp_path / "one", tmp_path / "two", tmp_path / "three"]
    write_copies(paths, b"the same")
    assert {path.read_bytes() for path in paths} == {b"the same"}
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_other_errors_of_the_disk_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), plain_disk_errors():
        sync_folder(tmp_path / "nowhere")
    with pytest.raises(OSError, match="input/output") as failed, plain_disk_errors():
        raise OSError(errno.EIO, "input/output")
    assert not isinstance(failed.value, UserError)
