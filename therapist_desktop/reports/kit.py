"""The page frame of every document: margins, running head, watermark, “Page 1 of 3”."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.printable import one_line, printable

_NO_DATE = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What surrounds the text of a document. Title, author and date go into the file's properties."""

    title: str
    """Shown by a viewer and by file managers: never a client's name."""
    author: str
    """The practice."""
    made_on: date | None
    """None for a blank form."""
    language: str = "en-US"
    running_head: str = ""
    """At the top of every page but the first."""
    foot: str = ""
    watermark: str = ""
    side_margin: float = styles.SIDE_MARGIN
    end_margin: float = styles.END_MARGIN
    """At top and bottom."""
    furniture_points: float = styles.FOOT_POINTS
    """Size of running head and foot."""
    page_words: tuple[str, str] = ("Page", "of")
    number_a_single_page: bool = True

    @property
    def foot_height(self) -> float:
        """Room kept free above the bottom margin."""
        return 2 * self.furniture_points

    @property
    def head_height(self) -> float:
        """Room kept free below the top margin of later pages."""
        return 2.5 * self.furniture_points if self.running_head else 0

    @property
    def width(self) -> float:
        """Width of the text, in points."""
        return styles.PAGE_WIDTH - 2 * self.side_margin

    @property
    def height(self) -> float:
        """Height of the text on the first page, in points."""
        return styles.PAGE_HEIGHT - 2 * self.end_margin - self.foot_height


def render(write: Callable[[], Sequence[Flowable]], sheet: Sheet) -> bytes:
    """Return the PDF of what ``write`` returns; it is called when the fonts are there.

    The same story and sheet give the same bytes, in any process.
    """
    fonts.register()
    output = BytesIO()
    document = BaseDocTemplate(
        output,
        pagesize=(styles.PAGE_WIDTH, styles.PAGE_HEIGHT),
        pageTemplates=[_page(sheet, first=True), _page(sheet, first=False)],
        title=printable(sheet.title),
        author=printable(sheet.author),
        subject="",
        creator="Therapist Desktop",
        lang=sheet.language,
        displayDocTitle=True,
        printScaling="None",
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
    )
    document.build(list(write()), canvasmaker=partial(_NumberedCanvas, sheet=sheet))
    return output.getvalue()


def _page(sheet: Sheet, *, first: bool) -> PageTemplate:
    lowered = 0 if first else sheet.head_height
    frame = Frame(
        sheet.side_margin,
        sheet.end_margin + sheet.foot_height,
        sheet.width,
        sheet.height - lowered,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    return PageTemplate(
        id="first" if first else "later",
        frames=[frame],
        onPage=partial(_draw_surroundings, sheet=sheet, first=first),
        autoNextPageTemplate="later",
    )


def _draw_surroundings(canvas: Canvas, _document: BaseDocTemplate, *, sheet: Sheet, first: bool) -> None:
    if sheet.watermark:
        draw_watermark(canvas, sheet.watermark)
    if sheet.running_head and not first:
        canvas.setFont(fonts.REGULAR, sheet.furniture_points)
        canvas.setFillColor(styles.MUTED)
        top = styles.PAGE_HEIGHT - sheet.end_margin - sheet.furniture_points
        canvas.drawString(sheet.side_margin, top, _cut_to_width(sheet.running_head, sheet, sheet.width))


def _cut_to_width(text: str, sheet: Sheet, room: float) -> str:
    """Shorten a running head or foot, which repeats what stands in full elsewhere."""
    line = one_line(text)
    while len(line) > 1 and fonts.width(line, fonts.REGULAR, sheet.furniture_points) > room:
        line = line[:-2].rstrip() + "…"
    return line


def draw_watermark(canvas: Canvas, text: str) -> None:
    """Write ``text`` in pale letters from corner to corner, under what is printed next."""
    points = min(200.0, 100 * 620 / fonts.width(text, fonts.SEMIBOLD, 100))
    canvas.saveState()
    canvas.setFillColor(styles.WATERMARK)
    canvas.setFont(fonts.SEMIBOLD, points)
    canvas.translate(styles.PAGE_WIDTH / 2, styles.PAGE_HEIGHT / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, -points / 3, text)
    canvas.restoreState()


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """Holds pages back until their number is known, so that each can say “Page 1 of 3”."""

    def __init__(self, *arguments: Any, sheet: Sheet, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sheet = sheet
        self._pages: list[dict[str, Any]] = []
        day = sheet.made_on or _NO_DATE
        self.setDateFormatter(lambda *_now: f"D:{day.year:04}{day.month:02}{day.day:02}000000Z")

    def showPage(self) -> None:  # noqa: N802  the name is ReportLab’s
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = self._pages
        for number, page in enumerate(pages, start=1):
            self.__dict__.update(page)
            self._draw_foot(number, len(pages))
            super().showPage()
        super().save()

    def _draw_foot(self, number: int, total: int) -> None:
        """Write the foot last, so that a reader hears it after the page."""
        sheet = self._sheet
        self.setFont(fonts.REGULAR, sheet.furniture_points)
        self.setFillColor(styles.MUTED)
        if sheet.foot:
            beside_number = sheet.width - 12 * sheet.furniture_points
            self.drawString(sheet.side_margin, sheet.end_margin, _cut_to_width(sheet.foot, sheet, beside_number))
        if total > 1 or sheet.number_a_single_page:
            word, of = sheet.page_words
            right = styles.PAGE_WIDTH - sheet.side_margin
            self.drawRightString(right, sheet.end_margin, f"{word} {number} {of} {total}")
