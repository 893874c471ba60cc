"""An older copy of the practice file in the place of today’s: noticed at sign-in, told until an owner accepts it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.keys import require_signed_in
from therapist_desktop.storage.practice import Practice


def note_rollback(session: Session, practice: Practice) -> None:
    """Write to the audit trail that the file lacks what the key file remembers."""
    record_event(session, practice, None, Action.ROLLBACK_FOUND, detail=_anchor_of(practice))


def accept_rollback(practice: Practice, owner: Person) -> None:
    """Go on with the practice as it is, without the newest work. Only an owner can; the audit trail keeps it.

    Until then every sign-in and every check tells of it, and the key file keeps what it remembers.
    """
    require_owner(owner)
    require_signed_in(practice, owner)
    if not practice.is_rolled_back:
        raise UserError("Nothing is missing from this practice, so there is nothing to accept.")
    with practice.writing() as session:
        record_event(session, practice, owner.id, Action.ROLLBACK_ACCEPTED, detail=_anchor_of(practice))
    practice.accept_rollback()


def _anchor_of(practice: Practice) -> str:
    return f"anchor:{practice.key_file.anchor.sequence}"
