"""The head of the audit chain, kept outside the database so that a cut or replaced chain is noticed."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime

from therapist_desktop.models.audit import FIRST_HASH
from therapist_desktop.storage.key_json import Fields, KeyFileDamagedError, canonical
from therapist_desktop.storage.key_sealing import KEY_ID_BYTES, key_id

HASH_BYTES = 32
_TAG_BYTES = 32
_TAG_DOMAIN = b"therapist-desktop audit anchor 1\0"


@dataclass(frozen=True)
class Anchor:
    """Number, SHA-256 (hex) and moment (with its offset) of the last audit event that was anchored."""

    sequence: int
    hash: str
    moment: datetime

    def __post_init__(self) -> None:
        if len(self.hash) != 2 * HASH_BYTES or self.moment.tzinfo is None or self.sequence < 0:
            raise ValueError("an anchor has a sequence, a SHA-256 in hex and a moment with an offset")

    def to_fields(self) -> dict[str, object]:
        return {"sequence": self.sequence, "hash": self.hash, "moment": self.moment.isoformat()}

    @classmethod
    def from_fields(cls, value: object) -> Anchor:
        fields = Fields(value, {"sequence", "hash", "moment"})
        try:
            moment = datetime.fromisoformat(fields.text("moment"))
            return cls(fields.number("sequence"), fields.hex_bytes("hash", HASH_BYTES).hex(), moment)
        except ValueError:
            raise KeyFileDamagedError.standard() from None


BEGINNING = Anchor(0, FIRST_HASH, datetime(1970, 1, 1, tzinfo=UTC))
"""The end of a chain that has no event yet."""


@dataclass(frozen=True)
class AnchorTag:
    """What only somebody with a practice key can make: HMAC-SHA-256 over the vault and the anchor."""

    key_id: str
    tag: bytes = field(repr=False)

    @classmethod
    def made(cls, anchor: Anchor, vault_id: str, practice_key: bytes) -> AnchorTag:
        """Vouch for an anchor."""
        content = canonical({"vault_id": vault_id, **anchor.to_fields()})
        return cls(key_id(practice_key), hmac.digest(practice_key, _TAG_DOMAIN + content, "sha256"))

    def equals(self, other: AnchorTag) -> bool:
        """Compare in a time that tells nothing about the tag."""
        return self.key_id == other.key_id and hmac.compare_digest(self.tag, other.tag)

    def to_fields(self) -> dict[str, object]:
        return {"key_id": self.key_id, "tag": self.tag.hex()}

    @classmethod
    def from_fields(cls, value: object) -> AnchorTag:
        fields = Fields(value, {"key_id", "tag"})
        return cls(fields.hex_bytes("key_id", KEY_ID_BYTES).hex(), fields.hex_bytes("tag", _TAG_BYTES))
