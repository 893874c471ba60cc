"""A disk that fills up in the middle of a verb, and a folder that can no longer be written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from tests.faults.workers import disk_that_takes
from therapist_desktop.storage.practice import Practice

_NOBODY = 65534


@contextmanager
def disk_full_after_the_backup(practice: Practice, shelf: Path) -> Iterator[None]:
    """Let no file grow beyond 100 kB once a backup lies on the shelf: the key file still fits, a re-key does not."""
    clock = practice.clock
    with ExitStack() as full:

        def filling() -> datetime:
            if any(shelf.glob("*.tdbackup")):
                full.enter_context(disk_that_takes(100_000))
            return clock()

        practice.clock = filling
        try:
            yield
        finally:
            practice.clock = clock


@contextmanager
def not_writable(folder: Path) -> Iterator[None]:
    """Let nobody make a file in a folder, the superuser included; what is open stays open."""
    mode, superuser = folder.stat().st_mode, os.geteuid() == 0
    folder.chmod(0o500)
    if superuser:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)
        folder.chmod(mode)
