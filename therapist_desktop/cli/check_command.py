"""`therapist-desktop check`: is everything whole?"""

from __future__ import annotations

import click

from therapist_desktop.cli.desk import at_desk
from therapist_desktop.cli.entry import EXIT_FAULT_FOUND
from therapist_desktop.cli.printing import say


@click.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check file, audit chain, signatures and superbills.

    Says also what the audit chain does not promise. Exit code 3 if a fault is found.
    """
    from therapist_desktop.services.checking import check_practice

    with at_desk(ctx.obj) as desk:
        report = check_practice(desk.practice, desk.person)
        for line in report.lines:
            say(f"{'whole' if line.whole else 'FAULT'}  {line.what}: {line.found}")
        say(report.promise)
    if not report.whole:
        ctx.exit(EXIT_FAULT_FOUND)
