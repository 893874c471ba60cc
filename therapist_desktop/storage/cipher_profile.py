"""The numbers without which an SQLCipher file cannot be read; the file itself does not carry them."""

from __future__ import annotations

from dataclasses import dataclass

from therapist_desktop.storage.key_json import Fields, KeyFileTooNewError


@dataclass(frozen=True)
class CipherProfile:
    """``PRAGMA cipher_compatibility`` and ``PRAGMA cipher_page_size`` (bytes) of a practice's databases."""

    compatibility: int = 4
    page_size: int = 4096

    def to_fields(self) -> dict[str, object]:
        return {"compatibility": self.compatibility, "page_size": self.page_size}

    @classmethod
    def from_fields(cls, value: object) -> CipherProfile:
        """Read the profile; any other than today's can only come from a newer program."""
        fields = Fields(value, {"compatibility", "page_size"})
        profile = cls(fields.number("compatibility"), fields.number("page_size"))
        if profile != cls():
            raise KeyFileTooNewError.standard()
        return profile


STANDARD_CIPHER = CipherProfile()
