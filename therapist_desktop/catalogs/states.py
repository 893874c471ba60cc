"""The postal codes of the US states, the District of Columbia, territories and military addresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .code_table import CodeTable, shipped


@dataclass(frozen=True, slots=True)
class State:
    """One postal code; only a state, the district or a territory can be where a client is seen."""

    code: str
    name: str
    kind: Literal["state", "district", "territory", "military"] = "state"


class States(CodeTable[State]):
    """The postal codes of USPS Publication 28, appendix B."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file or shipped("states.toml"), "state", lambda row: State(**row))
