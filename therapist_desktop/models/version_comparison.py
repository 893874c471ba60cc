"""Finding again, in a later version of a plan, what stood in an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
Key = Callable[[T], Collection[Hashable]]


class ChangeKind(StrEnum):
    """What happened to a part between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Pair:
    """The same thing in two versions, by its place in each; None where it does not stand."""

    older: int | None
    newer: int | None
    reordered: bool = False
    """Whether it stood after something that it now stands before."""


def pair_up(older: Sequence[T], newer: Sequence[T], *keys: Key[T], by_place: bool = True) -> tuple[Pair, ...]:
    """Pair what shares a key, the surest key first; then, unless told otherwise, what is left at the same place.

    A rewritten line is thus one that changed, not one that went and one that came. Removed ones come last.
    """
    partner: dict[int, int] = {}
    open_older, open_newer = dict(enumerate(older)), dict(enumerate(newer))
    for key in keys:
        holders: dict[Hashable, list[int]] = {}
        for place, item in open_older.items():
            for name in key(item):
                holders.setdefault(name, []).append(place)
        for place, item in list(open_newer.items()):
            shared = (old for name in key(item) for old in holders.get(name, ()) if old in open_older)
            found = next(shared, None)
            if found is not None:
                partner[place] = found
                del open_older[found], open_newer[place]
    if by_place:
        partner |= {place: place for place in open_older.keys() & open_newer.keys()}
    return tuple(_in_order(partner, len(older), len(newer)))


def _in_order(partner: dict[int, int], older: int, newer: int) -> Iterator[Pair]:
    furthest = -1
    for place in range(newer):
        found = partner.get(place)
        yield Pair(found, place, reordered=found is not None and found < furthest)
        furthest = max(furthest, -1 if found is None else found)
    kept = set(partner.values())
    yield from (Pair(place, None) for place in range(older) if place not in kept)


def differing_fields(older: DataclassInstance, newer: DataclassInstance, *ignored: str) -> tuple[str, ...]:
    """Return the names of the fields in which two of a kind differ."""
    names = (one.name for one in fields(older) if one.name not in ignored)
    return tuple(name for name in names if getattr(older, name) != getattr(newer, name))
