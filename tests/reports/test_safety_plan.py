"""The client’s copy is one page they can read in a crisis, complete, with nothing clinical on it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.paper import Paper
from tests.reports.sample_safety_plans import (
    BLANK_SAFETY_PAPER,
    CRISIS_LINES,
    SAFETY_PAPER,
    SAFETY_PLAN,
    SPANISH_PAPER,
    fuller,
    row,
)
from therapist_desktop.models.safety_plan_content import (
    PART_TITLES,
    CrisisLineContent,
    SafetyPlanPaper,
    SafetyPlanPart,
    SafetyPlanRowContent,
)
from therapist_desktop.reports import safety_plan
from therapist_desktop.reports.safety_plan_texts import safety_plan_texts

CALL_NOW = "In danger now? Call or text 988. Call 911."


def read(paper: SafetyPlanPaper, language: str = "") -> Paper:
    return Paper(safety_plan.build(paper, language=language))


def with_rows(*rows: SafetyPlanRowContent) -> SafetyPlanPaper:
    return replace(SAFETY_PAPER, plan=replace(SAFETY_PLAN, rows=rows))


def test_an_ordinary_plan_is_one_page_in_the_order_of_escalation() -> None:
    paper = read(SAFETY_PAPER)
    assert len(paper.pages) == 1
    order = (
        "My safety plan",
        "Jordan W. · November 23, 2026",
        CALL_NOW,
        "1 My warning signs",
        "Pacing at night",
        "2 Things I can do on my own",
        "3 People and places that take my mind off things",
        "Alex 207-555-0142",
        "4 People I can ask for help",
        "Dee, coach 207-555-0160 after 5 pm",
        "5 Professionals and crisis services",
        "6 Making my surroundings safer",
        "Mom keeps the medication locked",
        "7 What matters most to me",
        "Made with Rosa Alvarez, LCSW 207-555-0101 · Harbor Counseling",
        "December 7, 2026",
    )
    places = [paper.text.index(words) for words in order]
    assert places == sorted(places)


def test_phone_numbers_are_bold_and_in_one_piece() -> None:
    paper = Paper(safety_plan.build(with_rows(row(4, "Mom", "207 555 0117"))))
    assert "207 555 0117" in paper.find("207").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Mom" not in paper.find("207").text


def test_nothing_clinical_and_no_storage_of_means_is_printed() -> None:
    text = read(SAFETY_PAPER).text
    for secret in ("bathroom cabinet", "Prescription medicine", "lockbox", "burden", "desk drawer", "8 of 10"):
        assert secret not in text


@pytest.mark.parametrize(
    "paper", [SAFETY_PAPER, SPANISH_PAPER, BLANK_SAFETY_PAPER, fuller(2), fuller(2, 2), fuller(4, 6)]
)
def test_no_letter_is_smaller_than_12_point(paper: SafetyPlanPaper) -> None:
    assert read(paper).smallest_points() >= 12


def test_a_full_plan_is_set_tighter_then_in_two_columns_and_stays_one_page() -> None:
    ordinary, tighter, columns = read(SAFETY_PAPER), read(fuller(2)), read(fuller(2, 2))
    assert [len(paper.pages) for paper in (ordinary, tighter, columns)] == [1, 1, 1]
    assert ordinary.smallest_points() > tighter.smallest_points() == columns.smallest_points() == 12
    assert ordinary.find("People I can").box[0] < 100
    assert columns.find("People I can").box[0] > 300


def test_far_too_long_a_plan_goes_on_to_further_pages_without_losing_a_word() -> None:
    paper = read(fuller(4, 6))
    assert len(paper.pages) > 1
    assert paper.text.count("sister") == 4 * 6
    assert paper.text.count("207-555-0117") == 4
    assert all(CALL_NOW in page for page in paper.pages)
    assert "Page 1 of 4" in paper.pages[0]


def test_every_row_has_one_box_to_tick_even_where_it_runs_over_a_page() -> None:
    assert read(SAFETY_PAPER).squares() == len(SAFETY_PLAN.rows)
    long = read(with_rows(*(row(2, "walk to the river and back again " * 90) for _ in range(4))))
    assert len(long.pages) > 3
    assert long.squares() == 4


def test_no_heading_stands_at_the_foot_of_a_page_without_a_row() -> None:
    for times in range(3, 12):
        for page in read(fuller(times)).pages:
            last_words = re.sub(r" Page \d+ of \d+$", "", page)
            assert not last_words.endswith(tuple(PART_TITLES.values()))


def test_one_page_carries_no_page_number() -> None:
    assert "Page" not in read(SAFETY_PAPER).text


def test_988_and_911_are_printed_whatever_lines_are_given() -> None:
    assert CALL_NOW in read(replace(SAFETY_PAPER, crisis_lines=())).text
    only_veterans = replace(SAFETY_PAPER, crisis_lines=(CRISIS_LINES[1],))
    assert "Call 988, then press 1, or text 838255" in read(only_veterans).text
    assert "Call 911." in read(only_veterans).text


def test_the_headline_is_988_then_911_in_whatever_order_the_lines_are_given() -> None:
    local = CrisisLineContent(name="County crisis team", how="Call 207-555-0199")
    text = read(replace(SAFETY_PAPER, crisis_lines=(local, CRISIS_LINES[2], CRISIS_LINES[0]))).text
    assert CALL_NOW in text
    assert "County crisis team: Call 207-555-0199" in text


def test_a_spanish_plan_is_spanish_throughout() -> None:
    text = read(SPANISH_PAPER).text
    assert "¿En peligro ahora? Llame al 988 y oprima 2. Llame al 911." in text
    assert "José Á. · 23 de noviembre de 2026" in text
    assert "3 Personas y lugares que me distraen" in text
    for title in PART_TITLES.values():
        assert title not in text


def test_a_spanish_plan_keeps_its_headline_when_english_lines_are_given() -> None:
    text = read(replace(SPANISH_PAPER, crisis_lines=CRISIS_LINES)).text
    assert "Llame al 988 y oprima 2" in text
    assert "Call or text 988" not in text
    assert "Veterans Crisis Line: Call 988, then press 1, or text 838255" in text
    assert "in Spanish" not in text


def test_a_part_without_rows_keeps_its_heading_and_a_line_to_write_on() -> None:
    assert "5 Profesionales y servicios de crisis" in read(SPANISH_PAPER).text


def test_a_blank_plan_is_one_page_with_every_heading_and_the_crisis_numbers() -> None:
    paper = read(BLANK_SAFETY_PAPER)
    assert len(paper.pages) == 1
    assert CALL_NOW in paper.text
    assert all(title in paper.text for title in PART_TITLES.values())
    assert paper.text.count("Phone") == 9
    assert min(words.box[1] for words in paper.words) < 90


def test_a_blank_plan_needs_no_practice_no_clinician_and_no_lines() -> None:
    bare = replace(BLANK_SAFETY_PAPER, practice_name="", crisis_lines=())
    assert CALL_NOW in read(bare).text
    assert "Mi plan de seguridad" in read(bare, language="es").text


def test_a_language_that_we_do_not_have_is_printed_in_english() -> None:
    assert safety_plan_texts("fr").title == "My safety plan"
    assert safety_plan_texts("../../etc").title == "My safety plan"
    assert safety_plan_texts("es-MX").title == "Mi plan de seguridad"


def test_the_english_headings_are_those_of_the_model() -> None:
    assert dict(safety_plan_texts("en").parts) == PART_TITLES
    assert set(safety_plan_texts("es").parts) == set(SafetyPlanPart)


def test_large_print_is_18_point() -> None:
    paper = Paper(safety_plan.build(SAFETY_PAPER, large_print=True))
    assert paper.find("Pacing at night").points == 18


ROWS = st.builds(
    row,
    part=st.integers(1, 7),
    text=st.from_regex(r"[A-Za-z0-9<>&é]{1,30}( [a-z]{1,12}){0,8}", fullmatch=True),
    phone=st.sampled_from(["", "207-555-0117"]),
)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ROWS, max_size=50))
def test_every_row_is_printed_whole_in_at_least_12_point(rows: list[SafetyPlanRowContent]) -> None:
    paper = read(with_rows(*rows))
    text = paper.text.replace(" ", "")
    for one in rows:
        assert one.text.replace(" ", "") + one.phone in text
    assert paper.smallest_points() >= 12
    _left, bottom, right, top = paper.outermost()
    assert bottom > 28
    assert right < 560
    assert top < 764


@settings(max_examples=10, deadline=None)
@given(text=st.text(max_size=300), phone=st.text(max_size=20))
def test_any_text_a_client_says_can_be_printed(text: str, phone: str) -> None:
    paper = read(with_rows(row(1, text), row(4, text, phone)))
    assert CALL_NOW in paper.pages[0]
    assert paper.smallest_points() >= 12
