"""With what a run was made: versions, cores, how busy they were. Nothing that names a computer or a person."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.subject import Subject
from therapist_desktop import __version__


def surroundings(subject: Subject) -> dict[str, str]:
    """Return what has to be known to compare two runs."""
    with subject.open() as desk:
        ((clients,),) = desk.rows("SELECT count(*) FROM client")
        ((notes, signed),) = desk.rows("SELECT count(*), sum(state = 'signed') FROM session_note")
        ((narrative,),) = desk.rows("SELECT sum(length(text)) FROM note_section")
        ((cipher,),) = desk.rows("PRAGMA cipher_version")
        ((sqlite,),) = desk.rows("SELECT sqlite_version()")
        megabytes = desk.practice.database.size() / 1e6
    busy = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "program": f"Therapist Desktop {__version__}",
        "practice": f"{clients:,} clients, {notes:,} notes of {narrative / max(notes, 1) / 1000:.1f} KB, "
        f"{signed:,} of them signed; {megabytes:.0f} MB",
        "computer": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{busy}",
        "versions": f"Python {platform.python_version()}, SQLCipher {cipher}, SQLite {sqlite}, "
        + ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "cryptography", "reportlab")),
    }
