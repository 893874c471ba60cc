"""A private folder for what is half done. What a killed run has left behind is removed when the next one begins."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from therapist_desktop.storage.atomic_file import plain_disk_errors

_SUFFIX = ".unfinished"
_LOCK = "in use"


@contextmanager
def work_folder(place: Path, purpose: str) -> Iterator[Path]:
    """Make a folder in ``place`` that only this user may look into, and remove it at the end.

    It is locked as long as its process lives, so that two runs do not sweep away each other’s work.
    """
    _remove_left_overs(place, purpose)
    with plain_disk_errors():
        folder = Path(tempfile.mkdtemp(prefix=f".{purpose}-", suffix=_SUFFIX, dir=place))
    try:
        with plain_disk_errors(), _lock(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_overs(place: Path, purpose: str) -> None:
    for folder in place.glob(f".{purpose}-*{_SUFFIX}"):
        try:
            with _lock(folder):
                pass
        except (Timeout, OSError):
            continue
        shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / _LOCK, blocking=False, mode=0o600, fallback_to_soft=False)
