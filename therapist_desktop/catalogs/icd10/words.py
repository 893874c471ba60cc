"""How a title and a typed search become the same plain words."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")


def plain_words(text: str) -> list[str]:
    """Return the lower-case ASCII words of a text: “Alzheimer's, Ménière” is ``alzheimers meniere``."""
    if text.isascii():
        return _WORD.findall(text.lower().replace("'", ""))
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(ch for ch in decomposed if not unicodedata.combining(ch) and ch not in "'’")
    return _WORD.findall(letters)
