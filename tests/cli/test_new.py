"""Setting up a practice: by answering questions, by options, and with every slip."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.reports.paper import Paper

ANSWERS = {
    "name": "Harbor Counseling LLC",
    "trade": "Harbor Counseling",
    "first": "Rosa",
    "last": "Alvarez",
    "credentials": "LCSW",
    "npi": "1234567893",
    "taxonomy": "1041C0700X",
    "licence": "LC12345",
    "kind": "",
    "licence state": "ME",
    "ein": "01-2345678",
    "street": "210 Water St",
    "city": "Portland",
    "state": "me",
    "zip": "04101",
    "phone": "207-555-0101",
    "email": "",
}


def answered(**changed: str) -> str:
    return "\n".join((ANSWERS | changed).values()) + "\n"


def new(program: Program, *arguments: object, typed: str = "") -> list[str]:
    said = program.apart("new", *arguments, typed=typed)
    assert said.code == 0, said
    return said.lines


def test_answers_make_a_practice_among_the_documents_that_opens_at_once(program: Program, home: Path) -> None:
    said = new(program, typed=answered())
    program.folder = home / "Documents" / "Harbor Counseling.practice"
    assert said[0] == f"The practice is in {program.folder}"
    assert said[-1] == "Next: therapist-desktop client add"
    shown = program.well("practice", "show")
    assert "NPI:         1234567893 (type 1)" in shown
    assert "City:        Portland ME 04101" in shown
    assert program.well("check")[0].startswith("whole")


def test_the_recovery_key_is_shown_once_can_be_printed_and_lets_a_new_password_in(
    program: Program, tmp_path: Path
) -> None:
    place, sheet = tmp_path / "Elm House", tmp_path / "papers" / "key.pdf"
    options = ("--name", "Elm House", "--first-name", "Ann", "--last-name", "Lee", "--recovery-sheet", sheet)
    said = new(program, place, *options)
    (key,) = [line.strip() for line in said if re.fullmatch(r"\s+([0-9A-Z]{5}-){7}[0-9A-Z]{5}", line)]
    printed = Paper(sheet.read_bytes()).pages[0]
    assert all(group in printed for group in key.split("-"))
    assert said[-1] == f'Next: therapist-desktop -p "{place}.practice" client add'
    program.folder = tmp_path / "Elm House.practice"
    assert program.refused("person", "recover", secrets=(key[:-1] + ("0" if key[-1] != "0" else "1"), "x"))
    assert program.refused("person", "recover", secrets=(key, "short"))
    program.well("person", "recover", secrets=(key, "four words are enough"))
    program.refused("client", "list")
    assert program.well("client", "list", secrets=("four words are enough",))


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"npi": "1234567890"}, "check digit"),
        ({"ein": "12"}, "nine digits"),
        ({"state": "Maine"}, "two letters"),
        ({"zip": "1"}, "ZIP"),
        ({"phone": "12"}, "ten digits"),
    ],
)
def test_a_slip_is_refused_before_a_password_is_asked_and_nothing_is_made(
    program: Program, home: Path, slip: dict[str, str], said: str
) -> None:
    refused = program.bare("--password-fd", 250, "new", typed=answered(**slip))
    assert refused.code == 1
    assert said in refused.err
    assert list(home.iterdir()) == []


def test_a_question_nobody_answers_is_named(program: Program, home: Path) -> None:
    said = program.bare("new", typed="Harbor Counseling LLC\n\n")
    assert said.code == 2
    assert "Nobody answers “Your first name”" in said.err
    assert list(home.iterdir()) == []


def test_a_place_that_cannot_be_is_refused_before_anything_is_asked(program: Program, tmp_path: Path) -> None:
    assert "already something" in program.bare("new", program.folder).err
    assert "already something" in program.bare("new", program.folder.with_name("Harbor Counseling")).err
    said = program.bare("new", tmp_path / "Dropbox" / "Practice")
    assert said.code == 1
    assert "Dropbox" in said.err


@pytest.mark.parametrize("password", ["short", "password1234", "rosa alvarez 1", "HarborCounseling99"])
def test_a_password_that_is_easy_to_guess_makes_no_practice(program: Program, home: Path, password: str) -> None:
    said = program.apart("new", typed=answered(), secrets=(password,))
    assert (said.code, said.out) == (1, "")
    assert "unrelated words" in said.err
    assert not (home / "Documents").exists()


def test_a_recovery_sheet_that_could_not_be_saved_stops_before_the_practice_is_made(
    program: Program, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "key.pdf").write_bytes(b"another")
    said = program.bare("new", "--recovery-sheet", tmp_path / "key.pdf", typed=answered())
    assert (said.code, said.out) == (1, "")
    assert "already a file key.pdf" in said.err
    assert list(home.iterdir()) == []
