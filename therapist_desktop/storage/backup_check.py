"""What the database of a backup holds, and whether it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.moment import moment_from_text
from therapist_desktop.storage.audit_anchor import BEGINNING, Anchor
from therapist_desktop.storage.backup_header import BackupHeader, DamagedBackupError
from therapist_desktop.storage.database import Database
from therapist_desktop.storage.faults import DamagedPracticeError
from therapist_desktop.storage.schema import schema_version

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search_text%'"
)
# Not through the mapped class: the copy may have an older schema.
_LAST_EVENT = f"SELECT sequence, hash, moment FROM {AuditEvent.__tablename__} ORDER BY sequence DESC LIMIT 1"  # noqa: S608


@dataclass(frozen=True)
class Summary:
    """What is in a copy, as its header tells it."""

    schema: str
    rows: dict[str, int]
    anchor: Anchor


def summary_of(database: Database, vault_id: str) -> Summary:
    """Count the rows of every table and look where the audit chain ends."""
    schema = schema_version(database, vault_id)
    with database.reading() as session:
        connection = session.connection()
        tables = connection.exec_driver_sql(_TABLES).scalars().all()
        rows = {str(name): _count(connection, str(name)) for name in tables}
        last = connection.exec_driver_sql(_LAST_EVENT).one_or_none()
    anchor = BEGINNING if last is None else Anchor(int(last[0]), str(last[1]), moment_from_text(str(last[2])))
    return Summary(schema, rows, anchor)


def open_checked(path: Path, header: BackupHeader, key: bytes) -> Database:
    """Open the database taken out of a backup, and return it once it is seen to be whole and what the header says.

    Raises ``DamagedBackupError``.
    """
    try:
        database = Database(path, key)
    except DamagedPracticeError:
        raise DamagedBackupError.standard() from None
    try:
        with database.alone() as connection:
            faults = connection.faults()
        if faults or not _agree(summary_of(database, header.key_file.vault_id), header):
            raise DamagedBackupError.standard()
    except DamagedPracticeError:
        database.close()
        raise DamagedBackupError.standard() from None
    except BaseException:
        database.close()
        raise
    return database


def _agree(found: Summary, header: BackupHeader) -> bool:
    return found == Summary(header.schema, header.rows, header.anchor)


def _count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608
