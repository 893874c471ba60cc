"""What killed runs left is swept up; what is in use, or is not ours, is never touched."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from therapist_desktop.storage.atomic_file import write_atomically
from therapist_desktop.storage.unfinished import LOCK, sweep_unfinished, unfinished_path
from therapist_desktop.storage.work_folder import work_folder

TWO_DAYS = 2 * 24 * 60 * 60


def aged(path: Path) -> Path:
    """Let a file or folder look as if nobody touched it for two days."""
    then = time.time() - TWO_DAYS
    for one in (*path.rglob("*"), path):
        os.utime(one, (then, then), follow_symlinks=False)
    return path


def left_folder(place: Path, *, locked_once: bool = True) -> Path:
    """Make what a kill leaves of a work folder."""
    left = unfinished_path(place)
    (left / "inner").mkdir(parents=True)
    (left / "inner" / "practice.db").write_bytes(b"half")
    if locked_once:
        (left / LOCK).touch()
    return left


def left_file(place: Path) -> Path:
    left = unfinished_path(place)
    left.write_bytes(b"half")
    return left


def test_a_folder_that_nobody_has_locked_goes_at_once(tmp_path: Path) -> None:
    left = left_folder(tmp_path)
    with work_folder(tmp_path):
        assert not left.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_stays_however_old_it_is(tmp_path: Path) -> None:
    with work_folder(tmp_path) as work:
        (work / "half").write_bytes(b"half")
        aged(work)
        with work_folder(tmp_path) as second:
            assert second != work
        assert (work / "half").read_bytes() == b"half"


def test_a_file_or_a_folder_never_locked_goes_after_a_day(tmp_path: Path) -> None:
    old = [aged(left_file(tmp_path)), aged(left_folder(tmp_path, locked_once=False))]
    young = [left_file(tmp_path), left_folder(tmp_path, locked_once=False)]
    write_atomically(tmp_path / "facts", b"whole")
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in young)


@pytest.mark.parametrize(
    "name",
    [
        ".backup-of my thesis.unfinished",
        ".therapist-desktop-verify-abc.unfinished",
        ".therapist-desktop-of my thesis.unfinished",
        f".therapist-desktop-{'A' * 32}.unfinished",
        f"therapist-desktop-{'a' * 32}.unfinished",
        f".therapist-desktop-{'a' * 32}.unfinished.docx",
    ],
)
def test_a_folder_of_a_similar_name_is_somebodys_own(tmp_path: Path, name: str) -> None:
    left_folder(tmp_path).rename(tmp_path / name)
    aged(tmp_path / name)
    sweep_unfinished(tmp_path)
    assert (tmp_path / name / "inner" / "practice.db").exists()


def test_links_are_neither_followed_nor_removed(tmp_path: Path) -> None:
    pictures, thesis = tmp_path / "Pictures", tmp_path / "thesis"
    shutil.copytree(left_folder(tmp_path), pictures)
    thesis.write_bytes(b"ten years of work")
    place = tmp_path / "place"
    place.mkdir()
    links = [unfinished_path(place), unfinished_path(place)]
    links[0].symlink_to(pictures)
    links[1].symlink_to(thesis)
    trap = left_folder(place, locked_once=False)
    (trap / LOCK).symlink_to(thesis)
    for path in (pictures, thesis, place):
        aged(path)
    sweep_unfinished(place)
    assert (pictures / "inner" / "practice.db").exists()
    assert thesis.read_bytes() == b"ten years of work"
    assert all(link.is_symlink() for link in links)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_somebody_else_stays(tmp_path: Path) -> None:
    theirs = [aged(left_file(tmp_path)), aged(left_folder(tmp_path))]
    for path in theirs:
        os.chown(path, 12345, 12345)
    sweep_unfinished(tmp_path)
    assert all(path.exists() for path in theirs)


def test_a_drive_that_cannot_lock_is_no_obstacle_and_age_tells_the_left_overs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", no_locks)
    old, young = aged(left_folder(tmp_path)), left_folder(tmp_path)
    with work_folder(tmp_path) as work:
        assert work.is_dir()
    assert (old.exists(), young.exists(), work.exists()) == (False, True, False)


def test_a_work_folder_is_private_even_where_new_ones_are_not(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with work_folder(tmp_path) as work:
            assert work.stat().st_mode & 0o777 == 0o700
            assert (work / LOCK).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
