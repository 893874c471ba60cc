"""What changed between two versions of a safety plan, without a word of the plan itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from therapist_desktop.models.safety_plan_content import SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft
from therapist_desktop.models.version_comparison import ChangeKind, differing_fields, pair_up

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True, kw_only=True)
class SafetyPlanChange:
    """One difference between an older and a newer version."""

    kind: ChangeKind
    part: SafetyPlanPart | None = None
    """The part a line stands in; None for what surrounds the parts."""
    means: bool = False
    """Whether it is an entry of the table of means."""
    older: int | None = None
    """Its place in the older version, from 1 in each part; None if it was not there."""
    newer: int | None = None
    fields: tuple[str, ...] = ()
    """What changed of it; “order” if it was put before another one."""


def compare_safety_plans(older: SafetyPlanDraft, newer: SafetyPlanDraft) -> tuple[SafetyPlanChange, ...]:
    """Return what was added, removed and changed; nothing if the versions say the same.

    Lines are found again by their words, then by their place; a means of harm by its name.
    """
    return tuple(_changes(older, newer))


def _changes(older: SafetyPlanDraft, newer: SafetyPlanDraft) -> Iterator[SafetyPlanChange]:
    frame = differing_fields(older, newer, "rows", "means")
    if frame:
        yield SafetyPlanChange(kind=ChangeKind.CHANGED, fields=frame)
    for part in SafetyPlanPart:
        yield from _listed(older.part(part), newer.part(part), lambda row: row.text, part=part)
    yield from _listed(older.means, newer.means, lambda item: item.means, means=True)


def _listed(
    older: Sequence[T],
    newer: Sequence[T],
    name: Callable[[T], str],
    *,
    part: SafetyPlanPart | None = None,
    means: bool = False,
) -> Iterator[SafetyPlanChange]:
    for pair in pair_up(older, newer, lambda item: {name(item)}):
        kind = ChangeKind.CHANGED
        fields: tuple[str, ...] = ("order",) if pair.reordered else ()
        if pair.older is None:
            kind = ChangeKind.ADDED
        elif pair.newer is None:
            kind = ChangeKind.REMOVED
        else:
            fields = differing_fields(older[pair.older], newer[pair.newer]) + fields
        if fields or kind is not ChangeKind.CHANGED:
            yield SafetyPlanChange(
                kind=kind,
                part=part,
                means=means,
                older=None if pair.older is None else pair.older + 1,
                newer=None if pair.newer is None else pair.newer + 1,
                fields=fields,
            )
