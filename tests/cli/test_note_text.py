"""The plain form of a note: what is shown can be given back, and nothing typed gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.cli.note_text import parse_sections, sections_text
from therapist_desktop.models.errors import UserError
from therapist_desktop.services.note_draft import DraftSection

HEADINGS = ("Data", "Assessment", "Plan")
lines = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])), max_size=5)


def texts(sections: tuple[DraftSection, ...]) -> dict[str, str]:
    return {section.heading: section.text for section in sections}


@given(st.lists(lines, min_size=3, max_size=3))
def test_what_is_shown_reads_back_as_the_same(written: list[list[str]]) -> None:
    sections = tuple(
        DraftSection(heading=heading, text="\n".join(some).strip())
        for heading, some in zip(HEADINGS, written, strict=True)
    )
    assert parse_sections(sections_text(sections), HEADINGS) == sections


def test_headings_may_come_in_any_order_and_case_and_others_follow() -> None:
    read = parse_sections("# plan\nrest\n# Risk\nnone\n# DATA\nfirst\n\nsecond\n", HEADINGS)
    assert [section.heading for section in read] == ["Data", "Assessment", "Plan", "Risk"]
    assert texts(read) == {"Data": "first\n\nsecond", "Assessment": "", "Plan": "rest", "Risk": "none"}


def test_text_without_a_heading_is_refused_where_it_could_belong_anywhere() -> None:
    with pytest.raises(UserError, match="Begin with “# ” and one of: Data, Assessment, Plan"):
        parse_sections("She came late.\n# Plan\n", HEADINGS)


def test_a_note_with_one_section_needs_no_heading() -> None:
    assert texts(parse_sections("\nShe came late.\nAnd left early.\n", ("Note",))) == {
        "Note": "She came late.\nAnd left early."
    }


def test_a_heading_that_stands_twice_collects_both_texts() -> None:
    assert texts(parse_sections("# Data\none\n# Plan\nx\n# Data\ntwo\n", HEADINGS))["Data"] == "one\ntwo"
