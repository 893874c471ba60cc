"""Setting up a practice, signing in and out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.identifiers import npi_problem, tax_id_problem
from therapist_desktop.models.moment import Clock
from therapist_desktop.models.passwords import password_problem
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.people import list_people, load_person
from therapist_desktop.services.rollback import note_rollback
from therapist_desktop.services.service_catalog import add_starter_services
from therapist_desktop.storage.failed_sign_ins import failed_sign_ins, forget_failed_sign_ins, note_failed_sign_in
from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters
from therapist_desktop.storage.key_file import WrongSecretError
from therapist_desktop.storage.key_file_store import read_key_file
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.practice_opening import (
    create_practice,
    open_with_keyring,
    open_with_passphrase,
    open_with_password,
    open_with_recovery_key,
)
from therapist_desktop.storage.recovery_key import RecoveryKey
from therapist_desktop.system.practice_folder import check_place, ensure_free_space
from therapist_desktop.system.single_instance import PracticeLock

SUFFIX = ".practice"
_ROOM_FOR_A_NEW_PRACTICE = 50_000_000
_NAMES_DIFFERED = (
    "The names shown before signing in were not those of the people of this practice; they were put right. If nobody "
    "changed a name, somebody else has written to the folder of the practice."
)


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in, as known before anything is unlocked."""

    person_id: int
    label: str


