"""The log of what left the practice about a client, from which an accounting is given (45 CFR 164.528)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.disclosure import Disclosure
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_client
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class DisclosureRow:
    """An entry of the log."""

    disclosure_id: int
    moment: datetime
    recipient: str
    recipient_address: str
    what: str
    purpose: str
    method: str
    accountable: bool
    person_id: int


def log_disclosure(
    practice: Practice,
    person: Person,
    client_id: int,
    *,
    recipient: str,
    what: str,
    purpose: str,
    method: str = "",
    recipient_address: str = "",
    accountable: bool = False,
    when: datetime | None = None,
) -> int:
    """Write down that something of a client’s record was given to somebody; return the number of the entry.

    ``accountable`` says whether an accounting must list it: not what goes to the client, was authorized by
    them, or serves treatment, payment or operations (164.528(a)(1)). The entry cannot be changed later.
    """
    with practice.writing() as session:
        require_client(session, person, client_id)
        entry = add_disclosure(
            session,
            practice,
            person,
            client_id,
            recipient=recipient,
            what=what,
            purpose=purpose,
            method=method,
            recipient_address=recipient_address,
            accountable=accountable,
            when=when,
        )
    return entry.id


def check_disclosure(
    practice: Practice, person: Person, client_id: int, *, recipient: str, what: str, purpose: str
) -> None:
    """Raise ``UserError`` if ``log_disclosure`` would refuse: to be asked before anything leaves the practice."""
    with practice.reading() as session:
        require_client(session, person, client_id)
    _check_words(recipient, what, purpose)


def _check_words(recipient: str, what: str, purpose: str) -> None:
    if not (recipient.strip() and what.strip() and purpose.strip()):
        raise UserError("A disclosure needs its recipient, what was given, and for what. Fill in all three.")


def add_disclosure(
    session: Session,
    practice: Practice,
    person: Person,
    client_id: int,
    *,
    recipient: str,
    what: str,
    purpose: str,
    method: str = "",
    recipient_address: str = "",
    accountable: bool = False,
    when: datetime | None = None,
) -> Disclosure:
    """Log a disclosure in the transaction of the verb that makes it; the caller has checked the access."""
    now = practice.clock()
    moment = when or now
    _check_words(recipient, what, purpose)
    if moment.date() > now.date():
        raise UserError("A disclosure cannot lie in the future. Correct the date.")
    entry = Disclosure(
        client_id=client_id,
        person_id=person.id,
        moment=moment,
        recipient=recipient.strip(),
        what=what.strip(),
        purpose=purpose.strip(),
        method=method.strip(),
        recipient_address=recipient_address.strip(),
        accountable=accountable,
    )
    session.add(entry)
    session.flush()
    record_event(
        session,
        practice,
        person.id,
        Action.DISCLOSE,
        record_kind="disclosure",
        record_id=entry.id,
        client_id=client_id,
    )
    return entry


def list_disclosures(
    practice: Practice,
    person: Person,
    client_id: int,
    *,
    accountable_only: bool = False,
    since: date | None = None,
) -> tuple[DisclosureRow, ...]:
    """Return the log of a client, oldest first. An accounting reaches back six years: pass that day as ``since``."""
    with practice.writing() as session:
        require_client(session, person, client_id)
        statement = select(Disclosure).where(Disclosure.client_id == client_id).order_by(Disclosure.moment)
        if accountable_only:
            statement = statement.where(Disclosure.accountable.is_(True))
        entries = session.scalars(statement).all()
        record_event(session, practice, person.id, Action.VIEW, record_kind="disclosures", client_id=client_id)
    return tuple(
        DisclosureRow(
            disclosure_id=one.id,
            moment=one.moment,
            recipient=one.recipient,
            recipient_address=one.recipient_address,
            what=one.what,
            purpose=one.purpose,
            method=one.method,
            accountable=one.accountable,
            person_id=one.person_id,
        )
        for one in entries
        if since is None or one.moment.date() >= since
    )
