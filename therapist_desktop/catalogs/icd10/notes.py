"""The tabular list beside the codes: headings, Excludes1 and “code first” notes, inclusion terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

NoteKind = Literal["term", "excludes1", "code_first"]

_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_RANGE = re.compile(r"([A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?)(?:-([A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?))?\.?-?")
_ENDINGS = re.compile(r",? with ((?:\.[0-9A-Z]+(?:, )?)+)$")
_CONDITIONAL = re.compile(r"\bif (applicable|known)\b|^any\b|^, for adverse effects", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter or block above the categories: ``F30-F39 Mood [affective] disorders``."""

    id: int
    parent: int | None
    span: str
    title: str


@dataclass(frozen=True, slots=True)
class Tabular:
    """All that stands in the tabular list besides codes and titles.

    ``heading_of`` gives each three-character category its block. ``notes`` is keyed by owner and kind; an
    owner is a code without dot, or ``#`` and the id of a heading.
    """

    headings: tuple[Heading, ...] = ()
    heading_of: Mapping[str, int] | None = None
    notes: Mapping[tuple[str, NoteKind], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class CodeFirst:
    """A note that another condition must be listed before this code.

    ``conditional`` notes (“if applicable”, “if known”, “any associated …”) bind only when there is such a
    condition; the others mark a manifestation, which may never be listed first.
    """

    note: str
    stated_at: str
    conditional: bool


@dataclass(frozen=True, slots=True)
class Excludes1Conflict:
    """Two codes the tabular list says are not coded together, and where it says so."""

    code: str
    excluded: str
    note: str
    stated_at: str


def code_first(note: str, stated_at: str) -> CodeFirst:
    """Return the note with its condition read from its wording."""
    return CodeFirst(note.removeprefix(", "), stated_at, bool(_CONDITIONAL.search(note)))


def names_code(note: str, bare: str) -> bool:
    """Return whether the parentheses of a note name this code (without dot).

    Read are ``F31.-``, ``F30.2, F31.2``, ``F10-F19`` and ``F10-F19, with .17, .27, .97``. Any other “with”
    narrows the range in words (“with fifth character 6”): it names nothing here, for a wrong warning is
    worse than none.
    """
    return any(_covers(content, bare) for content in _PARENTHESIS.findall(note))


def _covers(content: str, bare: str) -> bool:
    endings: tuple[str, ...] = ()
    narrowed = _ENDINGS.search(content)
    if narrowed:
        endings = tuple(part.strip().lstrip(".") for part in narrowed[1].split(","))
        content = content[: narrowed.start()]
    if re.search(r"\bwith\b", content):
        return False
    for item in content.split(","):
        match = _RANGE.fullmatch(item.strip())
        if not match:
            continue
        first, last = (part.replace(".", "") for part in (match[1], match[2] or match[1]))
        if first <= bare[: len(first)] and bare[: len(last)] <= last:
            return not endings or bare[3:].startswith(endings)
    return False
