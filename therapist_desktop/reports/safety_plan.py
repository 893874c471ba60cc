"""The client’s copy of a safety plan: one page, no letter under 12 point, nothing clinical (clinical.md 4).

What does not fit at a generous size is set tighter, then in two columns, and as a last resort goes on to a second
page: it is never made smaller than 12 point and never cut. The table of means is not printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer, Table

from therapist_desktop.models.safety_plan_content import SafetyPlanContent, SafetyPlanPaper, SafetyPlanPart
from therapist_desktop.reports import fonts
from therapist_desktop.reports.kit import Sheet, render
from therapist_desktop.reports.pieces import BARE
from therapist_desktop.reports.safety_plan_blocks import (
    SMALLEST_POINTS,
    Density,
    foot,
    head,
    heading,
    labelled_lines,
    part_block,
    total_height,
    writing_line,
)
from therapist_desktop.reports.safety_plan_texts import SafetyPlanTexts, safety_plan_texts

_DENSITIES = (
    Density(14, 19, 13, 2.5, 48),
    Density(13, 17.5, 11, 2, 48),
    Density(12, 16, 9, 1.5, 44),
    Density(12, 15, 6, 0.5, 36),
    Density(12, 15.5, 9, 1.5, 40, columns=2),
    Density(12, 14.5, 5, 0.5, 32, columns=2),
)
_OVERFLOWING = Density(12, 16, 9, 1.5, 44)
_LARGE_PRINT = (Density(18, 24, 14, 3, 44), Density(18, 23, 9, 1.5, 36))

_COLUMN_GAP = 24.0
_ROOM_TO_BEGIN = 70.0
"""Points that must be left on a page for a part to begin there."""
_MOST_CHARACTERS = 8000
"""A full page of 12 point text without any heading has about 4500."""
_ROUNDING = 0.5
"""Points left free so that rounding in the page frame cannot push the foot over."""

_BLANK_LINES = {
    SafetyPlanPart.WARNING_SIGNS: 3,
    SafetyPlanPart.BY_MYSELF: 3,
    SafetyPlanPart.DISTRACTION: 3,
    SafetyPlanPart.PEOPLE: 3,
    SafetyPlanPart.PROFESSIONALS: 3,
    SafetyPlanPart.SURROUNDINGS: 2,
    SafetyPlanPart.WHAT_MATTERS: 2,
}
_WITH_PHONE = {SafetyPlanPart.DISTRACTION, SafetyPlanPart.PEOPLE, SafetyPlanPart.PROFESSIONALS}


def build(paper: SafetyPlanPaper, *, language: str = "", large_print: bool = False) -> bytes:
    """Return the plan as a PDF in the client’s language, or a blank one to write on if there is no plan.

    ``language`` is that of a blank plan. Large print is 18 point and may take more than one page.
    """
    if paper.plan is None:
        words = safety_plan_texts(language)
        sheet = _sheet(paper, words, _OVERFLOWING)
        return render(lambda: _blank(paper, words, sheet), sheet)
    fonts.register()
    words = safety_plan_texts(paper.plan.language)
    densities = _LARGE_PRINT if large_print else _DENSITIES
    for density in densities if _may_fit(paper.plan) else ():
        if _spare(paper, words, density) >= 0:
            return render(partial(_one_page, paper, words, density), _sheet(paper, words, density))
    density = _LARGE_PRINT[0] if large_print else _OVERFLOWING
    sheet = _sheet(paper, words, density)
    return render(lambda: _many_pages(paper, words, density, sheet), sheet)


def _sheet(paper: SafetyPlanPaper, words: SafetyPlanTexts, density: Density) -> Sheet:
    name = paper.plan.client_name if paper.plan else ""
    return Sheet(
        title=words.title,
        author=paper.practice_name,
        made_on=paper.plan.made_on if paper.plan else None,
        language=words.language,
        running_head=" · ".join(part for part in (words.call_now(paper.crisis_lines), name) if part),
        end_margin=density.end_margin,
        furniture_points=max(SMALLEST_POINTS, density.points - 4),
        page_words=(words.page, words.of),
        number_a_single_page=False,
    )


def _may_fit(plan: SafetyPlanContent) -> bool:
    """Spare the measuring of what can never be one page."""
    return sum(len(row.text) for row in plan.rows) < _MOST_CHARACTERS


def _spare(paper: SafetyPlanPaper, words: SafetyPlanTexts, density: Density) -> float:
    """Return how many points of height one page has left at this density; negative if it does not fit."""
    sheet = _sheet(paper, words, density)
    content = [*_body(paper, words, density, sheet.width), *foot(paper, words, density)]
    return sheet.height - total_height(content, sheet.width) - _ROUNDING


def _body(paper: SafetyPlanPaper, words: SafetyPlanTexts, density: Density, width: float) -> list[Flowable]:
    parts = [part_block(paper, part, words, density) for part in SafetyPlanPart]
    top = head(paper, words, density, width)
    if density.columns == 2:
        return [*top, _two_columns(parts, width)]
    return [*top, *(flowable for part in parts for flowable in part)]


def _two_columns(parts: Sequence[list[Flowable]], width: float) -> Flowable:
    """Return the parts in two columns of about the same height, read down and then across."""
    column = (width - _COLUMN_GAP) / 2
    heights = [total_height(part, column) for part in parts]
    cut = min(range(1, len(parts)), key=lambda place: max(sum(heights[:place]), sum(heights[place:])))
    left = [flowable for part in parts[:cut] for flowable in part]
    right = [flowable for part in parts[cut:] for flowable in part]
    return Table(
        [[left, "", right]],
        colWidths=[column, _COLUMN_GAP, column],
        style=BARE,
    )


def _one_page(paper: SafetyPlanPaper, words: SafetyPlanTexts, density: Density) -> list[Flowable]:
    """Return the page with its foot at the bottom."""
    width = _sheet(paper, words, density).width
    spare = Spacer(1, _spare(paper, words, density))
    return [*_body(paper, words, density, width), spare, *foot(paper, words, density)]


def _many_pages(paper: SafetyPlanPaper, words: SafetyPlanTexts, density: Density, sheet: Sheet) -> list[Flowable]:
    """Return the plan over several pages, no heading parted from its first row."""
    story = head(paper, words, density, sheet.width)
    for part in SafetyPlanPart:
        gap, title, first, *others = part_block(paper, part, words, density)
        story += [CondPageBreak(_ROOM_TO_BEGIN), gap, title, first, *others]
    return [*story, KeepTogether(foot(paper, words, density))]


def _blank(paper: SafetyPlanPaper, words: SafetyPlanTexts, sheet: Sheet) -> list[Flowable]:
    """Return a plan to be filled in by hand, its lines spread over the page."""
    density = _OVERFLOWING
    name_and_date = labelled_lines((words.name, words.date), sheet.width, 26)
    top = head(paper, words, density, sheet.width, below_title=[name_and_date])
    bottom = foot(paper, words, density, ruled=False)
    titles = {part: [Spacer(1, density.part_gap), heading(part, words, density)] for part in SafetyPlanPart}
    fixed = total_height([*top, *bottom, *(one for title in titles.values() for one in title)], sheet.width)
    pitch = (sheet.height - fixed - _ROUNDING) / sum(_BLANK_LINES.values())
    story = top
    for part, lines in _BLANK_LINES.items():
        story += titles[part]
        for _number in range(lines):
            with_phone = part in _WITH_PHONE
            story.append(labelled_lines(("", words.phone), sheet.width, pitch) if with_phone else writing_line(pitch))
    return [*story, *bottom]
