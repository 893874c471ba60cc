"""Backups: made and verified at once, listed, restored to a new folder, and proven to restore."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from therapist_desktop.models.backup_record import BackupRecord
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.moment import Clock
from therapist_desktop.models.passwords import password_problem
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import Action, record_event, verify_audit_chain
from therapist_desktop.services.signing import verify_signatures, wrong_secret_noted
from therapist_desktop.services.superbill_issuing import leave_out_numbers
from therapist_desktop.storage.backup import MadeBackup
from therapist_desktop.storage.backup_file import BackupFile, read_backup
from therapist_desktop.storage.backup_header import DamagedBackupError
from therapist_desktop.storage.backup_listing import ListedBackup, list_backups
from therapist_desktop.storage.backup_restore import restore_backup as _restore
from therapist_desktop.storage.backup_restore import restored_for_a_moment, verify_backup
from therapist_desktop.storage.faults import DiskFullError
from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.progress import Progress
from therapist_desktop.storage.unlocking import Unlock, with_passphrase, with_password, with_recovery_key
from therapist_desktop.storage.ways_in import WaysIn
from therapist_desktop.system.practice_folder import check_place

__all__ = [
    "BackupFile",
    "BackupRow",
    "ListedBackup",
    "MadeBackup",
    "ProvenBackup",
    "Unlock",
    "list_backups",
    "make_backup",
    "newest_backup",
    "newest_proven",
    "prove_backup",
    "read_backup",
    "restore_backup",
    "verify_backup",
    "with_passphrase",
    "with_password",
    "with_recovery_key",
]


@dataclass(frozen=True)
class BackupRow:
    """What the practice remembers of a backup."""

    file_name: str
    sha256: str
    made_at: datetime
    proven_at: datetime | None
    own_passphrase: bool


@dataclass(frozen=True)
class ProvenBackup:
    """What a restore drill found: a practice that opens, with every row, signature and audit event."""

    path: Path
    made_at: datetime
    proven_at: datetime
    rows: int
    signatures: int
    events: int


def make_backup(
    practice: Practice,
    person: Person | None,
    destination: Path,
    *,
    passphrase: str | None = None,
    ways_in: WaysIn | None = None,
    progress: Progress | None = None,
) -> MadeBackup:
    """Write a backup into a folder; when this returns, the file was read back and found whole.

    Everybody’s password and the recovery key open it. With ``passphrase`` it is a copy that leaves the house: only
    the passphrase opens it, it holds nobody’s private psychotherapy notes, and only an owner may make it. A backup
    before a change of keys is made for the planned ``ways_in``, so that what is being closed does not open it either.
    ``person`` is None where the recovery key opened the practice.
    """
    if passphrase is not None:
        if person is None:
            raise ValueError("a copy that leaves the house is somebody’s")
        require_owner(person)
        problem = password_problem(passphrase, [practice.name, person.name])
        if problem:
            raise UserError(problem)
    made = practice.back_up(destination, passphrase=passphrase, ways_in=ways_in, progress=progress)
    # A full disk is when a backup counts most: it is made, only the practice cannot remember it.
    with suppress(DiskFullError), practice.writing() as session:
        record = _remember(session, practice, made.path, made.sha256, made.header.made_at, made.header.own_passphrase)
        record_event(
            session,
            practice,
            person.id if person else None,
            Action.BACK_UP,
            record_kind="backup",
            record_id=record.id,
            detail="own-passphrase" if record.own_passphrase else "",
        )
    return made


def restore_backup(
    path: Path,
    folder: Path,
    unlock: Unlock,
    clock: Clock,
    *,
    kdf: KdfParameters = STANDARD_KDF,
    progress: Progress | None = None,
) -> Path:
    """Restore a backup to a new folder and return it; nothing that exists is ever overwritten.

    Needs nothing but the file and a way to open it, so it works on a new computer. The restored practice has a key of
    its own, and its audit trail says that it was restored, from what, and by whom.
    """
    folder = folder if folder.name.endswith(".practice") else folder.with_name(f"{folder.name}.practice")
    check_place(folder)
    source = read_backup(path)

    def note_it(restored: Practice) -> None:
        with restored.writing() as session:
            leave_out_numbers(session)
            record_event(
                session,
                restored,
                restored.opened_by,
                Action.RESTORE,
                record_kind="backup",
                detail=f"sha256:{source.sha256}",
            )

    _restore(path, folder, unlock, clock, kdf=kdf, progress=progress, before_in_place=note_it)
    return folder


def prove_backup(
    practice: Practice, person: Person, path: Path, secret: str, *, progress: Progress | None = None
) -> ProvenBackup:
    """Restore a backup of this practice as on a new computer, look at all of it, and remove it again.

    ``secret`` is the person’s password, or the passphrase of a copy that has its own. Only encrypted files touch the
    disk. Raises ``UserError`` if the backup would be of no use; a wrong secret is noted.
    """
    backup = read_backup(path)
    if backup.header.key_file.vault_id != practice.key_file.vault_id:
        raise UserError("This backup belongs to another practice. Choose one that was made here.")
    unlock = with_passphrase(secret) if backup.header.own_passphrase else with_password(person.id, secret)
    with (
        wrong_secret_noted(practice, person, at="prove-backup"),
        restored_for_a_moment(path, practice.folder, unlock, practice.clock, progress=progress) as restored,
    ):
        chain, signatures = verify_audit_chain(restored), verify_signatures(restored)
    for fault in (chain.fault, signatures.fault):
        if fault:
            raise DamagedBackupError(f"This backup opens, but is not whole: {fault} Prove another backup.")
    proven_at = practice.clock()
    header = backup.header
    with practice.writing() as session:
        record = session.scalars(
            select(BackupRecord).where(BackupRecord.sha256 == backup.sha256).limit(1)
        ).one_or_none() or _remember(session, practice, path, backup.sha256, header.made_at, header.own_passphrase)
        record.proven_at = proven_at
        record_event(session, practice, person.id, Action.PROVE_BACKUP, record_kind="backup", record_id=record.id)
    return ProvenBackup(
        path, header.made_at, proven_at, sum(header.rows.values()), signatures.signatures, chain.events
    )


def newest_backup(practice: Practice) -> BackupRow | None:
    """Return the newest backup the practice knows of, proven or not."""
    return _newest(practice, true())


def newest_proven(practice: Practice) -> BackupRow | None:
    """Return the newest backup that was proven to restore."""
    return _newest(practice, BackupRecord.proven_at.is_not(None))


def _newest(practice: Practice, condition: ColumnElement[bool]) -> BackupRow | None:
    with practice.reading() as session:
        row = session.execute(
            select(
                BackupRecord.file_name,
                BackupRecord.sha256,
                BackupRecord.made_at,
                BackupRecord.proven_at,
                BackupRecord.own_passphrase,
            )
            .where(condition)
            .order_by(BackupRecord.made_at.desc(), BackupRecord.id.desc())
            .limit(1)
        ).one_or_none()
    return None if row is None else BackupRow(*row)


def _remember(
    session: Session, practice: Practice, path: Path, sha256: str, made_at: datetime, own_passphrase: bool
) -> BackupRecord:
    record = BackupRecord(
        file_name=path.name,
        sha256=sha256,
        made_at=made_at,
        verified_at=practice.clock(),
        own_passphrase=own_passphrase,
    )
    session.add(record)
    session.flush()
    return record
