"""The one form in which content is hashed, signed and frozen.

UTF-8 JSON with sorted keys and no spare white space, so that the same content always has the same bytes.
"""

from __future__ import annotations

import hashlib
from typing import TypeVar

import msgspec

from therapist_desktop.models.whole_text import whole_text

C = TypeVar("C")


def canonical_bytes(content: object) -> bytes:
    """Return the canonical bytes of a frozen content class, with its text mended just as the file stores it."""
    try:
        return msgspec.json.encode(content, order="sorted")
    except UnicodeEncodeError:
        return msgspec.json.encode(_mended(msgspec.to_builtins(content)), order="sorted")


def from_canonical(data: bytes, kind: type[C]) -> C:
    """Read content back; raises ``msgspec.ValidationError`` if the bytes are not of that kind."""
    return msgspec.json.decode(data, type=kind)


def _mended(value: object) -> object:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, dict):
        return {_mended(name): _mended(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(one) for one in value]
    return value


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
