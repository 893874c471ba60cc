"""Sizes, weights and greys of printed documents: black on white, for a laser printer."""

from __future__ import annotations

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle

from therapist_desktop.reports import fonts

PAGE_WIDTH: float = LETTER[0]
PAGE_HEIGHT: float = LETTER[1]
SIDE_MARGIN = 54.0
END_MARGIN = 44.0

INK = black
MUTED = Color(0.33, 0.33, 0.33)
"""Labels and hints; still 7:1 on white."""
HAIRLINE = Color(0.72, 0.72, 0.72)
WATERMARK = Color(0.87, 0.87, 0.87)

STRONG_RULE = 0.75
THIN_RULE = 0.4


def style(
    name: str,
    points: float,
    leading: float,
    *,
    font: str = fonts.REGULAR,
    color: Color = INK,
    align: int = 0,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    keep_with_next: bool = False,
) -> ParagraphStyle:
    """Return a paragraph style; sizes and gaps in points. Lone first and last lines are avoided."""
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=points,
        leading=leading,
        textColor=color,
        alignment=align,
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        keepWithNext=int(keep_with_next),
        allowWidows=0,
        allowOrphans=0,
        bulletFontName=font,
    )


TITLE = style("title", 16, 20, font=fonts.SEMIBOLD)
SUBTITLE = style("subtitle", 9, 12.5)
HEADING = style("heading", 10.5, 14, font=fonts.SEMIBOLD, before=11, after=2, keep_with_next=True)
BODY = style("body", 10, 14.5)
BODY_BOLD = style("body bold", 10, 14.5, font=fonts.SEMIBOLD)
STEP = style("step", 10, 14.5, indent=14, keep_with_next=True)
INDENTED = style("indented", 10, 14.5, indent=14)
INDENTED_SMALL = style("indented small", 9, 12.5, indent=14)
SMALL = style("small", 9, 12.5)
SMALL_BOLD = style("small bold", 9, 12.5, font=fonts.SEMIBOLD)
SMALL_RIGHT = style("small right", 9, 12.5, align=TA_RIGHT)
SMALL_BOLD_RIGHT = style("small bold right", 9, 12.5, font=fonts.SEMIBOLD, align=TA_RIGHT)
CELL = style("cell", 8.5, 11.5)
CELL_BOLD = style("cell bold", 8.5, 11.5, font=fonts.SEMIBOLD)
LABEL = style("label", 7.5, 10, color=MUTED)
LABEL_WITH_NEXT = style("label with next", 7.5, 10, color=MUTED, keep_with_next=True)
FINE = style("fine print", 7.5, 10, color=MUTED)

FOOT_POINTS = 8.0
