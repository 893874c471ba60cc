"""The secret by which this computer remembers a practice, in the operating system's own keyring.

The keyring is a comfort and never the only way in: losing it loses no data.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from therapist_desktop.models.errors import UserError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Therapist Desktop"
SECRET_BYTES = 32

# Only keyrings the operating system protects. Others store plain text, a fixed password, or nothing at all.
_TRUSTED = {
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
}


def is_available() -> bool:
    """Tell whether this computer has a keyring that can be trusted; may take 50 ms the first time."""
    return _trusted_backend() is not None


def remember(vault_id: str, person_id: str) -> bytes:
    """Draw a new secret, keep it in the keyring in place of any earlier one, and return it.

    Raises ``UserError`` if there is no trusted keyring, if it stays locked, or if it did not keep the secret.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    backend = _backend()
    with _in_plain_words():
        backend.set_password(SERVICE, _name(vault_id, person_id), secret.hex())
        stored = backend.get_password(SERVICE, _name(vault_id, person_id))
    if stored != secret.hex():
        raise UserError("The keyring of this computer did not keep the key. Go on signing in with your password.")
    return secret


def recall(vault_id: str, person_id: str) -> bytes | None:
    """Return the secret kept for a person, or None if this computer does not remember the practice.

    Raises ``UserError`` if there is no trusted keyring or if it stays locked.
    """
    backend = _backend()
    with _in_plain_words():
        stored = backend.get_password(SERVICE, _name(vault_id, person_id))
    try:
        secret = bytes.fromhex(stored or "")
    except ValueError:
        return None
    return secret if len(secret) == SECRET_BYTES else None


def forget(vault_id: str, person_id: str) -> None:
    """Remove the secret of a person, if there is one; raises ``UserError`` as ``recall`` does."""
    backend = _backend()
    with _in_plain_words():
        if backend.get_password(SERVICE, _name(vault_id, person_id)) is not None:
            backend.delete_password(SERVICE, _name(vault_id, person_id))


def _name(vault_id: str, person_id: str) -> str:
    return f"{vault_id}/{person_id}"


def _backend() -> KeyringBackend:
    backend = _trusted_backend()
    if backend is None:
        raise UserError("This computer has no keyring that can be trusted with a key. Sign in with your password.")
    return backend


def _trusted_backend() -> KeyringBackend | None:
    """Return the keyring this session uses, or of several the first that is trusted."""
    # Importing keyring takes 50 ms, and most runs do not need it.
    import keyring  # noqa: PLC0415
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

    backend = keyring.get_keyring()
    candidates = backend.backends if isinstance(backend, ChainerBackend) else [backend]
    return next((each for each in candidates if _qualified_name(each) in _TRUSTED), None)


def _qualified_name(backend: KeyringBackend) -> str:
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"


@contextmanager
def _in_plain_words() -> Iterator[None]:
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        yield
    except KeyringError as error:
        raise UserError(
            "The keyring of this computer is locked or refused. Unlock it, or sign in with your password."
        ) from error
