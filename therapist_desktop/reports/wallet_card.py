"""A safety plan for the wallet: four panels of 85.6 × 54 mm that fold like a leaflet (clinical.md 4).

It is a digest: first name, three warning signs, three things to do alone, three people, the clinician, 988 and 911.
What is too long for a panel ends in “…”; the whole of it stands on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from therapist_desktop.models.safety_plan_content import SafetyPlanPaper, SafetyPlanPart
from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.kit import Sheet, render
from therapist_desktop.reports.pieces import BARE
from therapist_desktop.reports.printable import bold, markup, one_line
from therapist_desktop.reports.safety_plan_blocks import phone_markup, total_height, writing_line
from therapist_desktop.reports.safety_plan_texts import SafetyPlanTexts, safety_plan_texts

PANEL_WIDTH = 85.6 * mm
PANEL_HEIGHT = 54 * mm
"""The size of a bank card (ISO/IEC 7810 ID-1)."""

ROWS = 3
"""Of each part, as many as fit in a glance."""

_PADDING = 10.0
_SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_LENGTHS = (200, 100, 70, 45, 25)
"""Points and characters that are tried in turn until a panel fits."""

_Panel = Callable[[float, int], list[Flowable]]


def build(paper: SafetyPlanPaper, *, language: str = "") -> bytes:
    """Return one page with the card, its cut and fold marks; blank lines to write on where nothing is known."""
    words = safety_plan_texts(paper.plan.language if paper.plan else language)
    sheet = Sheet(
        title=words.title,
        author=paper.practice_name,
        made_on=paper.plan.made_on if paper.plan else None,
        language=words.language,
        number_a_single_page=False,
    )
    return render(lambda: _story(paper, words), sheet)


def _story(paper: SafetyPlanPaper, words: SafetyPlanTexts) -> list[Flowable]:
    panels: tuple[_Panel, ...] = (
        lambda points, length: _front(paper, words, points, length),
        lambda points, length: _listed(paper, SafetyPlanPart.WARNING_SIGNS, words, points, length),
        lambda points, length: _listed(paper, SafetyPlanPart.BY_MYSELF, words, points, length),
        lambda points, length: _people(paper, words, points, length),
    )
    card = Table(
        [[_fitted(panel)] for panel in panels],
        colWidths=[PANEL_WIDTH],
        rowHeights=[PANEL_HEIGHT] * len(panels),
        style=[
            *BARE,
            ("VALIGN", (0, 0), (0, 0), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
            ("TOPPADDING", (0, 0), (-1, -1), _PADDING),
            ("BOTTOMPADDING", (0, 0), (-1, -1), _PADDING),
            ("BOX", (0, 0), (-1, -1), 0.75, styles.INK),
            ("LINEBELOW", (0, 0), (-1, -2), 0.5, styles.MUTED, "butt", (1.5, 3)),
        ],
    )
    how = [Paragraph(markup(line), styles.SMALL) for line in (words.card_cut, words.card_fold)]
    return [*how, Spacer(1, 14), card]


def _fitted(panel: _Panel) -> list[Flowable]:
    """Return the panel in the largest size and with the least cutting that fits."""
    width, height = PANEL_WIDTH - 2 * _PADDING, PANEL_HEIGHT - 2 * _PADDING
    content: list[Flowable] = []
    for length, points in product(_LENGTHS, _SIZES):
        content = panel(points, length)
        if total_height(content, width) <= height:
            break
    return content


def _cut(text: str, length: int) -> str:
    line = one_line(text)
    if len(line) <= length:
        return line
    kept = line[: length - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept) + "…"


def _lines(points: float, texts: Sequence[str]) -> list[Flowable]:
    style = styles.style("card", points, points * 1.28)
    gap = points * 0.25
    return [flowable for text in texts for flowable in (Paragraph(text, style), Spacer(1, gap))]


def _title(text: str, points: float) -> list[Flowable]:
    style = styles.style("card title", points, points * 1.3, font=fonts.SEMIBOLD)
    return [Paragraph(markup(text), style), Spacer(1, points * 0.3)]


def _front(paper: SafetyPlanPaper, words: SafetyPlanTexts, points: float, length: int) -> list[Flowable]:
    name = _cut(paper.plan.first_name, min(length, 60)) if paper.plan else ""
    return [
        *_title(words.title, points + 3),
        *_lines(points, [markup(name)] if name else []),
        Spacer(1, points),
        *_title(words.call_now(paper.crisis_lines), points + 3),
    ]


def _listed(
    paper: SafetyPlanPaper, part: SafetyPlanPart, words: SafetyPlanTexts, points: float, length: int
) -> list[Flowable]:
    rows = [f"•\N{NO-BREAK SPACE}{markup(_cut(row.text, length))}" for row in paper.rows(part)[:ROWS]]
    return [*_title(words.parts[part], points), *(_lines(points, rows) or _blank_lines(ROWS))]


def _people(paper: SafetyPlanPaper, words: SafetyPlanTexts, points: float, length: int) -> list[Flowable]:
    part = SafetyPlanPart.PEOPLE
    reachable_first = sorted(paper.rows(part), key=lambda row: not row.phone.strip())
    rows = [f"{markup(_cut(row.text, length))} {phone_markup(_cut(row.phone, 40))}" for row in reachable_first[:ROWS]]
    clinician = [f"{markup(_cut(paper.clinician_name, length))} {phone_markup(_cut(paper.clinician_phone, 40))}"]
    known = paper.clinician_name or paper.clinician_phone
    return [
        *_title(words.parts[part], points),
        *(_lines(points, rows) or _blank_lines(2)),
        Spacer(1, points * 0.4),
        *_lines(points, [bold(words.card_therapist)]),
        *(_lines(points, clinician) if known else _blank_lines(1)),
    ]


def _blank_lines(count: int) -> list[Flowable]:
    return [writing_line(19) for _number in range(count)]
