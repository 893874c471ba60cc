"""How lists, dates and text look on a terminal, and what happens when a file cannot be written."""

from __future__ import annotations

import os
from datetime import date, datetime, time
from pathlib import Path

import pytest

from tests.conftest import EASTERN
from therapist_desktop.cli.printing import check_target, count, save_document, say, shown_value, table
from therapist_desktop.models.errors import UserError


def test_a_table_has_text_to_the_left_and_figures_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    table(
        ("No.", "Name", "Born", "Owed"),
        [(7, "Zoë Li", date(1990, 4, 5), "$1,080.00"), (12, "Al", None, "$0.00")],
        empty="",
    )
    assert capsys.readouterr().out == (
        "No.  Name    Born             Owed\n"
        "  7  Zoë Li  04/05/1990  $1,080.00\n"
        " 12  Al                      $0.00\n"
    )  # fmt: skip


def test_wide_and_combined_characters_do_not_push_columns_about(capsys: pytest.CaptureFixture[str]) -> None:
    table(("Name", "State"), [("木村", "here"), ("Zoe\u0308", "here"), ("Anna", "here")], empty="")
    assert capsys.readouterr().out.splitlines() == ["Name  State", "木村  here", "Zoe\u0308   here", "Anna  here"]


def test_an_empty_list_says_what_it_would_hold(capsys: pytest.CaptureFixture[str]) -> None:
    table(("Name",), [], empty="No clients yet.")
    assert capsys.readouterr().out == "No clients yet.\n"


def test_text_from_elsewhere_cannot_give_the_terminal_commands(capsys: pytest.CaptureFixture[str]) -> None:
    say("Jordan\x1b[2J\x07\x9b1m\r Whitfield\n\tstays")
    assert capsys.readouterr().out == "Jordan[2J1m Whitfield\n\tstays\n"
    table(("Name",), [("two\nlines",)], empty="")
    assert capsys.readouterr().out == "Name\ntwo lines\n"


def test_values_are_shown_as_americans_write_them() -> None:
    assert shown_value(date(2026, 11, 3)) == "11/03/2026"
    assert shown_value(time(14, 5)) == "2:05 pm"
    assert shown_value(datetime(2026, 11, 3, 9, 0, tzinfo=EASTERN)) == "November 3, 2026, 9:00 am (UTC−05:00)"
    assert [count(1, "entry", "entries"), count(2300, "entry", "entries")] == ["1 entry", "2,300 entries"]


def test_a_document_is_saved_for_its_owner_only_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "papers" / "note.pdf"
    save_document(b"first", path)
    assert path.read_bytes() == b"first"
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(UserError, match=r"There is already a file note\.pdf"):
        save_document(b"second", path)
    assert path.read_bytes() == b"first"
    save_document(b"second", path, replace=True)
    assert path.read_bytes() == b"second"
    assert [one.name for one in path.parent.iterdir()] == ["note.pdf"]


def test_a_place_where_nothing_can_be_saved_is_named_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be made"):
        check_target(tmp_path / "file" / "note.pdf")
    with pytest.raises(UserError, match="is a folder"):
        check_target(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="an administrator may write anywhere")
def test_a_read_only_folder_is_named_before_any_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UserError, match="read-only"):
            check_target(tmp_path / "note.pdf")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that not even root can write to")
def test_a_place_that_only_turns_out_to_be_read_only_is_named_too() -> None:
    with pytest.raises(UserError, match="cannot be"):
        save_document(b"x", Path("/proc/note.pdf"))
