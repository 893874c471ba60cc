"""From what a person types to a key: Argon2id with parameters that are neither weak nor absurd."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from therapist_desktop.storage.key_json import Fields, KeyFileDamagedError

SALT_BYTES = 16
KEY_BYTES = 32

# What a file may ask for. The lower bounds exist so that tests are quick; what the program writes is far
# above. With the upper ones, which a damaged or hostile file may ask for, one try takes a few seconds.
MEMORY_KIB = (8 * 1024, 512 * 1024)
TIME = (1, 8)
LANES = (1, 16)

_NAME = "argon2id"


@dataclass(frozen=True)
class KdfParameters:
    """What one guess costs.

    The default, 64 MiB, 3 passes and 4 lanes, is the second recommended option of RFC 9106 section 4.
    """

    memory_kib: int = 64 * 1024
    time: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        for value, (least, most) in ((self.memory_kib, MEMORY_KIB), (self.time, TIME), (self.lanes, LANES)):
            if not least <= value <= most:
                raise ValueError(f"Argon2id parameter {value} is not between {least} and {most}")

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return the 32-byte key for ``secret``; takes about 150 ms with the default parameters."""
        argon2id = Argon2id(
            salt=salt, length=KEY_BYTES, iterations=self.time, lanes=self.lanes, memory_cost=self.memory_kib
        )
        return argon2id.derive(secret)

    def to_fields(self) -> dict[str, object]:
        return {"name": _NAME, "memory_kib": self.memory_kib, "time": self.time, "lanes": self.lanes}

    @classmethod
    def from_fields(cls, value: object) -> KdfParameters:
        fields = Fields(value, {"name", "memory_kib", "time", "lanes"})
        if fields.text("name") != _NAME:
            raise KeyFileDamagedError.standard()
        return cls(
            memory_kib=fields.number("memory_kib", *MEMORY_KIB),
            time=fields.number("time", *TIME),
            lanes=fields.number("lanes", *LANES),
        )


STANDARD_KDF = KdfParameters()


def password_bytes(password: str) -> bytes:
    """Return the bytes of a password, the same for every keyboard's way of composing an accent (NFKC)."""
    # A lone surrogate can come from a terminal with another encoding; it is a wrong password, not a crash.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
