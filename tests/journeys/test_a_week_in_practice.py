"""A therapist’s first week with the program, from the command line: set up, treat, bill, back up, look for leaks."""

from __future__ import annotations

import json
import logging
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.program import Program, today
from tests.cli.terminal import Terminal
from tests.cli.test_json_form import PLAN, SAFETY_PLAN
from tests.conftest import PASSWORD
from tests.reports.paper import Paper

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")

CLIENT = "Quillanthe Zarbrook"
WORD = "Vellichorine"  # stands in a note and nowhere else in the world
MONTH = f"{today():%m/%Y}"
FROM_ANOTHER_PROGRAM = """\
Client First Name,Client Last Name,Date of Birth,Sex,Mobile Phone,Address,City,State,Zip,Insurance,Member ID
Quillanthe,Zarbrook,04/05/1990,F,207-555-0111,1 Elm Street,Portland,ME,04102,Acme Health,W1234567
Maya,Okafor,07/08/1985,F,207-555-0122,2 Oak Street,Portland,ME,04102,,
Sam,Lind,13/13/1999,M,207-555-0133,3 Ash Street,Portland,ME,04102,,
"""


@dataclass
class Desk:
    """A therapist’s desk: the program, the home folder, a drive for backups, and a drawer for papers."""

    program: Program
    home: Path
    temporary_files: Path
    drive: Path
    drawer: Path

    def paper(self, name: str) -> str:
        """Read a paper in the drawer."""
        return " ".join(Paper((self.drawer / name).read_bytes()).pages)

    def swept(self) -> list[Path]:
        """Everything the program wrote without being asked for a paper."""
        places = (self.program.folder.parent, self.home, self.temporary_files, self.drive)
        return sorted({path for place in places for path in place.rglob("*") if path.is_file()})


