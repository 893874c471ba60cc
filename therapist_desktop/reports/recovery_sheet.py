"""The page with the recovery key: the way into a practice on the day a password is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.figures import long_date
from therapist_desktop.reports.kit import Sheet, render
from therapist_desktop.reports.pieces import BARE, headed, paragraphs
from therapist_desktop.reports.printable import markup

_GROUPS_IN_A_ROW = 4
_KEY_POINTS = 25.0

_FOR = (
    "If a password is forgotten, this key opens {practice}. Without a password and without this key nobody can open "
    "it, and nobody can help."
)
_KEEP = (
    "Keep this page on paper, away from the computer: in a safe, a bank box, or sealed with the person who would "
    "wind up the practice. Do not photograph it, e-mail it or store it online.\n"
    "Whoever holds this page and a copy of the practice’s files can read everything in them."
)
_TYPE = (
    "Type the groups in their order. Capitals, spaces and dashes do not matter. If a character is wrong, the program "
    "says in which group."
)
_REPLACED = "When a newer page is printed, this one no longer counts. Destroy it."


@dataclass(frozen=True, kw_only=True)
class RecoverySheetContent:
    """A recovery key and the practice it opens."""

    practice_name: str
    recovery_key: str
    """The groups of the key, parted by hyphens."""
    made_on: date


def build(content: RecoverySheetContent) -> bytes:
    """Return the page as a PDF; the key is in its text and nowhere in its properties."""
    sheet = Sheet(
        title="Recovery key",
        author=content.practice_name,
        made_on=content.made_on,
        foot="Secret: keep this page locked away",
    )
    return render(lambda: _story(content, sheet.width), sheet)


def _story(content: RecoverySheetContent, width: float) -> list[Flowable]:
    practice = content.practice_name or "the practice"
    return [
        Paragraph("Recovery key", styles.TITLE),
        Spacer(1, 3),
        Paragraph(f"<b>{markup(practice)}</b> · made {long_date(content.made_on)}", styles.SUBTITLE),
        Spacer(1, 22),
        _key(content.recovery_key.split("-"), width),
        Spacer(1, 14),
        *headed("What it is for", paragraphs(_FOR.format(practice=practice))),
        *headed("Where to keep it", paragraphs(_KEEP)),
        *headed("How to type it", paragraphs(_TYPE)),
        *headed("When it ends", paragraphs(_REPLACED)),
    ]


def _key(groups: list[str], width: float) -> Flowable:
    """Return the groups, numbered, in rows of four."""
    rows: list[list[str]] = []
    for start in range(0, len(groups), _GROUPS_IN_A_ROW):
        row = groups[start : start + _GROUPS_IN_A_ROW]
        spare = [""] * (_GROUPS_IN_A_ROW - len(row))
        rows.append([f"{start + place}" for place in range(1, len(row) + 1)] + spare)
        rows.append(row + spare)
    numbers = [("FONT", (0, n), (-1, n), fonts.REGULAR, 8, 10) for n in range(0, len(rows), 2)]
    keys = [("FONT", (0, n), (-1, n), fonts.MONO, _KEY_POINTS, 30) for n in range(1, len(rows), 2)]
    below = [("BOTTOMPADDING", (0, n), (-1, n), 16) for n in range(1, len(rows), 2)]
    return Table(
        rows,
        colWidths=[width / _GROUPS_IN_A_ROW] * _GROUPS_IN_A_ROW,
        style=[
            *BARE,
            ("ALIGN", (0, 0), (-1, -1), "CENTER"),
            ("TEXTCOLOR", (0, 0), (-1, -1), styles.INK),
            ("TOPPADDING", (0, 0), (-1, 0), 14),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            *numbers,
            *keys,
            *below,
            ("BOX", (0, 0), (-1, -1), 1, styles.INK),
        ],
    )
