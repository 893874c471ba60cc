"""A treatment plan on paper shows the thread from problem to intervention, and who agreed to it."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.paper import Paper
from tests.reports.sample_letterhead import signature
from tests.reports.sample_treatment_plans import PLAN, PLAN_PAPER
from therapist_desktop.models.treatment_plan_content import TreatmentPlanPaper
from therapist_desktop.reports import treatment_plan


def read(paper: TreatmentPlanPaper) -> Paper:
    return Paper(treatment_plan.build(paper))


def test_a_plan_shows_the_thread_in_its_order_and_what_medicare_wants_stated() -> None:
    text = read(PLAN_PAPER).text
    thread = (
        "Daniel Reyes · born 03/14/1992",
        "Version 2 · established September 14, 2026",
        "Review due December 12, 2026",
        "Individual",
        "53 to 60 minutes",
        "Weekly",
        "6 months, to March 2027",
        "F33.1 Major depressive disorder, recurrent, moderate",
        "Problem 1 (F33.1)",
        "I don’t see anyone anymore",
        "PHQ-9 of 17",
        "Missed nine days of work",
        "Mood lifts to PHQ-9 below 10",
        "Objective 1a · partly met · by 12/12/2026",
        "Measure: Activity log · baseline: 0 to 1 a week · target: 4 a week",
        "Progress: Three a week since October.",
        "Intervention: Behavioral activation · Rosa Alvarez · weekly · 12 weeks",
        "Objective 1b · open",
        "Problem 2",
        "Strengths",
        "Medical necessity",
        "When treatment ends",
        "The client took part and agrees by signature. He chose the order of the goals.",
        "Signed electronically as author, September 14, 2026",
    )
    places = [text.index(fact) for fact in thread]
    assert places == sorted(places)


def test_an_unsigned_plan_is_a_draft() -> None:
    assert "DRAFT – not signed" in read(replace(PLAN_PAPER, signatures=())).text
    assert "DRAFT" not in read(PLAN_PAPER).text


def test_there_is_a_line_for_the_client_unless_they_signed_or_declined() -> None:
    line = "Client or guardian, date"
    assert line in read(PLAN_PAPER).text
    assert line not in read(replace(PLAN_PAPER, signatures=(signature(), signature("client")))).text
    declined = replace(PLAN_PAPER, plan=replace(PLAN, participation="declined"))
    assert line not in read(declined).text
    assert "The client declined to agree." in read(declined).text


def test_a_plan_of_many_problems_runs_over_pages_and_names_the_client_on_each() -> None:
    paper = read(replace(PLAN_PAPER, plan=replace(PLAN, problems=PLAN.problems * 6)))
    assert len(paper.pages) > 3
    assert all("Daniel Reyes · born 03/14/1992 · Treatment plan, version 2" in page for page in paper.pages[1:])
    assert paper.text.count("Objective 1b") == 6


def test_an_empty_plan_can_be_printed() -> None:
    empty = replace(PLAN, problems=(), diagnoses=(), strengths="", necessity="", review_due_on=None)
    assert "Treatment plan" in read(replace(PLAN_PAPER, plan=empty)).text
