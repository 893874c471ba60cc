"""A private folder for what is half done. What a killed run has left behind is removed when the next one begins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from therapist_desktop.storage.atomic_file import plain_disk_errors
from therapist_desktop.storage.unfinished import lock_of, sweep_unfinished, unfinished_path


@contextmanager
def work_folder(place: Path) -> Iterator[Path]:
    """Make a folder in ``place`` that only this user may look into, and remove it at the end.

    It is locked as long as its process lives, so that two runs do not sweep away each other’s work.
    """
    sweep_unfinished(place)
    with plain_disk_errors():
        folder, lock = _begun(place)
    try:
        yield folder
    finally:
        # Removed before it is unlocked: nobody else need look at it. Windows does not remove a file that is open.
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _begun(place: Path) -> tuple[Path, FileLock]:
    for _ in range(3):
        folder = unfinished_path(place)
        folder.mkdir(mode=0o700)
        lock = lock_of(folder)
        try:
            lock.acquire()
        except (FileNotFoundError, Timeout):
            if not place.is_dir():
                raise
            continue  # somebody swept it up in the instant before it was locked
        except (OSError, NotImplementedError):
            break  # some network drives cannot lock; there only its age tells a left-over
        return folder, lock
    return folder, lock
