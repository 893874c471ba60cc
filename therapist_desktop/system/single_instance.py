"""One process at a time in a practice."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from therapist_desktop.models.errors import UserError

LOCK_NAME = "practice.lock"


class PracticeLock:
    """The lock on a practice folder. The operating system frees it when its holder ends, even by a kill.

    The lock file is empty and stays in the folder; its presence means nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Without the soft lock: that one is a mere file, which a killed holder would leave behind.
        self._lock = FileLock(
            folder / LOCK_NAME, blocking=False, mode=0o600, thread_local=False, fallback_to_soft=False
        )

    def acquire(self) -> None:
        """Take the lock; raises ``UserError`` if it is taken already or if there is no such folder."""
        if self._lock.is_locked:
            raise RuntimeError("this lock is already held")
        if not self._folder.is_dir():  # filelock would make it
            raise UserError("There is no practice folder in that place. Choose the folder of a practice.")
        try:
            self._lock.acquire()
        except Timeout:
            raise UserError(
                "This practice is already open in another window. Use that one, or close it first."
            ) from None
        except OSError as error:
            raise UserError(
                "This folder cannot be locked for one user at a time. Move the practice to a folder of your own "
                "on this computer's disk."
            ) from error

    def release(self) -> None:
        """Give the lock back; does nothing if it is not held."""
        self._lock.release()

    def __enter__(self) -> PracticeLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
