"""What documents say of a person of the practice: name, credentials, identifiers and licenses."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from sqlalchemy.orm import Session

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.identifiers import (
    state_problem,
)
from therapist_desktop.models.people import Licence, Person
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.people import PersonFields, check_person, load_person
from therapist_desktop.storage.practice import Practice


def change_person(practice: Practice, actor: Person, person_id: int, **changes: Unpack[PersonFields]) -> Person:
    """Change what is said of somebody: one’s own record, or as an owner anybody’s.

    What was signed or issued before keeps the name and license it was made with.
    """
    check_person(**changes)
    with practice.writing() as session:
        _require_own_or_owner(actor, person_id)
        person = load_person(session, person_id)
        for name, value in changes.items():
            setattr(person, name, str(value).strip())
        session.flush()
        _log(session, practice, actor, person_id, sorted(changes))
    if practice.has_password(person_id):
        practice.keep(practice.ways_in.with_labels({person_id: person.name_and_credentials}))
    return person


def set_licence(
    practice: Practice,
    actor: Person,
    person_id: int,
    *,
    kind: str,
    number: str,
    state: str,
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> Person:
    """Add a license, or renew the one of that kind and state."""
    problem = state_problem(state)
    if problem:
        raise UserError(problem)
    if not kind.strip() or not number.strip():
        raise UserError("A license needs its kind and its number, such as LCSW and LC12345.")
    if issued_on is not None and expires_on is not None and expires_on < issued_on:
        raise UserError("A license cannot end before it begins. Correct one of the dates.")
    with practice.writing() as session:
        _require_own_or_owner(actor, person_id)
        person = load_person(session, person_id)
        same = [one for one in person.licences if (one.kind, one.state) == (kind.strip(), state.upper())]
        licence = same[0] if same else Licence(kind=kind.strip(), number=number.strip(), state=state.upper())
        licence.number = number.strip()
        licence.issued_on = issued_on or licence.issued_on
        licence.expires_on = expires_on
        if not same:
            person.licences.append(licence)
        session.flush()
        _log(session, practice, actor, person_id, ["licences"])
    return person


def _require_own_or_owner(actor: Person, person_id: int) -> None:
    if actor.id != person_id:
        require_owner(actor)


def _log(session: Session, practice: Practice, actor: Person, person_id: int, fields: list[str]) -> None:
    record_event(
        session,
        practice,
        actor.id,
        Action.CHANGE,
        record_kind="person",
        record_id=person_id,
        detail="fields:" + ",".join(fields),
    )
