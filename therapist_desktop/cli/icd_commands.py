"""`therapist-desktop icd`: look up diagnosis codes; no practice is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.entry import EXIT_FAULT_FOUND
from therapist_desktop.cli.parameters import DATE
from therapist_desktop.cli.printing import say, shown_value, table

if TYPE_CHECKING:
    from datetime import date


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop icd find dep rec mod
  therapist-desktop icd check F33.1 --on 11/23/2026""",
)
def icd() -> None:
    """ICD-10-CM: find a code, check it, import a table."""


@icd.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=15, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
def find(words: tuple[str, ...], limit: int) -> None:
    """Find codes by code or by words, in any order.

    WORDS may be beginnings, such as “dep rec mod”. No practice is opened.
    """
    from therapist_desktop.services.reference import Reference

    reference = Reference()
    try:
        hits = reference.icd10.search(" ".join(words), limit=limit + 1)
    finally:
        reference.close()
    table(
        ("Code", "", "Title"),
        [(hit.entry.code, "" if hit.entry.billable else "heading", hit.entry.title) for hit in hits[:limit]],
        empty="No code has these words. Try fewer, or only their beginnings.",
    )
    if len(hits) > limit:
        say("There are more. Add a word, or raise --limit.")


@icd.command("check")
@click.argument("code")
@click.option("--on", "on_date", type=DATE, help="Date of service; today if not given.")
@click.pass_context
def check(ctx: click.Context, code: str, on_date: date | None) -> None:
    """Say whether a code may be billed for a date."""
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.reference import Reference

    reference = Reference()
    try:
        status = reference.icd10.status(code, on_date or system_clock().date())
    finally:
        reference.close()
    say(status.problem or f"{status.code} is billable: {status.title}")
    if status.advice and not status.problem:
        say(status.advice)
    if status.problem:
        ctx.exit(EXIT_FAULT_FOUND)


@icd.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--from", "valid_from", type=DATE, help="First day the table is in force, if its name does not say.")
def import_release(path: Path, valid_from: date | None) -> None:
    """Import the yearly table of CMS.

    FILE is icd10cm_order_YYYY.txt or icd10cm_codes_YYYY.txt from the zip on the page of CMS.
    """
    from therapist_desktop.services.code_tables import import_icd10_release

    made = import_icd10_release(path, valid_from=valid_from)
    say(
        f"The table of {made.label} is imported, in force from {shown_value(made.valid_from)} to "
        f"{shown_value(made.valid_to)}. Codes: {made.added} new, {made.deleted} gone, {made.retitled} retitled, "
        f"{made.billability_changed} that became or ceased to be headings."
    )


@icd.command("outdated")
@click.pass_obj
def outdated(setup: Setup) -> None:
    """List open diagnoses that today’s table does not bill."""
    from therapist_desktop.services.code_tables import outdated_diagnoses

    with at_desk(setup) as desk:
        rows = outdated_diagnoses(desk.practice, desk.person, desk.reference, desk.practice.clock().date())
        table(
            ("Client", "Code", "What is wrong"),
            [(one.client_id, one.code, one.problem) for one in rows],
            empty="Every open diagnosis of an active client can be billed today.",
        )
