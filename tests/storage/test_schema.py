"""Bringing a practice forward: backed up first, all steps or none, and never backward."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.all_records import SCHEMA
from therapist_desktop.models.people import Person
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.storage import search_index
from therapist_desktop.storage.backup_listing import list_backups
from therapist_desktop.storage.backup_restore import restore_backup, verify_backup
from therapist_desktop.storage.faults import NewerPracticeError, RefusedChangeError
from therapist_desktop.storage.practice import Practice, closing
from therapist_desktop.storage.practice_opening import open_practice
from therapist_desktop.storage.schema import RELEASED, Migrations, is_behind, migrate
from therapist_desktop.storage.triggers import trigger_statements
from therapist_desktop.storage.unlocking import with_password

UNLOCK = with_password(1, PASSWORD)

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("session_note", recreate="always") as batch:
        batch.add_column(sa.Column("weather", sa.String(), nullable=False, server_default="fair"))
    op.execute("UPDATE session_note SET weather = 'rain' WHERE state = 'signed'")
"""
FAIL = """
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("DELETE FROM note_section")
    op.execute("INSERT INTO no_such_table VALUES (1)")
"""
BREAK = FAIL.replace("INSERT INTO no_such_table VALUES (1)", "DELETE FROM client").replace(
    "note_section", "client_tag"
)


