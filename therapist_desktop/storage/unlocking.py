"""The ways to open a key file, each as a function that is handed to whoever holds the file."""

from __future__ import annotations

from collections.abc import Callable

from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.recovery_key import RecoveryKey

Unlock = Callable[[KeyFile], KeyBundle]
"""Opens a key file, or raises ``UserError``; takes as long as Argon2id does."""


def with_password(person_id: int, password: str) -> Unlock:
    """Open as one of the people of the practice."""
    return lambda key_file: key_file.unlock_with_password(str(person_id), password)


def with_recovery_key(recovery_key: RecoveryKey) -> Unlock:
    """Open with the printed key of the practice."""
    return lambda key_file: key_file.unlock_with_recovery_key(recovery_key)


def with_keyring(person_id: int, secret: bytes) -> Unlock:
    """Open with the secret that this computer’s keyring holds for a person."""
    return lambda key_file: key_file.unlock_with_keyring(str(person_id), secret)


def with_passphrase(passphrase: str) -> Unlock:
    """Open a copy that left the house with a passphrase of its own."""
    return lambda key_file: key_file.unlock_with_passphrase(passphrase)
