"""The command line as a whole: its commands, its exit codes, and what a fault looks like."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from therapist_desktop import __version__, paths
from therapist_desktop.cli.desk import Setup
from therapist_desktop.models.errors import UserError

EXIT_OK, EXIT_REFUSED, EXIT_USAGE, EXIT_FAULT_FOUND, EXIT_PARTLY, EXIT_BUG, EXIT_CANCELLED = 0, 1, 2, 3, 4, 70, 130

_COMMANDS = {
    "new": "therapist_desktop.cli.new:new",
    "sample": "therapist_desktop.cli.sample_commands:sample",
    "client": "therapist_desktop.cli.client_commands:client",
    "note": "therapist_desktop.cli.note_commands:note",
    "plan": "therapist_desktop.cli.plan_commands:plan",
    "safety-plan": "therapist_desktop.cli.safety_plan_commands:safety_plan",
    "service": "therapist_desktop.cli.billing_commands:service",
    "payment": "therapist_desktop.cli.billing_commands:payment",
    "superbill": "therapist_desktop.cli.superbill_commands:superbill",
    "search": "therapist_desktop.cli.search_command:search",
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

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a therapist’s work."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(__import__(module, fromlist=[name]), name)
        return command


@click.group(cls=LateCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-p",
    "--practice",
    "folder",
    type=click.Path(path_type=Path),
    envvar="THERAPIST_DESKTOP_PRACTICE",
    help="Folder of the practice (ends in “.practice”). [env: THERAPIST_DESKTOP_PRACTICE]",
)
@click.option("--as", "login", help="Who signs in: a number or part of the name. Needed if several people can.")
@click.option(
    "--password-fd",
    type=click.IntRange(0),
    help="Read the password from this open file descriptor instead of asking for it.",
)
@click.option("--keyring", is_flag=True, help="Sign in with the secret in this computer’s keyring.")
@click.version_option(__version__, prog_name="therapist-desktop")
@click.pass_context
def commands(
    ctx: click.Context, folder: Path | None, login: str | None, password_fd: int | None, keyring: bool
) -> None:
    """Keep a therapy practice on this computer: encrypted, and without any network.

    A password is asked for, read from a file descriptor or taken from the keyring; it is never an argument.
    What is written about a client is read from standard input or a file, never from an argument either.
    """
    ctx.obj = Setup(folder=folder, login=login, password_descriptor=password_fd, use_keyring=keyring)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; return its exit code."""
    from therapist_desktop.system.hardening import harden_process

    harden_process()
    try:
        result = commands.main(args=list(arguments), prog_name="therapist-desktop", standalone_mode=False)
        return result if isinstance(result, int) else EXIT_OK
    except UserError as error:
        click.echo(error.sentence, err=True)
        return EXIT_REFUSED
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Cancelled. What was finished before is kept.", err=True)
        return EXIT_CANCELLED
    except BrokenPipeError:
        # Whoever read the output has seen enough, as “| head” does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_OK
    except Exception as error:  # noqa: BLE001  the one place where a bug of the program ends
        click.echo(f"The program made a mistake and stopped. What was saved before is safe. {_log(error)}", err=True)
        return EXIT_BUG


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
