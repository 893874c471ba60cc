"""The schema of a practice: made whole for a new one, brought forward for an older one, refused for a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection

from therapist_desktop.models.all_records import SCHEMA
from therapist_desktop.storage.database import Database
from therapist_desktop.storage.faults import DamagedPracticeError, NewerPracticeError
from therapist_desktop.storage.search_index import CREATE_INDEX
from therapist_desktop.storage.triggers import trigger_statements


@dataclass(frozen=True)
class Migrations:
    """The schema of this program, and the Alembic scripts that lead to it from every older one."""

    head: str
    scripts: Path


RELEASED = Migrations(head="0001", scripts=Path(__file__).parent / "migrations")
_VERSION_TABLE = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"


def create_schema(database: Database, vault_id: str) -> None:
    """Make every table, trigger and index of a new practice, and say which vault it is."""
    with database.schema_changes() as connection:
        SCHEMA.create_all(connection)
        run = connection.exec_driver_sql
        run(CREATE_INDEX)
        run("CREATE TABLE vault (vault_id TEXT NOT NULL PRIMARY KEY)")
        run("INSERT INTO vault VALUES (?)", (vault_id,))
        run(_VERSION_TABLE)
        run("INSERT INTO alembic_version VALUES (?)", (RELEASED.head,))
        for statement in trigger_statements():
            run(statement)


def schema_version(database: Database, vault_id: str) -> str:
    """Return the revision of an open practice, after making sure that it is the vault of its key file."""
    with database.alone() as connection:
        tables = {
            str(row[0]) for row in connection.raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if not {"vault", "alembic_version"} <= tables:
            raise DamagedPracticeError(
                "The practice file holds no practice. Restore the latest backup into a new folder."
            )
        found = connection.raw.execute("SELECT vault_id FROM vault").fetchone()
        if found is None or found[0] != vault_id:
            raise DamagedPracticeError(
                "The practice file and the key file in this folder belong to different practices. "
                "Put the files of one practice together, or restore a backup into a new folder."
            )
        version = connection.raw.execute("SELECT version_num FROM alembic_version").fetchone()
    if version is None:
        raise DamagedPracticeError(
            "The practice file does not say its version. Restore the latest backup into a new folder."
        )
    return str(version[0])


def is_behind(version: str, migrations: Migrations = RELEASED) -> bool:
    """Return whether a practice must be brought forward; a newer one is refused."""
    if version == migrations.head:
        return False
    known = {path.name.split("_", 1)[0] for path in (migrations.scripts / "versions").glob("[0-9]*.py")}
    if version not in known:
        raise NewerPracticeError(
            "This practice was last used with a newer version of the program. "
            "Install the newest version; nothing was changed."
        )
    return True


def migrate(database: Database, migrations: Migrations = RELEASED) -> None:
    """Bring a practice forward in one transaction: all steps or none."""
    with database.schema_changes() as connection:
        # The triggers protect signed rows from everybody, so also from a rebuild of their table.
        drop_triggers(connection)
        command = import_module("alembic.command")
        config = import_module("alembic.config").Config()
        config.set_main_option("script_location", str(migrations.scripts).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, migrations.head)
        for statement in trigger_statements():
            connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Drop every trigger; ``migrate`` makes today’s anew."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    for name in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
