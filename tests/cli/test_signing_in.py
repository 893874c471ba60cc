"""Getting into a practice from the command line, and every way in which that goes wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.conftest import PASSWORD
from therapist_desktop.services.practices import logins
from therapist_desktop.system.single_instance import PracticeLock

BEN = "lanterns over the bay"


def test_the_practice_is_named_by_its_folder_with_or_without_its_ending(program: Program) -> None:
    program.folder = program.folder.with_name("Harbor Counseling")
    assert program.well("client", "list") == ["No clients yet. Add one with “client add”."]


def test_the_only_practice_among_the_documents_needs_no_name(program: Program, home: Path) -> None:
    (home / "Documents").mkdir()
    shutil.move(program.folder, home / "Documents")
    assert program.apart("client", "list").lines == ["No clients yet. Add one with “client add”."]


def test_without_a_practice_the_program_says_how_to_name_one(program: Program, home: Path) -> None:
    said = program.bare("client", "list")
    assert said.code == 2
    assert "--practice FOLDER" in said.err
    for name in ("One", "Two"):
        (home / "Documents" / f"{name}.practice").mkdir(parents=True)
    assert "One.practice, Two.practice" in program.bare("client", "list").err


def test_a_folder_that_is_not_there_or_holds_no_practice_is_refused(program: Program, tmp_path: Path) -> None:
    program.folder = tmp_path / "Nowhere"
    assert "no practice in that place" in program.refused("client", "list")
    program.folder = tmp_path
    assert "no key file" in program.refused("client", "list")


def test_a_wrong_password_is_refused_and_stands_in_the_audit_trail(program: Program) -> None:
    assert program.refused("client", "list", secrets=("not the password",)).startswith("That password is not right.")
    assert program.well("client", "list")


def test_a_password_that_does_not_come_is_refused(program: Program) -> None:
    assert "empty" in program.refused("client", "list", secrets=())
    said = program.bare("--practice", program.folder, "--password-fd", 250, "client", "list")
    assert (said.code, said.out) == (1, "")
    assert "file descriptor 250" in said.err


def test_several_people_say_who_they_are_by_number_or_name(program: Program) -> None:
    program.well("person", "add", "--first", "Ben", "--last", "Okoro", "--role", "biller", secrets=(PASSWORD, BEN))
    assert "1 Rosa Alvarez, LCSW, 2 Ben Okoro" in program.refused("client", "list")
    assert program.well("client", "list", before=("--as", "rosa"))
    assert program.well("client", "list", before=("--as", 2), secrets=(BEN,))
    assert "does not name one person" in program.refused("client", "list", before=("--as", "o"))
    assert program.well("client", "list", before=("--as", "OKORO"), secrets=(BEN,))


def test_a_practice_that_is_open_elsewhere_is_refused_until_it_is_closed(program: Program) -> None:
    with PracticeLock(program.folder):
        assert "already open in another window" in program.refused("client", "list")
    assert program.well("client", "list")


def test_a_damaged_key_file_is_replaced_by_its_copy_and_the_therapist_is_told(program: Program) -> None:
    (program.folder / "practice.keys").write_text("not a key file")
    said = program("client", "list")
    assert (said.code, said.out) == (0, "No clients yet. Add one with “client add”.\n")
    assert "copy" in said.err
    assert len(logins(program.folder)) == 1


@pytest.mark.parametrize("damage", ["cut", "foreign", "gone", "empty"])
def test_a_damaged_file_is_refused_and_left_as_it_is(program: Program, damage: str) -> None:
    database = program.folder / "practice.db"
    whole = database.read_bytes()
    if damage == "gone":
        database.unlink()
    else:
        database.write_bytes(
            {"cut": whole[:5000], "foreign": b"SQLite format 3\0" + bytes(8000), "empty": b""}[damage]
        )
    before = database.read_bytes() if database.exists() else None
    program.refused("client", "list")
    assert (database.read_bytes() if database.exists() else None) == before


def test_a_computer_without_a_keyring_says_so(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        assert "password" in program.refused("person", "remember-here")
        assert "password" in program.refused("client", "list", before=("--keyring",))
    finally:
        keyring.set_keyring(before)
