"""The command line as a whole: its commands, its exit codes, and what a fault looks like."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from therapist_desktop import __version__, paths
from therapist_desktop.cli.desk import Setup
from therapist_desktop.cli.printing import say, stop_printing
from therapist_desktop.models.errors import UserError

EXIT_OK, EXIT_REFUSED, EXIT_USAGE, EXIT_FAULT_FOUND, EXIT_PARTLY, EXIT_BUG, EXIT_CANCELLED = 0, 1, 2, 3, 4, 70, 130

_PROGRAM = "therapist-desktop"
_COMMANDS = {
    "new": "therapist_desktop.cli.new:new",
    "sample": "therapist_desktop.cli.sample_commands:sample",
    "client": "therapist_desktop.cli.client_commands:client",
    "note": "therapist_desktop.cli.note_commands:note",
    "plan": "therapist_desktop.cli.plan_commands:plan",
    "safety-plan": "therapist_desktop.cli.safety_plan_commands:safety_plan",
    "service": "therapist_desktop.cli.service_commands:service",
    "payment": "therapist_desktop.cli.payment_commands:payment",
    "superbill": "therapist_desktop.cli.superbill_commands:superbill",
    "search": "therapist_desktop.cli.search_command:search",
    "practice": "therapist_desktop.cli.practice_commands:practice",
    "person": "therapist_desktop.cli.person_commands:person",
    "icd": "therapist_desktop.cli.icd_commands:icd",
    "backup": "therapist_desktop.cli.backup_commands:backup",
    "verify": "therapist_desktop.cli.backup_commands:verify",
    "restore": "therapist_desktop.cli.backup_commands:restore",
    "check": "therapist_desktop.cli.check_command:check",
    "tour": "therapist_desktop.cli.tour_command:tour",
}


class LateCommands(click.Group):
    """A group that loads a command only when it is called, so that each starts at once."""

    def __init__(self, *, modules: Mapping[str, str], **given: Any) -> None:
        super().__init__(**given)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a therapist’s work."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None if this installation does not have it."""
        module, _, name = self._modules.get(cmd_name, "").partition(":")
        if not module:
            return None
        try:
            command: click.Command = getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            return None
        return command


@click.group(
    cls=LateCommands,
    modules=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
To begin:
  therapist-desktop new                          set up a practice
  therapist-desktop client add                   add a client
  therapist-desktop note new 1 --from note.txt   write a note for client 1
  therapist-desktop note --help                  what else can be done with notes
\b
Exit codes: 0 done, 1 refused, 2 the command is not right, 3 a check found a fault,
4 done in part, 70 a mistake of the program, 130 cancelled.""",
)
@click.option(
    "-p",
    "--practice",
    "folder",
    type=click.Path(path_type=Path),
    envvar="THERAPIST_DESKTOP_PRACTICE",
    show_envvar=True,
    help="Folder of the practice; not needed if there is one in your documents.",
)
@click.option("--as", "login", metavar="WHO", help="Who signs in, by number or part of the name, if several can.")
@click.option(
    "--password-fd",
    type=click.IntRange(0),
    metavar="N",
    help="Read the password from open file descriptor N instead of asking.",
)
@click.option("--keyring", is_flag=True, help="Sign in with the secret in this computer’s keyring.")
@click.version_option(__version__, prog_name=_PROGRAM)
@click.pass_context
def commands(
    ctx: click.Context, folder: Path | None, login: str | None, password_fd: int | None, keyring: bool
) -> None:
    """Keep a therapy practice on this computer: encrypted, and without any network.

    The options below stand before the command. A password is asked for, read from a file descriptor or taken from
    the keyring; it is never an argument. What is written about a client comes from the terminal, standard input or
    a file, so that it does not stay in the history of the shell.
    """
    ctx.obj = Setup(folder=folder, login=login, password_descriptor=password_fd, use_keyring=keyring)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; return its exit code."""
    from therapist_desktop.system.hardening import harden_process

    harden_process()
    _speak_utf8()
    try:
        _check_arguments(arguments)
        with commands.make_context(_PROGRAM, list(arguments)) as context:
            commands.invoke(context)
        return _flushed(EXIT_OK)
    except UserError as error:
        say(error.sentence, err=True)
        return _flushed(EXIT_REFUSED)
    except click.exceptions.Exit as error:
        return _flushed(error.exit_code)
    except click.ClickException as error:
        _show(error)
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt, EOFError):
        say("\nCancelled. Nothing more was changed.", err=True)
        return EXIT_CANCELLED
    except BrokenPipeError:  # from the pages of help, which click prints
        stop_printing(1)
        return EXIT_OK
    except Exception as error:  # noqa: BLE001  the one place where a bug of the program ends
        say(f"The program made a mistake and stopped. What was saved before is safe. {_log(error)}", err=True)
        return EXIT_BUG


def _speak_utf8() -> None:
    """Write UTF-8 into files and pipes whatever the locale, as it is read from them; a terminal has its own."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _check_arguments(arguments: Sequence[str]) -> None:
    """Refuse bytes that are no text; Python hands them over as lone surrogates."""
    try:
        "".join(arguments).encode("utf-8")
    except UnicodeEncodeError:
        raise UserError("The command holds characters that are not UTF-8 text. Type it again.") from None


def _show(error: click.ClickException) -> None:
    """Show how the command is written, and what was wrong with it."""
    with suppress(BrokenPipeError):
        error.show()
        own = {name for option in commands.params for name in option.opts}
        if isinstance(error, click.NoSuchOption) and error.option_name in own:
            say(f"Write {error.option_name} before the command: {_PROGRAM} {error.option_name} … COMMAND", err=True)


def _flushed(code: int) -> int:
    """Write out what is still kept back, while a reader who left can be noticed quietly."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        stop_printing(1)
    return code


def _log(error: Exception) -> str:
    """Write where it happened, but not what about: messages and values may hold client data."""
    lines = [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    folder = paths.logs()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "therapist-desktop.log"
        handler = logging.FileHandler(path, encoding="utf-8")
        record = f"{__version__} {type(error).__name__}\n" + "\n".join(lines)
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        handler.emit(logging.LogRecord("therapist-desktop", logging.ERROR, "", 0, record, None, None))
        handler.close()
    except OSError:
        return "Where it happened could not be written to the log."
    return f"Where it happened, without any client data, is in {path}."
