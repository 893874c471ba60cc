"""`therapist-desktop check`: is everything whole?"""

from __future__ import annotations

import click

from therapist_desktop.cli.desk import at_desk
from therapist_desktop.cli.entry import EXIT_FAULT_FOUND


@click.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check the file, the audit chain, every signature, note and superbill; say what that does not promise."""
    from therapist_desktop.services.checking import check_practice

    with at_desk(ctx.obj) as desk:
        report = check_practice(desk.practice, desk.person)
        for line in report.lines:
            click.echo(f"{'whole  ' if line.whole else 'FAULT  '} {line.what}: {line.found}")
        click.echo(report.promise)
    if not report.whole:
        ctx.exit(EXIT_FAULT_FOUND)
