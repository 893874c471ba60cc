"""Makes a CMS code file into a release the catalog picks up, after showing what it changes."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import CatalogError
from .catalog import Icd10Catalog
from .cms_file import LEAST_BILLABLE, ReleaseChanges, compare, first_day, read_cms_file
from .code import IcdCode, Release
from .release_writer import write_release


@dataclass(frozen=True, slots=True)
class PreparedRelease:
    """A CMS file that was read and compared, and not yet kept."""

    release: Release
    entries: tuple[IcdCode, ...]
    compared_with: Release
    changes: ReleaseChanges


def prepare_release(
    source: Path,
    catalog: Icd10Catalog,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
    least_billable: int = LEAST_BILLABLE,
) -> PreparedRelease:
    """Read a CMS order or codes file and compare it with the newest release before it.

    Without dates the file's name gives the fiscal year. Raises ``CatalogError`` for a damaged file, with the
    line number, and when no date can be told.
    """
    start = valid_from or first_day(source)
    if start is None:
        raise CatalogError(f"The name {source.name} does not tell the year; say from which date it is valid.")
    end = valid_to or _end_of_fiscal_year(start)
    if end < start:
        raise CatalogError("The last date of a table cannot be before its first date.")
    entries = read_cms_file(source, least_billable=least_billable)
    before = catalog.release_file(start)
    release = Release(f"{start:%B %Y}", start, end, source.name, before.release.notes_from)
    return PreparedRelease(release, tuple(entries), before.release, compare(before.entries(), entries))


def keep_release(prepared: PreparedRelease, catalog: Icd10Catalog, folder: Path) -> Path:
    """Write the release into the folder a new ``Icd10Catalog`` is given; return the file.

    CMS code files have no chapters, notes and inclusion terms: those of the release before are carried
    over. Raises ``CatalogError`` when the folder cannot be written to; what was there before is unchanged.
    """
    path = folder / f"icd10cm-{prepared.release.valid_from.isoformat()}.db"
    tabular = catalog.release_file(prepared.release.valid_from).tabular()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_release(path, prepared.release, prepared.entries, tabular)
    except (OSError, sqlite3.Error) as error:  # no room, no permission, or Windows with the old file open
        raise CatalogError(
            f"The table could not be kept in {folder}; see that there is room and that it may be written to."
        ) from error
    return path


def _end_of_fiscal_year(start: date) -> date:
    return date(start.year + (start.month >= 10), 9, 30)
