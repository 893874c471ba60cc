"""Where a practice may lie, how much room there is, and who may look into it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.system.file_systems import is_remote
from therapist_desktop.system.sync_folders import sync_program_of


def check_place(folder: Path) -> None:
    """Refuse, with a ``UserError``, a place where an open practice would be damaged. It need not exist yet.

    A backup may well be stored in such a place: it is one encrypted file that nobody writes to.
    """
    if is_remote(folder):
        raise UserError(
            "This folder is on a network or shared drive, where an open practice can be damaged. "
            "Choose a folder on this computer's own disk."
        )
    program = sync_program_of(folder, Path.home())
    if program is not None:
        raise UserError(
            f"This folder is synchronized by {program}, which can damage an open practice and copies it elsewhere. "
            "Choose a folder that is not synchronized; encrypted backups may go there."
        )


def free_bytes(place: Path) -> int:
    """Return how much this user may still write to the disk of ``place``, which need not exist yet."""
    existing = next(path for path in (place.absolute(), *place.absolute().parents) if path.exists())
    return shutil.disk_usage(existing).free


def ensure_free_space(place: Path, needed_bytes: int) -> None:
    """Raise a ``UserError`` unless ``needed_bytes`` fit on the disk of ``place``."""
    free = free_bytes(place)
    if free < needed_bytes:
        raise UserError(
            f"There is not enough room on the disk: {_megabytes(needed_bytes)} MB are needed and "
            f"{free // 1_000_000:,} MB are free. Free some space, or choose another disk."
        )


def make_private(folder: Path) -> None:
    """Let only this user into ``folder``. On Windows a folder under the user's profile is so already."""
    if os.name != "nt":
        folder.chmod(0o700)


def _megabytes(count: int) -> str:
    return f"{-(-count // 1_000_000):,}"
