"""Failed sign-ins while the practice is locked: noted beside it until the audit trail can take them.

The note holds the moment and the number of the login that was tried; no name and nothing that was typed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

NAME = "practice.attempts"
_MOST_BYTES = 100_000
"""So that nobody can fill the disk by failing; about a thousand tries."""


@dataclass(frozen=True)
class FailedSignIn:
    """A try that did not open the practice."""

    moment: str
    person_id: int | None


def note_failed_sign_in(folder: Path, person_id: int | None, moment: datetime) -> None:
    """Add a failed try. That it cannot be noted must not hide why the sign-in failed."""
    path = folder / NAME
    try:
        if path.is_file() and path.stat().st_size > _MOST_BYTES:
            return
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"moment": moment.isoformat(), "person": person_id}) + "\n")
    except OSError:
        return


def failed_sign_ins(folder: Path) -> list[FailedSignIn]:
    """Return the tries noted since the last sign-in; a damaged line is left out."""
    path = folder / NAME
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
            moment = datetime.fromisoformat(entry["moment"]).isoformat()
            person = entry["person"]
        except (ValueError, KeyError, TypeError):
            continue
        found.append(FailedSignIn(moment, person if isinstance(person, int) else None))
    return found


def forget_failed_sign_ins(folder: Path) -> None:
    """Remove the note, once the audit trail holds what was in it."""
    (folder / NAME).unlink(missing_ok=True)
