"""The pieces a safety plan is set from: head, emergency box, parts, foot, lines to write on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from therapist_desktop.models.safety_plan_content import (
    SafetyPlanPaper,
    SafetyPlanPart,
    SafetyPlanRowContent,
)
from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.pieces import BARE, rule
from therapist_desktop.reports.printable import bold, label, markup
from therapist_desktop.reports.safety_plan_texts import SafetyPlanTexts

SMALLEST_POINTS = 12.0
"""No text on the client’s copy is smaller (clinical.md 4)."""

_ASCENT = 0.97
"""Of Inter, as a share of the size: how far the first base line is below the top of a paragraph."""


@dataclass(frozen=True)
class Density:
    """How generously a page is set; lengths in points."""

    points: float
    leading: float
    part_gap: float
    row_gap: float
    end_margin: float
    columns: int = 1


def text_style(
    density: Density, *, larger: float = 0, font: str = fonts.REGULAR, indent: float = 0
) -> ParagraphStyle:
    """Return the style of the plan’s text at this density."""
    return styles.style("plan", density.points + larger, density.leading + 1.3 * larger, font=font, indent=indent)


def head(
    paper: SafetyPlanPaper,
    words: SafetyPlanTexts,
    density: Density,
    width: float,
    below_title: Sequence[Flowable] = (),
) -> list[Flowable]:
    """Return title, name and date, and the emergency box."""
    plan = paper.plan
    who = f"{label(plan.client_name)} · {words.long_date(plan.made_on)}" if plan else ""
    return [
        Paragraph(label(words.title), text_style(density, larger=8, font=fonts.SEMIBOLD)),
        *([Paragraph(who, text_style(density))] if who else []),
        *below_title,
        Spacer(1, density.part_gap),
        _emergency_box(paper, words, density, width),
    ]


def _emergency_box(paper: SafetyPlanPaper, words: SafetyPlanTexts, density: Density, width: float) -> Flowable:
    call_now = markup(words.call_now(paper.crisis_lines))
    lines = [Paragraph(call_now, text_style(density, larger=2, font=fonts.SEMIBOLD))]
    lines += [
        Paragraph(f"{label(line.name)}: {bold(line.how)}", text_style(density))
        for line in words.other_lines(paper.crisis_lines)
    ]
    return Table(
        [[line] for line in lines],
        colWidths=[width],
        style=[
            *BARE,
            ("BOX", (0, 0), (-1, -1), 1.25, styles.INK),
            ("LEFTPADDING", (0, 0), (-1, -1), 10),
            ("RIGHTPADDING", (0, 0), (-1, -1), 10),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ("TOPPADDING", (0, 0), (-1, 0), 7),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 9),
        ],
    )


def heading(part: SafetyPlanPart, words: SafetyPlanTexts, density: Density) -> Flowable:
    """Return the number and the name of a part."""
    title = f"{part.value}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{label(words.parts[part])}"
    return Paragraph(title, text_style(density, font=fonts.SEMIBOLD))


def part_block(
    paper: SafetyPlanPaper, part: SafetyPlanPart, words: SafetyPlanTexts, density: Density
) -> list[Flowable]:
    """Return gap, heading and rows; a part in which nothing was written gets a line to write on."""
    rows: list[Flowable] = []
    for row in paper.rows(part):
        style = text_style(density, indent=density.points * 1.5)
        rows += [_TickedLine(row_markup(row), style), Spacer(1, density.row_gap)]
    if not rows:
        rows = [writing_line(density.leading * 1.3)]
    return [Spacer(1, density.part_gap), heading(part, words, density), *rows]


def row_markup(row: SafetyPlanRowContent) -> str:
    """Return one line of the plan; a phone number is bold and stays in one piece."""
    who = ", ".join(markup(part) for part in (row.text, row.relation) if part.strip())
    return " ".join(part for part in (who, phone_markup(row.phone), markup(row.hours)) if part)


def phone_markup(phone: str) -> str:
    """Return a phone number in bold that is not broken at its spaces."""
    return bold(phone.strip().replace(" ", "\N{NO-BREAK SPACE}"))


def foot(paper: SafetyPlanPaper, words: SafetyPlanTexts, density: Density, *, ruled: bool = True) -> list[Flowable]:
    """Return with whom the plan was made and when it is looked at again."""
    clinician = " ".join(part for part in (label(paper.clinician_name), phone_markup(paper.clinician_phone)) if part)
    made_with = f"{label(words.made_with)} {clinician}" if clinician else ""
    lines = [" · ".join(part for part in (made_with, label(paper.practice_name)) if part)]
    if paper.plan and paper.plan.review_on:
        lines.append(f"{label(words.review)} {words.long_date(paper.plan.review_on)}.")
    style = styles.style("foot", max(SMALLEST_POINTS, density.points - 1), density.leading - 1)
    written = [Paragraph(line, style) for line in lines if line]
    line = [Spacer(1, density.part_gap), rule(strong=True), Spacer(1, 5)] if ruled else [Spacer(1, 8)]
    return [*line, *written] if written else []


class _TickedLine(Paragraph):  # type: ignore[misc]
    """A paragraph with an empty square in front of its first line."""

    ticked = True

    def draw(self) -> None:
        """Draw the square, its foot on the base line, and the words."""
        if self.ticked:
            side = self.style.fontSize * 0.66
            canvas = self.canv
            canvas.saveState()
            canvas.setLineWidth(0.9)
            canvas.setStrokeColor(styles.INK)
            canvas.rect(0.5, self.height - self.style.fontSize * _ASCENT, side, side)
            canvas.restoreState()
        super().draw()

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Split at a page; what goes on the next page has no square of its own."""
        pieces: list[_TickedLine] = super().split(available_width, available_height)
        for place, piece in enumerate(pieces):
            piece.ticked = self.ticked and place == 0
        return list(pieces)


def writing_line(pitch: float) -> Flowable:
    """Return a line to write on, ``pitch`` points below what is above it."""
    below = ("LINEBELOW", (0, 0), (-1, -1), 0.5, styles.MUTED)
    return Table([[""]], colWidths=["100%"], rowHeights=[pitch], style=[*BARE, below])


def labelled_lines(labels: tuple[str, str], width: float, pitch: float) -> Flowable:
    """Return two lines to write on beside each other, each after its label."""
    points = SMALLEST_POINTS
    first, second = (fonts.width(label, fonts.REGULAR, points) + 6 if label else 0.0 for label in labels)
    room = width - first - second - 12
    return Table(
        [[labels[0], "", "", labels[1], ""]],
        colWidths=[first, room * 0.6, 12, second, room * 0.4],
        rowHeights=[pitch],
        style=[
            *BARE,
            ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
            ("FONT", (0, 0), (-1, -1), fonts.REGULAR, points, points * 1.2),
            ("LINEBELOW", (1, 0), (1, 0), 0.5, styles.MUTED),
            ("LINEBELOW", (4, 0), (4, 0), 0.5, styles.MUTED),
        ],
    )


def total_height(flowables: Sequence[Flowable], width: float) -> float:
    """Return how tall flowables without space of their own stand when they are ``width`` points wide."""
    return sum(float(flowable.wrap(width, styles.PAGE_HEIGHT * 100)[1]) for flowable in flowables)
