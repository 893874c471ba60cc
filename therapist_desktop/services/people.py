"""The people of the practice: adding them, their passwords, and letting them go."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.passwords import password_problem
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.backups import make_backup
from therapist_desktop.storage.backup import MadeBackup
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.recovery_key import RecoveryKey


def load_person(session: Session, person_id: int) -> Person:
    """Return somebody of the practice with their licences."""
    person = session.scalars(
        select(Person).where(Person.id == person_id).options(selectinload(Person.licences))
    ).one_or_none()
    if person is None:
        raise UserError("There is no such person in this practice. Choose somebody from the list.")
    return person


def list_people(practice: Practice) -> list[Person]:
    """Return everybody of the practice with their licences, by name."""
    with practice.reading() as session:
        return list(
            session.scalars(
                select(Person)
                .options(selectinload(Person.licences))
                .order_by(Person.last_name, Person.first_name, Person.id)
            )
        )


def add_person(practice: Practice, actor: Person, person: Person, password: str) -> Person:
    """Add somebody with a login of their own. Only an owner can."""
    require_owner(actor)
    check_new_password(practice, password, person)
    if Role.SUPERVISEE.value in person.roles and person.supervisor_id is None:
        raise UserError("Somebody under supervision needs a supervisor. Choose who supervises them.")
    with practice.writing() as session:
        session.add(person)
        session.flush()
        record_event(session, practice, actor.id, Action.CREATE, record_kind="person", record_id=person.id)
        session.expire(person)
        added = load_person(session, person.id)
    practice.add_password(added.id, added.name_and_credentials, password)
    return added


def change_password(practice: Practice, person: Person, old: str, new: str) -> None:
    """Replace one’s own password; the old one is asked for."""
    check_new_password(practice, new, person)
    practice.change_password(person.id, old, new)
    _record_key_change(practice, person.id, person.id, "password changed")


def reset_password(practice: Practice, actor: Person | None, person: Person, new: str) -> None:
    """Set a new password without the old one: by an owner, or by whoever opened with the recovery key (None).

    After a restore from a copy with a passphrase of its own nobody has a password: this gives one, and the passphrase
    opens the practice no more.
    """
    if actor is not None:
        require_owner(actor)
    check_new_password(practice, new, person)
    if practice.has_password(person.id):
        practice.reset_password(person.id, new)
    else:
        practice.add_password(person.id, person.name_and_credentials, new)
    practice.forget_passphrase()
    _record_key_change(practice, actor.id if actor else None, person.id, "password reset")


def new_recovery_key(practice: Practice, actor: Person | None) -> RecoveryKey:
    """Make a new recovery key; the printed one opens nothing any more."""
    if actor is not None:
        require_owner(actor)
    recovery_key = practice.new_recovery_key()
    _record_key_change(practice, actor.id if actor else None, None, "recovery key replaced")
    return recovery_key


def remove_person(
    practice: Practice, actor: Person, person_id: int, *, backup_folder: Path | None = None
) -> MadeBackup:
    """Shut somebody out: their slot is dropped and the practice encrypted anew. What they wrote stays.

    A backup is made first, beside the practice unless another folder is given. It and older ones stay readable to
    somebody who holds an old password; the caller tells the owner so.
    """
    require_owner(actor)
    if person_id == actor.id:
        raise UserError("You cannot remove yourself. Ask another owner to do it.")
    practice.check_shut_out(person_id)
    made = make_backup(practice, actor, backup_folder or practice.folder.parent)
    with practice.writing() as session:
        person = load_person(session, person_id)
        person.active = False
        record_event(session, practice, actor.id, Action.CHANGE_KEYS, record_kind="person", record_id=person_id)
    practice.shut_out(person_id)
    return made


def check_new_password(practice: Practice, password: str, person: Person) -> None:
    """Raise if a password is too easy."""
    problem = password_problem(password, [practice.name, person.name])
    if problem:
        raise UserError(problem)


def _record_key_change(practice: Practice, actor_id: int | None, person_id: int | None, what: str) -> None:
    with practice.writing() as session:
        record_event(
            session,
            practice,
            actor_id,
            Action.CHANGE_KEYS,
            record_kind="person",
            record_id=person_id,
            detail=what.replace(" ", "-"),
        )
