"""The client record: adding, opening, changing, listing; duplicates and gaps are pointed out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from therapist_desktop.models.client import Client, ClientStatus, ClientStatusChange, ClientTag
from therapist_desktop.models.client_gaps import ClientGap, is_minor
from therapist_desktop.models.client_likeness import Likeness
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.services.access import require_client, require_client_work, visible_clients
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.client_duplicates import find_duplicates, log_hidden
from therapist_desktop.services.client_record import ClientRecord, apply_record, new_client_of, record_of
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice

STALE = "Somebody else changed this record in the meantime. Open it again and repeat the change."


@dataclass(frozen=True)
class ClientRow:
    """A line of the list of clients."""

    client_id: int
    name: str
    sort_name: str
    status: ClientStatus
    born_on: date | None
    pronouns: str
    clinician_id: int | None


@dataclass(frozen=True)
class OpenedClient:
    """A client’s record with what the program has to say about it."""

    client_id: int
    revision: int
    status: ClientStatus
    status_since: date | None
    created_at: datetime
    record: ClientRecord
    gaps: tuple[ClientGap, ...]
    duplicates: tuple[Likeness, ...]
    duplicate_with_colleague: bool
    """Whether somebody whose chart is closed to who asks is likely the same: ``client_duplicates.WITH_COLLEAGUE``."""
    is_minor: bool


def add_client(
    practice: Practice,
    person: Person,
    record: ClientRecord,
    *,
    status: ClientStatus = ClientStatus.ACTIVE,
    import_key: str | None = None,
) -> int:
    """Add a client and return the new number.

    A clinician’s new client is their own; an owner or a biller may name another clinician, or none yet.
    """
    today = practice.clock().date()
    record.check(today)
    with practice.writing() as session:
        client_id = insert_client(session, practice, person, record, status, import_key=import_key)
        record_event(
            session,
            practice,
            person.id,
            Action.CREATE,
            record_kind="client",
            record_id=client_id,
            client_id=client_id,
        )
    return client_id


def insert_client(
    session: Session,
    practice: Practice,
    person: Person,
    record: ClientRecord,
    status: ClientStatus,
    *,
    import_key: str | None = None,
) -> int:
    """Add a client within a transaction of the caller, who writes the audit event."""
    require_client_work(person)
    now = practice.clock()
    client = new_client_of(record, created_at=now, status=status, import_key=import_key)
    if client.clinician_id is None:
        client.clinician_id = person.id if person.has(Role.CLINICIAN, Role.SUPERVISEE) else None
    elif client.clinician_id != person.id and not person.has(Role.OWNER, Role.BILLER):
        raise UserError("A new client of yours is your own. Add the client, then hand them over.")
    else:
        _require_clinician(session, client.clinician_id)
    client.status_changes = [ClientStatusChange(status=status, on_date=record.started_on or now.date())]
    session.add(client)
    session.flush()
    _index(session, client.id, record)
    return client.id


def _index(session: Session, client_id: int, record: ClientRecord) -> None:
    """Put names, contacts and what identifies the client into the search index; no clinical text."""
    words = [record.first_name, record.middle_name, record.last_name, record.used_name, record.email]
    words += [phone.number for phone in record.phones]
    words += [contact.name for contact in record.contacts] + [contact.phone for contact in record.contacts]
    words += [contact.organization for contact in record.contacts]
    words += [policy.member_id for policy in record.policies] + [policy.payer_name for policy in record.policies]
    words += record.tags
    search_index.put(
        session,
        SearchKind.CLIENT,
        client_id,
        client_id=client_id,
        title=f"{record.used_name or record.first_name} {record.last_name}".strip(),
        body="\n".join(filter(None, words)),
    )


def load_client(session: Session, client_id: int) -> Client:
    """Return a client with the whole record; the caller has checked who may see it."""
    return session.scalars(
        select(Client)
        .where(Client.id == client_id)
        .options(
            selectinload(Client.phones),
            selectinload(Client.addresses),
            selectinload(Client.contacts),
            selectinload(Client.policies),
            selectinload(Client.tags),
            selectinload(Client.diagnoses),
            selectinload(Client.status_changes),
        )
    ).one()


def open_client(practice: Practice, person: Person, client_id: int) -> OpenedClient:
    """Open a record; the audit trail notes who looked."""
    with practice.writing() as session:
        require_client(session, person, client_id)
        client = load_client(session, client_id)
        record = record_of(client)
        duplicates = find_duplicates(session, person, record, client_id)
        log_hidden(session, practice, person, duplicates.hidden)
        record_event(
            session, practice, person.id, Action.VIEW, record_kind="client", record_id=client_id, client_id=client_id
        )
    today = practice.clock().date()
    return OpenedClient(
        client_id=client_id,
        revision=client.revision,
        status=client.status,
        status_since=client.status_changes[-1].on_date if client.status_changes else None,
        created_at=client.created_at,
        record=record,
        gaps=record.gaps(today),
        duplicates=duplicates.shown,
        duplicate_with_colleague=bool(duplicates.hidden),
        is_minor=record.born_on is not None and is_minor(record.born_on, today),
    )


def save_client(practice: Practice, person: Person, client_id: int, record: ClientRecord, revision: int) -> int:
    """Change a record that was opened at ``revision``; return the new revision."""
    record.check(practice.clock().date())
    with practice.writing() as session:
        require_client(session, person, client_id)
        client = load_client(session, client_id)
        if client.revision != revision:
            raise UserError(STALE)
        if record.clinician_id != client.clinician_id:
            raise UserError("Who treats a client is not changed in the record. Hand the client over instead.")
        changed = apply_record(record, client, record_of(client))
        if changed:
            session.flush()
            _index(session, client_id, record)
            record_event(
                session,
                practice,
                person.id,
                Action.CHANGE,
                record_kind="client",
                record_id=client_id,
                client_id=client_id,
                detail="fields:" + ",".join(changed),
            )
    return client.revision


def assign_client(practice: Practice, person: Person, client_id: int, clinician_id: int) -> int:
    """Hand a client over to another clinician; return the new revision of the record.

    Only an owner can, or the clinician who treats the client now, who then no longer sees the chart.
    """
    with practice.writing() as session:
        require_client(session, person, client_id)
        client = session.get_one(Client, client_id)
        if client.clinician_id != person.id and not person.has(Role.OWNER):
            raise UserError("Only the client’s clinician or an owner can hand a client over. Ask one of them.")
        _require_clinician(session, clinician_id)
        if client.clinician_id != clinician_id:
            client.clinician_id = clinician_id
            session.flush()
            record_event(
                session,
                practice,
                person.id,
                Action.CHANGE,
                record_kind="client",
                record_id=client_id,
                client_id=client_id,
                detail=f"clinician:{clinician_id}",
            )
    return client.revision


def _require_clinician(session: Session, person_id: int | None) -> None:
    clinician = session.get(Person, person_id)
    if clinician is None or not clinician.active or not clinician.has(Role.CLINICIAN, Role.SUPERVISEE):
        raise UserError("A client is treated by a clinician of this practice. Choose one from the list of people.")


def set_status(
    practice: Practice, person: Person, client_id: int, status: ClientStatus, on_date: date, reason: str = ""
) -> None:
    """Make a client an inquiry, active, inactive or discharged from a date on."""
    with practice.writing() as session:
        require_client(session, person, client_id)
        client = load_client(session, client_id)
        if client.status_changes and on_date < client.status_changes[-1].on_date:
            raise UserError("That date lies before the last change of status. Enter a later one.")
        client.status = status
        client.status_changes.append(ClientStatusChange(status=status, on_date=on_date, reason=reason))
        record_event(
            session,
            practice,
            person.id,
            Action.CHANGE,
            record_kind="client",
            record_id=client_id,
            client_id=client_id,
            detail=f"status:{status.value}",
        )


def list_clients(
    practice: Practice, person: Person, *, status: ClientStatus | None = None, tag: str | None = None
) -> tuple[ClientRow, ...]:
    """Return the clients a person may see, by name."""
    statement = select(
        Client.id,
        Client.used_name,
        Client.first_name,
        Client.last_name,
        Client.sort_name,
        Client.status,
        Client.born_on,
        Client.pronouns,
        Client.clinician_id,
    ).where(visible_clients(person))
    if status is not None:
        statement = statement.where(Client.status == status)
    if tag is not None:
        statement = statement.where(Client.id.in_(select(ClientTag.client_id).where(ClientTag.tag == tag)))
    with practice.reading() as session:
        rows = session.execute(statement.order_by(Client.sort_name, Client.id)).all()
    return tuple(
        ClientRow(
            client_id=row[0],
            name=f"{row[1] or row[2]} {row[3]}".strip(),
            sort_name=row[4],
            status=row[5],
            born_on=row[6],
            pronouns=row[7],
            clinician_id=row[8],
        )
        for row in rows
    )
