"""Files that are either the old one or the new one, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.unfinished import sweep_unfinished, unfinished_path

if sys.platform == "darwin":
    import fcntl

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_SUCH_CALL = {errno.EINVAL, errno.ENOTSUP}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""How a file is opened that must not be there yet: nothing is emptied and no link is followed."""

# On Windows a virus scanner may hold a file open for a moment, and os.replace fails meanwhile.
_REPLACE_ATTEMPTS = 10
_REPLACE_PAUSE_SECONDS = 0.1


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``, readable by this user only; on return it is on the disk itself.

    Raises ``UserError`` when the disk is full or the folder cannot be written; the old file is then untouched.
    """
    write_copies((path,), content)


def write_copies(paths: Sequence[Path], content: bytes) -> None:
    """Replace several files by the same content, one after the other, so that one of them is whole at any instant.

    The room for all is taken before the first is replaced: a full disk changes none of them. Raises as
    ``write_atomically``.
    """
    new = [unfinished_path(path.parent) for path in paths]
    for folder in {path.parent for path in paths}:
        sweep_unfinished(folder)
    with plain_disk_errors():
        try:
            for file in new:
                _write(file, content)
            for file, path in zip(new, paths, strict=True):
                _replace(file, path)
                sync_folder(path.parent)
        except OSError:
            for file in new:
                file.unlink(missing_ok=True)
            raise


def move_to_new_name(new: Path, target: Path) -> None:
    """Sync the finished file ``new`` and give it the name ``target``, on the same disk, in one step.

    Raises ``FileExistsError`` if there is something of that name, even if it was made at this very moment.
    """
    sync_file(new)
    try:
        os.link(new, target)  # which, other than renaming, never takes a name from another file
    except FileExistsError:
        raise
    except OSError:  # sticks and some network drives know no second name for a file
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        _replace(new, target)
    else:
        new.unlink()
    sync_folder(target.parent)


def make_private_file(path: Path) -> None:
    """Make an empty file that only this user may read, whatever the umask; what SQLite adds to it is private too."""
    os.close(os.open(path, NEW_FILE, 0o600))


def sync_file(path: Path) -> None:
    """Wait until the content of ``path`` is on the disk and not only in a cache."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk; Windows and some network drives have no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _sync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SUCH_CALL:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def plain_disk_errors() -> Iterator[None]:
    """Turn the disk errors a person can put right into a ``UserError``; let all others pass."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise UserError(
                "There is no room left on the disk. Free some space and try again; what was saved before is safe."
            ) from error
        if error.errno in _NOT_ALLOWED:
            raise UserError(
                "This folder cannot be written. Check that it is not read-only and that it belongs to you."
            ) from error
        raise


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, NEW_FILE, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        _sync(file.fileno())


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":
        # fsync on macOS stops at the drive's own cache, see fsync(2) there.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _replace(new: Path, target: Path) -> None:
    attempts = _REPLACE_ATTEMPTS if os.name == "nt" else 1
    for attempt in range(1, attempts + 1):
        try:
            new.replace(target)
            return
        except PermissionError:
            if attempt == attempts:
                raise
            time.sleep(_REPLACE_PAUSE_SECONDS)