def later_program(place: Path, *steps: str) -> Migrations:
    """Write the scripts of a program that is so many steps ahead of this one."""
    scripts = place / "100% later" / "migrations"
    shutil.copytree(RELEASED.scripts, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    for number, step in enumerate(steps, 2):
        (scripts / "versions" / f"{number:04}_step.py").write_text(step, encoding="utf-8")
    return Migrations(head=f"{len(steps) + 1:04}", scripts=scripts)


@pytest.fixture
def folder(practice: Practice, rosa: Person) -> Path:
    """A closed practice with a draft and a signed note."""
    client_id = add_client(practice, rosa)
    write_note(practice, rosa, client_id, "A draft about the garden.")
    write_note(practice, rosa, client_id, "Signed words about the sea.", sign=True)
    practice.close()
    return practice.folder


def schema_of(practice: Practice) -> dict[str, str]:
    with practice.reading() as session:
        rows = session.execute(text("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {row[0]: row[1] for row in rows}


def test_a_new_practice_has_every_table_and_every_rule(practice: Practice) -> None:
    found = schema_of(practice)
    assert {f"table {name}" for name in SCHEMA.tables} <= set(found)
    assert {sql for name, sql in found.items() if name.startswith("trigger ")} == set(trigger_statements())


def test_an_older_practice_is_backed_up_and_then_brought_forward(
    folder: Path, tmp_path: Path, clock: TestClock
) -> None:
    later = later_program(tmp_path, REBUILD)
    with closing(open_practice(folder, UNLOCK, clock, kdf=CHEAP_KDF, migrations=later)) as practice:
        assert "brought forward" in practice.notices[0]
        with practice.reading() as session:
            notes = session.execute(text("SELECT state, weather FROM session_note ORDER BY id")).all()
            assert [tuple(note) for note in notes] == [("draft", "fair"), ("signed", "rain")]
            assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0002"
            assert [found.title for found in search_index.find(session, "garden")] == ["Note of 2026-11-23"]
        assert verify_audit_chain(practice).whole
        assert not verify_signatures(practice).fault
        with practice.database.alone() as connection:
            assert connection.faults() == ()
        # The rules hold on the rebuilt table as before.
        found = schema_of(practice)
        assert {sql for name, sql in found.items() if name.startswith("trigger ")} == set(trigger_statements())
        assert "index ix_session_note_chart" in found
        with pytest.raises(RefusedChangeError, match="signed"), practice.writing() as session:
            session.execute(text("UPDATE session_note SET weather = 'snow' WHERE state = 'signed'"))
        with pytest.raises(Exception, match="FOREIGN KEY"), practice.writing() as session:
            session.execute(text("UPDATE session_note SET client_id = 99 WHERE state = 'draft'"))
    [listed] = list_backups(folder.parent)
    assert listed.path.name in practice.notices[0]
    header = verify_backup(listed.path, UNLOCK).header
    assert header.schema == "0001"
    assert header.rows["session_note"] == 2
    with closing(open_practice(folder, UNLOCK, clock, migrations=later)) as practice:
        assert practice.notices == ()
    assert len(list_backups(folder.parent)) == 1


def test_an_older_backup_is_brought_forward_as_it_is_restored(folder: Path, tmp_path: Path, clock: TestClock) -> None:
    with closing(open_practice(folder, UNLOCK, clock, kdf=CHEAP_KDF)) as practice:
        backup = practice.back_up(tmp_path)
    later = later_program(tmp_path, REBUILD)
    restored = tmp_path / "Restored.practice"
    restore_backup(backup.path, restored, UNLOCK, clock, migrations=later)
    with closing(open_practice(restored, UNLOCK, clock, migrations=later)) as practice:
        assert practice.notices == ()
        with practice.reading() as session:
            assert session.execute(text("SELECT count(weather) FROM session_note")).scalar_one() == 2
    assert [listed.path for listed in list_backups(tmp_path)] == [backup.path]


@pytest.mark.parametrize(("last", "error"), [(FAIL, "no_such_table"), (BREAK, "broke .* references")])
def test_a_step_that_fails_leaves_the_practice_as_it_was(
    folder: Path, tmp_path: Path, clock: TestClock, last: str, error: str
) -> None:
    with closing(open_practice(folder, UNLOCK, clock)) as practice:
        before = schema_of(practice)
    broken = later_program(tmp_path, REBUILD, last)
    with pytest.raises(Exception, match=error):
        open_practice(folder, UNLOCK, clock, kdf=CHEAP_KDF, migrations=broken)
    assert len(list_backups(folder.parent)) == 1
    with closing(open_practice(folder, UNLOCK, clock)) as practice:
        assert schema_of(practice) == before
        with practice.reading() as session:
            assert session.execute(text("SELECT count(*) FROM note_section")).scalar_one() == 2
            assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0001"
        assert verify_audit_chain(practice).whole


def test_without_room_for_a_backup_nothing_is_brought_forward(folder: Path, tmp_path: Path, clock: TestClock) -> None:
    later = later_program(tmp_path, REBUILD)
    (folder / "private").mkdir()
    with (folder / "private" / "1.db").open("wb") as file:
        file.truncate(8_000_000_000_000)  # more than is free, and nothing of it on the disk
    before = (folder / "practice.db").read_bytes()
    with pytest.raises(Exception, match="not enough room"):
        open_practice(folder, UNLOCK, clock, kdf=CHEAP_KDF, migrations=later)
    assert (folder / "practice.db").read_bytes() == before
    assert list_backups(folder.parent) == []


def test_a_practice_of_a_newer_program_is_refused(folder: Path, tmp_path: Path, clock: TestClock) -> None:
    later = later_program(tmp_path, REBUILD)
    open_practice(folder, UNLOCK, clock, kdf=CHEAP_KDF, migrations=later).close()
    with pytest.raises(NewerPracticeError, match="newer version"):
        open_practice(folder, UNLOCK, clock)


def test_only_versions_that_have_a_script_are_older(tmp_path: Path) -> None:
    later = later_program(tmp_path, REBUILD)
    assert not is_behind("0002", later)
    assert is_behind("0001", later)
    for unknown in ("0003", "0000", "", "main"):
        with pytest.raises(NewerPracticeError):
            is_behind(unknown, later)


def test_bringing_forward_what_is_not_behind_changes_nothing(practice: Practice) -> None:
    before = schema_of(practice)
    migrate(practice.database)
    assert schema_of(practice) == before
