"""Clients from the command line: added, changed, diagnosed, imported, and every slip on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import JORDAN, Program
from therapist_desktop.cli.client_commands import client
from therapist_desktop.services.client_csv import HEADERS


def test_questions_make_a_client_and_say_what_is_still_missing(program: Program) -> None:
    said = program.well("client", "add", typed=JORDAN)
    assert said[0] == "Client 1 is added."
    assert "emergency contact" in said[1]
    assert program.well("client", "show", 1) == [
        "Legal name:        Jordan Whitfield",
        "Pronouns:          they/them",
        "Born:              04/05/1990",
        "Sex on the plan:   M",
        "E-mail:            jordan@mail.example",
        said_status(program),
        "Phone, mobile:     (207) 555-0111 (a message may be left)",
        "Address:           1 Elm Street, Portland, ME 04102",
        "Insurance:         Acme Health, member W1234567",
        "Missing: There is no emergency contact with a phone number. Add one.",
    ]


def said_status(program: Program) -> str:
    (line,) = [line for line in program.well("client", "show", 1) if line.startswith("Status:")]
    return line


def test_only_the_name_has_to_be_answered(program: Program) -> None:
    assert program.well("client", "add", typed="\nLee\n")[0] == "Client 1 is added."
    assert "Nobody answers “Last name”" in program.misread("client", "add", typed="Jo\n")


def test_options_add_a_client_without_questions(program: Program) -> None:
    program.well("client", "add", "--first", "Pat", "--last", "Lee", "--born", "12/31/1999", "--status", "inquiry")
    header, row = program.well("client", "list", "--status", "inquiry")
    assert header.split() == ["Client", "Name", "Born", "Pronouns", "Status"]
    assert row.split() == ["1", "Pat", "Lee", "12/31/1999", "inquiry"]
    assert program.well("client", "list", "--status", "active") == ["No such clients."]


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (("--born", "31/12/1999"), "“31/12/1999” is not a date. Write month, day and full year, such as 11/23/2026."),
        (("--plan-sex", "X"), "is not one of"),
        (("--status", "gone"), "is not one of"),
    ],
)
def test_a_mistyped_option_is_named_and_nobody_is_added(program: Program, slip: tuple[str, ...], said: str) -> None:
    assert said in program.misread("client", "add", "--last", "Lee", *slip)
    assert program.well("client", "list")[0].startswith("No clients yet")


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (("--born", "12/31/2999"), "lies in the future"),
        (("--phone", "12"), "ten digits"),
        (("--email", "nobody"), "e-mail"),
        (("--last", " ", "--first", " "), "needs a name"),
        (("--address", "1 Elm", "Portland", "Maine", "04101"), "two letters"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nobody_is_added(
    program: Program, slip: tuple[str, ...], said: str
) -> None:
    assert said in program.refused("client", "add", "--last", "Lee", *slip)
    assert program.well("client", "list")[0].startswith("No clients yet")


def test_an_answer_that_is_no_date_is_refused(program: Program) -> None:
    assert "“5.4.1990” is not a date" in program.refused("client", "add", typed="Jo\nLee\n\n\n5.4.1990\n")


def test_a_name_that_is_not_text_is_refused(program: Program) -> None:
    assert "not UTF-8" in program.refused("client", "add", typed=b"Jos\xe9\nLee\n")


def test_somebody_who_seems_to_be_there_is_added_only_if_meant(with_client: Program) -> None:
    same = ("--first", "Jordan", "--last", "Whitfield", "--born", "04/05/1990")
    said = with_client("client", "add", *same)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Client 1: Likely the same client")
    assert "--even-if-alike" in said.err
    assert with_client("client", "add", *same, "--even-if-alike").lines[0] == "Client 2 is added."
    assert any(line.startswith("Client 1: ") for line in with_client.well("client", "show", 2))


def test_a_record_is_changed_by_options_or_field_by_field(with_client: Program) -> None:
    with_client.well("client", "change", 1, "--pronouns", "she/her", "--no-message")
    with_client.well("client", "change", 1, typed="\n\nJo\n\n\n\n\n-\n207-555-0199\n\n")
    shown = with_client.well("client", "show", 1)
    assert "Goes by:           Jo" in shown
    assert "Pronouns:          she/her" in shown
    assert "Born:              04/05/1990" in shown
    assert "Phone, mobile:     (207) 555-0199 (leave no message)" in shown
    assert "Address:           1 Elm Street, Portland, ME 04102" in shown
    assert not any(line.startswith("E-mail") for line in shown)


def test_contacts_and_insurance_fill_the_gaps_of_a_minor(program: Program) -> None:
    said = program.well("client", "add", "--last", "Lee", "--born", "06/01/2015")
    assert "guardian" in said[1]
    program.well("client", "contact", 1, "guardian", typed="Ann Lee\nmother\n207-555-0122\n")
    program.well("client", "contact", 1, "emergency", "--name", "Ann Lee", "--phone", "207-555-0122")
    program.well("client", "insurance", 1, typed="Acme Health\nW1\n\nchild\nAnn Lee\n02/03/1985\n")
    shown = program.well("client", "show", 1)
    assert "Born:              06/01/2015 (a minor)" in shown
    assert "Guardian:          Ann Lee, mother, (207) 555-0122" in shown
    assert "Insurance:         Acme Health, member W1, Ann Lee" in shown
    assert not any("guardian" in line for line in shown if line.startswith("Missing"))


def test_a_diagnosis_is_checked_for_its_date_and_can_end(with_client: Program) -> None:
    assert "heading" in with_client.refused("client", "diagnose", 1, "F33")
    assert "not an ICD-10-CM code" in with_client.refused("client", "diagnose", 1, "XYZ")
    assert "already on the list" in with_client.refused("client", "diagnose", 1, "f331")
    assert "no open diagnosis F32.9" in with_client.refused("client", "resolve", 1, "F32.9")
    with_client.well("client", "diagnose", 1, "F41.1", "--since", "01/05/2026")
    with_client.well("client", "resolve", 1, "f41.1", "--on", "03/01/2026")
    *_, line = [line for line in with_client.well("client", "show", 1) if line.startswith("Diagnosis")]
    assert line.endswith("anxiety disorder, since 01/05/2026, until 03/01/2026")


def test_a_client_who_is_not_there_is_refused_by_every_command(program: Program) -> None:
    for command in (("show", 7), ("status", 7, "inactive"), ("diagnose", 7, "F33.1"), ("disclosures", 7)):
        assert "no such client" in program.refused("client", *command)
    assert "as “client list” shows it" in program.misread("client", "show", "Jordan")


def test_a_status_holds_from_a_day(with_client: Program) -> None:
    assert "last change of status" in with_client.refused("client", "status", 1, "inactive", "--on", "01/01/2020")
    with_client.well("client", "status", 1, "discharged")
    assert with_client.well("client", "list")[1].split()[-1] == "discharged"


CSV = "First name,Last name,DOB,Shoe size\nAda,Lund,1/2/1980,38\nBo,Adu,99/99/2000,40\nCy,Young,3/4/1991,41\n"


def test_an_import_shows_its_columns_keeps_good_rows_and_names_bad_ones(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(CSV)
    said = program("client", "import", path, typed="y\n")
    assert said.code == 4
    assert "  DOB  →  born_on" in said.lines
    assert "  Shoe size  →  not imported" in said.lines
    assert any(line.startswith("Line 3 cannot be imported: The birth date") for line in said.lines)
    assert said.lines[-1] == "2 clients added."
    again = program("client", "import", path, "--yes")
    assert again.lines[-2:] == ["Already in the practice: lines 2, 4.", "There is nobody to add."]
    assert len(program.well("client", "list")) == 3


def test_an_import_waits_for_a_yes(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(CSV)
    assert program("client", "import", path, typed="no\n").code == 130
    said = program("client", "import", path)
    assert said.code == 2
    assert "Add --yes" in said.err
    assert program.well("client", "list")[0].startswith("No clients yet")


@pytest.mark.parametrize(
    "content",
    [b"", b"First name\n", b"First name,Last name\nJos\xe9\xff,Le\x00e\n", b'First name,Last name\n"Ada,Lund\n'],
    ids=["empty", "no rows", "encoding", "quotes"],
)
def test_a_broken_file_is_refused_as_a_whole(program: Program, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(content)
    said = program("client", "import", path, "--yes")
    assert said.code == 1, said
    assert program.well("client", "list")[0].startswith("No clients yet")
    assert "cannot be read" in program.refused("client", "import", tmp_path / "none.csv")


def test_a_column_can_be_named_and_help_lists_all_fields(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("Vorname,Nachname\nAda,Lund\n")
    columns = ("--column", "first_name=Vorname", "--column", "last_name = Nachname")
    assert program.well("client", "import", path, "--yes", *columns)[-1] == "1 client added."
    assert "equals sign" in program.misread("client", "import", path, "--column", "Vorname")
    assert program.refused("client", "import", path, "--column", "shoe=Vorname")
    epilog = client.commands["import"].epilog or ""
    assert set(epilog.split("column:")[1].replace(",", " ").split()) == set(HEADERS)
