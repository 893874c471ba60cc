"""How commands show lists, progress and files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path

import click

from therapist_desktop.models.errors import UserError

Progress = Callable[[int, int], None]


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in aligned columns; numbers of money come as text."""
    shown = [[_cell(cell) for cell in row] for row in rows]
    widths = (
        [max(len(header), *(len(row[at]) for row in shown)) for at, header in enumerate(headers)] if shown else []
    )
    if not shown:
        click.echo("Nothing to show.")
        return
    for row in [list(headers), *shown]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Show how far long work has come, on the terminal only."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(max(done - bar.pos, 0))

        yield show


def read_text(source: Path | None) -> str:
    """Return what is written in a file, or on standard input if none is named."""
    try:
        if source is None:
            if sys.stdin.isatty():
                click.echo("Type or paste, then end with Ctrl+D on a line of its own.", err=True)
            data = sys.stdin.buffer.read()
        else:
            data = source.read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("The text is not UTF-8. Save it as UTF-8 and try again; nothing was changed.") from None
    except OSError as error:
        raise UserError("That file cannot be read. Check its name and that you may open it.") from error


def save_document(data: bytes, path: Path, *, replace: bool = False) -> None:
    """Write a document where the user wants it, whole or not at all; an existing file is kept unless told."""
    from therapist_desktop.storage.atomic_file import write_atomically

    if path.exists() and not replace:
        raise UserError(f"There is already a file {path.name} in that place. Choose another name, or add --replace.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("That folder cannot be made. Choose another place.") from error
    write_atomically(path, data)
    click.echo(f"Saved {path}")


DATE = click.DateTime(formats=["%Y-%m-%d", "%m/%d/%Y"])
"""A date as an option, written 2026-11-23 or 11/23/2026."""


def day(value: object) -> date | None:
    """Return the plain date of a ``DATE`` option."""
    from datetime import datetime

    return value.date() if isinstance(value, datetime) else None
