"""Writing and verifying the audit chain (45 CFR 164.312(b))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from therapist_desktop.models.audit import FIRST_HASH, AuditEvent
from therapist_desktop.storage.practice import Practice

PROMISE = (
    "The audit chain shows mistakes and misuse through this program: an entry that was changed, removed or cut off. "
    "It does not stop somebody who holds the key of the practice and rewrites the file with another tool."
)

CLOCK_SLACK = timedelta(minutes=2)
"""So far a computer may put its clock back by itself, as when it asks the network; more is noted."""

EDITING_PAUSE = timedelta(minutes=15)
"""So long, doing the same to the same record again is one act and gets no event of its own."""


_END = select(AuditEvent.sequence, AuditEvent.hash, AuditEvent.moment).order_by(AuditEvent.sequence.desc()).limit(1)


class Action(StrEnum):
    """What was done; the words of the audit trail."""

    CREATE_PRACTICE = "create practice"
    SIGN_IN = "sign in"
    FAILED_SIGN_IN = "failed sign-in"
    SIGN_OUT = "sign out"
    CHANGE_KEYS = "change keys"
    ROLLBACK_FOUND = "rollback found"
    ROLLBACK_ACCEPTED = "rollback accepted"
    VIEW = "view"
    CREATE = "create"
    CHANGE = "change"
    DISCARD = "discard"
    SIGN = "sign"
    AMEND = "amend"
    ISSUE = "issue"
    VOID = "void"
    REVERSE = "reverse"
    PRINT = "print"
    DISCLOSE = "disclose"
    IMPORT = "import"
    EXPORT = "export"
    BACK_UP = "back up"
    PROVE_BACKUP = "prove backup"
    RESTORE = "restore"
    CLOCK_WENT_BACK = "clock went back"
    CONFIRM_CLOCK = "confirm clock"


@dataclass(frozen=True, kw_only=True)
class ToRecord:
    """One event about to be appended; the fields are those of ``AuditEvent``."""

    moment: datetime
    person_id: int | None
    action: Action
    record_kind: str = ""
    record_id: int | None = None
    client_id: int | None = None
    detail: str = ""


def record_event(
    session: Session,
    practice: Practice,
    person_id: int | None,
    action: Action,
    *,
    record_kind: str = "",
    record_id: int | None = None,
    client_id: int | None = None,
    detail: str = "",
) -> AuditEvent:
    """Append an event to the chain, in the transaction of what it tells of.

    ``detail`` holds machine words such as the names of changed fields; never a value and never clinical text. If the
    clock was put back since the last event, an event that says so comes before it.
    """
    now = practice.clock()
    wish = ToRecord(
        moment=now,
        person_id=person_id,
        action=action,
        record_kind=record_kind,
        record_id=record_id,
        client_id=client_id,
        detail=detail,
    )
    end = session.execute(_END).one_or_none()
    if end is None or end.moment - now <= CLOCK_SLACK:
        return _append(session, end, [wish])[0]
    went_back = ToRecord(
        moment=now,
        person_id=person_id,
        action=Action.CLOCK_WENT_BACK,
        detail=f"minutes:{(end.moment - now) // timedelta(minutes=1)}",
    )
    return _append(session, end, [went_back, wish])[1]


def record_once(
    session: Session,
    practice: Practice,
    person_id: int,
    action: Action,
    *,
    record_kind: str,
    record_id: int | None = None,
    client_id: int,
    detail: str = "",
) -> None:
    """Append an event unless one of the client’s last few says the same and is recent.

    For what a screen does again and again while somebody works on one record.
    """
    said = (person_id, action.value, record_kind, record_id, detail)
    recent = session.scalars(
        select(AuditEvent).where(AuditEvent.client_id == client_id).order_by(AuditEvent.sequence.desc()).limit(8)
    )
    now = practice.clock()
    for one in recent:
        if abs(now - one.moment) < EDITING_PAUSE and said == (
            one.person_id,
            one.action,
            one.record_kind,
            one.record_id,
            one.detail,
        ):
            return
    record_event(
        session,
        practice,
        person_id,
        action,
        record_kind=record_kind,
        record_id=record_id,
        client_id=client_id,
        detail=detail,
    )


def record_events(session: Session, wishes: Iterable[ToRecord]) -> list[AuditEvent]:
    """Append many events in their order, as an import does, at a fraction of the cost of one after the other.

    They may tell of the past, so that their moments are not compared with the clock.
    """
    return _append(session, session.execute(_END).one_or_none(), wishes)


def _append(session: Session, end: Row[int, str, datetime] | None, wishes: Iterable[ToRecord]) -> list[AuditEvent]:
    before, previous = (0, FIRST_HASH) if end is None else (end.sequence, end.hash)
    events: list[AuditEvent] = []
    for sequence, wish in enumerate(wishes, start=before + 1):
        event = AuditEvent(
            sequence=sequence,
            moment=wish.moment,
            person_id=wish.person_id,
            action=wish.action.value,
            record_kind=wish.record_kind,
            record_id=wish.record_id,
            client_id=wish.client_id,
            detail=wish.detail,
            previous_hash=previous,
        )
        event.hash = previous = event.computed_hash()
        events.append(event)
    session.add_all(events)
    session.flush()
    return events


@dataclass(frozen=True)
class ChainReport:
    """What verifying the chain found."""

    events: int
    fault: str = ""
    """Empty if the chain is whole; otherwise one sentence."""
    remark: str = ""
    """What is no fault of the chain but should be known, in one sentence; empty if there is nothing."""

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or cut off."""
        return not self.fault


def verify_audit_chain(practice: Practice) -> ChainReport:
    """Recompute every link, and compare with the anchor that the key file keeps outside the encrypted file.

    Moments that go backwards are no fault, since a clock can be put right, but remarked.
    """
    anchor = practice.key_file.anchor
    count, previous, anchor_seen = 0, FIRST_HASH, anchor.sequence == 0
    moment: datetime | None = None
    backwards: list[int] = []
    with practice.reading() as session:
        for event in session.scalars(
            select(AuditEvent).order_by(AuditEvent.sequence).execution_options(yield_per=2000)
        ):
            count += 1
            if event.sequence != count:
                return ChainReport(count, f"Entry {count} of the audit trail is missing.")
            if event.previous_hash != previous or event.hash != event.computed_hash():
                return ChainReport(count, f"Entry {count} of the audit trail was changed after it was written.")
            if event.sequence == anchor.sequence:
                anchor_seen = event.hash == anchor.hash
                if not anchor_seen:
                    return ChainReport(count, f"Entry {count} differs from what the key file remembers of it.")
            if moment is not None and moment - event.moment > CLOCK_SLACK:
                backwards.append(count)
            previous, moment = event.hash, event.moment
    if not practice.anchor_is_genuine:
        return ChainReport(count, "What the key file remembers of the audit trail was not written by this practice.")
    if not anchor_seen:
        return ChainReport(
            count, f"The audit trail ends at entry {count}, but the key file remembers entry {anchor.sequence}."
        )
    return ChainReport(count, remark=_backwards(backwards))


def _backwards(entries: list[int]) -> str:
    if not entries:
        return ""
    times = "once" if len(entries) == 1 else f"{len(entries)} times"
    return f"The clock went back {times}, first at entry {entries[0]}; an import of older work looks the same."
