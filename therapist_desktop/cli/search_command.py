"""`therapist-desktop search`."""

from __future__ import annotations

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.printing import say, table
from therapist_desktop.cli.questions import ask


@click.command()
@click.argument("words", nargs=-1)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500), help="At most so many.")
@click.pass_obj
def search(setup: Setup, words: tuple[str, ...], limit: int) -> None:
    """Find clients, contacts, notes and plans.

    WORDS may be beginnings; "quoted words" stand together. Without WORDS they are asked for, which keeps them out of
    the history of the shell.
    """
    from therapist_desktop.services.searching import search as find

    with at_desk(setup) as desk:
        query = " ".join(f'"{word}"' if " " in word else word for word in words) or ask("Search for")
        hits = find(desk.practice, desk.person, query, limit=limit + 1)
        table(
            ("What", "No.", "Client", "Date", "Title"),
            [(hit.kind.value, hit.record_id, hit.client_name, hit.on_date, hit.title) for hit in hits[:limit]],
            empty="Nothing has all these words.",
        )
        if len(hits) > limit:
            say("There is more. Add a word, or raise --limit.")
