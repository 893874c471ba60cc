"""The strings of a finished PDF, drawn once more on a bare ReportLab canvas: no layout, the same embedded fonts."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from therapist_desktop.reports import fonts

_FACES = {"Inter-Regular": fonts.REGULAR, "Inter-SemiBold": fonts.SEMIBOLD, "Inter-Italic": fonts.ITALIC}


@dataclass(frozen=True)
class Words:
    """A string at its place on a page, in points from the lower left corner."""

    x: float
    y: float
    face: str
    points: float
    text: str


Pages = tuple[tuple[Words, ...], ...]


def strings_of(pdf: bytes) -> Pages:
    """Return every string of a document, page by page."""
    with PdfDocument(pdf) as document:
        return tuple(
            tuple(
                Words(
                    x=found.get_matrix().e,
                    y=found.get_matrix().f,
                    face=_FACES.get(found.get_font().get_base_name(), fonts.REGULAR),
                    points=found.get_font_size(),
                    text=found.extract(),
                )
                for found in page.get_objects(filter=[FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage())
            )
            for page in document
        )


def draw(pages: Pages) -> bytes:
    """Return a PDF with these strings and nothing else."""
    fonts.register()
    output = BytesIO()
    canvas = Canvas(output, pagesize=LETTER, pageCompression=1, invariant=1)
    for page in pages:
        for words in page:
            canvas.setFont(words.face, words.points)
            canvas.drawString(words.x, words.y, words.text)
        canvas.showPage()
    canvas.save()
    return output.getvalue()
