"""Creating a practice, and opening one with a password, the recovery key or this computer’s keyring."""

from __future__ import annotations

import shutil
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.moment import Clock
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.storage.atomic_file import plain_disk_errors, sync_folder
from therapist_desktop.storage.backup import write_backup
from therapist_desktop.storage.backup_keys import keys_of_copy
from therapist_desktop.storage.database import Database
from therapist_desktop.storage.faults import DamagedPracticeError, DiskFullError
from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.key_file_store import read_key_file, write_key_file
from therapist_desktop.storage.practice import DATABASE, Practice
from therapist_desktop.storage.recovery_key import RecoveryKey
from therapist_desktop.storage.schema import (
    RELEASED,
    Migrations,
    create_schema,
    is_behind,
    migrate,
    schema_version,
)
from therapist_desktop.storage.unfinished import sweep_unfinished
from therapist_desktop.storage.unlocking import (
    Unlock,
    with_keyring,
    with_passphrase,
    with_password,
    with_recovery_key,
)
from therapist_desktop.storage.work_folder import work_folder

_SECOND_COPY_USED = (
    "The key file of this practice was damaged or missing, so its second copy was used and the first one mended. "
    "Nothing was lost; make a backup and have this disk looked at."
)
_BROUGHT_FORWARD = "The practice was brought forward to this version; the backup {backup} holds it as it was."
_REKEY_FINISHED = "The practice was being encrypted anew when it was last closed; that is now finished."
_REKEY_FAILED = (
    "The practice was being encrypted anew when it was last closed, and that cannot be finished: the disk is too "
    "full, or the file is damaged. Check the practice, free some space, and change its key."
)
_ROLLED_BACK = (
    "An older copy of the practice file was put in place: the newest work, up to {moment}, is missing from it. "
    "Restore the newest backup into a new folder. If there is none, an owner can accept the loss."
)
_ANCHOR_FORGED = (
    "The key file does not say in a way that can be trusted how far this practice reached, so newer work may be "
    "missing. Compare it with the newest backup; an owner can accept it as it is."
)


def create_practice(
    folder: Path,
    facts: PracticeFacts,
    owner: Person,
    password: str,
    clock: Clock,
    *,
    kdf: KdfParameters = STANDARD_KDF,
) -> tuple[Practice, RecoveryKey]:
    """Create the folder of a new practice with its first person, and return it open.

    It is built beside its place and moved there when it is whole, so that a kill leaves no half practice.
    """
    if folder.exists():
        raise UserError("There is already something with that name. Choose another name or folder.")
    with plain_disk_errors():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with work_folder(folder.parent) as work:
            under_way = work / folder.name
            under_way.mkdir(mode=0o700)
            recovery_key = _build(under_way, facts, owner, password, kdf)
            under_way.rename(folder)
        sync_folder(folder.parent)
    try:
        return open_with_password(folder, owner.id, password, clock, kdf=kdf), recovery_key
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # nobody was shown its recovery key
        raise


def _build(folder: Path, facts: PracticeFacts, owner: Person, password: str, kdf: KdfParameters) -> RecoveryKey:
    key_file, bundle = KeyFile.create()
    database = Database(folder / DATABASE, bundle.practice_key, create=True)
    try:
        create_schema(database, key_file.vault_id)
        with database.writing() as session:
            session.add_all([facts, owner])
    finally:
        database.close()
    recovery_key = RecoveryKey.new()
    key_file = key_file.with_password_slot(bundle, str(owner.id), owner.name_and_credentials, password, kdf)
    write_key_file(key_file.with_recovery_key(bundle, recovery_key, kdf=kdf), folder)
    return recovery_key


def open_with_password(
    folder: Path, person_id: int, password: str, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> Practice:
    """Open a practice as one of its people."""
    return open_practice(folder, with_password(person_id, password), clock, kdf=kdf)


def open_with_recovery_key(
    folder: Path, recovery_key: RecoveryKey, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> Practice:
    """Open a practice with its printed recovery key, so that a new password can be set."""
    return open_practice(folder, with_recovery_key(recovery_key), clock, kdf=kdf)


def open_with_keyring(
    folder: Path, person_id: int, secret: bytes, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> Practice:
    """Open a practice with the secret that this computer’s keyring holds for a person."""
    return open_practice(folder, with_keyring(person_id, secret), clock, kdf=kdf)


def open_with_passphrase(
    folder: Path, passphrase: str, clock: Clock, *, kdf: KdfParameters = STANDARD_KDF
) -> Practice:
    """Open a practice that was restored from a copy with a passphrase of its own."""
    return open_practice(folder, with_passphrase(passphrase), clock, kdf=kdf)


def open_practice(
    folder: Path,
    unlock: Unlock,
    clock: Clock,
    *,
    kdf: KdfParameters = STANDARD_KDF,
    migrations: Migrations = RELEASED,
) -> Practice:
    """Open a practice in any way; an interrupted re-key is finished and an older schema brought forward.

    ``kdf`` is what passwords set from now on cost.
    """
    sweep_unfinished(folder)  # a drill that was killed leaves a whole, older practice
    key_file = read_key_file(folder)
    bundle = unlock(key_file)
    notices: list[str] = []
    if key_file.used_backup:
        notices.append(_SECOND_COPY_USED)
    database, opened_with = _open_database(folder, bundle)
    try:
        behind = is_behind(schema_version(database, key_file.vault_id), migrations)
        if bundle.pending_key is not None:
            opened_with, notice = _finish_rekey(database, bundle, opened_with)
            key_file = key_file.with_rekey_confirmed(opened_with)
            bundle = bundle.settled_on(opened_with)
            notices.append(notice)
            write_key_file(key_file, folder)
        elif key_file.needs_repair:
            write_key_file(key_file, folder)
        if behind:
            made = write_backup(
                database, keys_of_copy(key_file, bundle), folder.parent, folder.name.removesuffix(".practice"), clock
            )
            migrate(database, migrations)
            notices.append(_BROUGHT_FORWARD.format(backup=made.path.name))
        practice = Practice(folder, database, key_file, bundle, clock, kdf=kdf)
        if practice.is_rolled_back:
            notices.append(_rolled_back(practice))
        practice.notices = tuple(notices)
        return practice
    except BaseException:
        database.close()
        raise


def _open_database(folder: Path, bundle: KeyBundle) -> tuple[Database, bytes]:
    """Open the file with whichever key is in force: during a re-key exactly one of the two opens it."""
    for key in bundle.practice_keys[:-1]:
        try:
            return Database(folder / DATABASE, key), key
        except DamagedPracticeError:
            continue
    last = bundle.practice_keys[-1]
    return Database(folder / DATABASE, last), last


def _finish_rekey(database: Database, bundle: KeyBundle, opened_with: bytes) -> tuple[bytes, str]:
    """Do what a kill or a full disk interrupted, so that whoever was shut out stays out; return the key in force."""
    if bundle.pending_key is None or opened_with == bundle.pending_key:
        return opened_with, _REKEY_FINISHED
    try:
        database.rekey(opened_with, bundle.pending_key)
    except (DiskFullError, DamagedPracticeError):
        return opened_with, _REKEY_FAILED
    return bundle.pending_key, _REKEY_FINISHED


def _rolled_back(practice: Practice) -> str:
    if not practice.anchor_is_genuine:
        return _ANCHOR_FORGED
    moment = practice.key_file.anchor.moment
    return _ROLLED_BACK.format(moment=f"{moment:%B} {moment.day}, {moment.year}, {moment:%I:%M %p}")
