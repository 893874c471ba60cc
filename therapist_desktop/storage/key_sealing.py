"""Locking a secret behind a key, and sealing a key so that only one slot's owner can open it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

KEY_BYTES = 32
NONCE_BYTES = 12
GCM_TAG_BYTES = 16
SEALED_KEY_BYTES = 32 + KEY_BYTES + GCM_TAG_BYTES  # the sender's one-time public key, the key, the tag
SEAL_TAG_BYTES = 32
KEY_ID_BYTES = 8

# RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEY_ID_DOMAIN = b"therapist-desktop key id 1\0"


class WrongKeyError(Exception):
    """The key does not open what it was tried on, or somebody has changed it."""


def key_id(key: bytes) -> str:
    """Return a short public name of a random key; it tells nothing about the key."""
    return hashlib.sha256(_KEY_ID_DOMAIN + key).digest()[:KEY_ID_BYTES].hex()


def lock(secret: bytes, key: bytes, context: bytes) -> tuple[bytes, bytes]:
    """Encrypt ``secret`` with AES-256-GCM, bound to ``context``; return nonce and ciphertext."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, secret, context)


def unlock(nonce: bytes, locked: bytes, key: bytes, context: bytes) -> bytes:
    """Open what ``lock`` made; raises ``WrongKeyError``."""
    try:
        return AESGCM(key).decrypt(nonce, locked, context)
    except InvalidTag:
        raise WrongKeyError from None


def seal(key: bytes, public_key: bytes, membership_key: bytes, context: bytes) -> tuple[bytes, bytes]:
    """Seal ``key`` for the owner of ``public_key``, bound to ``context``; return the sealed bytes and a tag.

    Anybody can seal something for a public key. The tag can only be made by somebody who holds the
    membership key and the sealed key itself, and so vouches for both: the key comes from a member, and the
    public key is a member's.
    """
    sealed = _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public_key), info=context)
    return sealed, _tag(sealed, key, membership_key, context)


def unseal(sealed: bytes, tag: bytes, private_key: X25519PrivateKey, membership_key: bytes, context: bytes) -> bytes:
    """Open what ``seal`` made and check its tag; raises ``WrongKeyError``."""
    try:
        key = _SUITE.decrypt(sealed, private_key, info=context)
    except InvalidTag:
        raise WrongKeyError from None
    if not is_vouched_for(sealed, tag, key, membership_key, context):
        raise WrongKeyError
    return key


def is_vouched_for(sealed: bytes, tag: bytes, key: bytes, membership_key: bytes, context: bytes) -> bool:
    """Tell whether a holder of ``key`` and the membership key made this seal for the slot in ``context``."""
    return hmac.compare_digest(tag, _tag(sealed, key, membership_key, context))


def _tag(sealed: bytes, key: bytes, membership_key: bytes, context: bytes) -> bytes:
    return hmac.digest(membership_key + key, hashlib.sha256(context).digest() + sealed, "sha256")
