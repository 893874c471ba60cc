"""`therapist-desktop search`."""

from __future__ import annotations

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.printing import table


@click.command()
@click.argument("words", nargs=-1)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@click.pass_obj
def search(setup: Setup, words: tuple[str, ...], limit: int) -> None:
    """Find clients, contacts, notes and plans. Words may be beginnings; “quoted words” stand together.

    Without WORDS they are asked for, which keeps them out of the command history.
    """
    from therapist_desktop.services.searching import search as find

    query = " ".join(f'"{word}"' if " " in word else word for word in words) or click.prompt("Search for", err=True)
    with at_desk(setup) as desk:
        hits = find(desk.practice, desk.person, query, limit=limit)
        table(
            ("What", "No.", "Client", "Date", "Title"),
            [(hit.kind.value, hit.record_id, hit.client_name, hit.on_date, hit.title) for hit in hits],
        )
