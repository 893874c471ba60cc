"""The parts that several documents are built from: rules, typed text, labelled facts, columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, HRFlowable, Paragraph, Spacer, Table

from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.printable import markup, printable

MISSING = f'<font name="{fonts.ITALIC}" color="#545454">missing</font>'
"""Stands quietly where a fact is not known."""

BARE: list[tuple[Any, ...]] = [
    ("FONT", (0, 0), (-1, -1), fonts.REGULAR, styles.SMALL.fontSize, styles.SMALL.leading),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]
"""Commands for a table without padding; the font also keeps ReportLab’s own out of the file."""

_BLOCK_GAP = 16.0
_SPACE_WIDTH = 0.28
"""Of Inter, as a share of the size."""
_MOST_INDENT = 24
"""Spaces; what is indented further would leave no room for words."""
_LONGEST_FACT = 120
"""Characters; a longer value does not stand in a column."""


def rule(*, strong: bool = False, width: str = "100%") -> Flowable:
    """Return a line: a quiet hairline, or a black one."""
    return HRFlowable(
        width=width,
        thickness=styles.STRONG_RULE if strong else styles.THIN_RULE,
        color=styles.INK if strong else styles.HAIRLINE,
        spaceBefore=0,
        spaceAfter=0,
        lineCap="butt",
        hAlign="LEFT",
    )


def paragraphs(text: str, style: ParagraphStyle = styles.BODY, *, struck: bool = False) -> list[Flowable]:
    """Return what was typed, its lines, indents and empty lines kept; ``struck`` draws a line through it."""
    flowables: list[Flowable] = []
    if not text.strip():
        return []
    for line in printable(text).strip("\n").split("\n"):
        words = line.strip()
        if not words:
            flowables.append(Spacer(1, style.leading / 2))
            continue
        marked = f"<strike>{markup(words)}</strike>" if struck else markup(words)
        flowables.append(Paragraph(marked, _indented(style, len(line) - len(line.lstrip()))))
    return flowables


def _indented(style: ParagraphStyle, spaces: int) -> ParagraphStyle:
    if not spaces:
        return style
    indent = min(spaces, _MOST_INDENT) * style.fontSize * _SPACE_WIDTH
    return style.clone("indented", leftIndent=style.leftIndent + indent)


def headed(heading: str, content: Sequence[Flowable]) -> list[Flowable]:
    """Return a heading that stays with what follows it, or nothing if nothing follows."""
    has_words = any(not isinstance(flowable, Spacer) for flowable in content)
    return [Paragraph(markup(heading), styles.HEADING), *content] if has_words else []


def facts(pairs: Iterable[tuple[str, str]], width: float, columns: int = 3) -> list[Flowable]:
    """Return labelled values in columns, read row by row; what is too long for a column stands below."""
    short: list[tuple[str, str]] = []
    long: list[tuple[str, str]] = []
    for label, value in pairs:
        (short if len(printable(value)) <= _LONGEST_FACT else long).append((label, value))
    cells: list[Any] = [
        [Paragraph(markup(label), styles.LABEL), Paragraph(markup(value) or MISSING, styles.SMALL)]
        for label, value in short
    ]
    story: list[Flowable] = [_fact_grid(cells, width, columns)] if cells else []
    for label, value in long:
        story += headed(label, paragraphs(value))
    return story


def _fact_grid(cells: list[Any], width: float, columns: int) -> Table:
    padded = cells + [""] * (-len(cells) % columns)
    rows = [padded[i : i + columns] for i in range(0, len(padded), columns)]
    return Table(
        rows,
        colWidths=[width / columns] * columns,
        style=[
            *BARE,
            ("RIGHTPADDING", (0, 0), (-1, -1), 10),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LINEABOVE", (0, 0), (-1, 0), styles.STRONG_RULE, styles.INK),
            ("LINEBELOW", (0, 0), (-1, -1), styles.THIN_RULE, styles.HAIRLINE),
        ],
    )


def side_by_side(blocks: Sequence[Sequence[Flowable]], width: float) -> Table:
    """Return blocks of equal width beside each other, each under a black rule."""
    room = (width - _BLOCK_GAP * (len(blocks) - 1)) / len(blocks)
    cells: list[Any] = []
    widths: list[float] = []
    commands = [*BARE, ("TOPPADDING", (0, 0), (-1, -1), 5)]
    for block in blocks:
        if cells:
            cells.append("")
            widths.append(_BLOCK_GAP)
        column = len(cells)
        commands.append(("LINEABOVE", (column, 0), (column, 0), styles.STRONG_RULE, styles.INK))
        cells.append(list(block))
        widths.append(room)
    return Table([cells], colWidths=widths, style=commands, splitInRow=1)
