"""Places of service: the two-digit codes that say where, or by which channel, a session took place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .code_table import CodeTable, shipped


@dataclass(frozen=True, slots=True)
class PlaceOfService:
    """One place; ``telehealth`` is true for 02 and 10, which go with video and phone sessions only."""

    code: str
    label: str
    telehealth: bool = False


class PlacesOfService(CodeTable[PlaceOfService]):
    """The places of service a psychotherapist uses (CMS; labels in our own words)."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file or shipped("places_of_service.toml"), "place", lambda row: PlaceOfService(**row))
