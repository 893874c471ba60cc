"""The head of the audit chain, kept outside the database so that a cut or replaced chain is noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from therapist_desktop.storage.key_json import Fields, KeyFileDamagedError

HASH_BYTES = 32


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
