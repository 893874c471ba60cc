"""People, their passwords, and the facts of the practice from the command line."""

from __future__ import annotations

import pytest

from tests.cli.program import Program
from tests.conftest import PASSWORD

BEN = "lanterns over the bay"


def add_ben(program: Program, *roles: str) -> None:
    options = [part for role in roles or ("biller",) for part in ("--role", role)]
    program.well("person", "add", *options, typed="Ben\nOkoro\n", secrets=(PASSWORD, BEN))


def test_somebody_is_added_with_a_password_of_their_own_and_shut_out_again(program: Program) -> None:
    add_ben(program)
    rosa, ben = {"before": ("--as", 1)}, {"before": ("--as", 2), "secrets": (BEN,)}
    assert program.well("client", "list", **ben)
    assert program("person", "remove", 2, typed="n\n", **rosa).code == 130
    said = program.well("person", "remove", 2, typed="y\n", **rosa)
    assert said[0] == "Ben Okoro can sign in no more."
    (backup,) = program.folder.parent.glob("*.tdbackup")
    assert said[1] == f"A backup was made first: {backup}"
    assert "does not name one person" in program.refused("client", "list", **ben)
    assert program.well("person", "list")[1].split()[-1] == "yes"
    assert [line.split()[-1] for line in program.well("person", "list")[1:]] == ["yes", "no"]


def test_only_what_can_be_is_done_to_people(program: Program) -> None:
    assert "needs a supervisor" in program.refused(
        "person", "add", "--first", "Al", "--last", "Poe", "--role", "supervisee", secrets=(PASSWORD, BEN)
    )
    assert "unrelated words" in program.refused(
        "person", "add", "--first", "Al", "--last", "Poe", "--role", "biller", secrets=(PASSWORD, "al poe al poe")
    )
    assert "yourself" in program.refused("person", "remove", 1, "--yes")
    assert "no such person" in program.refused("person", "remove", 7, "--yes")
    assert "'--role'" in program("person", "add").err
    assert len(program.well("person", "list")) == 2


def test_a_biller_sees_names_but_no_notes(with_client: Program) -> None:
    add_ben(with_client)
    ben = {"before": ("--as", "ben"), "secrets": (BEN,)}
    assert "Jordan Whitfield" in with_client.well("client", "list", **ben)[1]
    for command in (("note", "new", 1, "--no-text"), ("plan", "new", 1), ("safety-plan", "text", 1), ("check",)):
        assert with_client.refused(*command, **ben)


def test_a_password_is_changed_and_the_old_one_opens_nothing(program: Program) -> None:
    assert "unrelated words" in program.refused("person", "password", secrets=(PASSWORD, "password1234"))
    program.well("person", "password", secrets=(PASSWORD, BEN))
    assert "not right" in program.refused("client", "list")
    assert program.well("client", "list", secrets=(BEN,))


@pytest.mark.parametrize(
    ("command", "secrets"),
    [(("person", "password", "--encrypt-anew"), (PASSWORD, BEN)), (("practice", "change-key"), (PASSWORD,))],
)
def test_with_a_new_key_an_old_copy_of_the_key_file_opens_nothing(
    program: Program, command: tuple[str, ...], secrets: tuple[str, ...]
) -> None:
    old = (program.folder / "practice.keys").read_bytes()
    said = program.well(*command, secrets=secrets)
    (backup,) = program.folder.parent.glob("*.tdbackup")
    assert said[-1].endswith(f"A backup was made first: {backup}")
    assert program.well("client", "list", secrets=secrets[-1:])
    for name in ("practice.keys", "practice.keys.bak"):
        (program.folder / name).write_bytes(old)
    assert program("client", "list").code == 1


def test_an_older_file_is_told_of_at_every_sign_in_until_an_owner_accepts_it(program: Program) -> None:
    assert "nothing to accept" in program.refused("practice", "accept-older-file", "--yes")
    older = (program.folder / "practice.db").read_bytes()
    program.well("client", "add", "--last", "Lee", "--born", "01/02/1980")
    (program.folder / "practice.db").write_bytes(older)
    for _ in range(2):
        assert "the newest work" in program("client", "list").err
    assert program("practice", "accept-older-file", typed="n\n").code == 130
    assert program("practice", "accept-older-file", typed="y\n").code == 0
    assert program("client", "list").err == ""


def test_a_client_is_handed_over_and_then_seen_by_the_other_clinician(with_client: Program) -> None:
    add_ben(with_client, "clinician")
    rosa, ben = {"before": ("--as", 1)}, {"before": ("--as", 2), "secrets": (BEN,)}
    assert "no such client" in with_client.refused("client", "show", 1, **ben)
    assert "clinician of this practice" in with_client.refused("client", "assign", 1, 7, **rosa)
    with_client.well("client", "assign", 1, 2, **rosa)
    assert with_client.well("client", "show", 1, **ben)


def test_a_recovery_key_that_was_replaced_opens_nothing(program: Program) -> None:
    old, new = (
        next(line.strip() for line in program.well("person", "new-recovery-key", "--yes") if line.startswith("    "))
        for _ in range(2)
    )
    assert program.refused("person", "recover", secrets=(old, BEN))
    program.well("person", "recover", secrets=(new.lower().replace("-", " "), BEN))
    assert program.well("client", "list", secrets=(BEN,))


def test_with_several_people_the_recovery_key_asks_whose_password_it_is(program: Program) -> None:
    (key,) = [line.strip() for line in program.well("person", "new-recovery-key", "--yes") if line.startswith("    ")]
    add_ben(program)
    assert "Say who with --as" in program.refused("person", "recover", secrets=(key, "four words are enough"))
    program.well("person", "recover", before=("--as", 2), secrets=(key, "four words are enough"))
    assert program.well("client", "list", before=("--as", 2), secrets=("four words are enough",))


def test_facts_of_the_practice_are_changed_and_checked(program: Program) -> None:
    program.well("practice", "set", "--trade-name", "Harbor House", "--state", "nh", "--plan-review-days", 60)
    shown = program.well("practice", "show")
    assert "Known as:    Harbor House" in shown
    assert "City:        Portland NH 04101" in shown
    assert "Plan review: every 60 days" in shown
    assert "what to change" in program.misread("practice", "set")


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (("--npi", "1234567890"), "check digit"),
        (("--ein", "1"), "nine digits"),
        (("--state", "Maine"), "two letters"),
        (("--zip", "1"), "ZIP"),
        (("--phone", "1"), "ten digits"),
        (("--name", " "), "needs a name"),
    ],
)
def test_a_fact_that_cannot_be_right_is_refused(program: Program, slip: tuple[str, ...], said: str) -> None:
    before = program.well("practice", "show")
    assert said in program.refused("practice", "set", *slip)
    assert program.well("practice", "show") == before


def test_a_license_is_renewed_and_an_npi_filled_in(program: Program) -> None:
    program.well("person", "license", 1, "LCSW", "LC12345", "ME", "--expires", "03/31/2029")
    program.well("person", "change", 1, "--npi", "1558598797")
    assert "NPI" in program.refused("person", "change", 1, "--npi", "1234567890")
    assert "two letters" in program.refused("person", "license", 1, "LCSW", "LC12345", "Maine")
