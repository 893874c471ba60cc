"""Whatever a person typed, made fit to print: nothing crashes a document and nothing vanishes from it."""

from __future__ import annotations

import unicodedata
from functools import cache
from xml.sax.saxutils import escape

from therapist_desktop.reports import fonts

MISSING_GLYPH = "\u25a1"
"""Stands, as an empty square, for a letter of a script that the fonts do not hold."""

LONGEST_LINE = 240
"""Characters of a name or label; no real one is as long, and a column could not hold it."""

_LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def printable(text: str) -> str:
    """Return ``text`` with only characters that the fonts can show, line breaks kept as “\\n”.

    A pictograph becomes its name in square brackets, a letter of another script an empty square. Only what
    has no picture of its own anyway (control and formatting characters) is left out.
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_replacements())


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """Return ``text`` as one printable line, ended with “…” if it has more than ``longest`` characters.

    For names, numbers and labels, which stand in columns; what is told at length goes through ``markup``.
    """
    line = " ".join(printable(text[: 4 * LONGEST_LINE]).split())
    if len(line) <= longest and len(text) <= 4 * LONGEST_LINE:
        return line
    kept = line[: longest - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept) + "…"


def markup(text: str) -> str:
    """Return ``text``, of any length, escaped for a ReportLab paragraph."""
    return escape(printable(text))


def label(text: str) -> str:
    """Return a name, number or label as escaped markup on one line, empty if there is none."""
    return escape(one_line(text))


def bold(text: str) -> str:
    """Return a name, number or label as bold markup, empty if there is none."""
    line = label(text)
    return f"<b>{line}</b>" if line else ""


class _Replacements(dict[int, str]):
    """What each code point is printed as; filled as characters turn up."""

    def __init__(self, shown: frozenset[int]) -> None:
        super().__init__()
        self._shown = shown

    def __missing__(self, code: int) -> str:
        self[code] = replacement = self._replacement(code)
        return replacement

    def _replacement(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if character in _LINE_BREAKS:
            return "\n"
        if character == "\t" or (category == "Zs" and character != "\N{NO-BREAK SPACE}"):
            return "    " if character == "\t" else " "
        if category in {"Cc", "Cf"} or code in _VARIATION_SELECTORS:
            return ""
        if code in self._shown:
            return character
        name = unicodedata.name(character, "") if category in {"So", "Sk"} else ""
        return f"[{name.lower()}]" if name else MISSING_GLYPH


@cache
def _replacements() -> _Replacements:
    return _Replacements(fonts.register())
