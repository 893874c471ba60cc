"""Session notes from the command line: drafted, signed, amended, printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import SESSION, TEXT, Program
from tests.conftest import PASSWORD
from tests.reports.paper import Paper


def test_a_note_is_a_draft_until_it_is_signed_and_says_what_it_lacks(with_client: Program) -> None:
    said = with_client.well("note", "new", 1, typed=TEXT)
    assert said[0] == "Note 1 is a draft."
    assert any(line.startswith("  must: Start and stop") for line in said)
    assert "Start and stop" in with_client.refused("note", "sign", 1)
    assert with_client.well("note", "list")[1].split()[:3] == ["1", "Jordan", "Whitfield"]
    shown = with_client.well("note", "show", 1)
    assert shown[0].startswith("Jordan Whitfield · ")
    assert shown[0].endswith(" · no times · no service")
    assert shown[-1] == "Draft, not signed."


def test_a_note_with_everything_is_signed_and_then_never_changes(signed: Program) -> None:
    shown = signed.well("note", "show", 1)
    assert shown[0].endswith(" · 9:00–9:55 am · Individual therapy 60")
    assert shown[1] == "F33.1"
    assert any(line.startswith("Signed by Rosa Alvarez, LCSW (author), ") for line in shown)
    for command in (("write", 1), ("sign", 1), ("discard", 1, "--yes")):
        assert "never changes" in signed.refused("note", *command, typed=TEXT)
    assert signed.well("note", "list") == ["No draft is waiting to be signed."]


def test_the_text_of_a_draft_can_come_from_a_file_and_be_written_again(with_client: Program, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("\ufeff" + TEXT, encoding="utf-8")
    with_client.well("note", "new", 1, "--from", path)
    with_client.well("note", "write", 1, typed="# Data\nBetter words.\n")
    shown = with_client.well("note", "show", 1)
    assert "Better words." in shown
    assert "Talked about work." not in shown


@pytest.mark.parametrize(
    ("command", "typed", "said"),
    [
        (("new", 1), "no heading", "Begin with “# ” and one of: Data, Assessment, Plan"),
        (("new", 1), b"# Data\nJos\xe9\n", "not UTF-8"),
        (("new", 1, "--template", "XYZ"), TEXT, "no such note template"),
        (("new", 1, "--service", "Massage"), TEXT, "There is no service “Massage”"),
        (("new", 1, "--place", "office"), TEXT, "two digits"),
        (("new", 1, "--objective", "1a"), TEXT, "no objective 1a. No plan was in force"),
        (("new", 1, "--from", "not-there.txt"), "", "cannot be read"),
        (("new", 9), TEXT, "no such client"),
    ],
)
def test_a_slip_leaves_no_half_note_behind(
    with_client: Program, command: tuple[object, ...], typed: str, said: str
) -> None:
    assert said in with_client.refused("note", *command, typed=typed)
    assert with_client.well("note", "list") == ["No draft is waiting to be signed."]


def test_a_note_that_is_not_there_is_refused_by_every_command(program: Program) -> None:
    for command in (("show", 9), ("write", 9), ("sign", 9), ("amend", 9, "addendum"), ("discard", 9, "--yes")):
        assert "no such note" in program.refused("note", *command, typed="# Data\nx")


def test_a_draft_is_deleted_only_if_meant(with_client: Program) -> None:
    with_client.well("note", "new", 1, "--no-text")
    assert with_client("note", "discard", 1, typed="n\n").code == 130
    assert len(with_client.well("note", "list")) == 2
    assert with_client("note", "discard", 1, typed="y\n").code == 0
    assert with_client.well("note", "list") == ["No draft is waiting to be signed."]


def test_a_note_that_is_still_empty_does_not_alarm_a_check(with_client: Program) -> None:
    with_client.well("note", "new", 1, "--no-text")
    assert with_client("check").code == 0


def test_a_signature_needs_the_right_password(with_client: Program) -> None:
    with_client.well("note", "new", 1, *SESSION, typed=TEXT)
    assert "password is not right" in with_client.refused("note", "sign", 1, secrets=("wrong password",))
    assert with_client.well("note", "show", 1)[-1] == "Draft, not signed."


def test_one_note_of_several_that_cannot_be_signed_leaves_the_earlier_ones_signed(with_client: Program) -> None:
    with_client.well("note", "new", 1, *SESSION, typed=TEXT)
    with_client.well("note", "new", 1, "--no-text")
    said = with_client("note", "sign", 1, 2)
    assert (said.code, said.lines) == (1, ["Note 1 is signed."])
    assert "empty" in said.err


def test_what_is_written_beside_a_note_is_shown_and_printed_with_it(signed: Program, tmp_path: Path) -> None:
    assert signed("note", "amend", 1, "addendum", typed="Called back at noon.").code == 0
    assert signed("note", "amend", 1, "correction", typed="The time.\n\nIt was 9:05.\nTo 9:55.").code == 0
    shown = "\n".join(signed.well("note", "show", 1))
    assert "ADDENDUM · Rosa Alvarez · " in shown
    assert "What was wrong: The time.\nIt was 9:05.\nTo 9:55." in shown
    path = tmp_path / "note.pdf"
    assert signed.well("note", "print", 1, "-o", path) == [f"Saved {path}"]
    printed = " ".join(Paper(path.read_bytes()).pages)
    for words in ("Talked about work.", "Called back at noon.", "It was 9:05.", "Rosa Alvarez, LCSW"):
        assert words in printed


def test_an_amendment_that_says_too_little_is_refused(signed: Program) -> None:
    for kind, typed in (("addendum", " "), ("correction", "only what was wrong"), ("void", "")):
        said = signed("note", "amend", 1, kind, "--yes", typed=typed)
        assert (said.code, said.out) == (1, "")
    signed.well("note", "new", 1, "--no-text")
    assert "not signed yet" in signed("note", "amend", 2, "addendum", typed="x").err


def test_a_note_is_voided_only_if_meant(signed: Program, tmp_path: Path) -> None:
    said = signed("note", "amend", 1, "void", typed="Wrong client.")
    assert said.code == 2
    assert "--yes" in said.err
    reason = tmp_path / "reason.txt"
    reason.write_text("Wrong client.")
    assert signed("note", "amend", 1, "void", "--from", reason, typed="n\n").code == 130
    assert signed("note", "amend", 1, "void", "--from", reason, typed="y\n").code == 0
    assert "VOID · Rosa Alvarez" in "\n".join(signed.well("note", "show", 1))


def test_a_printed_note_can_have_a_password_and_is_noted_if_somebody_gets_it(signed: Program, tmp_path: Path) -> None:
    path = tmp_path / "note.pdf"
    said = signed.well(
        "note", "print", 1, "-o", path, "--protect", "--to", "Dr. Amy Chen", secrets=(PASSWORD, "sesame street")
    )
    assert said[-2:] == ["Noted in the log of disclosures.", f"Saved {path}"]
    assert "Talked about work." in Paper(path.read_bytes(), "sesame street").pages[0]
    assert b"Talked" not in path.read_bytes()
    (line,) = signed.well("client", "disclosures", 1)[1:]
    assert "session note 1" in line
    assert "Dr. Amy Chen" in line
    assert "at the request of the client" in line


def test_a_document_that_cannot_be_saved_is_refused_before_the_password_is_asked(
    signed: Program, tmp_path: Path
) -> None:
    path = tmp_path / "note.pdf"
    path.write_text("mine")
    assert "already a file" in signed.refused("note", "print", 1, "-o", path, secrets=())
    assert "cannot be made" in signed.refused("note", "print", 1, "-o", path / "note.pdf", secrets=())
    assert path.read_text() == "mine"
    signed.well("note", "print", 1, "-o", path, "--replace")
    assert path.read_bytes().startswith(b"%PDF")


def test_a_supervisor_cosigns_the_note_of_somebody_they_supervise(with_client: Program) -> None:
    secret = "lanterns over the bay"
    options = ("--first", "Al", "--last", "Poe", "--role", "supervisee", "--supervisor", 1)
    with_client.well("person", "add", *options, secrets=(PASSWORD, secret))
    rosa, al = {"before": ("--as", "Rosa")}, {"before": ("--as", "Al"), "secrets": (secret,)}
    with_client.well("client", "assign", 1, 2, **rosa)
    with_client.well("note", "new", 1, *SESSION, typed=TEXT, **al)
    assert "no such note" not in with_client.refused("note", "cosign", 1, **rosa)
    with_client.well("note", "sign", 1, **al)
    assert with_client.well("note", "cosign", 1, **rosa) == ["Note 1 is co-signed."]
    signatures = [line for line in with_client.well("note", "show", 1, **rosa) if line.startswith("Signed by")]
    assert [line.split(",")[0] for line in signatures] == ["Signed by Al Poe (author)", "Signed by Rosa Alvarez"]
