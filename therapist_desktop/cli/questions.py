"""What is asked at the terminal: answers, secrets, texts, and whether somebody means it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from therapist_desktop.cli.parameters import DATE
from therapist_desktop.cli.printing import say, shown_value
from therapist_desktop.models.errors import UserError

Problem = Callable[[str], str | None]
"""Says in a sentence what is wrong with an answer, or None."""

CLEAR = "-"
"""What is answered to empty a field that holds something."""

_NOT_UTF8 = "What was typed is not UTF-8 text. Set the terminal to UTF-8 and try again; nothing was changed."
_END = "Ctrl+Z and Enter" if os.name == "nt" else "Ctrl+D"


def at_terminal() -> bool:
    """Whether somebody sits in front of the program, rather than another program."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str, *, default: str | None = None, problem: Problem | None = None) -> str:
    """Ask for a line. Without a ``default`` there must be an answer; with one, Enter takes it and “-” empties it.

    At the terminal an answer that cannot be right is asked again; from a pipe it is refused.
    """
    while True:
        answer = (_typed if at_terminal() else _piped)(question, default).strip()
        if default and answer == CLEAR:
            return ""
        wrong = problem(answer) if problem and answer else None
        if wrong is None:
            return answer
        if not at_terminal():
            raise UserError(wrong)
        say(wrong, err=True)


def ask_date(question: str, *, default: date | None = None) -> date | None:
    """Ask for a day; Enter leaves it as it is."""

    def problem(answer: str) -> str | None:
        try:
            DATE.convert(answer, None, None)
        except click.BadParameter as error:
            return error.message
        return None

    answer = ask(question, default=shown_value(default), problem=problem)
    return DATE.convert(answer, None, None) if answer else None


def ask_secret(question: str, *, twice: bool = False, problem: Problem | None = None) -> str:
    """Ask for a password on the terminal, unseen, even if standard input comes from elsewhere."""
    if not _has_keyboard():
        raise click.UsageError(
            "There is no terminal to ask for a password. Hand it over with --password-fd, or use --keyring."
        )
    while True:
        try:
            typed: str = click.prompt(question, hide_input=True, confirmation_prompt=twice, err=True)
        except UnicodeError:
            raise UserError(_NOT_UTF8) from None  # without the cause: it would carry the password
        wrong = problem(typed) if problem else None
        if wrong is None:
            return typed
        say(wrong, err=True)


def confirm(question: str, *, yes: bool) -> None:
    """Go on only if somebody means it: with ``yes`` they said so already; anything but a yes cancels the command."""
    if yes:
        return
    answer = _typed(f"{question} [y/N]", "") if at_terminal() else _piped(question, "")
    if not answer and not at_terminal():
        raise click.UsageError(f"Nobody answers “{question}” Add --yes if you mean it.")
    if answer.strip().casefold() not in ("y", "yes"):
        raise click.Abort


def read_text(source: Path | None) -> str:
    """Return what is written in a file, or on standard input if none is named."""
    if source is None and sys.stdin is None:
        raise click.UsageError("There is no standard input to read the text from. Name a file with --from.")
    try:
        if source is not None:
            return source.read_bytes().decode("utf-8-sig")
        if at_terminal():
            say(f"Type or paste the text. End it with {_END} on a line of its own.", err=True)
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("The text is not UTF-8. Save it as UTF-8 and try again; nothing was changed.") from None
    except OSError as error:
        raise UserError("That file cannot be read. Check its name and that you may open it.") from error


def type_text(heading: str) -> str:
    """Let somebody type lines under a heading, at the terminal."""
    say(f"\n{heading} (end with {_END} on a line of its own)", err=True)
    # What was typed is kept whatever its encoding: a strange character can be put right in the draft.
    return sys.stdin.buffer.read().decode("utf-8", errors="replace").strip()


def _typed(question: str, default: str | None) -> str:
    try:
        typed: str = click.prompt(question, default=default, show_default=bool(default), err=True)
        typed.encode("utf-8")  # bytes that are not UTF-8 can come in as lone surrogates
    except UnicodeError:
        raise UserError(_NOT_UTF8) from None
    return typed


def _piped(question: str, default: str | None) -> str:
    """Take the next line of standard input; where it has ended, only the default is left."""
    line = b"" if sys.stdin is None else sys.stdin.buffer.readline()
    try:
        answer = line.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise UserError(_NOT_UTF8) from None
    if not answer and default is None:
        raise click.UsageError(f"Nobody answers “{question}”. Type it at a terminal, or give it as an option.")
    return answer or default or ""


def _has_keyboard() -> bool:
    if os.name != "nt":
        with suppress(OSError):
            os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
            return True
    return at_terminal()