class SignedIn:
    """An open practice, the person who opened it, and the lock that keeps others out meanwhile."""

    def __init__(self, practice: Practice, person: Person | None, lock: PracticeLock) -> None:
        self.practice = practice
        self._person = person
        self._lock = lock

    @property
    def person(self) -> Person:
        """Who signed in; with the recovery key nobody in particular did."""
        if self._person is None:
            raise UserError("Set a new password first, then sign in with it.")
        return self._person

    def sign_out(self) -> None:
        """Write the sign-out to the audit trail, close the practice and let others in."""
        try:
            with self.practice.writing() as session:
                person_id = self._person.id if self._person else None
                record_event(session, self.practice, person_id, Action.SIGN_OUT)
            self.practice.close()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Close without writing anything more, after a fault."""
        self.practice.abandon()
        self._lock.release()


def logins(folder: Path) -> list[Login]:
    """Return who can sign in to the practice in a folder."""
    return [Login(person_id, label) for person_id, label in read_key_file(folder).people]


def set_up_practice(
    folder: Path,
    facts: PracticeFacts,
    owner: Person,
    password: str,
    clock: Clock,
    *,
    kdf: KdfParameters = STANDARD_KDF,
) -> tuple[SignedIn, RecoveryKey]:
    """Create a practice with its owner. The recovery key is returned once; it is stored nowhere.

    A failure leaves nothing: a practice whose recovery key nobody saw is worse than none.
    """
    folder = folder if folder.name.endswith(SUFFIX) else folder.with_name(folder.name + SUFFIX)
    check_place(folder)
    ensure_free_space(folder, _ROOM_FOR_A_NEW_PRACTICE)
    check_facts(facts, owner)
    problem = password_problem(password, [facts.legal_name, facts.trade_name, owner.name])
    if problem:
        raise UserError(problem)
    if Role.OWNER.value not in owner.roles:
        owner.roles = [Role.OWNER.value, *owner.roles]
    practice, recovery_key = create_practice(folder, facts, owner, password, clock, kdf=kdf)
    lock = PracticeLock(folder)
    try:
        lock.acquire()
        add_starter_services(practice, owner)
        with practice.writing() as session:
            record_event(session, practice, owner.id, Action.CREATE_PRACTICE)
            record_event(session, practice, owner.id, Action.SIGN_IN)
            person = load_person(session, owner.id)
    except BaseException:
        practice.abandon()
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)  # this call made it, and nobody has worked in it
        raise
    return SignedIn(practice, person, lock), recovery_key


def check_facts(facts: PracticeFacts, owner: Person) -> None:
    """Raise if an identifier of the practice or its owner cannot be right; empty ones may come later."""
    problems = [
        npi_problem(facts.npi) if facts.npi else None,
        tax_id_problem(facts.tax_id, facts.tax_id_kind) if facts.tax_id else None,
        npi_problem(owner.npi) if owner.npi else None,
    ]
    for problem in problems:
        if problem:
            raise UserError(problem)
    if not facts.legal_name.strip():
        raise UserError("The practice needs a name. Enter it as it stands in the NPI registry.")
    if not owner.first_name.strip() or not owner.last_name.strip():
        raise UserError("Enter first and last name of the person who leads the practice.")


def sign_in(
    folder: Path, person_id: int, password: str, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> SignedIn:
    """Open a practice with a password. A failed try is noted and enters the audit trail at the next sign-in."""
    return _enter(
        folder, person_id, clock, lambda: open_with_password(folder, person_id, password, clock, kdf=kdf), "password"
    )


def sign_in_with_keyring(
    folder: Path, person_id: int, secret: bytes, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> SignedIn:
    """Open a practice with the secret that this computer’s keyring holds."""
    return _enter(
        folder, person_id, clock, lambda: open_with_keyring(folder, person_id, secret, clock, kdf=kdf), "keyring"
    )


def enter_with_recovery_key(
    folder: Path, recovery_key: RecoveryKey, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> SignedIn:
    """Open a practice with the printed key, to set a new password."""
    return _enter(
        folder, None, clock, lambda: open_with_recovery_key(folder, recovery_key, clock, kdf=kdf), "recovery-key"
    )


def enter_with_passphrase(
    folder: Path, passphrase: str, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> SignedIn:
    """Open a practice that was restored from a copy with a passphrase of its own, to set a new password."""
    return _enter(folder, None, clock, lambda: open_with_passphrase(folder, passphrase, clock, kdf=kdf), "passphrase")


def _enter(folder: Path, person_id: int | None, clock: Clock, open_it: Callable[[], Practice], way: str) -> SignedIn:
    if not folder.is_dir():
        raise UserError("There is no practice in that place. Choose its folder; the name ends in “.practice”.")
    check_place(folder)
    lock = PracticeLock(folder)
    lock.acquire()
    try:
        try:
            practice = open_it()
        except WrongSecretError:
            note_failed_sign_in(folder, person_id, clock())
            raise
        try:
            person, rolled_back = None, practice.is_rolled_back
            with practice.writing() as session:
                for failed in failed_sign_ins(folder):
                    record_event(
                        session,
                        practice,
                        None,
                        Action.FAILED_SIGN_IN,
                        record_kind="person",
                        record_id=failed.person_id,
                        detail=f"at:{failed.moment}" + (f" more:{failed.and_more}" if failed.and_more else ""),
                    )
                if rolled_back:
                    note_rollback(session, practice)
                if person_id is not None:
                    person = load_person(session, person_id)
                refused = person is not None and not person.active
                record_event(
                    session,
                    practice,
                    None if refused else person_id,
                    Action.FAILED_SIGN_IN if refused else Action.SIGN_IN,
                    record_kind="person" if refused else "",
                    record_id=person_id if refused else None,
                    detail=f"with:{way}",
                )
            forget_failed_sign_ins(folder)
            if refused:
                practice.close()
                raise UserError("This person was removed from the practice. Ask the owner to sign in.")
            _put_names_right(practice)
        except BaseException:
            practice.abandon()
            raise
    except BaseException:
        lock.release()
        raise
    return SignedIn(practice, person, lock)


def _put_names_right(practice: Practice) -> None:
    """Show everybody before signing in with the name the practice knows; what the key file shows is not protected."""
    names = {person.id: person.name_and_credentials for person in list_people(practice)}
    planned = practice.ways_in.with_labels(names)
    if planned.key_file.people == practice.key_file.people:
        return
    practice.notices += (_NAMES_DIFFERED,)
    with suppress(UserError):  # of a full disk, which is no reason to stay out
        practice.keep(planned)


def practice_facts(practice: Practice) -> PracticeFacts:
    """Return the facts of the practice."""
    with practice.reading() as session:
        facts = session.get(PracticeFacts, 1)
    if facts is None:
        raise LookupError("a practice without its facts")
    return facts


def change_facts(practice: Practice, person: Person, changes: dict[str, object]) -> None:
    """Change facts and rules of the practice, by the names of their columns. Only an owner can."""
    require_owner(person)
    with practice.writing() as session:
        facts = session.get_one(PracticeFacts, 1)
        for name, value in changes.items():
            if name in ("id", "created_at") or name not in PracticeFacts.__table__.columns:
                raise ValueError(f"a practice has no fact {name}")
            setattr(facts, name, value)
        check_facts(facts, person)
        record_event(
            session,
            practice,
            person.id,
            Action.CHANGE,
            record_kind="practice",
            detail="fields:" + ",".join(sorted(changes)),
        )
