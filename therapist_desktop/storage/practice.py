"""An open practice: the encrypted file, its key file, and the keys that opened it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.moment import Clock
from therapist_desktop.storage.audit_anchor import Anchor
from therapist_desktop.storage.backup import MadeBackup, write_backup
from therapist_desktop.storage.backup_keys import keys_of_copy, keys_of_passphrase_copy
from therapist_desktop.storage.database import Database
from therapist_desktop.storage.faults import DamagedPracticeError, DiskFullError
from therapist_desktop.storage.free_space import ensure_room
from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.key_file_store import write_key_file
from therapist_desktop.storage.key_sealing import KEY_BYTES
from therapist_desktop.storage.key_slots import SlotKind
from therapist_desktop.storage.progress import Progress
from therapist_desktop.storage.recovery_key import RecoveryKey

DATABASE = "practice.db"


class Practice:
    """What services work on. It is opened by ``practice_opening`` and closed once."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        key_file: KeyFile,
        bundle: KeyBundle,
        clock: Clock,
        *,
        kdf: KdfParameters = STANDARD_KDF,
        notices: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder
        self.database = database
        self.key_file = key_file
        self.clock = clock
        self.notices = notices
        """Sentences for the person who opened it, such as that the second copy of the key file was used."""
        self._bundle = bundle
        self._kdf = kdf

    @property
    def name(self) -> str:
        """The name of the folder, without its ending."""
        return self.folder.name.removesuffix(".practice")

    @property
    def opened_by(self) -> int | None:
        """The person whose own way in was used; None for the recovery key of the practice or a passphrase."""
        return None if self._bundle.person_id is None else int(self._bundle.person_id)

    def writing(self) -> AbstractContextManager[Session]:
        """Open a transaction that is durable once the block ends, and undone if the block fails."""
        return self.database.writing()

    def reading(self) -> AbstractContextManager[Session]:
        """Open a consistent view; what is changed in it is not kept."""
        return self.database.reading()

    def check_password(self, person_id: int, password: str) -> None:
        """Raise ``UserError`` unless this is the person’s password; takes as long as Argon2id does."""
        self.key_file.unlock_with_password(str(person_id), password)

    def has_password(self, person_id: int) -> bool:
        """Whether a person can sign in with a password."""
        return self.key_file.slot(SlotKind.PASSWORD, str(person_id)) is not None

    def add_password(self, person_id: int, label: str, password: str) -> None:
        """Let a further person sign in."""
        self._keep(self.key_file.with_password_slot(self._bundle, str(person_id), label, password, self._kdf))

    def change_password(self, person_id: int, old: str, new: str) -> None:
        """Replace a password by its owner."""
        self._keep(self.key_file.with_password_changed(str(person_id), old, new, self._kdf))

    def reset_password(self, person_id: int, new: str, *, discard_private_notes: bool = False) -> None:
        """Give a person a new password without the old one."""
        self._keep(
            self.key_file.with_password_reset(
                self._bundle, str(person_id), new, self._kdf, discard_private_key=discard_private_notes
            )
        )

    def new_recovery_key(self) -> RecoveryKey:
        """Replace the printed recovery key; the earlier one opens nothing any more."""
        recovery_key = RecoveryKey.new()
        self._keep(self.key_file.with_recovery_key(self._bundle, recovery_key, kdf=self._kdf))
        return recovery_key

    def remember_on_this_computer(self, person_id: int, secret: bytes) -> None:
        """Let the secret in this computer’s keyring open the practice for a person."""
        self._keep(self.key_file.with_keyring_slot(self._bundle, str(person_id), secret, self._kdf))

    def rename_slot(self, person_id: int, label: str) -> None:
        """Change the name a person is shown with before anything is unlocked."""
        self._keep(self.key_file.with_label(str(person_id), label))

    def forget_passphrase(self) -> None:
        """Close the way in that a restored copy with a passphrase of its own came with, if there is one."""
        slot = self.key_file.slot(SlotKind.PASSPHRASE)
        if slot is not None:
            self._keep(self.key_file.without_slot(slot.slot_id))

    def check_shut_out(self, person_id: int, *, discard_private_notes: bool = False) -> None:
        """Raise ``UserError`` if ``shut_out`` would be refused."""
        self.key_file.without_person(str(person_id), discard_private_key=discard_private_notes)

    def shut_out(self, person_id: int, *, discard_private_notes: bool = False) -> None:
        """Close every way in of a person and encrypt the practice anew, so that an old key opens it no more.

        A kill at any point leaves a practice that opens: the key file holds both keys until the new one is
        confirmed. The person can still read old backups with an old password.
        """
        self.rekey(self.key_file.without_person(str(person_id), discard_private_key=discard_private_notes))

    def rekey(self, key_file: KeyFile | None = None) -> None:
        """Encrypt the practice under a new random key, for the ways in that ``key_file`` names.

        Raises ``DiskFullError`` or ``DamagedPracticeError`` if it cannot be done: the ways in are then as
        ``key_file`` says, under the old key.
        """
        ensure_room(self.folder, self.database.size())
        old_key, new_key = self._bundle.practice_key, secrets.token_bytes(KEY_BYTES)
        self._keep((key_file or self.key_file).with_pending_rekey(self._bundle, new_key))
        self._bundle = self._bundle.with_pending(new_key)
        try:
            self.database.rekey(old_key, new_key)
        except (DiskFullError, DamagedPracticeError):
            self._settle(old_key)
            raise
        self._settle(new_key)

    def back_up(
        self, destination: Path, *, passphrase: str | None = None, progress: Progress | None = None
    ) -> MadeBackup:
        """Write one verified backup file into a folder; ``passphrase`` makes it a copy that only this opens."""
        if passphrase is None:
            keys = keys_of_copy(self.key_file, self._bundle)
        else:
            keys = keys_of_passphrase_copy(self.key_file, passphrase, self._kdf)
        return write_backup(self.database, keys, destination, self.name, self.clock, progress=progress)

    def audit_head(self) -> Anchor | None:
        """Return where the audit chain ends."""
        with self.reading() as session:
            event = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(1)).one_or_none()
        return None if event is None else Anchor(event.sequence, event.hash, event.moment)

    def anchor_audit_chain(self) -> None:
        """Write the end of the audit chain to the key file, outside the encrypted file."""
        head = self.audit_head()
        if head is not None and head != self.key_file.anchor:
            self._keep(self.key_file.with_anchor(head))

    def close(self) -> None:
        """Anchor the audit chain and close the file; a closed practice stays closed."""
        if self.database.closed:
            return
        try:
            self.anchor_audit_chain()
        finally:
            self.database.close()

    def abandon(self) -> None:
        """Close the file without writing anything more, after a fault."""
        self.database.close()

    def _keep(self, key_file: KeyFile) -> None:
        write_key_file(key_file, self.folder)
        self.key_file = key_file

    def _settle(self, practice_key: bytes) -> None:
        self._keep(self.key_file.with_rekey_confirmed(practice_key))
        self._bundle = self._bundle.settled_on(practice_key)


@contextmanager
def closing(practice: Practice) -> Iterator[Practice]:
    """Close the practice at the end of the block."""
    try:
        yield practice
    except BaseException:
        practice.abandon()
        raise
    practice.close()
