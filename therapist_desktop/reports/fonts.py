"""The fonts of printed documents, registered with ReportLab once per process."""

from __future__ import annotations

from functools import cache
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from therapist_desktop import paths

REGULAR = "Inter"
SEMIBOLD = "Inter-SemiBold"
ITALIC = "Inter-Italic"
MONO = "JetBrainsMono"

_FILES = {
    REGULAR: "inter/Inter-Regular.ttf",
    SEMIBOLD: "inter/Inter-SemiBold.ttf",
    ITALIC: "inter/Inter-Italic.ttf",
    MONO: "jetbrains-mono/JetBrainsMono-Medium.ttf",
}


_LOADING = Lock()
"""ReportLab keeps fonts for the whole process: two threads must not register them twice."""


def register() -> frozenset[int]:
    """Register the faces, once, and return the code points that every face of Inter can show.

    Loading takes about 15 ms, so it happens when the first document is built, not at import.
    """
    with _LOADING:
        return _registered()


@cache
def _registered() -> frozenset[int]:
    """Shaping is off, so that the same data gives the same bytes whether or not HarfBuzz is installed."""
    folder = paths.resources() / "fonts"
    faces = {
        name: TTFont(name, str(folder / file), asciiReadable=False, shapable=False) for name, file in _FILES.items()
    }
    for name, face in faces.items():
        pdfmetrics.registerFont(face)
        bold, italic = (SEMIBOLD, ITALIC) if name == REGULAR else (name, name)
        pdfmetrics.registerFontFamily(name, normal=name, bold=bold, italic=italic, boldItalic=bold)
    shown = (frozenset(faces[name].face.charToGlyph) for name in (REGULAR, SEMIBOLD, ITALIC))
    return frozenset.intersection(*shown)


def width(text: str, font: str, points: float) -> float:
    """Return how wide a line of printable text is, in points."""
    register()
    measured: float = pdfmetrics.stringWidth(text, font, points)
    return measured
