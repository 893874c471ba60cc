"""Which two records may be the same client: names, birth date, phone, e-mail and member id compared.

Rows are found by a few exact keys, so that a practice of ten thousand clients is never compared pair by pair.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from itertools import combinations

from therapist_desktop.models.identifiers import normal_email, normal_member_id, phone_digits

KEY_LETTERS = 4
"""So many letters of the last name are in the key: enough to part names, few enough to survive a slip."""

SIMILAR_NAME = 85.0
"""Out of 100: “Jordan Whitfield” and “Jordan Whitfeld” reach 97, “Jasmine Whitfield” 79."""

SAME_NAME = 95.0

PART_OF_NAME = 90.0
"""“Maria Garcia” beside “Maria Garcia Lopez”: similar, not the same."""

# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


class LikenessStrength(StrEnum):
    """How sure it is that two records are one client."""

    LIKELY = "likely"
    POSSIBLE = "possible"


class _Births(Enum):
    """What two birth dates say; the value is the reason in words."""

    SAME = "the same birth date"
    SLIP = "nearly the same birth date"
    DIFFERENT = "but another birth date"
    UNKNOWN = ""


@dataclass(frozen=True, kw_only=True)
class LikenessRow:
    """As much of a client as is compared; phones, e-mail and member ids as they were typed."""

    client_id: int | None
    """None for a client not saved yet."""
    first_name: str
    last_name: str
    used_name: str = ""
    born_on: date | None = None
    phones: tuple[str, ...] = ()
    email: str = ""
    member_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LikenessKeys:
    """What two records must share at least one of to be compared; each is a column with an index."""

    likeness_key: str
    born_on: date | None
    phone_digits: frozenset[str]
    email: str
    member_ids: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Two records that may be one client, and why in words without client data."""

    client_id: int | None
    other_id: int | None
    strength: LikenessStrength
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The reasons as one sentence."""
        opening = "Likely" if self.strength is LikenessStrength.LIKELY else "Possibly"
        return f"{opening} the same client: {', '.join(self.reasons)}."


def folded(text: str) -> str:
    """Return a name in small plain letters: no accents or apostrophes, words parted by one blank."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN_LETTERS)
    kept = "".join(c if c.isalnum() else " " if c.isspace() or c in "-‐‑–" else "" for c in plain)
    return " ".join(kept.split())


def likeness_key(last_name: str) -> str:
    """Return the folded beginning of a last name, without blanks; empty if there is none."""
    return folded(last_name).replace(" ", "")[:KEY_LETTERS]


def likeness_keys(row: LikenessRow) -> LikenessKeys:
    """Return the keys by which rows that may be the same client are looked up."""
    return LikenessKeys(
        likeness_key=likeness_key(row.last_name),
        born_on=row.born_on,
        phone_digits=frozenset(digits for phone in row.phones if len(digits := phone_digits(phone)) >= 7),
        email=normal_email(row.email),
        member_ids=frozenset(number for one in row.member_ids if len(number := normal_member_id(one)) >= 4),
    )


def likeness(one: LikenessRow, other: LikenessRow) -> Likeness | None:
    """Compare two records; None if nothing says that they are one client.

    Families share phones, e-mail, member ids and last names, and twins a birth date as well: with another
    first name two records are only ever “possibly” the same, and then only with the same birth date.
    """
    return _compare(_prepare(one), _prepare(other))


def likely_duplicates(candidate: LikenessRow, rows: Iterable[LikenessRow]) -> tuple[Likeness, ...]:
    """Compare one record with those its keys found; the likely first, then by client."""
    prepared = _prepare(candidate)
    found = (
        _compare(prepared, _prepare(row))
        for row in rows
        if candidate.client_id is None or row.client_id != candidate.client_id
    )
    return tuple(
        sorted(
            (one for one in found if one is not None),
            key=lambda one: (one.strength is not LikenessStrength.LIKELY, -len(one.reasons), one.other_id or 0),
        )
    )


