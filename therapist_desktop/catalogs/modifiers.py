"""Procedure modifiers: two characters that qualify a service on a superbill line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .code_table import CodeTable, shipped


@dataclass(frozen=True, slots=True)
class Modifier:
    """One modifier; every label is this program's own wording.

    ``owner`` is AMA for the numbers that belong to CPT, whose descriptors are never shipped, else CMS.
    ``channel`` is the only channel of a session the modifier fits, empty if it fits any.
    """

    code: str
    label: str
    owner: Literal["AMA", "CMS"]
    channel: Literal["video", "audio", "asynchronous", ""] = ""


class Modifiers(CodeTable[Modifier]):
    """The modifiers of behavioral health; U codes mean what each state's Medicaid says."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file or shipped("modifiers.toml"), "modifier", lambda row: Modifier(**row))
