"""The people of the practice: adding them, their passwords, and letting them go."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.identifiers import email_problem, npi_problem, phone_problem, taxonomy_problem
from therapist_desktop.models.passwords import password_problem
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.backups import make_backup
from therapist_desktop.services.keys import confirm_owner, encrypt_anew, note_key_change, require_signed_in
from therapist_desktop.services.signing import confirm_signer
from therapist_desktop.storage.backup import MadeBackup
from therapist_desktop.storage.practice import NotEncryptedAnewError, Practice

_CHECKS: dict[str, Callable[[str], str | None]] = {
    "npi": npi_problem,
    "taxonomy": taxonomy_problem,
    "phone": phone_problem,
    "email": email_problem,
}


class PersonFields(TypedDict, total=False):
    """What can be said of a person; see ``models.people``."""

    first_name: str
    last_name: str
    credentials: str
    npi: str
    taxonomy: str
    phone: str
    email: str


def check_person(**given: Unpack[PersonFields]) -> None:
    """Raise if something cannot be right; what is empty may come later."""
    for name, problem_of in _CHECKS.items():
        value = str(given.get(name, ""))
        problem = problem_of(value) if value else None
        if problem:
            raise UserError(problem)
    if not all(str(given.get(name, "x")).strip() for name in ("first_name", "last_name")):
        raise UserError("A person of the practice needs a first and a last name. Enter both.")


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
    """Add somebody with a login of their own. Only an owner can.

    If the login cannot be made, the person stays in the list as somebody who cannot sign in.
    """
    require_owner(actor)
    require_signed_in(practice, actor)
    check_person(
        first_name=person.first_name,
        last_name=person.last_name,
        npi=person.npi,
        taxonomy=person.taxonomy,
        phone=person.phone,
        email=person.email,
    )
    check_new_password(practice, password, person)
    if Role.SUPERVISEE.value in person.roles and person.supervisor_id is None:
        raise UserError("Somebody under supervision needs a supervisor. Choose who supervises them.")
    with practice.writing() as session:
        session.add(person)
        session.flush()
        record_event(session, practice, actor.id, Action.CREATE, record_kind="person", record_id=person.id)
        session.expire(person)
        added = load_person(session, person.id)
    try:
        practice.keep(practice.ways_in.with_password(added.id, added.name_and_credentials, password))
    except UserError:
        # Should this fail too, there is an active person without a login, whom an owner can give one.
        with suppress(UserError):
            _close_login(practice, actor, added.id)
        raise
    return added


def change_password(
    practice: Practice,
    person: Person,
    old: str,
    new: str,
    *,
    rekey: bool = False,
    backup_folder: Path | None = None,
) -> MadeBackup | None:
    """Replace one’s own password; the old one is asked for, and a wrong one is noted.

    The old password still opens old backups, and with an old copy of the key file it opens the practice of today.
    ``rekey`` puts an end to the latter, for a password that somebody may know: a backup is made first and returned,
    and the practice is encrypted anew.
    """
    require_signed_in(practice, person)
    check_new_password(practice, new, person)
    confirm_signer(practice, person, old, at="change-keys")
    planned = practice.ways_in.with_password_changed(person.id, old, new)
    if rekey:
        return encrypt_anew(
            practice, person, planned, "change-password", person_id=person.id, backup_folder=backup_folder
        )
    note_key_change(practice, person, "change-password", person_id=person.id)
    practice.keep(planned)
    return None


def reset_password(
    practice: Practice, actor: Person | None, person: Person, new: str, password: str | None = None
) -> None:
    """Set a new password without the old one: by an owner, or by whoever opened with the recovery key (None).

    An owner types their own ``password`` again. With an old copy of the key file the earlier password still opens the
    practice until its key is changed. After a restore from a copy with a passphrase of its own nobody has a password:
    this gives one, and encrypts the practice anew, so that the passphrase opens it no more. No backup is made before
    that: nobody could work in the practice since it was restored from one.
    """
    confirm_owner(practice, actor, password)
    check_new_password(practice, new, person)
    with practice.reading() as session:
        who = load_person(session, person.id)
    if not who.active:
        raise UserError("This person was removed from the practice. Add them again to let them sign in.")
    if practice.has_password(who.id):
        planned = practice.ways_in.with_password_reset(who.id, new)
    else:
        planned = practice.ways_in.with_password(who.id, who.name_and_credentials, new)
    note_key_change(practice, actor, "reset-password", person_id=who.id)
    if planned.has_passphrase:
        practice.rekey(planned.without_passphrase())
    else:
        practice.keep(planned)


def remove_person(
    practice: Practice, actor: Person, person_id: int, password: str, *, backup_folder: Path | None = None
) -> MadeBackup:
    """Shut somebody out: their ways in are closed and the practice is encrypted anew. What they wrote stays.

    The owner types the password again. A backup is made first, beside the practice unless another folder is given;
    the person’s password does not open it. Older backups it still opens; the caller tells the owner so. If it fails
    half way, the same can be done again.
    """
    require_owner(actor)
    if person_id == actor.id:
        raise UserError("You cannot remove yourself. Ask another owner to do it.")
    with practice.reading() as session:
        person = load_person(session, person_id)
    planned = practice.ways_in.without_person(person_id)
    confirm_owner(practice, actor, password)
    note_key_change(practice, actor, "remove-person", person_id=person_id)
    made = make_backup(practice, actor, backup_folder or practice.folder.parent, ways_in=planned)
    failure: UserError | None = None
    try:
        practice.rekey(planned)
    except NotEncryptedAnewError as error:
        failure = error  # shut out all the same, so what follows is due
    try:
        _close_login(practice, actor, person_id)
    except UserError as error:
        raise UserError(
            f"{person.name} can sign in no more, but the list of people does not say so yet. Free some space on the "
            "disk and remove them once more."
        ) from error
    if failure:
        raise failure
    return made


def check_new_password(practice: Practice, password: str, person: Person) -> None:
    """Raise if a password is too easy."""
    problem = password_problem(password, [practice.name, person.name])
    if problem:
        raise UserError(problem)


def _close_login(practice: Practice, actor: Person, person_id: int) -> None:
    """Mark somebody who has no way in any more."""
    with practice.writing() as session:
        load_person(session, person_id).active = False
        record_event(
            session,
            practice,
            actor.id,
            Action.CHANGE,
            record_kind="person",
            record_id=person_id,
            detail="fields:active",
        )
