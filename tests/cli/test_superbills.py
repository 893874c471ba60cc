"""Superbills from the command line: checked, issued, for a month of all, corrected, voided, delivered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.program import SESSION, TEXT, Program, today
from tests.reports.paper import Paper

MONTH = f"{today():%m/%Y}"


@pytest.fixture
def charged(signed: Program) -> Program:
    """Charge 1 of $180 is made for today’s session, and $80 is paid on it."""
    signed.well("service", "charge", 1)
    signed.well("payment", "add", 1, "80", "--method", "card")
    return signed


def test_a_superbill_is_checked_issued_and_saved_with_what_was_really_paid(charged: Program, tmp_path: Path) -> None:
    said = charged.well("superbill", "check", 1, "--month", MONTH)
    assert said[0] == "1 line, charged $180.00, paid $80.00, by Rosa Alvarez, LCSW"
    assert said[-1] == "It can be issued."
    said = charged.well("superbill", "issue", 1, "--month", MONTH, "-o", tmp_path / "bills")
    number = f"{today():%Y-%m}-0001"
    path = tmp_path / "bills" / f"superbill-{number}.pdf"
    assert said[-2:] == [f"Superbill {number} is issued (no. 1 in the list).", f"Saved {path}"]
    printed = " ".join(Paper(path.read_bytes()).pages)
    assert number in printed
    assert "80.00" in printed
    assert "nothing to bill" in charged.refused("superbill", "issue", 1, "--month", MONTH)


def test_a_time_has_to_be_said_and_to_make_sense(charged: Program) -> None:
    assert "--month 11/2026" in charged.misread("superbill", "check", 1)
    assert "not a month" in charged.misread("superbill", "check", 1, "--month", "13/2026")
    assert "either --month" in charged.misread("superbill", "check", 1, "--month", MONTH, "--from", "01/01/2026")
    late, early = (f"{today() + timedelta(days=days):%m/%d/%Y}" for days in (1, -1))
    assert "ends before it begins" in charged.refused("superbill", "check", 1, "--from", late, "--until", early)
    assert charged.well("superbill", "check", 1, "--from", early, "--until", late)


def test_what_an_insurer_would_reject_is_named_and_nothing_is_numbered(with_client: Program) -> None:
    with_client.well("service", "set", 4, "--fee", "180")
    with_client.well("note", "new", 1, *SESSION, typed=TEXT)
    with_client.well("note", "sign", 1)
    with_client.well("service", "charge", 1)
    checked = with_client("superbill", "check", 1, "--month", MONTH)
    assert (checked.code, checked.lines[-1]) == (3, "An insurer would reject it.")
    issued = with_client("superbill", "issue", 1, "--month", MONTH)
    assert issued.code == 1
    assert issued.err.startswith("Nothing was issued.")
    month = with_client("superbill", "month", MONTH, "--issue")
    assert (month.code, month.lines[-1]) == (4, "0 issued, 1 would be rejected.")
    assert with_client.well("superbill", "list") == ["No superbills yet. Issue one with “superbill issue”."]


def test_a_month_for_all_is_looked_at_then_issued_once(charged: Program, tmp_path: Path) -> None:
    charged.well("client", "add", "--first", "Maya", "--last", "Okafor", "--born", "07/08/1985")
    shown = charged.well("superbill", "month", MONTH)
    assert [line.split()[1:3] for line in shown[1:3]] == [["Maya", "Okafor"], ["Jordan", "Whitfield"]]
    assert shown[-1] == "1 ready, 0 would be rejected."
    assert "nothing to save" in charged.misread("superbill", "month", MONTH, "-o", tmp_path)
    issued = charged.well("superbill", "month", MONTH, "--issue", "-o", tmp_path / "bills")
    assert issued[-1] == "1 issued, 0 would be rejected."
    assert len(list((tmp_path / "bills").iterdir())) == 1
    assert charged.well("superbill", "month", MONTH, "--issue")[-1] == "0 issued, 0 would be rejected."


def test_a_folder_that_cannot_be_stops_before_a_number_is_used(charged: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for command in (("issue", 1, "--month", MONTH), ("month", MONTH, "--issue")):
        assert "cannot be made" in charged.refused("superbill", *command, "-o", tmp_path / "file")
    assert charged.well("superbill", "list")[0].startswith("No superbills yet")


def test_a_superbill_whose_file_is_in_the_way_stays_issued_and_says_so(charged: Program, tmp_path: Path) -> None:
    number = f"{today():%Y-%m}-0001"
    (tmp_path / f"superbill-{number}.pdf").write_text("of another practice")
    said = charged("superbill", "issue", 1, "--month", MONTH, "-o", tmp_path)
    assert said.code == 4
    assert f"Superbill {number} is issued; “superbill save 1” saves it." in said.err
    assert (tmp_path / f"superbill-{number}.pdf").read_text() == "of another practice"
    charged.well("superbill", "save", 1, "-o", tmp_path / "mine.pdf")
    assert "already a file" in charged.refused("superbill", "save", 1, "-o", tmp_path / "mine.pdf")


def test_a_later_payment_calls_for_a_corrected_copy_that_names_the_old_one(charged: Program, tmp_path: Path) -> None:
    charged.well("superbill", "issue", 1, "--month", MONTH)
    old, new = (f"{today():%Y-%m}-000{count}" for count in (1, 2))
    said = charged.well("payment", "add", 1, "100", "--method", "cash")
    assert f"Superbill {old} now shows an old amount paid. Make a corrected copy if it was sent." in said
    assert charged.well("superbill", "list")[1].endswith("issued, now $180.00 is paid")
    assert charged("superbill", "correct", 1, typed="paid in full\nn\n").code == 130
    said = charged.well("superbill", "correct", 1, "--reason", "paid in full", "--yes", "-o", tmp_path)
    assert said[0] == f"Superbill {new} is issued in its place (no. 2 in the list)."
    printed = " ".join(Paper((tmp_path / f"superbill-{new}.pdf").read_bytes()).pages)
    assert old in printed
    assert charged.well("superbill", "list")[2].endswith(f"void, replaced by {new}")
    assert "already replaced" in charged.refused("superbill", "correct", 1, "--reason", "x", "--yes")


def test_a_superbill_is_voided_only_if_meant_and_its_copy_says_so(charged: Program, tmp_path: Path) -> None:
    charged.well("superbill", "issue", 1, "--month", MONTH)
    assert charged("superbill", "void", 1, "--reason", "wrong client", typed="\n").code == 2
    assert charged("superbill", "void", 1, "--reason", "wrong client", typed="n\n").code == 130
    said = charged.well("superbill", "void", 1, typed="wrong client\ny\n")
    assert said[-1].endswith("is void. Its charges can stand on another superbill.")
    charged.well("superbill", "save", 1, "-o", tmp_path / "void.pdf")
    assert "VOID" in " ".join(Paper((tmp_path / "void.pdf").read_bytes()).pages)
    assert "no such superbill" in charged.refused("superbill", "void", 9, "--reason", "x", "--yes")


def test_a_delivery_is_noted_in_the_list_and_in_the_log_of_disclosures(charged: Program) -> None:
    charged.well("superbill", "issue", 1, "--month", MONTH)
    charged.well("superbill", "deliver", 1, typed="handed over\n")
    assert f"delivered {today():%m/%d/%Y}" in charged.well("superbill", "list", 1)[1]
    assert "the client" in charged.well("client", "disclosures", 1)[1]
