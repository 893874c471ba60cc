"""Strict reading of the key file's JSON: a field is exactly what it must be, or the file is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from therapist_desktop.models.errors import UserError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

LONGEST_TEXT = 200


class KeyFileDamagedError(UserError):
    """The key file is not what was once written."""

    @classmethod
    def standard(cls) -> KeyFileDamagedError:
        return cls("The key file of this practice is damaged. Restore the practice from a backup.")


class KeyFileTooNewError(UserError):
    """The key file was written by a newer program."""

    @classmethod
    def standard(cls) -> KeyFileTooNewError:
        return cls("This practice was made by a newer Therapist Desktop. Install the newer version to open it.")


def canonical(content: object) -> bytes:
    """Return the one spelling of ``content`` that checksums and bindings are made over."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


class Fields:
    """One JSON object with exactly the fields it should have; every reader raises ``KeyFileDamagedError``."""

    def __init__(self, value: object, names: set[str]) -> None:
        if not isinstance(value, dict) or set(value) != names:
            raise KeyFileDamagedError.standard()
        self._values: dict[str, Any] = value

    def text(self, name: str) -> str:
        value = self._values[name]
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise KeyFileDamagedError.standard()
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self._values[name] is None else self.text(name)

    def number(self, name: str, least: int = 0, most: int = 2**53) -> int:
        value = self._values[name]
        if type(value) is not int or not least <= value <= most:
            raise KeyFileDamagedError.standard()
        return value

    def hex_bytes(self, name: str, length: int) -> bytes:
        """Read ``length`` bytes; upper case is refused, so that there is one spelling only."""
        value = self._values[name]
        if not isinstance(value, str) or len(value) != 2 * length or not set(value) <= set("0123456789abcdef"):
            raise KeyFileDamagedError.standard()
        return bytes.fromhex(value)

    def choice(self, name: str, kind: type[E]) -> E:
        try:
            return kind(self.text(name))
        except ValueError:
            raise KeyFileDamagedError.standard() from None

    def one(self, name: str, read: Callable[[object], T]) -> T:
        return read(self._values[name])

    def one_or_none(self, name: str, read: Callable[[object], T]) -> T | None:
        return None if self._values[name] is None else read(self._values[name])

    def many(self, name: str, read: Callable[[object], T], most: int = 200) -> tuple[T, ...]:
        value = self._values[name]
        if not isinstance(value, list) or len(value) > most:
            raise KeyFileDamagedError.standard()
        return tuple(read(item) for item in value)
