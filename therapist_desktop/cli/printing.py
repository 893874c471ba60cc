"""How commands show sentences, lists, dates and progress, and save files."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path

import click

from therapist_desktop.models.errors import UserError
from therapist_desktop.reports.figures import clock, short_date
from therapist_desktop.reports.figures import moment as moment_with_offset

Progress = Callable[[int, int], None]


def say(text: str = "", *, err: bool = False) -> None:
    """Print a line. If nobody reads on, as after “| head”, the command still finishes its work."""
    try:
        click.echo(_harmless(text), err=err)
    except BrokenPipeError:
        stop_printing(2 if err else 1)
    except OSError as error:
        if err:
            return
        stop_printing(1)
        raise UserError(
            "The output cannot be written: there may be no room left. What was finished is kept."
        ) from error


def stop_printing(descriptor: int) -> None:
    """Let everything that is still printed to standard output or error vanish."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print rows in aligned columns, numbers and money to the right; or a sentence if there are none."""
    rows = [tuple(row) for row in rows]
    if not rows:
        say(empty)
        return
    shown = [[shown_value(cell) for cell in row] for row in rows]
    widths = [max(map(_width, (header, *cells))) for header, *cells in zip(headers, *shown, strict=True)]
    right = [all(_is_figure(cell) for cell in cells) for cells in zip(*rows, strict=True)]
    for line in [list(headers), *shown]:
        say("  ".join(map(_padded, line, widths, right)).rstrip())


def shown_value(value: object) -> str:
    """Return a value as an American reads it, on one line."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return shown_moment(value)
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, time):
        return clock(value)
    return " ".join(str(value).split())


def shown_moment(moment: datetime) -> str:
    """Return “November 2, 2026, 3:04 pm (UTC−05:00)”."""
    return moment_with_offset(moment)


def count(number: int, one: str, many: str = "") -> str:
    """Return “1 client” or “2,300 clients”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Show how far long work has come, on the terminal only."""
    hidden = sys.stderr is None or not sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(max(done - bar.pos, 0))

        yield show


def check_target(path: Path, *, replace: bool = False) -> None:
    """Raise if a document could not be saved there; asked before any work is done for it."""
    if path.is_dir():
        raise UserError(f"{path} is a folder. Add the name of the file.")
    if path.exists() and not replace:
        raise UserError(f"There is already a file {path.name} in that place. Choose another name, or add --replace.")
    make_folder(path.absolute().parent)


def make_folder(folder: Path) -> None:
    """Make a folder for documents if it is not there; raises ``UserError`` if nothing can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be made. Choose another place.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"Nothing can be saved in {folder}: it is read-only for you. Choose another place.")


def save_document(data: bytes, path: Path, *, replace: bool = False) -> None:
    """Write a document where the user wants it, whole or not at all; an existing file is kept unless told."""
    from therapist_desktop.storage.atomic_file import write_atomically

    check_target(path, replace=replace)
    try:
        write_atomically(path, data)
    except OSError as error:
        raise UserError(f"{path} cannot be saved. Choose another place.") from error
    say(f"Saved {path}")


def _harmless(text: str) -> str:
    """Take out what could give a terminal commands; text can come from the files of others."""
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) != "Cc")


def _is_figure(value: object) -> bool:
    return value in (None, "") or isinstance(value, int) or str(value).lstrip("-").startswith("$")


def _width(text: str) -> int:
    """Return how many columns a terminal gives to a text."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
