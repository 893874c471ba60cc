"""The keys of a practice: its printed recovery key, and encrypting it anew.

Every verb that changes who can open a practice goes the same way, so that no fault leaves a secret that nobody was
shown or a sentence that is not true: the person is confirmed, the change is planned and may be refused, the audit
trail says what is begun, a backup is made for those who can open the practice afterwards, the key file comes last.
"""

from __future__ import annotations

from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.backups import make_backup
from therapist_desktop.services.signing import confirm_signer
from therapist_desktop.storage.backup import MadeBackup
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.recovery_key import RecoveryKey
from therapist_desktop.storage.ways_in import WaysIn


def prepare_recovery_key() -> RecoveryKey:
    """Draw a recovery key to show and print. It opens nothing until it is confirmed."""
    return RecoveryKey.new()


def confirm_recovery_key(
    practice: Practice,
    actor: Person | None,
    recovery_key: RecoveryKey,
    password: str | None = None,
    *,
    backup_folder: Path | None = None,
) -> MadeBackup:
    """Put a recovery key that was shown in place of the printed one, and encrypt the practice anew.

    The earlier key then opens neither the practice, not even with an old copy of its key file, nor the backup that is
    made first; older backups it still opens. ``actor`` is an owner who types the password again, or None for whoever
    opened the practice with the recovery key.
    """
    confirm_owner(practice, actor, password)
    planned = practice.ways_in.with_recovery_key(recovery_key)
    return encrypt_anew(practice, actor, planned, "replace-recovery-key", backup_folder=backup_folder)


def change_key(practice: Practice, owner: Person, password: str, *, backup_folder: Path | None = None) -> MadeBackup:
    """Encrypt the practice under a new key, for when somebody may have an old copy of its key file and a password.

    A backup is made first, beside the practice unless another folder is given; it has a key of its own.
    """
    confirm_owner(practice, owner, password)
    return encrypt_anew(practice, owner, practice.ways_in, "change-key", backup_folder=backup_folder)


def encrypt_anew(
    practice: Practice,
    actor: Person | None,
    planned: WaysIn,
    what: str,
    *,
    person_id: int | None = None,
    backup_folder: Path | None = None,
) -> MadeBackup:
    """Note what is begun, make a backup and encrypt the practice anew, both for the planned ways in.

    Raises ``NotEncryptedAnewError`` if the ways in are changed and only the key is the old one.
    """
    note_key_change(practice, actor, what, person_id=person_id)
    made = make_backup(practice, actor, backup_folder or practice.folder.parent, ways_in=planned)
    practice.rekey(planned)
    return made


def confirm_owner(practice: Practice, actor: Person | None, password: str | None) -> None:
    """Raise unless the actor is an owner, signed in, and types the right password; a wrong one is noted.

    Nobody in particular (None) may act only where nobody in particular opened the practice: with the recovery key.
    """
    if actor is None:
        if practice.opened_by is not None:
            raise UserError("Only an owner of the practice can do this. Ask the owner to sign in.")
        return
    require_owner(actor)
    require_signed_in(practice, actor)
    confirm_signer(practice, actor, password or "", at="change-keys")


def require_signed_in(practice: Practice, person: Person) -> None:
    """Raise unless it is this person who opened the practice."""
    if practice.opened_by != person.id:
        raise UserError("Everybody changes keys under a login of their own. Sign in as yourself.")


def note_key_change(practice: Practice, actor: Person | None, what: str, *, person_id: int | None = None) -> None:
    """Write to the audit trail what is begun, before anything of it is done."""
    with practice.writing() as session:
        record_event(
            session,
            practice,
            actor.id if actor else None,
            Action.CHANGE_KEYS,
            record_kind="" if person_id is None else "person",
            record_id=person_id,
            detail=what,
        )
