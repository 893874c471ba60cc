"""One way into a practice: a password, a recovery key, this computer's keyring, or a backup's passphrase."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from therapist_desktop.storage.key_bundle import KeyBundle
from therapist_desktop.storage.key_derivation import SALT_BYTES, KdfParameters
from therapist_desktop.storage.key_json import Fields, KeyFileDamagedError, canonical
from therapist_desktop.storage.key_sealing import (
    GCM_TAG_BYTES,
    KEY_BYTES,
    KEY_ID_BYTES,
    NONCE_BYTES,
    SEAL_TAG_BYTES,
    SEALED_KEY_BYTES,
    WrongKeyError,
    is_vouched_for,
    key_id,
    lock,
    seal,
    unlock,
    unseal,
)

SLOT_ID_BYTES = 16


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSWORD = "password"  # noqa: S105
    RECOVERY = "recovery"
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105  (of a copy that leaves the house)


class Purpose(StrEnum):
    """What a sealed key opens."""

    PRACTICE = "practice"
    PRIVATE = "private"  # the psychotherapy notes of the slot's own person


@dataclass(frozen=True)
class SealedKey:
    """A key sealed for one slot."""

    purpose: Purpose
    key_id: str
    sealed: bytes = field(repr=False)
    tag: bytes = field(repr=False)

    def to_fields(self) -> dict[str, object]:
        return {
            "purpose": self.purpose.value,
            "key_id": self.key_id,
            "sealed": self.sealed.hex(),
            "tag": self.tag.hex(),
        }

    @classmethod
    def from_fields(cls, value: object) -> SealedKey:
        fields = Fields(value, {"purpose", "key_id", "sealed", "tag"})
        return cls(
            purpose=fields.choice("purpose", Purpose),
            key_id=fields.hex_bytes("key_id", KEY_ID_BYTES).hex(),
            sealed=fields.hex_bytes("sealed", SEALED_KEY_BYTES),
            tag=fields.hex_bytes("tag", SEAL_TAG_BYTES),
        )


@dataclass(frozen=True)
class Slot:
    """One way in: a key pair whose private half is locked by a secret, and the keys sealed for it."""

    vault_id: str
    slot_id: str
    kind: SlotKind
    person_id: str | None
    label: str | None
    kdf: KdfParameters
    salt: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    locked: bytes = field(repr=False)
    keys: tuple[SealedKey, ...] = ()

    @classmethod
    def new(
        cls,
        vault_id: str,
        kind: SlotKind,
        secret: bytes,
        membership_key: bytes,
        *,
        person_id: str | None = None,
        label: str | None = None,
        kdf: KdfParameters,
    ) -> Slot:
        """Make a slot that ``secret`` opens; no key is sealed for it yet."""
        private_key = X25519PrivateKey.generate()
        unlocked = cls(
            vault_id=vault_id,
            slot_id=secrets.token_hex(SLOT_ID_BYTES),
            kind=kind,
            person_id=person_id,
            label=label,
            kdf=kdf,
            salt=secrets.token_bytes(SALT_BYTES),
            public_key=private_key.public_key().public_bytes_raw(),
            nonce=b"",
            locked=b"",
        )
        nonce, locked = lock(
            private_key.private_bytes_raw() + membership_key,
            kdf.derive(secret, unlocked.salt),
            unlocked._context(),
        )
        return replace(unlocked, nonce=nonce, locked=locked)

    def key_ids(self, purpose: Purpose) -> set[str]:
        """Return the ids of the keys of this purpose that are sealed here."""
        return {sealed.key_id for sealed in self.keys if sealed.purpose is purpose}

    @property
    def holds_private_key(self) -> bool:
        """Whether this slot also opens its person's private notes."""
        return bool(self.key_ids(Purpose.PRIVATE))

    def with_key(self, purpose: Purpose, key: bytes, membership_key: bytes) -> Slot:
        """Return this slot with ``key`` sealed for it as well; no secret of the slot is needed."""
        identifier = key_id(key)
        if identifier in self.key_ids(purpose):
            return self
        sealed, tag = seal(key, self.public_key, membership_key, self._context(purpose, identifier))
        return replace(self, keys=(*self.keys, SealedKey(purpose, identifier, sealed, tag)))

    def with_practice_key_only(self, identifier: str) -> Slot:
        """Return this slot without any practice key but the one with this id."""
        kept = (s for s in self.keys if s.purpose is not Purpose.PRACTICE or s.key_id == identifier)
        return replace(self, keys=tuple(kept))

    def is_vouched_for(self, practice_key: bytes, membership_key: bytes) -> bool:
        """Tell whether somebody who holds ``practice_key`` has sealed it for exactly this slot."""
        identifier = key_id(practice_key)
        context = self._context(Purpose.PRACTICE, identifier)
        return any(
            is_vouched_for(sealed.sealed, sealed.tag, practice_key, membership_key, context)
            for sealed in self.keys
            if sealed.purpose is Purpose.PRACTICE and sealed.key_id == identifier
        )

    def open(self, secret: bytes, current_id: str, pending_id: str | None) -> KeyBundle:
        """Return what this slot holds, given the ids of the practice keys in force.

        Raises ``WrongKeyError`` for another secret, ``KeyFileDamagedError`` for a slot tampered with.
        """
        opened = unlock(self.nonce, self.locked, self.kdf.derive(secret, self.salt), self._context())
        private_half, membership_key = opened[:KEY_BYTES], opened[KEY_BYTES:]
        mine = X25519PrivateKey.from_private_bytes(private_half)
        try:
            found = {
                (sealed.purpose, sealed.key_id): unseal(
                    sealed.sealed,
                    sealed.tag,
                    mine,
                    membership_key,
                    self._context(sealed.purpose, sealed.key_id),
                )
                for sealed in self.keys
            }
            return KeyBundle(
                practice_key=found[Purpose.PRACTICE, current_id],
                pending_key=None if pending_id is None else found[Purpose.PRACTICE, pending_id],
                private_key=next((key for (what, _), key in found.items() if what is Purpose.PRIVATE), None),
                membership_key=membership_key,
                person_id=self.person_id,
            )
        except (WrongKeyError, KeyError):
            raise KeyFileDamagedError.standard() from None

    def _context(self, purpose: Purpose | None = None, identifier: str | None = None) -> bytes:
        """What the slot's secrets are bound to: everything but the label, which is only shown."""
        return canonical(
            {
                "made_for": "therapist-desktop slot 1",
                "vault_id": self.vault_id,
                "id": self.slot_id,
                "kind": self.kind.value,
                "person_id": self.person_id,
                "kdf": self.kdf.to_fields(),
                "salt": self.salt.hex(),
                "public_key": self.public_key.hex(),
                "purpose": None if purpose is None else purpose.value,
                "key_id": identifier,
            }
        )

    def to_fields(self) -> dict[str, object]:
        return {
            "id": self.slot_id,
            "kind": self.kind.value,
            "person_id": self.person_id,
            "label": self.label,
            "kdf": self.kdf.to_fields(),
            "salt": self.salt.hex(),
            "public_key": self.public_key.hex(),
            "nonce": self.nonce.hex(),
            "locked": self.locked.hex(),
            "keys": [sealed.to_fields() for sealed in self.keys],
        }

    @classmethod
    def from_fields(cls, vault_id: str, value: object) -> Slot:
        names = {"id", "kind", "person_id", "label", "kdf", "salt", "public_key", "nonce", "locked", "keys"}
        fields = Fields(value, names)
        return cls(
            vault_id=vault_id,
            slot_id=fields.hex_bytes("id", SLOT_ID_BYTES).hex(),
            kind=fields.choice("kind", SlotKind),
            person_id=fields.text_or_none("person_id"),
            label=fields.text_or_none("label"),
            kdf=fields.one("kdf", KdfParameters.from_fields),
            salt=fields.hex_bytes("salt", SALT_BYTES),
            public_key=fields.hex_bytes("public_key", KEY_BYTES),
            nonce=fields.hex_bytes("nonce", NONCE_BYTES),
            locked=fields.hex_bytes("locked", 2 * KEY_BYTES + GCM_TAG_BYTES),
            keys=fields.many("keys", SealedKey.from_fields),
        )
