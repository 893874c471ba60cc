"""The printed recovery key: 160 random bits with a check, readable by people."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from therapist_desktop.models.errors import UserError

#: Crockford base32: no I, L, O or U. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BYTES = 20
CHECK_BYTES = 5
GROUPS = 8
GROUP_LENGTH = 5

_LENGTH = GROUPS * GROUP_LENGTH
_BITS, _MASK = 5, 31  # of one character
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_CHECK_DOMAIN = b"therapist-desktop recovery key 1\0"
_ADVICE = "Compare it with the printed page and type it again."


@dataclass(frozen=True)
class RecoveryKey:
    """A way into the practice that is kept on paper, for the day a password is forgotten."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES:
            raise ValueError(f"a recovery key holds {SECRET_BYTES} bytes")

    @classmethod
    def new(cls) -> RecoveryKey:
        """Draw a fresh key from the operating system's random numbers."""
        return cls(secrets.token_bytes(SECRET_BYTES))

    @property
    def text(self) -> str:
        """The key as it is printed: eight groups of five characters."""
        symbols = _encode(self.secret + _check(self.secret))
        return "-".join(symbols[i : i + GROUP_LENGTH] for i in range(0, _LENGTH, GROUP_LENGTH))

    @classmethod
    def parse(cls, text: str) -> RecoveryKey:
        """Read a typed key; case, spaces, dashes, O for 0 and I or L for 1 do not matter.

        Raises ``UserError`` for anything mistyped, naming the group when one slip explains it.
        """
        number = _decode(_symbols(text))
        if not _is_whole(number):
            raise UserError(f"{_where(_groups_one_slip_away(number))} {_ADVICE}")
        return cls(_split(number)[0])


def _symbols(text: str) -> str:
    """Return the 40 canonical characters of ``text``, or say what is missing or strange."""
    plain = unicodedata.normalize("NFKC", text).upper()
    # A key pasted from a document may bring any of Unicode's dashes.
    parts = [part.translate(_READ_AS) for part in re.split(r"[\s\-\u2010-\u2015\u2212_.]+", plain) if part]
    symbols = "".join(parts)
    if len(parts) == GROUPS:
        wrong_length = [n for n, part in enumerate(parts, 1) if len(part) != GROUP_LENGTH]
        if wrong_length:
            raise UserError(f"{_where(wrong_length)} Each group has {GROUP_LENGTH} characters. {_ADVICE}")
    if len(symbols) != _LENGTH:
        raise UserError(
            f"A recovery key has {GROUPS} groups of {GROUP_LENGTH} characters, {_LENGTH} in all; "
            f"this has {len(symbols)}. {_ADVICE}"
        )
    strange = sorted({i // GROUP_LENGTH + 1 for i, symbol in enumerate(symbols) if symbol not in ALPHABET})
    if strange:
        raise UserError(
            f"{_where(strange)} A recovery key uses digits and letters only, never the letter U. {_ADVICE}"
        )
    return symbols


def _where(groups: list[int]) -> str:
    match groups:
        case []:
            return "The recovery key was mistyped."
        case [group]:
            return f"Group {group} of the recovery key looks wrong."
        case _:
            named = ", ".join(str(group) for group in groups[:-1]) + f" and {groups[-1]}"
            return f"Groups {named} of the recovery key look wrong."


def _groups_one_slip_away(number: int) -> list[int]:
    """Return the group or groups whose one wrong or swapped character would explain the failed check."""
    for repaired, positions in _repairs(number):
        if _is_whole(repaired):
            return sorted({position // GROUP_LENGTH + 1 for position in positions})
    return []


def _repairs(number: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Undo every possible slip: first one wrong character, then two neighbours swapped."""
    shifts = [_BITS * (_LENGTH - 1 - i) for i in range(_LENGTH)]
    for i, shift in enumerate(shifts):
        for difference in range(1, len(ALPHABET)):
            yield number ^ difference << shift, (i,)
    for i, (left, right) in enumerate(pairwise(shifts)):
        difference = (number >> left ^ number >> right) & _MASK
        yield number ^ difference << left ^ difference << right, (i, i + 1)


def _is_whole(number: int) -> bool:
    secret, check = _split(number)
    return _check(secret) == check


def _split(number: int) -> tuple[bytes, bytes]:
    data = number.to_bytes(SECRET_BYTES + CHECK_BYTES)
    return data[:SECRET_BYTES], data[SECRET_BYTES:]


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(_CHECK_DOMAIN + secret).digest()[:CHECK_BYTES]


def _encode(data: bytes) -> str:
    number = int.from_bytes(data)
    return "".join(ALPHABET[number >> _BITS * i & _MASK] for i in reversed(range(_LENGTH)))


def _decode(symbols: str) -> int:
    number = 0
    for symbol in symbols:
        number = number << _BITS | ALPHABET.index(symbol)
    return number
