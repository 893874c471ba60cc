"""Reads a PDF back as a person and a printer would."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium


@dataclass(frozen=True)
class Words:
    """A run of words on a page, with its size and its box in points (left, bottom, right, top)."""

    text: str
    page: int
    points: float
    box: tuple[float, float, float, float]
    embedded: bool


class Paper:
    """The pages of a PDF: their words, and the boxes of lines and shapes drawn on them."""

    def __init__(self, pdf: bytes, password: str | None = None) -> None:
        self.pages: list[str] = []
        self.words: list[Words] = []
        self.sizes: list[tuple[float, float]] = []
        self.drawn: list[tuple[float, float, float, float]] = []
        with pypdfium2.PdfDocument(pdf, password=password) as document:
            self.properties = document.get_metadata_dict()
            for number, page in enumerate(document):
                self.sizes.append(page.get_size())
                textpage = page.get_textpage()
                self.pages.append(" ".join(textpage.get_text_bounded().split()))
                self.words += [
                    _words(number, found) for found in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT], textpage=textpage)
                ]
                self.drawn += [found.get_bounds() for found in page.get_objects([pdfium.FPDF_PAGEOBJ_PATH])]
                textpage.close()
                page.close()

    @property
    def text(self) -> str:
        """The words of all pages, white space as single spaces."""
        return " ".join(self.pages)

    def find(self, text: str) -> Words:
        """The first run of words that contains ``text``."""
        return next(words for words in self.words if text in words.text)

    def squares(self) -> int:
        """How many boxes to tick are drawn."""
        sides = [(right - left, top - bottom) for left, bottom, right, top in self.drawn]
        return sum(abs(across - up) < 0.1 and 5 < across < 20 for across, up in sides)

    def smallest_points(self) -> float:
        """The size of the smallest letters."""
        return min(words.points for words in self.words)

    def outermost(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top edge of all words, leaving out watermarks (over 40 point)."""
        boxes = [words.box for words in self.words if words.points < 40]
        left, bottom, right, top = zip(*boxes, strict=True)
        return min(left), min(bottom), max(right), max(top)


def _words(page: int, found: pypdfium2.PdfTextObj) -> Words:
    return Words(
        text=found.extract(),
        page=page,
        points=found.get_font_size(),
        box=found.get_bounds(),
        embedded=found.get_font().is_embedded,
    )


def properties(pdf: bytes) -> tuple[str, dict[str, str]]:
    """Return language and document properties as the file holds them."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return str(document.Root.Lang), {key: str(value) for key, value in document.docinfo.items()}
