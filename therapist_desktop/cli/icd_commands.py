"""`therapist-desktop icd`: look up diagnosis codes; no practice is opened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.entry import EXIT_FAULT_FOUND
from therapist_desktop.cli.printing import DATE, day, table


@click.group()
def icd() -> None:
    """ICD-10-CM: find a code, check it for a date, import the yearly table."""


@icd.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=15, show_default=True)
def find(words: tuple[str, ...], limit: int) -> None:
    """Find codes by code or by words in any order, such as “maj dep rec”."""
    from therapist_desktop.services.reference import Reference

    hits = Reference().icd10.search(" ".join(words), limit=limit)
    table(
        ("Code", "", "Title"),
        [(hit.entry.code, "" if hit.entry.billable else "heading", hit.entry.title) for hit in hits],
    )


@icd.command("check")
@click.argument("code")
@click.option("--on", "on_date", type=DATE, help="Date of service; today if not given.")
@click.pass_context
def check(ctx: click.Context, code: str, on_date: object) -> None:
    """Say whether a code may be billed for a date of service."""
    from therapist_desktop.services.reference import Reference

    status = Reference().icd10.status(code, day(on_date) or datetime.now(UTC).astimezone().date())
    click.echo(status.problem or f"{status.code} is billable: {status.title}")
    if status.advice and not status.problem:
        click.echo(status.advice)
    if status.problem:
        ctx.exit(EXIT_FAULT_FOUND)


@icd.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--from", "valid_from", type=DATE, help="First day the table is in force, if its name does not say.")
def import_release(path: Path, valid_from: object) -> None:
    """Import the yearly table of CMS (icd10cm_order_YYYY.txt or icd10cm_codes_YYYY.txt)."""
    from therapist_desktop.services.code_tables import import_icd10_release

    made = import_icd10_release(path, valid_from=day(valid_from))
    click.echo(
        f"The table of {made.label} is imported, in force {made.valid_from} to {made.valid_to}. "
        f"Codes: {made.added} new, {made.deleted} gone, {made.retitled} retitled, "
        f"{made.billability_changed} that became or ceased to be headings."
    )


@icd.command("outdated")
@click.pass_obj
def outdated(setup: Setup) -> None:
    """List open diagnoses of active clients that today’s table does not bill."""
    from therapist_desktop.services.code_tables import outdated_diagnoses

    with at_desk(setup) as desk:
        rows = outdated_diagnoses(desk.practice, desk.person, desk.reference, desk.practice.clock().date())
        table(("Client", "Code", "What is wrong"), [(one.client_id, one.code, one.problem) for one in rows])
