"""Keeping a plan while it is being written: rows that say what the draft says, and a quiet audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.audit_trail import Action, record_once
from therapist_desktop.storage.practice import Practice

STALE = (
    "This plan was saved from another window since you opened it here, and nothing was overwritten. "
    "Copy what you wrote, open the plan again and put it in."
)


def require_discarding(person: Person, author_id: int) -> None:
    """Raise unless somebody may throw a draft away: whoever began it, or an owner."""
    if person.id != author_id and not person.has(Role.OWNER):
        raise UserError("Only whoever began this draft or an owner can discard it. Ask one of them.")


class Placed(Protocol):
    """A row that has a place among its like."""

    position: int


R = TypeVar("R", bound=Placed)
D = TypeVar("D")


def fit(rows: list[R], drafts: Sequence[D], new: Callable[[D], R], update: Callable[[R, D], None]) -> None:
    """Update the rows there are, in order; append ``new`` ones, and drop those that are too many.

    Typing a letter into one line of a plan is so one UPDATE of one small row, not a plan written anew.
    """
    del rows[len(drafts) :]
    for place, draft in enumerate(drafts):
        if place == len(rows):
            rows.append(new(draft))
        rows[place].position = place
        update(rows[place], draft)


def copy_fields(source: object, target: object, names: Iterable[str]) -> None:
    """Set the named attributes of ``target`` to those of ``source``."""
    for name in names:
        setattr(target, name, getattr(source, name))


def record_edit(
    session: Session,
    practice: Practice,
    person: Person,
    *,
    record_kind: str,
    record_id: int,
    client_id: int,
    changed: Sequence[str],
) -> None:
    """Note which fields of a draft were changed, unless the client’s last events say so and are recent."""
    record_once(
        session,
        practice,
        person.id,
        Action.CHANGE,
        record_kind=record_kind,
        record_id=record_id,
        client_id=client_id,
        detail="fields:" + ",".join(changed),
    )