def all_likely_duplicates(rows: Iterable[LikenessRow]) -> tuple[Likeness, ...]:
    """Find every pair in a practice; only rows that share a key are compared. Every row has its number."""
    buckets: dict[tuple[object, ...], list[_Prepared]] = defaultdict(list)
    for row in rows:
        prepared = _prepare(row)
        for bucket_key in _bucket_keys(prepared):
            buckets[bucket_key].append(prepared)
    found: dict[tuple[int, int], Likeness] = {}
    compared: set[tuple[int, int]] = set()
    for bucket in buckets.values():
        for one, other in combinations(bucket, 2):
            pair = _pair(one.row, other.row)
            if pair not in compared:
                compared.add(pair)
                alike = _compare(one, other)
                if alike is not None:
                    found[pair] = alike
    return tuple(found[pair] for pair in sorted(found))


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """A row with what is needed for every comparison."""

    row: LikenessRow
    keys: LikenessKeys
    names: tuple[str, ...]
    """First and used name, each with the last name, folded."""


def _prepare(row: LikenessRow) -> _Prepared:
    firsts = [first for first in (row.first_name, row.used_name) if first] or [""]
    return _Prepared(
        row=row,
        keys=likeness_keys(row),
        names=tuple(folded(f"{first} {row.last_name}") for first in firsts),
    )


def _bucket_keys(one: _Prepared) -> Iterator[tuple[object, ...]]:
    keys = one.keys
    if keys.likeness_key:
        # A common last name alone would fill one bucket with hundreds; the initials part it.
        for initial in {name[:1] for name in one.names}:
            yield "name", keys.likeness_key, initial
    if keys.born_on is not None:
        yield "born", keys.born_on
    if keys.email:
        yield "email", keys.email
    for digits in keys.phone_digits:
        yield "phone", digits
    for number in keys.member_ids:
        yield "member", number


def _pair(one: LikenessRow, other: LikenessRow) -> tuple[int, int]:
    if one.client_id is None or other.client_id is None:
        raise ValueError("only saved clients are compared with each other")
    return min(one.client_id, other.client_id), max(one.client_id, other.client_id)


def _compare(one: _Prepared, other: _Prepared) -> Likeness | None:
    birth = _compare_births(one.row.born_on, other.row.born_on)
    shared = _shared(one.keys, other.keys)
    if birth is _Births.DIFFERENT and not shared:
        return None
    similarity = _name_similarity(one.names, other.names)
    reasons: list[str] = []
    strength = LikenessStrength.POSSIBLE
    if similarity >= SIMILAR_NAME:
        name = "the same name" if similarity >= SAME_NAME else "a very similar name"
        reasons = [name, *([birth.value] if birth.value else []), *shared]
        if birth is _Births.SAME or (shared and birth is not _Births.DIFFERENT):
            strength = LikenessStrength.LIKELY
    elif birth is _Births.SAME and shared:
        reasons = [birth.value, *shared]
    elif birth is _Births.SAME and one.keys.likeness_key == other.keys.likeness_key != "":
        reasons = ["the same or a similar last name", birth.value]
    if not reasons:
        return None
    return Likeness(
        client_id=one.row.client_id,
        other_id=other.row.client_id,
        strength=strength,
        reasons=tuple(reasons),
    )


def _shared(keys: LikenessKeys, other: LikenessKeys) -> list[str]:
    reasons = []
    if keys.phone_digits & other.phone_digits:
        reasons.append("the same phone number")
    if keys.email and keys.email == other.email:
        reasons.append("the same e-mail address")
    if keys.member_ids & other.member_ids:
        reasons.append("the same member ID")
    return reasons


def _name_similarity(names: tuple[str, ...], others: tuple[str, ...]) -> float:
    """Return 0 to 100 for the most similar of the names; the order of the words does not matter."""
    return max(_similarity(mine, theirs) for mine in names for theirs in others)


def _similarity(one: str, other: str) -> float:
    from rapidfuzz import fuzz  # noqa: PLC0415  only who adds a client needs it, not every start

    words, others = set(one.split()), set(other.split())
    if min(len(words), len(others)) >= 2 and (words < others or words > others):
        return PART_OF_NAME
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))


def _compare_births(one: date | None, other: date | None) -> _Births:
    if one is None or other is None:
        return _Births.UNKNOWN
    if one == other:
        return _Births.SAME
    parts, others = (one.year, one.month, one.day), (other.year, other.month, other.day)
    differing = sum(mine != theirs for mine, theirs in zip(parts, others, strict=True))
    slip = differing == 1 or (one.year, one.day, one.month) == others
    return _Births.SLIP if slip else _Births.DIFFERENT
