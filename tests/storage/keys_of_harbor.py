"""A fictional practice's key file, with cheap Argon2id parameters so that tests are quick."""

from __future__ import annotations

from dataclasses import dataclass

from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.recovery_key import RecoveryKey

CHEAP = KdfParameters(memory_kib=8 * 1024, time=1, lanes=1)
ROSA, SAM = "person-rosa", "person-sam"
ROSAS_PASSWORD = "harbor lantern seven boats"
SAMS_PASSWORD = "granite kettle under moss"
KEYRING_SECRET = bytes(range(32))


@dataclass(frozen=True)
class HarborKeys:
    """The key file of a practice of two, and what is needed to get in."""

    file: KeyFile
    bundle: KeyBundle
    recovery_key: RecoveryKey


def harbor_keys() -> HarborKeys:
    """Make the key file of a new practice: two people, a recovery key, and a computer that remembers Rosa."""
    key_file, bundle = KeyFile.create()
    recovery_key = RecoveryKey.new()
    key_file = (
        key_file.with_password_slot(bundle, ROSA, "Rosa Alvarez, LCSW", ROSAS_PASSWORD, CHEAP)
        .with_password_slot(bundle, SAM, "Sam Whitfield, LMFT", SAMS_PASSWORD, CHEAP)
        .with_recovery_key(bundle, recovery_key, kdf=CHEAP)
        .with_keyring_slot(bundle, ROSA, KEYRING_SECRET, CHEAP)
    )
    return HarborKeys(key_file, bundle, recovery_key)
