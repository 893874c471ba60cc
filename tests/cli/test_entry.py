"""The command line as a whole: help, exit codes, and what is said when something is wrong with a command."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tests.cli.program import Program
from therapist_desktop.cli.entry import LateCommands, commands

ALL = (
    "new", "sample", "client", "note", "plan", "safety-plan", "service", "payment", "superbill", "search", "practice",
    "person", "icd", "backup", "verify", "restore", "check", "tour",
)  # fmt: skip


def every_command(group: click.Group, context: click.Context) -> list[tuple[str, click.Command, click.Context]]:
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        inner = click.Context(command, info_name=name, parent=context)
        found.append((inner.command_path, command, inner))
        if isinstance(command, click.Group):
            found += every_command(command, inner)
    return found


@pytest.fixture(scope="module")
def tree() -> list[tuple[str, click.Command, click.Context]]:
    return every_command(commands, click.Context(commands, info_name="therapist-desktop"))


def test_help_lists_every_command_with_its_line_in_the_order_of_the_work(program: Program) -> None:
    said = program.bare("--help")
    assert said.code == 0
    listed = re.findall(r"^  ([a-z-]+) {2,}(\S.*)$", said.out.split("Commands:")[1], re.MULTILINE)
    assert tuple(name for name, _ in listed) == ALL


def test_no_line_of_help_is_cut_off(tree: list[tuple[str, click.Command, click.Context]]) -> None:
    root = click.Context(commands, info_name="therapist-desktop")
    for path, command, context in [("", commands, root), *tree]:
        if isinstance(command, click.Group):
            assert "..." not in command.get_help(context).split("Commands:")[1], path


def test_every_command_says_what_it_does(tree: list[tuple[str, click.Command, click.Context]]) -> None:
    assert len(tree) > 70
    assert [path for path, command, _ in tree if not command.help] == []


def test_every_command_a_help_text_or_message_names_exists(
    tree: list[tuple[str, click.Command, click.Context]],
) -> None:
    paths = {path.removeprefix("therapist-desktop ") for path, _, _ in tree}
    source = "".join(path.read_text() for path in Path("therapist_desktop/cli").glob("*.py"))
    named = re.findall(r"“([a-z-]+ [a-z-]+|verify|restore|check)(?: [^”]*)?”", source)
    groups = {path.split()[0] for path in paths if " " in path}
    meant = {name for name in named if name.split()[0] in groups}
    assert len(meant) > 10
    assert meant <= paths


def test_a_missing_part_of_the_program_does_not_take_help_with_it() -> None:
    group = LateCommands(
        name="program",
        modules={
            "gone": "therapist_desktop.cli.not_there:gone",
            "check": "therapist_desktop.cli.check_command:check",
        },
    )
    context = click.Context(group, info_name="program")
    listed = group.get_help(context).split("Commands:")[1]
    assert "check" in listed
    assert "gone" not in listed
    assert group.get_command(context, "gone") is None


def test_an_unknown_command_is_answered_with_one_that_is_meant(program: Program) -> None:
    assert program.misread("client", "lsit").endswith("Did you mean 'list'?")


def test_an_option_that_stands_in_the_wrong_place_is_told_where_it_belongs(program: Program) -> None:
    said = program.bare("client", "list", "--practice", program.folder)
    assert said.code == 2
    assert "before the command" in said.err


def test_a_command_with_bytes_that_are_no_text_is_refused(program: Program) -> None:
    said = program.bare("client", "add", "--first", "Jos\udce9")
    assert (said.code, said.out) == (1, "")
    assert "not UTF-8" in said.err


def test_a_bug_is_told_without_what_it_was_about_and_the_log_says_only_where(
    program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from therapist_desktop.services import clients

    def broken(*_: object, **__: object) -> None:
        raise ValueError("Jordan Whitfield cannot be listed")

    monkeypatch.setattr(clients, "list_clients", broken)
    said = program("client", "list")
    assert (said.code, said.out) == (70, "")
    assert "The program made a mistake" in said.err
    assert "Whitfield" not in said.err
    (log,) = home.rglob("therapist-desktop.log")
    assert "ValueError" in log.read_text()
    assert "client_commands.py" in log.read_text()
    assert "Whitfield" not in log.read_text()
    assert str(log) in said.err
    monkeypatch.undo()
    monkeypatch.setenv("HOME", str(home))
    assert program("client", "list").code == 0


def test_after_a_bug_the_practice_opens_again(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from therapist_desktop.services import clients

    with monkeypatch.context() as broken:
        broken.setattr(clients, "list_clients", lambda *_, **__: 1 // 0)
        assert program("client", "list").code == 70
    assert program.well("client", "list") == ["No clients yet. Add one with “client add”."]
