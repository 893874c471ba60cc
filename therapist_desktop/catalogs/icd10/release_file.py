"""Reads one release of ICD-10-CM from the file ``release_writer`` made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import CatalogError
from .code import IcdCode, Release, search_tier, with_dot, without_dot
from .notes import Heading, NoteKind, Tabular
from .release_writer import APPLICATION_ID

_ONE = "SELECT code, title, billable FROM entry WHERE code = ?"
_ALL = "SELECT code, title, billable FROM entry ORDER BY code"
_BELOW = """
    SELECT code, title, billable FROM entry
    WHERE code > ? AND code < ? AND billable >= ? ORDER BY code LIMIT ?
"""
_STARTING = """
    SELECT code, title, billable FROM entry WHERE rank IN (
        SELECT rank FROM code WHERE code >= :first AND code < :last AND billable >= :billable
        ORDER BY code = :first DESC, rank LIMIT :limit
    ) ORDER BY code = :first DESC, rank
"""
_MATCHING = """
    SELECT code, title, billable, (
        SELECT group_concat(text, char(10)) FROM note
        WHERE kind = 'term' AND owner IN (entry.code, entry.base)
    ) FROM entry WHERE rank IN (
        SELECT rowid FROM {words} WHERE {words} MATCH ? ORDER BY rowid LIMIT ?
    ) ORDER BY rank
"""
_MATCHING_BEHAVIORAL = _MATCHING.format(words="behavioral_words")
_MATCHING_OTHER = _MATCHING.format(words="other_words")
_NOTES = "SELECT text FROM note WHERE owner = ? AND kind = ? ORDER BY position"
_HEADINGS = """
    WITH RECURSIVE above AS (
        SELECT heading.* FROM category JOIN heading ON heading.id = category.heading WHERE code = ?
        UNION ALL SELECT heading.* FROM above JOIN heading ON heading.id = above.parent
    ) SELECT * FROM above
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code whose words match a search, with the inclusion terms that may have matched."""

    entry: IcdCode
    tier: int
    terms: tuple[str, ...]


class ReleaseFile:
    """One release, opened read-only; a look-up reads a few pages and keeps nothing in memory.

    Raises ``CatalogError`` when the file is not a release file or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # immutable: no lock and no journal are looked for, so it works on a read-only medium.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise CatalogError(f"The ICD-10-CM table {path.name} is missing; import it again.") from error
        try:
            self.release = self._read_release()
        except (sqlite3.Error, ValueError, TypeError) as error:
            self._db.close()
            raise CatalogError(f"The ICD-10-CM table {path.name} is damaged; import it again.") from error

    def close(self) -> None:
        self._db.close()

    def get(self, code: str) -> IcdCode | None:
        """Return the entry of a canonical code, or None."""
        return next((_entry(row) for row in self._rows(_ONE, (without_dot(code),))), None)

    def entries(self) -> Iterator[IcdCode]:
        """Yield every code in the order of the codes."""
        yield from map(_entry, self._rows(_ALL))

    def nearest(self, code: str) -> IcdCode | None:
        """Return the longest code of the table that the given one begins with: F10.A0 gives F10."""
        bare = without_dot(code)
        prefixes = (bare[:size] for size in range(len(bare), 2, -1))
        return next((entry for entry in map(self.get, prefixes) if entry), None)

    def parent(self, code: str) -> IcdCode | None:
        """Return the code directly above, or None for a category."""
        return self.nearest(without_dot(code)[:-1])

    def children(self, code: str) -> list[IcdCode]:
        """Return the codes directly below this one."""
        children: list[IcdCode] = []
        for entry in self.below(code):  # in order, so what is below a child follows it
            if not (children and entry.code.startswith(children[-1].code)):
                children.append(entry)
        return children

    def below(self, code: str, *, billable_only: bool = False, limit: int = -1) -> list[IcdCode]:
        """Return all codes below this one in the order of the codes."""
        bare = without_dot(code)
        rows = self._rows(_BELOW, (bare, f"{bare}~", billable_only, limit))
        return [_entry(row) for row in rows]

    def starting_with(self, letters: str, *, billable_only: bool, limit: int) -> list[IcdCode]:
        """Return the codes that begin with these letters (no dot): the exact one, then the billable ones."""
        bounds = {"first": letters, "last": f"{letters}~", "billable": billable_only, "limit": limit}
        return [_entry(row) for row in self._rows(_STARTING, bounds)]

    def matching(self, expression: str, *, behavioral: bool, limit: int) -> list[Candidate]:
        """Return the codes whose words match a full-text expression, behavioral health or the rest."""
        query = _MATCHING_BEHAVIORAL if behavioral else _MATCHING_OTHER
        rows = self._rows(query, (expression, limit))
        return [Candidate(_entry(row), search_tier(row[0]), tuple((row[3] or "").splitlines())) for row in rows]

    def notes(self, owner: str, kind: NoteKind) -> list[str]:
        """Return the notes that stand at a code (without dot) or heading (``#`` and id) itself."""
        return [text for (text,) in self._rows(_NOTES, (owner, kind))]

    def headings(self, code: str) -> list[Heading]:
        """Return the blocks and the chapter above a code, nearest first."""
        return [Heading(*row) for row in self._rows(_HEADINGS, (without_dot(code)[:3],))]

    def tabular(self) -> Tabular:
        """Return everything beside the codes, for a next release whose source has only codes."""
        notes: dict[tuple[str, NoteKind], tuple[str, ...]] = {}
        for owner, kind, text in self._rows("SELECT owner, kind, text FROM note ORDER BY owner, kind, position"):
            notes[owner, kind] = (*notes.get((owner, kind), ()), text)
        headings = (Heading(*row) for row in self._rows("SELECT * FROM heading ORDER BY id"))
        heading_of = dict(self._rows("SELECT code, heading FROM category"))
        return Tabular(tuple(headings), heading_of, notes)

    def _rows(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> Iterator[Any]:
        try:
            yield from self._db.execute(query, values)
        except sqlite3.ProgrammingError:  # ours: used after it was closed
            raise
        except sqlite3.DatabaseError as error:
            raise CatalogError(f"The ICD-10-CM table {self.path.name} is damaged; import it again.") from error

    def _read_release(self) -> Release:
        if self._db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            raise ValueError("not a release file")
        label, start, end, source, notes_from = self._db.execute("SELECT * FROM release").fetchone()
        return Release(label, date.fromisoformat(start), date.fromisoformat(end), source, notes_from)


def _entry(row: tuple[str, str, int]) -> IcdCode:
    return IcdCode(with_dot(row[0]), row[1], bool(row[2]))