def test_a_week_in_practice(
    tmp_path: Path, home: Path, temporary_files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = Desk(
        Program(home / "Documents" / "Harbor Counseling.practice"),
        home,
        temporary_files,
        drive=tmp_path / "drive",
        drawer=tmp_path / "drawer",
    )
    desk.drive.mkdir()
    desk.drawer.mkdir()

    sunday_the_practice_is_set_up(desk)
    monday_clients_come_over_from_another_program(desk)
    tuesday_a_treatment_plan_and_a_safety_plan(desk)
    wednesday_a_note_survives_a_power_cut_and_is_signed(desk)
    thursday_something_is_added_and_something_put_right(desk)
    friday_the_session_is_paid_and_billed(desk)
    saturday_a_backup_is_made_and_proven(desk)
    assert desk.program.well("search", WORD)[1].split()[:2] == ["session", "note"]
    nothing_leaked(desk, caplog.text)


def sunday_the_practice_is_set_up(desk: Desk) -> None:
    answers = (
        "Harbor Counseling LLC\nHarbor Counseling\nRosa\nAlvarez\nLCSW\n1234567893\n1041C0700X\nLC12345\n\nME\n"
        "01-2345678\n210 Water St\nPortland\nME\n04101\n207-555-0101\n\n"
    )
    said = desk.program.apart("new", typed=answers)
    assert said.lines[0] == f"The practice is in {desk.program.folder}"
    desk.program.well("service", "set", "Individual therapy 60", "--code", "90837", "--fee", "180")


def monday_clients_come_over_from_another_program(desk: Desk) -> None:
    table = desk.drawer / "clients.csv"
    table.write_text(FROM_ANOTHER_PROGRAM)
    said = desk.program("client", "import", table, typed="y\n")
    assert (said.code, said.lines[-1]) == (4, "2 clients added.")
    assert [line for line in said.lines if line.startswith("Line 4 cannot be imported")]
    (line,) = [line for line in desk.program.well("client", "list") if CLIENT in line]
    assert line.split()[0] == "1"
    desk.program.well("client", "contact", 1, "emergency", typed="Ann Zarbrook\nmother\n207-555-0144\n")
    said = desk.program.well("client", "diagnose", 1, "F33.1")
    assert said == ["F33.1  Major depressive disorder, recurrent, moderate"]


def tuesday_a_treatment_plan_and_a_safety_plan(desk: Desk) -> None:
    desk.program.well("plan", "new", 1)
    plan = json.loads(PLAN) | {"established_on": today().isoformat()}
    assert desk.program.well("plan", "write", 1, typed=json.dumps(plan))[1].startswith("Nothing is missing.")
    desk.program.well("plan", "sign", 1)
    desk.program.well("plan", "print", 1, "-o", desk.drawer / "plan.pdf")
    assert "Walk on three days a week" in desk.paper("plan.pdf")

    desk.program.well("safety-plan", "new", 1)
    safety_plan = json.loads(SAFETY_PLAN) | {"made_on": today().isoformat()}
    desk.program.well("safety-plan", "write", 1, typed=json.dumps(safety_plan))
    desk.program.well("safety-plan", "use", 1)
    desk.program.well("safety-plan", "print", 1, "-o", desk.drawer / "safety.pdf", "--to", "the client")
    desk.program.well("safety-plan", "wallet", 1, "-o", desk.drawer / "card.pdf")
    for name in ("safety.pdf", "card.pdf"):
        assert "988" in desk.paper(name)
        assert "207-555-0144" in desk.paper(name)
        assert CLIENT.split()[1] not in desk.paper(name)


def wednesday_a_note_survives_a_power_cut_and_is_signed(desk: Desk) -> None:
    session = ("--start", "9:00", "--stop", "9:55", "--service", "Individual therapy 60", "--objective", "1a")
    with Terminal(desk.home, "note", "new", 1, *session) as terminal:
        terminal.see("Password of Rosa Alvarez, LCSW for Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Data (end with")
        terminal.type(f"Spoke of {WORD} and of work.\n\x04")
        terminal.see("Assessment (end with")
        terminal.type("Half a sent")
        terminal.kill()
    assert leaks(desk.swept()) == []

    (line,) = desk.program.well("note", "list")[1:]
    assert line.split()[:3] == ["1", *CLIENT.split()]
    assert f"Spoke of {WORD} and of work." in desk.program.well("note", "show", 1)
    text = f"# Data\nSpoke of {WORD} and of work.\n# Assessment\nLess tense.\n# Plan\nGo on as planned.\n"
    assert desk.program.well("note", "write", 1, typed=text)[-1].startswith("Nothing is missing.")
    assert desk.program.well("note", "sign", 1) == ["Note 1 is signed."]


def thursday_something_is_added_and_something_put_right(desk: Desk) -> None:
    desk.program.well("note", "amend", 1, "addendum", typed="She called at noon and felt better.")
    desk.program.well("note", "amend", 1, "correction", typed="The place was wrong.\n\nWe met in room 3.")
    desk.program.well("note", "print", 1, "-o", desk.drawer / "note.pdf")
    note = desk.paper("note.pdf")
    for words in (CLIENT, WORD, "Rosa Alvarez, LCSW", "She called at noon", "We met in room 3.", "F33.1"):
        assert words in note


def friday_the_session_is_paid_and_billed(desk: Desk) -> None:
    program, numbers = desk.program, [f"{today():%Y-%m}-{count:04}" for count in range(4)]
    program.well("service", "charge", 1)
    assert program.well("payment", "add", 1, "80", "--method", "card")[-1] == "Still owed: $100.00"
    assert program.well("superbill", "check", 1, "--month", MONTH)[-1] == "It can be issued."
    program.well("superbill", "issue", 1, "--month", MONTH, "-o", desk.drawer)
    assert paid_on(desk.paper(f"superbill-{numbers[1]}.pdf")) == ("180.00", "80.00")

    said = program.well("payment", "add", 1, "100", "--method", "check", "--reference", "1042")
    assert said[-1] == "Still owed: $0.00"
    program.well("superbill", "correct", 1, "--reason", "paid in full", "--yes", "-o", desk.drawer)
    corrected = desk.paper(f"superbill-{numbers[2]}.pdf")
    assert paid_on(corrected) == ("180.00", "180.00")
    assert numbers[1] in corrected
    program.well("superbill", "void", 2, "--reason", "sent to the wrong plan", "--yes")
    program.well("superbill", "save", 2, "-o", desk.drawer / "void.pdf")
    assert "VOID" in desk.paper("void.pdf")

    assert program.well("superbill", "month", MONTH)[-1] == "1 ready, 0 would be rejected."
    said = program.well("superbill", "month", MONTH, "--issue", "-o", desk.drawer)
    assert said[-1] == "1 issued, 0 would be rejected."
    assert paid_on(desk.paper(f"superbill-{numbers[3]}.pdf")) == ("180.00", "180.00")
    program.well("superbill", "deliver", 3, "--how", "handed over")
    third, second, first = program.well("superbill", "list")[1:]
    assert third.endswith(f"issued, delivered {today():%m/%d/%Y}")
    assert second.endswith("  void")
    assert first.endswith(f"  void, replaced by {numbers[2]}")


def paid_on(superbill: str) -> tuple[str, str]:
    """Return what a superbill says in its one line: charged and paid."""
    charged, paid = re.findall(r"\$?([0-9,]+\.[0-9]{2})", superbill.split("90837", 1)[1])[:2]
    return charged, paid


def saturday_a_backup_is_made_and_proven(desk: Desk) -> None:
    desk.program.well("backup", "make", desk.drive)
    (backup,) = desk.drive.iterdir()
    assert " restores: " in desk.program.well("backup", "prove", backup)[0]
    assert " is whole: " in desk.program.apart("verify", backup).lines[0]
    restored = desk.home / "Second computer"
    assert desk.program.apart("restore", backup, restored).code == 0
    on_the_second = Program(restored.with_name("Second computer.practice"))
    assert f"Spoke of {WORD} and of work." in on_the_second.well("note", "show", 1)
    for program in (desk.program, on_the_second):
        said = program.well("check")
        assert all(line.startswith("whole  ") for line in said[:-1])


def leaks(files: list[Path]) -> list[str]:
    """Return which files hold a client’s name, the word of a note or the password in any plain form."""
    secrets = (*CLIENT.casefold().split(), WORD.casefold(), PASSWORD.casefold(), "she called at noon", "behavioral")
    found = []
    for path in files:
        for form in (path.read_bytes(), str(path).encode()):
            data = form.lower()
            found += [
                f"{secret} in {path}"
                for secret in secrets
                for encoding in ("utf-8", "utf-16-le")
                if secret.encode(encoding) in data
            ]
    return found


def nothing_leaked(desk: Desk, log: str) -> None:
    files = desk.swept()
    kinds = {path.suffix for path in files}
    assert {".db", ".keys", ".bak", ".tdbackup"} <= kinds
    assert leaks([desk.drawer / "clients.csv"])  # so this is what a leak looks like
    assert leaks(files) == []
    assert not [secret for secret in (CLIENT, WORD, PASSWORD) if secret in log]
