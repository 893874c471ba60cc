"""Where resources, practices and settings are, for a checkout, a wheel and a frozen program."""

from __future__ import annotations

import sys
from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("Therapist Desktop", appauthor=False)


def resources() -> Path:
    """Return the folder of read-only files that ship with the program."""
    package = Path(__file__).resolve().parent
    bundled = Path(getattr(sys, "_MEIPASS", package)) / "_resources"
    return bundled if bundled.is_dir() else package.parent / "resources"


def practices() -> Path:
    """Return the folder in which a new practice is proposed."""
    return Path(_DIRS.user_documents_dir)


def logs() -> Path:
    """Return the folder of the program's log; it never holds client data."""
    return Path(_DIRS.user_log_dir)


def imported_catalogs() -> Path:
    """Return the folder of code tables the user imported, such as the yearly ICD-10-CM file."""
    return Path(_DIRS.user_data_dir) / "catalogs"
