"""Searching the practice, looking up codes, and checking that everything is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Program


def test_words_are_found_in_names_contacts_and_notes_by_their_beginnings(signed: Program) -> None:
    signed.well("client", "contact", 1, "prescriber", "--name", "Dr. Amy Chen", "--phone", "207-555-0188")
    assert signed.well("search", "whitf")[1].split()[:4] == ["client", "1", "Jordan", "Whitfield"]
    assert signed.well("search", "chen")[1].split()[0] == "client"
    (found,) = signed.well("search", "talked about")[1:]
    assert "note" in found
    assert signed.well("search", "about talked") == ["Nothing has all these words."]
    assert len(signed.well("search", "about", "talked")) == 2


def test_what_is_searched_for_can_be_typed_so_that_no_name_is_an_argument(with_client: Program) -> None:
    assert "Jordan Whitfield" in with_client.well("search", typed="whitfield\n")[1]
    assert "Nobody answers “Search for”" in with_client.misread("search")


@pytest.mark.parametrize(
    "query", ['"', "*", "AND OR NOT", "(", "a" * 5000, "'; DROP TABLE client", "-x", "NEAR(a b)"]
)
def test_no_search_is_more_than_words(program: Program, query: str) -> None:
    assert program.well("search", "--", query) == ["Nothing has all these words."]


def test_a_long_list_of_hits_says_that_there_is_more(program: Program) -> None:
    for born in ("01/02/1980", "03/04/1990"):
        program.well("client", "add", "--first", "Sam", "--last", "Lee", "--born", born, "--even-if-alike")
    assert program.well("search", "lee", "--limit", 1)[-1] == "There is more. Add a word, or raise --limit."
    assert len(program.well("search", "lee", "--limit", 2)) == 3


def test_codes_are_found_without_a_practice(program: Program) -> None:
    assert program.bare("icd", "find", "dep", "rec", "mod").lines[1].split()[0] == "F33.1"
    assert program.bare("icd", "find", "f33", "--limit", 2).lines[-1].startswith("There are more.")
    assert program.bare("icd", "find", "xyzzy").lines == [
        "No code has these words. Try fewer, or only their beginnings."
    ]


def test_a_code_is_checked_for_a_date(program: Program) -> None:
    good = program.bare("icd", "check", "f331", "--on", "04/15/2026")
    assert (good.code, good.lines[0]) == (0, "F33.1 is billable: Major depressive disorder, recurrent, moderate")
    for code in ("F33", "XYZ", ""):
        said = program.bare("icd", "check", code, "--on", "04/15/2026")
        assert (said.code, len(said.lines)) == (3, 1)
    assert "is not a date" in program.bare("icd", "check", "F33.1", "--on", "15.4.2026").err


def test_a_table_that_is_none_is_refused(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "icd10cm_order_2027.txt"
    path.write_text("not a table")
    for name in (path, tmp_path / "none.txt"):
        said = program.bare("icd", "import", name)
        assert (said.code, said.out) == (1, ""), said


def test_diagnoses_that_are_no_longer_billed_would_be_listed(with_client: Program) -> None:
    assert with_client.well("icd", "outdated") == ["Every open diagnosis of an active client can be billed today."]


def test_a_check_says_what_it_looked_at_and_what_it_does_not_promise(signed: Program) -> None:
    said = signed.well("check")
    assert all(line.startswith("whole  ") for line in said[:-1])
    assert any(line.startswith("whole  audit chain: ") for line in said)
    assert "does not stop somebody who holds the key" in said[-1]


def test_a_fault_that_is_found_is_told_with_an_exit_code_of_its_own(
    signed: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import PASSWORD
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.practices import sign_in
    from therapist_desktop.storage.search_index import SearchKind, remove

    signed_in = sign_in(signed.folder, 1, PASSWORD, system_clock)
    with signed_in.practice.writing() as session:
        remove(session, SearchKind.CLIENT, 1)
    signed_in.sign_out()
    said = signed("check")
    assert said.code == 3
    assert "FAULT  search index: It lacks records or has too many." in said.lines
