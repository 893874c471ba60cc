"""Searching in everything that was ever written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from benchmarks.comparison import Comparison, compare, timed
from benchmarks.subject import Subject, Workplace
from therapist_desktop.services.searching import search
from therapist_desktop.storage.search_index import match_expression

_BY_HAND = (
    "SELECT e.kind, e.record_id, e.client_id, e.on_date, e.title "
    "FROM (SELECT rowid AS entry, rank AS place FROM search_text WHERE search_text MATCH ? ORDER BY rank LIMIT 50) "
    "JOIN search_entry e ON e.id = entry ORDER BY place"
)
_RARE, _MIDDLING, _COMMON = 0.001, 0.02, 0.3
"""Parts of all records that hold a word."""


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure searching for what is rare, what is common, and what nearly every note begins a word with."""
    with subject.open() as desk:
        for what, query in _queries(desk).items():
            expression = match_expression(query)
            ((hits,),) = desk.rows("SELECT count(*) FROM search_text WHERE search_text MATCH ?", expression)
            yield compare(
                f"search for {what}, in {hits:,} records",
                timed(partial(_search, desk, query)),
                "the full-text query by hand",
                timed(partial(_search_by_hand, desk, expression)),
                subject.rounds(100),
            )


def _search(desk: Workplace, query: str, _number: int) -> None:
    search(desk.practice, desk.person, query)


def _search_by_hand(desk: Workplace, expression: str, _number: int) -> None:
    desk.rows(_BY_HAND, expression)


def _queries(desk: Workplace) -> dict[str, str]:
    """Return what is typed into the search box; every word is also the beginning of longer ones."""
    desk.raw.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_text, row)")
    ((records,),) = desk.rows("SELECT count(*) FROM search_entry")
    rare, middling, common = (_word_in(desk, records * part) for part in (_RARE, _MIDDLING, _COMMON))
    ((name,),) = desk.rows("SELECT last_name FROM client ORDER BY id LIMIT 1")
    ((text,),) = desk.rows("SELECT text FROM note_section WHERE text <> '' ORDER BY id DESC LIMIT 1")
    return {
        "a last name": name,
        "a rare word": rare,
        "a word": middling,
        "a common word": common,
        "two words": f"{middling} {common}",
        "two letters": common[:2],
        "a phrase": f'"{" ".join(re.findall(r"[a-z]+", text)[1:3])}"',
    }


def _word_in(desk: Workplace, records: float) -> str:
    """Return the word that stands in as nearly so many records as can be."""
    ((word,),) = desk.rows(
        "SELECT term FROM temp.words WHERE length(term) > 3 ORDER BY abs(doc - ?) LIMIT 1", records
    )
    return str(word)
