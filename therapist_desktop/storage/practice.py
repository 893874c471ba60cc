"""An open practice: the encrypted file, its key file, and the keys that opened it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.moment import Clock
from therapist_desktop.storage.audit_anchor import BEGINNING, Anchor
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
from therapist_desktop.storage.progress import Progress
from therapist_desktop.storage.ways_in import WaysIn

DATABASE = "practice.db"


class NotEncryptedAnewError(UserError):
    """The ways in are changed as planned, but the key is still the one an old copy of the key file opens."""


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
    ) -> None:
        self.folder = folder
        self.database = database
        self.key_file = key_file
        self.clock = clock
        self.notices: tuple[str, ...] = ()
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
        return self.ways_in.has_password(person_id)

    @property
    def ways_in(self) -> WaysIn:
        """Who can open it and with what, to plan a change from."""
        return WaysIn(self.key_file, self._bundle, self._kdf)

    def keep(self, ways_in: WaysIn) -> None:
        """Put planned ways in in force; raises ``UserError`` with all as it was."""
        self._write(ways_in.key_file)

    def rekey(self, ways_in: WaysIn | None = None) -> None:
        """Encrypt the practice under a new random key, for the ways in as they are or as planned.

        A kill at any point leaves a practice that opens, with the planned ways in or those before: the key file holds
        both keys until the new one is confirmed. Raises ``NotEncryptedAnewError`` if the planned ways in are in force
        but the key is the old one; any other ``UserError`` leaves all as it was.
        """
        ensure_room(self.folder, self.database.size())
        old_key, new_key = self._bundle.practice_key, secrets.token_bytes(KEY_BYTES)
        planned = self.key_file if ways_in is None else ways_in.key_file
        self._write(planned.with_pending_rekey(self._bundle, new_key))
        self._bundle = self._bundle.with_pending(new_key)
        try:
            self.database.rekey(old_key, new_key)
        except (DiskFullError, DamagedPracticeError) as error:
            self._settle(old_key)
            if ways_in is None:
                raise
            raise NotEncryptedAnewError(
                "That is done, but the practice could not be encrypted anew: the disk is too full, or the file is "
                "damaged. Until it is, an old copy of its key file opens it as before. Check the practice, free some "
                "space, and change its key."
            ) from error
        self._settle(new_key)

    def back_up(
        self,
        destination: Path,
        *,
        passphrase: str | None = None,
        ways_in: WaysIn | None = None,
        progress: Progress | None = None,
    ) -> MadeBackup:
        """Write one verified backup file into a folder; ``passphrase`` makes it a copy that only this opens.

        Without one, those who can open the practice can open the backup; or those who will be, as planned.
        """
        if passphrase is None:
            keys = keys_of_copy(self.key_file if ways_in is None else ways_in.key_file, self._bundle)
        else:
            keys = keys_of_passphrase_copy(self.key_file, passphrase, self._kdf)
        return write_backup(self.database, keys, destination, self.name, self.clock, progress=progress)

    def audit_head(self) -> Anchor:
        """Return where the audit chain ends."""
        with self.reading() as session:
            event = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(1)).one_or_none()
        return BEGINNING if event is None else Anchor(event.sequence, event.hash, event.moment)

    @property
    def anchor_is_genuine(self) -> bool:
        """Whether the anchor in the key file was written with the key of this practice."""
        return self.key_file.anchor_is_vouched_for(self._bundle.practice_key)

    @property
    def is_rolled_back(self) -> bool:
        """Whether the file lacks what the anchor remembers, as an older copy does, or nobody can tell."""
        anchor = self.key_file.anchor
        if not self.anchor_is_genuine:
            return True
        if anchor == BEGINNING:
            return False
        with self.reading() as session:
            found = session.scalar(select(AuditEvent.hash).where(AuditEvent.sequence == anchor.sequence))
        return found != anchor.hash

    def anchor_audit_chain(self) -> None:
        """Write the end of the audit chain to the key file, outside the encrypted file.

        The anchor only ever lags behind the chain, so that a kill raises no alarm. One that the chain does not hold
        stays, as the proof that newer work is missing, until an owner accepts that.
        """
        if self.audit_head() != self.key_file.anchor and not self.is_rolled_back:
            self._anchor()

    def accept_rollback(self) -> None:
        """Anchor the chain as it is; what an older anchor remembered is forgotten."""
        self._anchor()

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

    def _anchor(self) -> None:
        self._write(self.key_file.with_anchor(self.audit_head(), *self._bundle.practice_keys))

    def _write(self, key_file: KeyFile) -> None:
        write_key_file(key_file, self.folder)
        self.key_file = key_file

    def _settle(self, practice_key: bytes) -> None:
        self.key_file = self.key_file.with_rekey_confirmed(practice_key)
        self._bundle = self._bundle.settled_on(practice_key)
        # The file on disk holds both keys: if it cannot be written, the next change or opening settles it.
        with suppress(UserError):
            write_key_file(self.key_file, self.folder)


@contextmanager
def closing(practice: Practice) -> Iterator[Practice]:
    """Close the practice at the end of the block."""
    try:
        yield practice
    except BaseException:
        practice.abandon()
        raise
    practice.close()
