"""A small table of coded entries kept in a TOML file, with where its facts come from."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from therapist_desktop import paths

from .errors import CatalogError


class Coded(Protocol):
    """An entry that is looked up by its code."""

    @property
    def code(self) -> str: ...


Entry = TypeVar("Entry", bound=Coded)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table comes from, when it was gathered, and the notice that must go with it, if any."""

    name: str
    licence: str
    gathered: str  # ISO date
    notice: str = ""


class CodeTable(Generic[Entry]):
    """The entries of one file in their order, found by code in any case.

    Raises ``CatalogError`` when the file is missing, is not TOML or lacks something.
    """

    def __init__(self, file: Path, key: str, make: Callable[[Mapping[str, Any]], Entry]) -> None:
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            self.source = Source(**content["source"])
            entries = [make(row) for row in content[key]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CatalogError(f"The reference table {file.name} is missing or damaged.") from error
        self._by_code = {entry.code.upper(): entry for entry in entries}

    def get(self, code: str) -> Entry | None:
        """Return the entry of a code, or None."""
        return self._by_code.get(code.strip().upper())

    def __contains__(self, code: str) -> bool:
        return self.get(code) is not None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)


def shipped(name: str) -> Path:
    """Return the path of a table that ships with the program."""
    return paths.resources() / "catalogs" / name
