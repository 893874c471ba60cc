"""Failed sign-ins while the practice is locked: noted beside it until the audit trail can take them.

The note holds the moment and the number of the login that was tried; no name and nothing that was typed. Anybody who
can write to the folder can write anything into it, so nothing in it is trusted and nothing in it stops a sign-in.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.atomic_file import write_atomically

NAME = "practice.attempts"
_FIRST, _NEWEST = 100, 100
"""How many tries are kept one by one when there are more; those between are counted."""
_MOST_BYTES = 1 << 16
_LONGEST_LINE = 200
_MOST_TRIES = 2**53
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class FailedSignIn:
    """A try that did not open the practice."""

    moment: str
    person_id: int | None
    and_more: int = 0
    """How many tries came after it that are only counted, so that nobody can fill the disk by failing."""


def note_failed_sign_in(folder: Path, person_id: int | None, moment: datetime) -> None:
    """Add a failed try. That it cannot be noted must not hide why the sign-in failed."""
    tries = [*failed_sign_ins(folder), FailedSignIn(moment.isoformat(), person_id)]
    if len(tries) > _FIRST + _NEWEST:
        first, between, newest = tries[: _FIRST - 1], tries[_FIRST - 1 : -_NEWEST], tries[-_NEWEST:]
        counted = len(between) - 1 + sum(one.and_more for one in between)
        last_of_first = FailedSignIn(between[0].moment, between[0].person_id, min(counted, _MOST_TRIES))
        tries = [*first, last_of_first, *newest]
    lines = (json.dumps({"moment": one.moment, "person": one.person_id, "more": one.and_more}) for one in tries)
    try:
        write_atomically(folder / NAME, "".join(f"{line}\n" for line in lines).encode("ascii"))
    except (OSError, UserError):
        return


def failed_sign_ins(folder: Path) -> list[FailedSignIn]:
    """Return the tries noted since the last sign-in; what this program did not write is left out."""
    try:
        descriptor = os.open(folder / NAME, _READ)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return []
            text = file.read(_MOST_BYTES).decode("ascii", errors="replace")
    except OSError:
        return []
    found = [_read(line) for line in text.splitlines() if len(line) <= _LONGEST_LINE]
    return [one for one in found if one is not None]


def forget_failed_sign_ins(folder: Path) -> None:
    """Remove the note, once the audit trail holds what was in it."""
    try:
        (folder / NAME).unlink(missing_ok=True)
    except OSError:
        return


def _read(line: str) -> FailedSignIn | None:
    try:
        entry = json.loads(line)
        moment = datetime.fromisoformat(entry["moment"])
        person, more = entry["person"], entry["more"]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    is_login = person is None or (type(person) is int and 0 < person < _MOST_TRIES)
    if not is_login or moment.tzinfo is None or type(more) is not int or not 0 <= more <= _MOST_TRIES:
        return None
    return FailedSignIn(moment.isoformat(), person, more)
