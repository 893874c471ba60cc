"""The encrypted file as the rest of the program sees it: transactions on one connection, under one lock."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.whole_text import whole_text
from therapist_desktop.storage.connection import PAGE_SIZE, EncryptedConnection
from therapist_desktop.storage.faults import (
    DamagedPracticeError,
    DiskFullError,
    in_plain_words,
    sentence_for,
)


class Database:
    """An open encrypted file. All use of it is one at a time; a second thread waits."""

    def __init__(self, path: Path, key: bytes, *, create: bool = False) -> None:
        self.connection = EncryptedConnection(path, key, create=create)
        self._lock = threading.RLock()
        self._copying = threading.Lock()
        self.closed = False
        self.engine = _engine_on(self.connection)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that is durable on disk once the block ends, and undone if the block fails."""
        with self._lock, in_plain_words(), Session(self.engine, expire_on_commit=False) as session:
            self._check_outside()
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a consistent view. What is changed in it is not kept."""
        with self._lock, in_plain_words(), Session(self.engine, autoflush=False) as session:
            self._check_outside()
            session.connection().exec_driver_sql("BEGIN")
            yield session

    @contextmanager
    def alone(self) -> Iterator[EncryptedConnection]:
        """Hold the bare connection, outside any transaction, while nobody else uses it."""
        with self._lock, in_plain_words():
            yield self.connection

    @contextmanager
    def schema_changes(self) -> Iterator[Connection]:
        """Open a transaction in which tables may be dropped and rebuilt, with foreign keys checked at its end."""
        with self._lock, in_plain_words(), self.connection.schema_changes():
            self.connection.raw.execute("PRAGMA foreign_keys = OFF")
            try:
                with self.engine.connect() as connection:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    yield connection
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                    if broken:
                        raise RuntimeError(f"a migration broke {len(broken)} references")
                    connection.commit()
            finally:
                self.connection.raw.execute("PRAGMA foreign_keys = ON")

    def size(self) -> int:
        """Return the bytes the file holds once everything is moved into it."""
        with self.alone() as connection:
            return int(str(connection.pragma("page_count"))) * PAGE_SIZE

    def copy_to(self, path: Path, key: bytes, copied: Callable[[float], None]) -> None:
        """Copy everything into a new file under another key; ``copied`` is told the part done, from 0 to 1.

        Between two steps others may write; what they write is in the copy too. An exception from ``copied`` ends it.
        """

        def after_step(left: int, pages: int) -> None:
            copied(1 - left / max(pages, 1))
            # A lock that is taken again at once is seldom given to who waits for it.
            self._lock.release()
            time.sleep(0.001)
            self._lock.acquire()

        with self._copying, self.alone() as connection:
            self._check_outside()
            # Without a checkpoint, which a full disk refuses: what is still in the log is copied from there.
            connection.copy_to(path, key, after_step)

    def rekey(self, old_key: bytes, new_key: bytes) -> None:
        """Encrypt the whole file anew.

        Raises ``DiskFullError`` or ``DamagedPracticeError`` if that fails, with the old key still in force.
        """
        with self._copying, self._lock, in_plain_words():
            self._check_outside()
            failure: UserError | None = None
            try:
                self.connection.rekey(new_key)
            except sqlcipher.DatabaseError as error:
                failure = sentence_for(error)
            # What SQLCipher answered means nothing: only opening the file tells which key is in force.
            self.engine.dispose()
            self.connection.close()
            try:
                self._open_again(new_key)
            except DamagedPracticeError:
                self._open_again(old_key)
                if isinstance(failure, DamagedPracticeError):
                    raise failure from None
                raise DiskFullError(
                    "The practice could not be encrypted anew: the disk is too full for a second copy of it. "
                    "Free some space and do this once more; everything in the practice is safe."
                ) from failure

    def close(self) -> None:
        """Close the file, after a copy that is under way."""
        with self._copying, self._lock:
            self.closed = True
            self.engine.dispose()
            self.connection.close()

    def _open_again(self, key: bytes) -> None:
        self.connection = EncryptedConnection(self.connection.path, key)
        self.engine = _engine_on(self.connection)

    def _check_outside(self) -> None:
        if self.connection.raw.in_transaction:
            # The inner one would end the outer one, and half of a change would be kept.
            raise RuntimeError("one verb has one transaction: another is open in this thread")


def _engine_on(connection: EncryptedConnection) -> Engine:
    # The driver is in autocommit mode; ``writing`` and ``reading`` say how a transaction begins.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connection.raw,
        poolclass=StaticPool,
        query_cache_size=800,
        hide_parameters=True,  # an error of the program must not carry a client’s name into a log
        json_serializer=partial(json.dumps, ensure_ascii=False),  # so that text within it is seen by _with_whole_text
    )
    event.listen(engine, "before_cursor_execute", _with_whole_text, retval=True)
    return engine


def _with_whole_text(
    _connection: Connection, _cursor: object, statement: str, parameters: Any, _context: object, many: bool
) -> tuple[str, Any]:
    """Mend all text on its way into the file, in whatever way it comes: an autosave must not fail over a paste."""
    # With “insertmanyvalues” many rows come as one flat tuple, though ``many`` says so too.
    several = many and isinstance(parameters, list)
    return statement, [_whole(row) for row in parameters] if several else _whole(parameters)


def _whole(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: whole_text(value) if isinstance(value, str) else value for name, value in values.items()}
    return tuple(whole_text(value) if isinstance(value, str) else value for value in values)
