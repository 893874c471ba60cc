"""May this code stand on a superbill for this date of service?"""

from __future__ import annotations

from datetime import date

import pytest

from therapist_desktop.catalogs.icd10 import Icd10Catalog, Verdict, is_external_cause

IN_FORCE = date(2026, 5, 4)


def test_a_billable_code_within_the_release_has_neither_problem_nor_advice(catalog: Icd10Catalog) -> None:
    status = catalog.status("f411", IN_FORCE)

    assert (status.code, status.title) == ("F41.1", "Generalized anxiety disorder")
    assert status.verdict is Verdict.BILLABLE
    assert status.release_in_force
    assert (status.problem, status.advice) == ("", "")


def test_a_heading_names_the_billable_codes_below_it(catalog: Icd10Catalog) -> None:
    status = catalog.status("F33", IN_FORCE)

    assert status.verdict is Verdict.NOT_BILLABLE
    assert [entry.code for entry in status.suggestions] == [
        "F33.0", "F33.1", "F33.2", "F33.3", "F33.40", "F33.41", "F33.42", "F33.8", "F33.9",
    ]  # fmt: skip
    assert status.problem == (
        "F33 is a heading and cannot be billed; choose a code below it, such as F33.0 or F33.1 or F33.2."
    )


def test_a_code_that_lacks_its_seventh_character_is_a_heading(catalog: Icd10Catalog) -> None:
    status = catalog.status("T14.91", IN_FORCE)

    assert status.verdict is Verdict.NOT_BILLABLE
    assert [entry.code for entry in status.suggestions] == ["T14.91XA", "T14.91XD", "T14.91XS"]


def test_a_missing_code_suggests_the_nearest_ones(catalog: Icd10Catalog) -> None:
    too_long = catalog.status("Z91.510", IN_FORCE)
    assert too_long.verdict is Verdict.UNKNOWN
    assert [entry.code for entry in too_long.suggestions] == ["Z91.51"]
    assert too_long.problem.endswith("Did you mean Z91.51?")

    unheard_of = catalog.status("F10.A0", IN_FORCE)
    assert unheard_of.verdict is Verdict.UNKNOWN
    assert unheard_of.suggestions
    assert all(entry.billable and entry.code.startswith("F10") for entry in unheard_of.suggestions)


@pytest.mark.parametrize("typed", ["", "depression", "12", "F33-1"])
def test_what_is_no_code_at_all_is_unknown(catalog: Icd10Catalog, typed: str) -> None:
    status = catalog.status(typed, IN_FORCE)
    assert status.verdict is Verdict.UNKNOWN
    assert not status.suggestions


def test_after_the_release_ended_a_code_is_usable_and_the_advice_says_what_it_was_checked_against(
    catalog: Icd10Catalog,
) -> None:
    last_day = catalog.status("F32.A", date(2026, 9, 30))
    next_day = catalog.status("F32.A", date(2026, 10, 1))

    assert last_day.release_in_force
    assert next_day.verdict is Verdict.BILLABLE
    assert not next_day.release_in_force
    assert next_day.advice == (
        "F32.A was checked against the April 2026 table, which is older than the one in force on "
        "October 1, 2026; import that year's table to be sure."
    )


def test_a_code_unknown_to_a_table_that_ended_may_be_new(catalog: Icd10Catalog) -> None:
    hint = "That table ended on September 30, 2026; if the code is newer, import the table of its year."
    assert hint in catalog.status("F33.7", date(2026, 10, 1)).problem
    assert hint not in catalog.status("F33.7", date(2026, 9, 30)).problem
    assert hint not in catalog.status("F33", date(2026, 10, 1)).problem


def test_before_the_first_release_the_advice_says_the_table_is_newer(catalog: Icd10Catalog) -> None:
    status = catalog.status("F32.A", date(2026, 3, 31))

    assert status.verdict is Verdict.BILLABLE
    assert not status.release_in_force
    assert "which is newer than the one in force on March 31, 2026" in status.advice


def test_external_causes_are_those_of_chapter_20(catalog: Icd10Catalog) -> None:
    for code in ("V00.01XA", "W01.0XXA", "X71.0XXA", "Y07.11"):
        assert is_external_cause(code)
        assert catalog.headings(code)[-1].span == "Chapter 20"
    assert not is_external_cause("T14.91XA")
    assert not is_external_cause("Z63.0")
