"""HCPCS Level II services a psychotherapist may bill; CMS owns them, so they ship (CPT does not)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .code_table import CodeTable, shipped


@dataclass(frozen=True, slots=True)
class HcpcsService:
    """One service with a short label in our own words; ``unit_minutes`` is 0 when a unit is no span of time."""

    code: str
    label: str
    unit_minutes: int = 0


class HcpcsServices(CodeTable[HcpcsService]):
    """The Level II services of behavioral health, to start a service catalogue from."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file or shipped("hcpcs.toml"), "service", lambda row: HcpcsService(**row))
