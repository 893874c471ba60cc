"""The program as real processes: hidden prompts, Ctrl+C, pipes that close, descriptors that are not there, kills."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from tests.cli.program import Program, today
from tests.cli.terminal import COMMAND, Terminal, between_pipes, environment
from tests.conftest import PASSWORD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")
CTRL_D = "\x04"


def test_a_password_is_typed_unseen(program: Program, home: Path) -> None:
    with Terminal(home, "--practice", program.folder, "client", "list") as terminal:
        terminal.see("Password of Rosa Alvarez, LCSW for Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        assert terminal.end() == 0
        assert terminal.shown == "\nNo clients yet. Add one with “client add”.\n"


def test_a_new_password_is_typed_twice_and_an_easy_one_is_asked_again(program: Program, home: Path) -> None:
    options = ("--name", "Elm House", "--first-name", "Ann", "--last-name", "Lee")
    with Terminal(home, "new", *options) as terminal:
        terminal.see("Password: ")
        terminal.type("elm house\n")
        terminal.see("Repeat for confirmation: ")
        terminal.type("elm house\n")
        terminal.see("at least 12 characters")
        terminal.see("Password: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Repeat for confirmation: ")
        terminal.type(f"{PASSWORD}!\n")
        terminal.see("do not match")
        terminal.see("Password: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Repeat for confirmation: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("The practice is in")
        assert terminal.end() == 0
        assert PASSWORD not in terminal.shown
    assert (home / "Documents" / "Elm House.practice").is_dir()


def test_questions_that_are_answered_wrongly_are_asked_again(program: Program, home: Path) -> None:
    with Terminal(home, "--practice", program.folder, "client", "add") as terminal:
        terminal.see("Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("First name, as on the insurance card: ")
        terminal.type("Jordan\nWhitfield\n\n\n31/12/1999\n")
        terminal.see("“31/12/1999” is not a date.")
        terminal.see("Birth date: ")
        terminal.type("12/31/1999\n" + "\n" * 8)
        terminal.see("Client 1 is added.")
        assert terminal.end() == 0


def test_a_name_that_is_typed_in_another_encoding_is_refused_and_not_kept_half(program: Program, home: Path) -> None:
    with Terminal(home, "--practice", program.folder, "client", "add") as terminal:
        terminal.see("Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("First name, as on the insurance card: ")
        terminal.type(b"Jos\xe9\n")
        assert terminal.end() == 1
        assert "not UTF-8" in terminal.shown


def test_ctrl_c_at_the_password_cancels(program: Program, home: Path) -> None:
    with Terminal(home, "--practice", program.folder, "client", "list") as terminal:
        terminal.see("Harbor Counseling: ")
        assert terminal.interrupt() == 130
        assert terminal.shown.split("\n")[-2] == "Cancelled. Nothing more was changed."
    assert program.well("client", "list")


def test_a_note_is_typed_section_by_section_and_each_is_safe_at_once(with_client: Program, home: Path) -> None:
    begun = ("--practice", with_client.folder, "note", "new", 1)
    with Terminal(home, *begun) as terminal:
        terminal.see("Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Data (end with Ctrl+D")
        terminal.type(f"Talked about work.\n\nAnd about José.\n{CTRL_D}")
        terminal.see("Assessment (end with Ctrl+D")
        refused = between_pipes(home, "--practice", with_client.folder, "client", "list", password=PASSWORD)
        assert refused.communicate() == (
            "",
            "This practice is already open in another window. Use that one, or close it first.\n",
        )
        assert refused.returncode == 1
        terminal.kill()
    shown = with_client.well("note", "show", 1)
    assert shown[2:7] == ["", "# Data", "Talked about work.", "", "And about José."]
    with Terminal(home, "--practice", with_client.folder, "note", "write", 1) as terminal:
        terminal.see("Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Data (end with")
        terminal.type(CTRL_D)
        terminal.see("Assessment (end with")
        terminal.type(f"Less tense.\n{CTRL_D}")
        terminal.see("Plan (end with")
        assert terminal.interrupt() == 130
    shown = with_client.well("note", "show", 1)
    assert "And about José." in shown
    assert "Less tense." in shown


def test_what_is_written_beside_a_note_is_asked_for_at_the_terminal(signed: Program, home: Path) -> None:
    with Terminal(home, "--practice", signed.folder, "note", "amend", 1, "correction") as terminal:
        terminal.see("Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Jordan Whitfield · ")
        terminal.see("What was wrong?")
        terminal.type("The room.\n")
        terminal.see("What is right (end with Ctrl+D")
        terminal.type(f"We met in room 3.\n{CTRL_D}")
        terminal.see("The correction is signed and stands beside note 1.")
        assert terminal.end() == 0
    with Terminal(home, "--practice", signed.folder, "note", "amend", 1, "void") as terminal:
        terminal.see("Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Why does the note not count?")
        terminal.type("Wrong client.\n")
        terminal.see("Void note 1? It stays in the chart, struck through. [y/N]")
        terminal.type("\n")
        assert terminal.end() == 130
    shown = "\n".join(signed.well("note", "show", 1))
    assert "What was wrong: The room.\nWe met in room 3." in shown
    assert "VOID" not in shown


def test_ctrl_c_during_a_long_import_adds_nobody(program: Program, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    surnames = ("".join(letters) for letters in product("BDFGKLMNPRST", "aeiou", "bdfgklmnprst"))
    path.write_text("First name,Last name\n" + "".join(f"Ada,{surname}\n" for surname in surnames))
    with Terminal(home, "--practice", program.folder, "client", "import", path, "--yes") as terminal:
        terminal.see("Harbor Counseling: ")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("Importing  [")
        assert terminal.interrupt() == 130
        assert "Traceback" not in terminal.shown
    assert program.well("client", "list") == ["No clients yet. Add one with “client add”."]
    assert program("check").code == 0


def test_nobody_to_ask_for_a_password_is_said_and_not_waited_for(program: Program, home: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--practice", str(program.folder), "client", "list"],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "Error: There is no terminal to ask for a password. Hand it over with --password-fd, or use --keyring."
    )


def test_a_reader_who_has_seen_enough_is_no_error(program: Program, home: Path) -> None:
    for arguments in (("icd", "find", "a", "--limit", "1000"), ("--help",), ("client", "--help")):
        reader, writer = os.pipe()
        running = between_pipes(home, *arguments, stdout=writer)
        os.close(writer)
        os.close(reader)
        assert running.communicate() == (None, "")
        assert running.returncode == 0


def test_work_is_finished_even_if_nobody_reads_about_it(signed: Program, home: Path, tmp_path: Path) -> None:
    signed.well("service", "charge", 1)
    month = f"{today():%m/%Y}"
    reader, writer = os.pipe()
    arguments = ("--practice", signed.folder, "superbill", "month", month, "--issue", "-o", tmp_path / "bills")
    running = between_pipes(home, *arguments, password=PASSWORD, stdout=writer)
    os.close(writer)
    os.close(reader)
    assert running.communicate() == (None, "")
    assert running.returncode == 0
    assert len(list((tmp_path / "bills").iterdir())) == 1
    assert len(signed.well("superbill", "list")) == 2


@pytest.mark.parametrize(("closed", "code"), [("<&-", 2), (">&- 2>&-", 1), ("<&- >&- 2>&-", 2)])
def test_closed_descriptors_are_no_bug(with_client: Program, home: Path, closed: str, code: int) -> None:
    (home / "password").write_text(f"{PASSWORD}\n")
    command = [*COMMAND, "--password-fd", "5", "--practice", str(with_client.folder), "note", "new", "1"]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" 5<"$HOME/password" {closed}', "sh", *command],
        env=environment(home),
        input="no heading",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done
    assert with_client.well("note", "list") == ["No draft is waiting to be signed."]
    assert with_client("check").code == 0
    assert not list(home.rglob("*.log"))


@pytest.mark.parametrize("locale", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}])
def test_names_with_accents_reach_a_file_whatever_the_locale(
    program: Program, home: Path, locale: dict[str, str]
) -> None:
    program.well("client", "add", typed="José\nNúñez 木村\n")
    done = subprocess.run(
        [*COMMAND, "--password-fd", "0", "--practice", str(program.folder), "client", "list"],
        env=environment(home, **locale),
        input=f"{PASSWORD}\n".encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done
    assert "José Núñez 木村" in done.stdout.decode("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_cannot_be_written_is_said(program: Program, home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        running = between_pipes(home, "--practice", program.folder, "client", "list", password=PASSWORD, stdout=full)
        assert "cannot be written" in running.communicate()[1]
    assert running.returncode == 1


def test_no_secret_and_no_name_of_a_client_is_an_argument_of_the_process(program: Program, home: Path) -> None:
    with Terminal(home, "--practice", program.folder, "client", "add") as terminal:
        terminal.see("Harbor Counseling: ")
        arguments = Path(f"/proc/{terminal.pid}/cmdline")
        if not arguments.exists():
            pytest.skip("this system does not show the arguments of a process")
        terminal.type(f"{PASSWORD}\n")
        terminal.see("First name, as on the insurance card: ")
        terminal.type("Jordan\nWhitfield\n")
        terminal.see("Goes by another first name: ")
        assert b"Whitfield" not in arguments.read_bytes()
        assert PASSWORD.encode() not in arguments.read_bytes()
        assert terminal.interrupt() == 130
    assert program.well("client", "list")[0].startswith("No clients yet")
