"""The program as a process of its own: on a terminal that tests type at, or between pipes."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import therapist_desktop

COMMAND = (sys.executable, "-m", "therapist_desktop")
PATIENCE_SECONDS = 30


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what a fresh login would have, with nothing of the tests’ own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "PYTHONPATH": str(Path(therapist_desktop.__file__).parents[1]),
        **more,
    }


def between_pipes(home: Path, *arguments: object, password: str = "", **given: object) -> subprocess.Popen[str]:
    """Start the program without any terminal; the password comes through descriptor 3 or whatever is free."""
    reader, writer = os.pipe()
    os.write(writer, f"{password}\n".encode())
    os.close(writer)
    options: dict[str, object] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    try:
        return subprocess.Popen(
            [*COMMAND, "--password-fd", str(reader), *map(str, arguments)],
            env=environment(home),
            pass_fds=[reader],
            start_new_session=True,
            text=True,
            encoding="utf-8",
            **(options | given),  # type: ignore[call-overload]
        )
    finally:
        os.close(reader)


class Terminal:
    """A process with a terminal of its own: what it prints can be waited for, and keys can be typed."""

    def __init__(self, home: Path, *arguments: object) -> None:
        self.pid, self._screen = pty.fork()
        if self.pid == 0:  # pragma: no cover  the child becomes the program
            os.execve(COMMAND[0], [*COMMAND, *map(str, arguments)], environment(home))
        self.shown = ""
        self._code: int | None = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._code is None:
            self.kill()
        os.close(self._screen)

    def see(self, words: str) -> None:
        """Wait until words are on the screen that were not waited for before."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while words not in self.shown:
            assert time.monotonic() < deadline and self._read(), f"“{words}” never came:\n{self.shown}"
        self.shown = self.shown.partition(words)[2]

    def type(self, keys: str | bytes) -> None:
        """Press keys."""
        os.write(self._screen, keys.encode() if isinstance(keys, str) else keys)

    def interrupt(self) -> int:
        """Press Ctrl+C, and again as somebody would if it is not heard; return the exit code."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.type("\x03")
        pressed = time.monotonic()
        while self._read():
            assert time.monotonic() < deadline, self.shown
            if time.monotonic() > pressed + 1:
                self.type("\x03")
                pressed = time.monotonic()
        return self.end()

    def end(self) -> int:
        """Wait until the program has ended; return its exit code."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._read():
            assert time.monotonic() < deadline, self.shown
        _, status = os.waitpid(self.pid, 0)
        self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def kill(self) -> None:
        """Take its life, as a power cut does."""
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        self._code = os.waitstatus_to_exitcode(status)

    def _read(self) -> bool:
        """Take what is new on the screen; False once the program has ended."""
        if not select.select([self._screen], [], [], 1)[0]:
            return True
        try:
            data = os.read(self._screen, 65536)
        except OSError:  # how Linux says that nobody holds the other end any more
            return False
        self.shown += data.decode("utf-8", errors="replace").replace("\r\n", "\n")
        return bool(data)
