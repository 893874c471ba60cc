"""Whether there is room on a disk, asked before long work begins."""

from __future__ import annotations

import shutil
from pathlib import Path

from therapist_desktop.storage.atomic_file import plain_disk_errors
from therapist_desktop.storage.faults import DiskFullError

_MARGIN = 8_000_000  # bytes: what the program itself may write meanwhile


def has_room(place: Path, needed_bytes: int) -> bool:
    """Whether so much, and a little more, fits on the disk of the folder ``place``."""
    return _free_bytes(place) >= needed_bytes + _MARGIN


def ensure_room(place: Path, needed_bytes: int) -> None:
    """Raise ``DiskFullError`` unless so much, and a little more, fits on the disk of the folder ``place``."""
    if not has_room(place, needed_bytes):
        raise DiskFullError(
            f"There is not enough room on the disk: {_megabytes(needed_bytes + _MARGIN)} MB are needed and "
            f"{_free_bytes(place) // 1_000_000:,} MB are free. Free some space, or choose another disk."
        )


def _free_bytes(place: Path) -> int:
    with plain_disk_errors():
        return shutil.disk_usage(place).free


def _megabytes(count: int) -> str:
    return f"{-(-count // 1_000_000):,}"
