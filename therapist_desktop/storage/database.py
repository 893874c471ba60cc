"""The encrypted file as the rest of the program sees it: transactions on one connection, under one lock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from therapist_desktop.storage.connection import EncryptedConnection
from therapist_desktop.storage.faults import in_plain_words


class Database:
    """An open encrypted file. All use of it is one at a time; a second thread waits."""

    def __init__(self, path: Path, key: bytes, *, create: bool = False) -> None:
        self.connection = EncryptedConnection(path, key, create=create)
        self._lock = threading.RLock()
        self.engine = _engine_on(self.connection)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that is durable on disk once the block ends, and undone if the block fails."""
        with self._lock, in_plain_words(), Session(self.engine, expire_on_commit=False) as session:
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a consistent view. What is changed in it is not kept."""
        with self._lock, in_plain_words(), Session(self.engine, autoflush=False) as session:
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

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.engine.dispose()
            self.connection.close()


def _engine_on(connection: EncryptedConnection) -> Engine:
    # The driver is in autocommit mode; ``writing`` and ``reading`` say how a transaction begins.
    return create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connection.raw,
        poolclass=StaticPool,
        query_cache_size=800,
    )
