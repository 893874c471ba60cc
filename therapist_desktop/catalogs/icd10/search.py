"""Finds ICD-10-CM codes by code, by words in any order, or by both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .code import IcdCode, without_dot
from .release_file import Candidate, ReleaseFile
from .words import plain_words

_CODE_START = re.compile(r"[A-Z][0-9A-Z]{0,2}\.?[0-9A-Z]{0,4}")
# For a very common word only so many codes are ranked, billable ones first, in the order of the codes.
_BEHAVIORAL_CANDIDATES, _OTHER_CANDIDATES = 600, 200
_MOST_WORDS = 12  # more is a pasted text, not a search

# One typed word is one or more alternatives, each a row of words that must all be there.
Alternatives = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A code found, and the inclusion term that was meant when its title does not hold the words."""

    entry: IcdCode
    matched_term: str = ""


def search(
    file: ReleaseFile,
    typed: str,
    *,
    abbreviations: Mapping[str, str],
    limit: int = 20,
    billable_only: bool = False,
) -> list[SearchHit]:
    """Return the best codes for what was typed.

    Order: the exact code, codes that begin so, then words: behavioral health before the other chapters,
    billable before headings, then the title or inclusion term that says it most plainly.
    """
    parts = typed.split()
    prefix = _code_prefix(file, parts)
    if not prefix:
        return _by_words(file, _alternatives(plain_words(typed), abbreviations), limit, billable_only)
    rest = [part for part in parts if _bare(part) != prefix]
    if rest:
        words = _alternatives(plain_words(" ".join(rest)), abbreviations)
        hits = _by_words(file, words, limit, billable_only, prefix)
    else:
        hits = [SearchHit(entry) for entry in file.starting_with(prefix, billable_only=billable_only, limit=limit)]
    if len(hits) < limit and len(prefix) > 1:
        words = _alternatives(plain_words(typed), abbreviations)
        seen = {hit.entry.code for hit in hits}
        hits += [hit for hit in _by_words(file, words, limit, billable_only) if hit.entry.code not in seen]
    return hits[:limit]


def _code_prefix(file: ReleaseFile, parts: list[str]) -> str:
    """Return the one part that begins a code of the table, without dot, or an empty string.

    Beside other words a part must have a digit, so that “add” or “a” stay words.
    """
    for part in parts:
        bare = _bare(part)
        if (
            _CODE_START.fullmatch(part.upper())
            and (len(parts) == 1 or any(letter.isdigit() for letter in bare))
            and file.starting_with(bare, billable_only=False, limit=1)
        ):
            return bare
    return ""


def _bare(part: str) -> str:
    return part.upper().replace(".", "")


def _alternatives(words: list[str], abbreviations: Mapping[str, str]) -> list[Alternatives]:
    return [
        ((word,), tuple(plain_words(abbreviations[word]))) if word in abbreviations else ((word,),)
        for word in words[:_MOST_WORDS]
    ]


def _by_words(
    file: ReleaseFile, words: list[Alternatives], limit: int, billable_only: bool, prefix: str = ""
) -> list[SearchHit]:
    """Return the codes that hold all the words and, if given, begin with ``prefix`` (no dot)."""
    if not words:
        return []
    category: Alternatives = ((prefix[:3].lower(),),)
    asked = [category, *words] if prefix else words
    # “of” or the first letter of a next word is in most of the 96,000 other titles: merging those lists costs
    # 20 ms and finds nothing, so there the short words only sift what the longer ones found.
    telling = [alternatives for alternatives in asked if len(alternatives[0][0]) > 2] or asked
    found: list[Candidate] = []
    for behavioral in (True, False):  # the other chapters are searched only when these do not suffice
        expression = _expression(asked if behavioral else telling)
        most = _BEHAVIORAL_CANDIDATES if behavioral else _OTHER_CANDIDATES
        found += [
            match
            for match in file.matching(expression, behavioral=behavioral, limit=most)
            if (match.entry.billable or not billable_only)
            and without_dot(match.entry.code).startswith(prefix)
            and (behavioral or _all_held(plain_words(" ".join((match.entry.title, *match.terms))), words))
        ]
        if len(found) >= limit:
            break
    ranked = sorted(((*_rank(match, words), match.entry) for match in found), key=lambda row: row[0])
    return [SearchHit(entry, term) for _, term, entry in ranked[:limit]]


def _expression(words: list[Alternatives]) -> str:
    """Return the full-text query for codes that hold, for each word, the beginnings of one alternative."""
    return " AND ".join(
        "(" + " OR ".join(" AND ".join(f'"{start}"*' for start in row) for row in alternatives) + ")"
        for alternatives in words
    )


def _rank(match: Candidate, words: list[Alternatives]) -> tuple[tuple[int, bool, int, bool, str], str]:
    """Return a key that sorts the best match first, and the inclusion term it was found by.

    The plainest text is the shortest one that holds all the words. Not beginning with one of them, or being
    an inclusion term and not the title, counts like one word more.
    """
    best = (99, False, "")  # the words are spread over title and terms
    for is_term, text in [(False, _without_ending(match.entry)), *((True, term) for term in match.terms)]:
        held = plain_words(text)
        if _all_held(held, words):
            starts = any(held[0].startswith(row[0]) for alternatives in words for row in alternatives)
            best = min(best, (len(held) + (not starts) + is_term, is_term, text if is_term else ""))
    score, is_term, term = best
    return (match.tier, not match.entry.billable, score, is_term, match.entry.code), term


def _without_ending(entry: IcdCode) -> str:
    """Return the title; of a seven-character code without “, initial encounter”, so that A, D, S stay in order."""
    return entry.title.rpartition(", ")[0] if len(entry.code) == 8 else entry.title


def _all_held(held: list[str], words: list[Alternatives]) -> bool:
    return all(
        any(all(any(word.startswith(start) for word in held) for start in row) for row in alternatives)
        for alternatives in words
    )
