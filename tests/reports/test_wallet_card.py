"""A card of 85.6 × 54 mm panels on one page, with a first name and what is needed in a minute."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from tests.reports.paper import Paper
from tests.reports.sample_safety_plans import (
    BLANK_SAFETY_PAPER,
    SAFETY_PAPER,
    SAFETY_PLAN,
    SPANISH_PAPER,
    fuller,
    row,
)
from therapist_desktop.models.safety_plan_content import SafetyPlanPaper
from therapist_desktop.reports import wallet_card


def read(paper: SafetyPlanPaper) -> Paper:
    return Paper(wallet_card.build(paper))


def test_the_card_holds_first_name_signs_strategies_people_clinician_and_crisis_numbers() -> None:
    paper = read(SAFETY_PAPER)
    assert len(paper.pages) == 1
    for words in (
        "Jordan In danger now? Call or text 988. Call 911.",
        "Pacing at night",
        "Walk to the river path and back",
        "Mom 207-555-0117",
        "Dee 207-555-0160",
        "My therapist Rosa Alvarez, LCSW 207-555-0101",
    ):
        assert words in paper.text
    assert "Jordan W" not in paper.text


def test_a_panel_has_the_size_of_a_bank_card() -> None:
    assert round(wallet_card.PANEL_WIDTH / 72 * 25.4, 2) == 85.6
    assert round(wallet_card.PANEL_HEIGHT / 72 * 25.4, 2) == 54
    card = [words for words in read(fuller(4, 6)).words if "fold" not in words.text.lower()][2:]
    assert max(words.box[2] for words in card) - min(words.box[0] for words in card) <= wallet_card.PANEL_WIDTH


def test_each_panel_keeps_to_itself_however_much_is_given() -> None:
    paper = read(fuller(4, 6))
    below_front = [paper.find(title).box[3] for title in ("My warning", "Things I can", "People I")]
    assert all(abs(upper - lower - wallet_card.PANEL_HEIGHT) < 1 for upper, lower in pairwise(below_front))
    for top_of_title in below_front:
        fold = top_of_title + 10
        assert not [words.text for words in paper.words if words.box[1] - 2 < fold < words.box[3] + 2]


def test_three_of_each_are_printed_and_what_is_cut_says_so() -> None:
    long = "a very long warning sign that goes on and on until nobody would read it " * 3
    plan = replace(SAFETY_PLAN, rows=tuple(row(1, f"{number} {long}") for number in range(1, 6)))
    text = read(replace(SAFETY_PAPER, plan=plan)).text
    assert "3 a very long" in text
    assert "4 a very long" not in text
    assert "…" in text


def test_nothing_is_cut_that_fits_in_smaller_letters() -> None:
    sign = (
        "I stop answering my friends and lie awake until it is light, then I sleep through the day and miss my work."
    )
    plan = replace(SAFETY_PLAN, rows=(row(1, sign), row(1, sign), row(1, sign)))
    paper = read(replace(SAFETY_PAPER, plan=plan))
    assert "…" not in paper.text
    assert paper.find("lie awake").points < 10.5


def test_people_with_a_phone_come_first_and_the_number_is_never_cut() -> None:
    people = (row(4, "Neighbor"), row(4, "Aunt Bea who lives far away " * 9, "207-555-0171"))
    text = read(replace(SAFETY_PAPER, plan=replace(SAFETY_PLAN, rows=people))).text
    assert text.index("207-555-0171") < text.index("Neighbor")


def test_the_smallest_letters_are_8_point() -> None:
    assert read(fuller(4, 6)).smallest_points() >= 8


def test_the_card_speaks_the_clients_language_and_a_blank_one_can_be_filled_in() -> None:
    assert "Mi terapeuta" in read(SPANISH_PAPER).text
    blank = read(BLANK_SAFETY_PAPER)
    assert "My warning signs" in blank.text
    assert "Call 911." in blank.text
