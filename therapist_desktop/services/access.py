"""Who may do and see what. Roles are rules of the program; the file itself has one key for all who sign in."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from therapist_desktop.models.client import Client, ClientAccess
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role

_CLINICAL = (Role.OWNER, Role.CLINICIAN, Role.SUPERVISEE)


def may_see_clinical(person: Person) -> bool:
    """Whether somebody may read notes and plans at all; a biller may not."""
    return person.has(*_CLINICAL)


def visible_clients(person: Person) -> ColumnElement[bool]:
    """Return the condition on ``Client`` for the clients whose record a person may open.

    The owner and a biller see every client; a clinician sees their own, those of the people they supervise, and
    those they were given access to.
    """
    if person.has(Role.OWNER, Role.BILLER):
        return true()
    if not may_see_clinical(person):
        return false()
    return or_(
        Client.clinician_id == person.id,
        Client.clinician_id.in_(select(Person.id).where(Person.supervisor_id == person.id)),
        Client.id.in_(select(ClientAccess.client_id).where(ClientAccess.person_id == person.id)),
    )


def require_owner(person: Person) -> None:
    """Raise unless the person leads the practice."""
    if not person.has(Role.OWNER):
        raise UserError("Only an owner of the practice can do this. Ask the owner to sign in.")


def require_billing(person: Person) -> None:
    """Raise unless the person works with money: the owner, a clinician or a biller."""
    if not person.has(Role.OWNER, Role.CLINICIAN, Role.BILLER):
        raise UserError("Your role does not include billing. Ask the owner of the practice.")


def require_clinical(person: Person) -> None:
    """Raise unless the person writes clinical records."""
    if not may_see_clinical(person):
        raise UserError("Notes and plans are for clinicians. Your role covers contact data and billing.")


def require_client_work(person: Person) -> None:
    """Raise unless the person works with clients at all, be it with their charts or their bills."""
    if not person.has(*_CLINICAL, Role.BILLER):
        raise UserError("Your role does not include clients. Ask the owner of the practice.")


def require_client(session: Session, person: Person, client_id: int, *, clinical: bool = False) -> None:
    """Raise unless the client exists and the person may open the record, its clinical part included if asked."""
    if clinical:
        require_clinical(person)
    statement = select(Client.id).where(Client.id == client_id, visible_clients(person))
    if session.scalar(statement) is None:
        raise UserError("There is no such client, or the chart is not open to you. Check the list of clients.")
