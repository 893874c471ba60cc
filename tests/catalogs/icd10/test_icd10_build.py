"""The shipped ICD-10-CM table is what the kept script makes of the package."""

from __future__ import annotations

import sqlite3
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "resources" / "catalogs" / "icd10cm-2026-04-01.db"


def test_building_again_gives_the_shipped_file_byte_for_byte(tmp_path: Path) -> None:
    again = tmp_path / "again.db"
    script = ROOT / "scripts" / "build_icd10cm.py"
    subprocess.run([sys.executable, script, "--output", again], check=True, capture_output=True)

    assert contents(again) == contents(SHIPPED)
    if made_by(again) == made_by(SHIPPED):  # another SQLite may lay out the same rows on its pages differently
        assert again.read_bytes() == SHIPPED.read_bytes()


def test_the_shipped_file_is_small_enough_for_the_repository() -> None:
    assert SHIPPED.stat().st_size < 10_000_000


def contents(path: Path) -> dict[str, list[Any]]:
    """Return all rows of all tables, those of the full-text index included."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE rootpage > 0")]
        plain = [name for name in tables if not name.startswith("sqlite_") and not name.endswith("_by_code")]
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in plain}


def made_by(path: Path) -> int:
    """Return the SQLite version number from the file's header, offset 96."""
    return int(struct.unpack(">I", path.read_bytes()[96:100])[0])
