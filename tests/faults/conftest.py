"""Processes that begin at once, to be killed in the middle of their work."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import pytest

Worker = Callable[..., None]


@dataclass
class Killed:
    """What a process said before it was killed."""

    said: list[tuple[str, ...]]
    was_alive: bool


@dataclass
class Victims:
    """Starts workers and kills them; a worker’s first argument is what it says things to."""

    chance: random.Random = field(default_factory=lambda: random.Random(2026))

    def __post_init__(self) -> None:
        # A server that has everything loaded and forks: a victim begins within milliseconds, not in a second.
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.workers"])

    def kill_at_work(self, worker: Worker, *arguments: object, within_seconds: float) -> Killed:
        """Let a worker work and kill it (SIGKILL) at some moment; now and then while it is still beginning."""
        ears, mouth = self.context.Pipe(duplex=False)
        victim = self.context.Process(target=worker, args=(mouth, *arguments))
        victim.start()
        mouth.close()
        said: list[tuple[str, ...]] = []
        if self.chance.random() < 0.85:
            said.append(ears.recv())
        time.sleep(self.chance.uniform(0, within_seconds))
        assert victim.pid is not None
        was_alive = victim.is_alive()
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
        said += _rest(ears)
        return Killed(said, was_alive)

    @contextmanager
    def at_work(self, worker: Worker, *arguments: object) -> Iterator[tuple[str, ...]]:
        """Let a worker work during the block, and kill it at its end; gives the first thing it said."""
        ears, mouth = self.context.Pipe(duplex=False)
        process = self.context.Process(target=worker, args=(mouth, *arguments))
        process.start()
        mouth.close()
        try:
            yield ears.recv()
        finally:
            process.kill()
            process.join()

    def run(self, worker: Worker, *arguments: object) -> list[tuple[str, ...]]:
        """Let a worker work to its end and return what it said."""
        ears, mouth = self.context.Pipe(duplex=False)
        process = self.context.Process(target=worker, args=(mouth, *arguments))
        process.start()
        mouth.close()
        said = _rest(ears)
        process.join()
        assert process.exitcode == 0
        return said


def _rest(ears: Connection) -> list[tuple[str, ...]]:
    said = []
    try:
        while True:
            said.append(ears.recv())
    except (EOFError, OSError):
        # A kill in the middle of a message leaves half of it.
        return said


@pytest.fixture(scope="session")
def victims() -> Victims:
    if sys.platform == "win32":
        pytest.skip("there is no SIGKILL on Windows")
    return Victims()
