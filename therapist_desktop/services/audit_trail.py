"""Writing and verifying the audit chain (45 CFR 164.312(b))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.audit import FIRST_HASH, AuditEvent
from therapist_desktop.storage.practice import Practice

PROMISE = (
    "The audit chain shows mistakes and misuse through this program: an entry that was changed, removed or cut off. "
    "It does not stop somebody who holds the key of the practice and rewrites the file with another tool."
)


class Action(StrEnum):
    """What was done; the words of the audit trail."""

    CREATE_PRACTICE = "create practice"
    SIGN_IN = "sign in"
    FAILED_SIGN_IN = "failed sign-in"
    SIGN_OUT = "sign out"
    CHANGE_KEYS = "change keys"
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

    ``detail`` holds machine words such as the names of changed fields; never a value and never clinical text.
    """
    wish = ToRecord(
        moment=practice.clock(),
        person_id=person_id,
        action=action,
        record_kind=record_kind,
        record_id=record_id,
        client_id=client_id,
        detail=detail,
    )
    return record_events(session, [wish])[0]


def record_events(session: Session, wishes: Iterable[ToRecord]) -> list[AuditEvent]:
    """Append many events in their order, as an import does, at a fraction of the cost of one after the other."""
    last = session.execute(
        select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1)
    ).one_or_none()
    before, previous = (0, FIRST_HASH) if last is None else (last[0], last[1])
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

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or cut off."""
        return not self.fault


def verify_audit_chain(practice: Practice) -> ChainReport:
    """Recompute every link, and compare with the anchor that the key file keeps outside the encrypted file."""
    anchor = practice.key_file.anchor
    count, previous, anchor_seen = 0, FIRST_HASH, anchor is None
    with practice.reading() as session:
        for event in session.scalars(
            select(AuditEvent).order_by(AuditEvent.sequence).execution_options(yield_per=2000)
        ):
            count += 1
            if event.sequence != count:
                return ChainReport(count, f"Entry {count} of the audit trail is missing.")
            if event.previous_hash != previous or event.hash != event.computed_hash():
                return ChainReport(count, f"Entry {count} of the audit trail was changed after it was written.")
            if anchor is not None and event.sequence == anchor.sequence:
                anchor_seen = event.hash == anchor.hash
                if not anchor_seen:
                    return ChainReport(count, f"Entry {count} differs from what the key file remembers of it.")
            previous = event.hash
    if not anchor_seen and anchor is not None:
        return ChainReport(
            count, f"The audit trail ends at entry {count}, but the key file remembers entry {anchor.sequence}."
        )
    return ChainReport(count)
