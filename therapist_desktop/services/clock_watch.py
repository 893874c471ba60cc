"""A clock that stands before what the audit trail has seen: it must not make a late note look timely."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import CLOCK_SLACK, Action, record_event
from therapist_desktop.storage.practice import Practice


def seen_later_than(session: Session, now: datetime) -> datetime | None:
    """Return the latest moment the audit trail knows if it is later than ``now``, the clock’s slack aside.

    The last event alone would not do: signing in after the clock was put back is an event as well. Moments from
    before an owner last confirmed the clock do not count.
    """
    latest = session.scalar(select(func.max(AuditEvent.moment)))
    if latest is None or latest - now <= CLOCK_SLACK:
        return None
    confirmed = select(func.max(AuditEvent.sequence)).where(AuditEvent.action == Action.CONFIRM_CLOCK.value)
    since = session.scalar(confirmed)
    if since is not None:
        latest = session.scalar(select(func.max(AuditEvent.moment)).where(AuditEvent.sequence >= since))
    return latest if latest is not None and latest - now > CLOCK_SLACK else None


def confirm_clock(practice: Practice, person: Person) -> None:
    """Say that the clock is right now, after it stood in the future. Only an owner can; the audit trail keeps it.

    Without it every note begun before the moment the clock once showed would count as a late entry.
    """
    require_owner(person)
    with practice.writing() as session:
        record_event(session, practice, person.id, Action.CONFIRM_CLOCK)
