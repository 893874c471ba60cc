"""Names for what is half done, which only this program gives, and sweeping up what killed runs have left."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = "in use"
"""The file in an unfinished folder that is locked as long as somebody works in it."""

_NAME = re.compile(r"\.therapist-desktop-[0-9a-f]{32}\.unfinished")
_IDLE_SECONDS = 24 * 60 * 60
"""What has no lock is taken for abandoned after so long: no write takes a day."""
_LOCK_PATIENCE_SECONDS = 1.0  # a sweeper holds the lock for an instant to see whether it is free


def unfinished_path(place: Path) -> Path:
    """Return a path in ``place`` that nobody has and nobody can foresee, for what is renamed once it is whole."""
    return place / f".therapist-desktop-{secrets.token_hex(16)}.unfinished"


def lock_of(folder: Path) -> FileLock:
    """Return the lock that says that an unfinished folder is in use; the system frees it even after a kill."""
    return FileLock(folder / LOCK, timeout=_LOCK_PATIENCE_SECONDS, mode=0o600, fallback_to_soft=False)


def sweep_unfinished(place: Path) -> None:
    """Remove what killed runs of this user have left in ``place``, and nothing else.

    A folder goes when it is empty or nobody has it locked; a file, or a folder whose lock cannot be tried, after a
    day of quiet.
    Other names, other people’s things and links are left alone. Never raises: sweeping is no reason to fail.
    """
    for path in _ours(place):
        if path.is_dir():
            _sweep_folder(path)
        elif _is_idle(path):
            try:
                path.unlink()
            except OSError:
                continue


def _ours(place: Path) -> Iterator[Path]:
    try:
        with os.scandir(place) as entries:
            found = [Path(entry.path) for entry in entries if _NAME.fullmatch(entry.name) and _is_own(entry)]
    except OSError:
        return
    yield from found


def _is_own(entry: os.DirEntry[str]) -> bool:
    seen = entry.stat(follow_symlinks=False)
    if not (stat.S_ISREG(seen.st_mode) or stat.S_ISDIR(seen.st_mode)):
        return False
    return os.name == "nt" or seen.st_uid == os.geteuid()


def _sweep_folder(folder: Path) -> None:
    if not (folder / LOCK).is_file():  # killed before it was locked, or begun at this very moment
        try:
            folder.rmdir()  # only an empty one goes; whoever had just begun it begins another
        except OSError:
            if _is_idle(folder):
                shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        with lock_of(folder).acquire(blocking=False):
            shutil.rmtree(folder, ignore_errors=True)
    except Timeout:
        return
    except (OSError, NotImplementedError):  # a drive that cannot lock
        if _is_idle(folder):
            shutil.rmtree(folder, ignore_errors=True)
        return
    if os.name == "nt":  # where the lock file cannot be removed while it is open
        shutil.rmtree(folder, ignore_errors=True)


def _is_idle(path: Path) -> bool:
    try:
        times = [one.lstat().st_mtime for one in (path, *path.rglob("*"))]
    except OSError:
        return False
    return max(times) < time.time() - _IDLE_SECONDS
