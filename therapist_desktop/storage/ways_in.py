"""Planning who can open a practice and with what: nothing is changed until the practice keeps the plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.key_slots import SlotKind
from therapist_desktop.storage.recovery_key import RecoveryKey


@dataclass(frozen=True)
class WaysIn:
    """Every way into an open practice, as it is or as it is planned to be. A refused plan raises ``UserError``.

    A way in that is closed still opens old copies: old backups, and with an old copy of the key file the practice of
    today until it is encrypted anew.
    """

    key_file: KeyFile
    bundle: KeyBundle = field(repr=False)
    kdf: KdfParameters

    def with_password(self, person_id: int, label: str, password: str) -> WaysIn:
        """Let a further person sign in."""
        return self._with(self.key_file.with_password_slot(self.bundle, str(person_id), label, password, self.kdf))

    def with_password_changed(self, person_id: int, old: str, new: str) -> WaysIn:
        """Replace a password by its owner."""
        return self._with(self.key_file.with_password_changed(str(person_id), old, new, self.kdf))

    def with_password_reset(self, person_id: int, new: str, *, discard_private_notes: bool = False) -> WaysIn:
        """Give a person a new password without the old one."""
        return self._with(
            self.key_file.with_password_reset(
                self.bundle, str(person_id), new, self.kdf, discard_private_key=discard_private_notes
            )
        )

    def with_recovery_key(self, recovery_key: RecoveryKey) -> WaysIn:
        """Set the printed recovery key in place of the earlier one."""
        return self._with(self.key_file.with_recovery_key(self.bundle, recovery_key, kdf=self.kdf))

    def with_keyring(self, person_id: int, secret: bytes) -> WaysIn:
        """Let the secret in this computer’s keyring open the practice for a person."""
        return self._with(self.key_file.with_keyring_slot(self.bundle, str(person_id), secret, self.kdf))

    def with_labels(self, labels: dict[int, str]) -> WaysIn:
        """Set the names that people are shown with before anything is unlocked."""
        key_file = self.key_file
        for slot in self.key_file.password_slots:
            number = int(slot.person_id or "")
            if number in labels:
                key_file = key_file.with_label(str(number), labels[number])
        return self._with(key_file)

    def without_person(self, person_id: int, *, discard_private_notes: bool = False) -> WaysIn:
        """Close every way in of a person; encrypt the practice anew to shut the person out."""
        return self._with(self.key_file.without_person(str(person_id), discard_private_key=discard_private_notes))

    def without_passphrase(self) -> WaysIn:
        """Close the way in that a restored copy with a passphrase of its own came with; encrypt anew as well."""
        slot = self.key_file.slot(SlotKind.PASSPHRASE)
        return self if slot is None else self._with(self.key_file.without_slot(slot.slot_id))

    @property
    def has_passphrase(self) -> bool:
        """Whether the passphrase of the copy it was restored from still opens the practice."""
        return self.key_file.slot(SlotKind.PASSPHRASE) is not None

    def has_password(self, person_id: int) -> bool:
        """Whether a person can sign in with a password."""
        return self.key_file.slot(SlotKind.PASSWORD, str(person_id)) is not None

    def _with(self, key_file: KeyFile) -> WaysIn:
        return replace(self, key_file=key_file)
