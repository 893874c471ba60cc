"""Provider taxonomy: the ten-character codes that say what kind of provider someone is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .code_table import CodeTable, shipped

_FORM = re.compile(r"[0-9A-Z]{9}X")  # clinical.md 1.2


@dataclass(frozen=True, slots=True)
class ProviderType:
    """One code with its classification and specialization as NUCC publishes them."""

    code: str
    classification: str
    specialization: str = ""

    @property
    def label(self) -> str:
        """The classification and specialization on one line: ``Counselor, Mental Health``."""
        return ", ".join(filter(None, (self.classification, self.specialization)))


class ProviderTaxonomy(CodeTable[ProviderType]):
    """The provider types of psychotherapy; ``source.notice`` must be shown wherever the list is."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file or shipped("taxonomy.toml"), "provider", lambda row: ProviderType(**row))


def is_taxonomy_code(text: str) -> bool:
    """Return whether the text has the form of a taxonomy code; the list above holds only the common ones."""
    return _FORM.fullmatch(text) is not None
