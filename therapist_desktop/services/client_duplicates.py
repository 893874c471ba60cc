"""Who may be the same client as another: named if the chart is open to who asks, else only hinted at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from therapist_desktop.models.client import Client, ClientPhone
from therapist_desktop.models.client_likeness import (
    Likeness,
    LikenessRow,
    LikenessStrength,
    likely_duplicates,
    likeness_keys,
)
from therapist_desktop.models.insurance import InsurancePolicy
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_client_work, visible_clients
from therapist_desktop.services.audit_trail import Action, record_once
from therapist_desktop.services.client_record import ClientRecord
from therapist_desktop.storage.practice import Practice

WITH_COLLEAGUE = "A client of a colleague may be the same. Ask an owner of the practice to look."


@dataclass(frozen=True)
class Duplicates:
    """Who may be the same client, as far as somebody may know."""

    shown: tuple[Likeness, ...] = ()
    hidden: tuple[int, ...] = ()
    """Likely ones whose chart is closed to who asks: for the audit trail, not for the screen."""


def duplicates_of(practice: Practice, person: Person, record: ClientRecord) -> Duplicates:
    """Return who may be the same client as one that is about to be added."""
    require_client_work(person)
    with practice.writing() as session:
        found = find_duplicates(session, person, record, None)
        log_hidden(session, practice, person, found.hidden)
    return found


def find_duplicates(session: Session, person: Person, record: ClientRecord, client_id: int | None) -> Duplicates:
    """Compare a record with those that share an indexed key with it; the caller logs what is hidden.

    Of a closed chart nothing is told but that it is likely the same: no name, no number, no reason. Without that,
    anybody could ask name by name who is a client of the practice.
    """
    found = _alike(session, record, client_id)
    ids = {one.other_id for one in found}
    open_ids = set(session.scalars(select(Client.id).where(Client.id.in_(ids), visible_clients(person))))
    return Duplicates(
        shown=tuple(one for one in found if one.other_id in open_ids),
        hidden=tuple(
            one.other_id
            for one in found
            if one.other_id is not None and one.other_id not in open_ids and one.strength is LikenessStrength.LIKELY
        ),
    )


def log_hidden(session: Session, practice: Practice, person: Person, client_ids: Iterable[int]) -> None:
    """Note with each client whose chart is closed that somebody was told of a duplicate."""
    for client_id in dict.fromkeys(client_ids):
        record_once(
            session,
            practice,
            person.id,
            Action.VIEW,
            record_kind="client",
            record_id=client_id,
            client_id=client_id,
            detail="duplicate-hinted",
        )


def _alike(session: Session, record: ClientRecord, client_id: int | None) -> tuple[Likeness, ...]:
    candidate = record.likeness_row(client_id)
    keys = likeness_keys(candidate)
    conditions = [Client.likeness_key == keys.likeness_key] if keys.likeness_key else []
    if keys.born_on is not None:
        conditions.append(Client.born_on == keys.born_on)
    if keys.email:
        conditions.append(Client.email == record.email)
    if keys.phone_digits:
        conditions.append(
            Client.id.in_(select(ClientPhone.client_id).where(ClientPhone.digits.in_(sorted(keys.phone_digits))))
        )
    if not conditions:
        return ()
    ids = set(session.scalars(select(Client.id).where(or_(*conditions))).all()) - {client_id}
    if not ids:
        return ()
    phones: dict[int, list[str]] = {}
    for one_id, number in session.execute(
        select(ClientPhone.client_id, ClientPhone.number).where(ClientPhone.client_id.in_(ids))
    ):
        phones.setdefault(one_id, []).append(number)
    members: dict[int, list[str]] = {}
    for one_id, number in session.execute(
        select(InsurancePolicy.client_id, InsurancePolicy.member_id).where(InsurancePolicy.client_id.in_(ids))
    ):
        members.setdefault(one_id, []).append(number)
    rows = [
        LikenessRow(
            client_id=row.id,
            first_name=row.first_name,
            last_name=row.last_name,
            used_name=row.used_name,
            born_on=row.born_on,
            phones=tuple(phones.get(row.id, ())),
            email=row.email,
            member_ids=tuple(members.get(row.id, ())),
        )
        for row in session.execute(
            select(
                Client.id, Client.first_name, Client.last_name, Client.used_name, Client.born_on, Client.email
            ).where(Client.id.in_(ids))
        )
    ]
    return likely_duplicates(candidate, rows)
