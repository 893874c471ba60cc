"""The table of services on a superbill: one line a date of service, money in columns."""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Paragraph, Table

from therapist_desktop.models.superbill_content import SuperbillContent, SuperbillLine
from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.figures import column_amount, short_date
from therapist_desktop.reports.pieces import BARE, MISSING
from therapist_desktop.reports.printable import label, one_line

_MODIFIERS, _SERVICE, _FEE = 3, 4, 7
"""Places of these columns; from the fee on, columns hold money."""
_CELL_GAP = 9.0
_MONEY_GAP = 6.0
_NARROWEST_SERVICE = 110.0
_WIDE_TEXT = 64
"""Points; a code or a modifier wider than this is wrapped rather than widening its column."""


def line_table(content: SuperbillContent, width: float) -> Table:
    """Return the services with their totals; the header stands on every page, the totals below a line."""
    with_balance = any(line.balance_cents for line in content.lines)
    header = ["Date", "Place", "Code", "Mod", "Service", "Dx", "Units", "Fee", "Paid"]
    rows = [_row(line) for line in content.lines]
    total = ["Total", "", "", "", "", "", ""]
    total += [column_amount(content.charge_cents), column_amount(content.paid_cents)]
    if with_balance:
        header.append("Balance")
        for row, line in zip(rows, content.lines, strict=True):
            row.append(column_amount(line.balance_cents))
        total.append(column_amount(content.balance_cents))
    shown = [[text or _in_place_of_nothing(place) for place, text in enumerate(row)] for row in rows]
    widths = _column_widths([header, *shown, total], width)
    body = [[_cell(place, text, widths[place]) for place, text in enumerate(row)] for row in rows]
    last = len(rows)
    return Table(
        [header, *body, total],
        colWidths=widths,
        repeatRows=1,
        style=[
            *BARE,
            ("FONT", (0, 0), (-1, -1), fonts.REGULAR, 8.5, 11.5),
            ("FONT", (0, 0), (-1, 0), fonts.SEMIBOLD, 8.5, 11.5),
            ("FONT", (0, -1), (-1, -1), fonts.SEMIBOLD, 8.5, 11.5),
            ("ALIGN", (_FEE - 1, 0), (_FEE - 1, -1), "CENTER"),
            ("ALIGN", (_FEE, 0), (-1, -1), "RIGHT"),
            ("RIGHTPADDING", (0, 0), (-1, -1), _CELL_GAP),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("LINEBELOW", (0, 0), (-1, 0), styles.STRONG_RULE, styles.INK),
            ("LINEBELOW", (0, 1), (-1, -2), styles.THIN_RULE, styles.HAIRLINE),
            ("LINEABOVE", (0, -1), (-1, -1), styles.STRONG_RULE, styles.INK),
            ("NOSPLIT", (0, max(1, last - 1)), (-1, -1)),
        ],
    )


def _row(line: SuperbillLine) -> list[str]:
    """Return the cells of a line as plain text, empty where nothing is known."""
    minutes = f", {line.minutes} min" if line.minutes is not None else ""
    return [
        short_date(line.date_of_service),
        one_line(line.place_of_service, 12),
        one_line(line.code, 24),
        one_line(" ".join(line.modifiers), 48),
        one_line(line.label, 120) + minutes,
        one_line(line.pointers, 24),
        str(line.units),
        column_amount(line.charge_cents),
        column_amount(line.paid_cents),
    ]


def _in_place_of_nothing(place: int) -> str:
    return "" if place == _MODIFIERS else "missing"


def _column_widths(rows: list[list[str]], width: float) -> list[float]:
    """Make every column as wide as what is in it and give the rest to the service.

    Money is never wrapped; where the page would be too narrow, the other columns give way.
    """
    widths = []
    for place, column in enumerate(zip(*rows, strict=True)):
        widest = max(_widest_face(text) for text in set(column))
        widths.append(widest + _MONEY_GAP if place >= _FEE else min(widest, _WIDE_TEXT) + _CELL_GAP)
        if _FEE <= place < len(rows[0]) - 1:
            widths[-1] += _CELL_GAP
    words, money = widths[:_FEE], widths[_FEE:]
    others = sum(words) - words[_SERVICE]
    words[_SERVICE] = max(_NARROWEST_SERVICE, width - sum(money) - others)
    shrink = min(1.0, (width - sum(money)) / sum(words))
    return [*(room * shrink for room in words), *money]


def _widest_face(text: str) -> float:
    return max(fonts.width(text, face, styles.CELL.fontSize) for face in (fonts.REGULAR, fonts.SEMIBOLD))


def _cell(place: int, text: str, room: float) -> Any:
    """Return text as it is if it fits on one line, which is fast, and as a paragraph if it must wrap."""
    if not text and _in_place_of_nothing(place):
        return Paragraph(MISSING, styles.CELL)
    if place >= _FEE or _widest_face(text) <= room - _CELL_GAP + 0.01:
        return text
    return Paragraph(label(text), styles.CELL)
