"""The full-text index inside the encrypted file (FTS5): words in any order, prefixes, and “phrases”.

The index keeps terms only (contentless), so that no text stands in the file twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, bindparam, column, delete, select, table, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from therapist_desktop.models.search_entry import SearchEntry, SearchKind

CREATE_INDEX = (
    "CREATE VIRTUAL TABLE search_text USING fts5(title, body, content='', contentless_delete=1, "
    "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
)
_TOKENS = re.compile(r'"([^"]*)"?|(\S+)')
_SOMETHING = re.compile(r"[^\W_]")
_UNSPEAKABLE = re.compile('["\x00\ud800-\udfff]')
_MATCH = text("search_text MATCH :expression")
_ADD_WORDS = "INSERT INTO search_text(rowid, title, body) VALUES (?, ?, ?)"
_INDEX = table("search_text", column("rowid"), column("rank"))


@dataclass(frozen=True)
class Found:
    """A record that has all the words, best first."""

    kind: SearchKind
    record_id: int
    client_id: int
    on_date: date | None
    title: str


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """A record with the words by which it is found."""

    kind: SearchKind
    record_id: int
    client_id: int
    title: str
    body: str
    on_date: date | None = None


def put(
    session: Session,
    kind: SearchKind,
    record_id: int,
    *,
    client_id: int,
    title: str,
    body: str,
    on_date: date | None = None,
) -> None:
    """Put a record into the index, in place of what was there."""
    entry = session.scalars(
        select(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.record_id == record_id)
    ).one_or_none()
    run = session.connection().exec_driver_sql
    if entry is None:
        entry = SearchEntry(kind=kind, record_id=record_id, client_id=client_id, on_date=on_date, title=title)
        session.add(entry)
        session.flush()
    else:
        entry.title, entry.on_date = title, on_date
        run("DELETE FROM search_text WHERE rowid = ?", (entry.id,))
    run(_ADD_WORDS, (entry.id, _composed(title), _composed(body)))


def put_new(session: Session, records: Sequence[Indexed]) -> None:
    """Put many records into the index that are not in it yet, without looking for what was there."""
    entries = [
        SearchEntry(
            kind=one.kind,
            record_id=one.record_id,
            client_id=one.client_id,
            on_date=one.on_date,
            title=one.title,
        )
        for one in records
    ]
    session.add_all(entries)
    session.flush()
    words = [
        (entry.id, _composed(one.title), _composed(one.body)) for entry, one in zip(entries, records, strict=True)
    ]
    if words:
        session.connection().exec_driver_sql(_ADD_WORDS, words)


def merge(session: Session) -> None:
    """Merge the index into one piece after much was written at once; takes a second for 30,000 notes.

    Without it, the saves that follow would each merge a part of it, and some of them would take 20 times as long.
    """
    session.connection().exec_driver_sql("INSERT INTO search_text(search_text) VALUES ('optimize')")


def remove(session: Session, kind: SearchKind, record_id: int) -> None:
    """Take a record out of the index."""
    entry_id = session.scalar(
        select(SearchEntry.id).where(SearchEntry.kind == kind, SearchEntry.record_id == record_id)
    )
    if entry_id is not None:
        session.connection().exec_driver_sql("DELETE FROM search_text WHERE rowid = ?", (entry_id,))
        session.execute(delete(SearchEntry).where(SearchEntry.id == entry_id))


def find(session: Session, query: str, *conditions: ColumnElement[bool], limit: int = 50) -> list[Found]:
    """Return what has all the words; ``conditions`` on ``SearchEntry`` say what may be seen."""
    expression = match_expression(query)
    if not expression:
        return []
    statement = (
        select(
            SearchEntry.kind,
            SearchEntry.record_id,
            SearchEntry.client_id,
            SearchEntry.on_date,
            SearchEntry.title,
        )
        .join(_INDEX, _INDEX.c.rowid == SearchEntry.id)
        .where(_MATCH.bindparams(bindparam("expression", expression)), *conditions)
        .order_by(_INDEX.c.rank, SearchEntry.on_date.desc(), SearchEntry.id)
        .limit(limit)
    )
    return [Found(*row) for row in session.execute(statement)]


def match_expression(query: str) -> str:
    """Turn what a person types into an FTS5 expression; nothing of it is ever taken as FTS5 syntax.

    Every word is also the beginning of a longer one; words in quotation marks stand together in that order.
    """
    parts: list[str] = []
    for phrase, word in _TOKENS.findall(_composed(query)):
        # What is in quotation marks is divided into words by FTS5, just as the text was.
        words = _UNSPEAKABLE.sub(" ", phrase or word)
        if _SOMETHING.search(words):
            parts.append(f'"{words}"' if phrase else f'"{words}" *')
    return " AND ".join(parts)


def _composed(words: str) -> str:
    """Put accents that are characters of their own, as some keyboards and documents bring them, on their letters."""
    return unicodedata.normalize("NFC", words)


def agrees(session: Session) -> bool:
    """Return whether the index is whole and every client and session note is in it."""
    run = session.connection().exec_driver_sql
    try:
        run("INSERT INTO search_text(search_text) VALUES ('integrity-check')")
    except DatabaseError:
        return False
    words = run("SELECT count(*) FROM search_text").scalar_one()
    entries = run("SELECT count(*) FROM search_entry").scalar_one()
    records = sum(
        run(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
        for table in ("client", "session_note", "amendment", "treatment_plan", "safety_plan")
    )
    return bool(words == entries == records)
