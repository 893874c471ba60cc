"""What nothing that keeps text encrypted and durable can do without: a commit by the bare driver."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from therapist_desktop.storage.connection import EncryptedConnection
from therapist_desktop.storage.key_sealing import KEY_BYTES

AUDIT_EVENT_BYTES = 300
"""About what one event of the audit chain holds."""


def durable_commit(raw: Any, text: str) -> Callable[[int], None]:
    """Return what puts ``text`` into a table of one column, in a transaction of its own, through the bare driver.

    The table is in the file and under the profile of ``raw``: so a practice of ten years is as deep for it, and its
    write-ahead log as full, as for the program.
    """
    raw.execute("CREATE TABLE IF NOT EXISTS bare_text (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")

    def commit(_number: int) -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO bare_text(text) VALUES (?)", (text,))
        raw.execute("COMMIT")

    return commit


@contextmanager
def empty_file(folder: Path) -> Iterator[Any]:
    """Open a new encrypted file with the profile of a practice for a while."""
    path = folder / "bare.db"
    connection = EncryptedConnection(path, secrets.token_bytes(KEY_BYTES), create=True)
    try:
        yield connection.raw
    finally:
        connection.close()
        path.unlink()
