"""The key of a backup: drawn anew for each, and sealed for those who may open it (docs/decisions/0005-backups.md)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.key_sealing import KEY_BYTES
from therapist_desktop.storage.key_slots import SlotKind


@dataclass(frozen=True)
class CopyKeys:
    """The key a copy is encrypted with, and the key file that goes into its header."""

    key_file: KeyFile
    key: bytes = field(repr=False)


def keys_of_copy(key_file: KeyFile, bundle: KeyBundle) -> CopyKeys:
    """Draw a key that everybody’s password and the recovery key open; nobody’s password is needed for that.

    What this computer remembers is left out: it would open nothing on the computer a backup is for.
    """
    for slot in key_file.slots:
        if slot.kind is SlotKind.KEYRING:
            key_file = key_file.without_slot(slot.slot_id)
    key = secrets.token_bytes(KEY_BYTES)
    return CopyKeys(key_file.with_pending_rekey(bundle, key).with_rekey_confirmed(key), key)


def keys_of_passphrase_copy(key_file: KeyFile, passphrase: str, kdf: KdfParameters) -> CopyKeys:
    """Draw a key that only this passphrase opens. No secret of the practice is in such a copy."""
    own, bundle = KeyFile.create(key_file.vault_id)
    return CopyKeys(own.with_passphrase(bundle, passphrase, kdf), bundle.practice_key)
