"""Writes one release of ICD-10-CM as a small read-only SQLite file.

The same rows written by the same SQLite version give the same bytes: nothing in the file depends on the
clock, the machine or the order of a set.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from .code import IcdCode, Release, search_tier, without_dot
from .notes import NoteKind, Tabular
from .words import plain_words

APPLICATION_ID = 0x49434D31  # "ICM1": tells our files from any other SQLite file

# ``rank`` is the order of search results: behavioral health, then billable, then by code. The titles of
# seven-character codes are their base's title and one of 60 endings, so they are kept as those two numbers.
_SCHEMA = """
CREATE TABLE release (label TEXT, valid_from TEXT, valid_to TEXT, source TEXT, notes_from TEXT);
CREATE TABLE ending (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE code (
    rank INTEGER PRIMARY KEY, code TEXT NOT NULL, billable INTEGER NOT NULL,
    base INTEGER REFERENCES code, ending INTEGER REFERENCES ending, title TEXT
);
CREATE UNIQUE INDEX code_by_code ON code (code, billable);
CREATE VIEW entry AS
    SELECT code.rank, code.code, code.billable, base.code AS base,
           coalesce(code.title, base.title || ', ' || ending.text) AS title
    FROM code LEFT JOIN code AS base ON base.rank = code.base LEFT JOIN ending ON ending.id = code.ending;
CREATE TABLE heading (id INTEGER PRIMARY KEY, parent INTEGER, span TEXT NOT NULL, title TEXT NOT NULL);
CREATE TABLE category (code TEXT PRIMARY KEY, heading INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE note (
    owner TEXT, kind TEXT, position INTEGER, text TEXT NOT NULL, PRIMARY KEY (owner, kind, position)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE behavioral_words
    USING fts5(words, content='', detail=none, columnsize=0, tokenize=ascii);
CREATE VIRTUAL TABLE other_words
    USING fts5(words, content='', detail=none, columnsize=0, tokenize=ascii);
"""


def write_release(path: Path, release: Release, entries: Iterable[IcdCode], tabular: Tabular) -> None:
    """Write the release beside ``path`` and move it into place when it is whole."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as db:
            _fill(db, release, entries, tabular)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, release: Release, entries: Iterable[IcdCode], tabular: Tabular) -> None:
    db.execute("PRAGMA page_size = 4096")
    db.execute("PRAGMA journal_mode = OFF")  # a file that is not whole is thrown away
    db.execute("PRAGMA secure_delete = ON")  # no remains of the build in unused space
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.executescript(_SCHEMA)
    db.execute("BEGIN")
    period = (release.valid_from.isoformat(), release.valid_to.isoformat())
    db.execute(
        "INSERT INTO release VALUES (?, ?, ?, ?, ?)",
        (release.label, *period, release.source, release.notes_from),
    )
    _write_tabular(db, tabular)
    _write_codes(db, list(entries), tabular.notes or {})
    db.execute("INSERT INTO behavioral_words (behavioral_words) VALUES ('optimize')")
    db.execute("INSERT INTO other_words (other_words) VALUES ('optimize')")
    db.execute("COMMIT")
    db.execute("VACUUM")


def _write_tabular(db: sqlite3.Connection, tabular: Tabular) -> None:
    db.executemany(
        "INSERT INTO heading VALUES (?, ?, ?, ?)",
        ((heading.id, heading.parent, heading.span, heading.title) for heading in tabular.headings),
    )
    db.executemany("INSERT INTO category VALUES (?, ?)", sorted((tabular.heading_of or {}).items()))
    db.executemany(
        "INSERT INTO note VALUES (?, ?, ?, ?)",
        (
            (owner, kind, position, text)
            for (owner, kind), texts in sorted((tabular.notes or {}).items())
            for position, text in enumerate(texts)
        ),
    )


def _write_codes(
    db: sqlite3.Connection,
    entries: list[IcdCode],
    notes: Mapping[tuple[str, NoteKind], tuple[str, ...]],
) -> None:
    title_of = {without_dot(entry.code): entry.title for entry in entries}
    billable = {without_dot(entry.code): entry.billable for entry in entries}
    order = sorted(title_of, key=lambda bare: (search_tier(bare), not billable[bare], bare))
    rank_of = {bare: rank for rank, bare in enumerate(order, start=1)}
    ending_of: dict[str, int] = {}

    def rows() -> Iterator[tuple[int, str, bool, int | None, int | None, str | None]]:
        for bare, rank in rank_of.items():
            base = _base(bare, title_of)
            opening = f"{title_of[base]}, " if base else ""
            if base and title_of[bare].startswith(opening):
                ending = title_of[bare].removeprefix(opening)
                number = ending_of.setdefault(ending, len(ending_of) + 1)
                yield rank, bare, billable[bare], rank_of[base], number, None
            else:
                yield rank, bare, billable[bare], None, None, title_of[bare]

    def searchable(behavioral: bool) -> Iterator[tuple[int, str]]:
        for bare, rank in rank_of.items():
            if (search_tier(bare) < 2) is behavioral:
                terms = notes.get((bare, "term"), ()) + notes.get((_base(bare, title_of), "term"), ())
                # The category is a word too, so that “f33 severe” is one search.
                yield rank, " ".join(plain_words(" ".join((bare[:3], title_of[bare], *terms))))

    db.executemany("INSERT INTO code VALUES (?, ?, ?, ?, ?, ?)", rows())
    db.executemany("INSERT INTO ending VALUES (?, ?)", ((number, text) for text, number in ending_of.items()))
    db.executemany("INSERT INTO behavioral_words (rowid, words) VALUES (?, ?)", searchable(behavioral=True))
    db.executemany("INSERT INTO other_words (rowid, words) VALUES (?, ?)", searchable(behavioral=False))


def _base(bare: str, title_of: Mapping[str, str]) -> str:
    """Return the code a seven-character code extends (``T1491XA``: ``T1491``), or an empty string."""
    if len(bare) < 7:
        return ""
    return next((bare[:size] for size in range(6, 2, -1) if bare[:size] in title_of), "")
