"""`therapist-desktop superbill check`, `issue` and `month`: what is ready, and numbering it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from therapist_desktop.cli.desk import Desk, at_desk
from therapist_desktop.cli.entry import EXIT_FAULT_FOUND, EXIT_PARTLY
from therapist_desktop.cli.parameters import CLIENT, DATE, MONTH
from therapist_desktop.cli.printing import count, make_folder, progress_bar, save_document, say, table
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import format_cents

if TYPE_CHECKING:
    from datetime import date

    from therapist_desktop.services.superbill_drafting import SuperbillDraft

F = TypeVar("F", bound=Callable[..., Any])

FOLDER = click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to save the PDFs in.")


def _period_options(command: F) -> F:
    for option in reversed(
        (
            click.option("--month", type=MONTH, help="Such as 11/2026."),
            click.option("--from", "first", type=DATE, help="With --until, instead of a month."),
            click.option("--until", "last", type=DATE),
        )
    ):
        command = option(command)
    return command


def _period(month: date | None, first: date | None, last: date | None) -> tuple[date, date]:
    if month is not None:
        if first or last:
            raise click.UsageError("Give either --month, or --from and --until.")
        return month, month.replace(day=monthrange(month.year, month.month)[1])
    if first is None or last is None:
        raise click.UsageError("Say which time: --month 11/2026, or --from and --until.")
    return first, last


def _drafts(desk: Desk, client_id: int, period: tuple[date, date]) -> list[SuperbillDraft]:
    from therapist_desktop.services.superbills import draft_superbill

    drafts = draft_superbill(desk.practice, desk.person, desk.reference, client_id, *period)
    if not drafts:
        raise UserError("There is nothing to bill in that time that is not on a superbill already.")
    for draft in drafts:
        content = draft.content
        say(
            f"{count(len(content.lines), 'line')}, charged {format_cents(content.charge_cents)}, "
            f"paid {format_cents(content.paid_cents)}, by {content.rendering.name_and_credentials}"
        )
        for finding in draft.findings:
            say(f"  {finding.severity.value}: {finding.sentence}")
    return drafts


@click.command("check")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@_period_options
@click.pass_context
def check(ctx: click.Context, client_id: int, month: date | None, first: date | None, last: date | None) -> None:
    """Say what an insurer would reject or question."""
    period = _period(month, first, last)
    with at_desk(ctx.obj) as desk:
        drafts = _drafts(desk, client_id, period)
        rejected = any(draft.rejections for draft in drafts)
        say("An insurer would reject it." if rejected else "It can be issued.")
    if rejected:
        ctx.exit(EXIT_FAULT_FOUND)


@click.command("issue")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@_period_options
@FOLDER
@click.pass_context
def issue(
    ctx: click.Context,
    client_id: int,
    month: date | None,
    first: date | None,
    last: date | None,
    output: Path | None,
) -> None:
    """Number and freeze the superbills of one client.

    There is one for each clinician and insurance policy. Refused if an insurer would reject one.
    """
    from therapist_desktop.services.superbill_issuing import issue_superbill

    period = _period(month, first, last)
    if output is not None:
        make_folder(output)
    with at_desk(ctx.obj) as desk:
        drafts = _drafts(desk, client_id, period)
        if any(draft.rejections for draft in drafts):
            raise UserError("Nothing was issued. Put right what an insurer would reject, then try again.")
        unsaved = 0
        for draft in drafts:
            issued = issue_superbill(desk.practice, desk.person, desk.reference, draft)
            say(f"Superbill {issued.number} is issued (no. {issued.superbill_id} in the list).")
            unsaved += output is not None and not saved_in(desk, issued.superbill_id, issued.number, output)
    if unsaved:
        ctx.exit(EXIT_PARTLY)


def saved_in(desk: Desk, superbill_id: int, number: str, folder: Path) -> bool:
    """Save an issued superbill; if that fails, it stays issued and can be saved later."""
    from therapist_desktop.services.superbills import superbill_pdf

    try:
        data = superbill_pdf(desk.practice, desk.person, superbill_id)
        save_document(data, folder / f"superbill-{number}.pdf")
    except UserError as error:
        say(f"{error.sentence} Superbill {number} is issued; “superbill save {superbill_id}” saves it.", err=True)
        return False
    return True


@click.command("month")
@click.argument("month", metavar="MONTH", type=MONTH)
@click.option("--issue", "do_issue", is_flag=True, help="Issue every superbill that is ready.")
@FOLDER
@click.pass_context
def for_all(ctx: click.Context, month: date, do_issue: bool, output: Path | None) -> None:
    """A month for all clients: what is ready, what is not.

    MONTH is written like 11/2026. Nothing is issued without --issue.
    """
    if output is not None:
        if not do_issue:
            raise click.UsageError("There is nothing to save without --issue.")
        make_folder(output)
    with at_desk(ctx.obj) as desk:
        whole = _issue_month(desk, month, output) if do_issue else _show_month(desk, month)
    if not whole:
        ctx.exit(EXIT_PARTLY)


def _show_month(desk: Desk, month: date) -> bool:
    from therapist_desktop.services.superbill_batch import MonthState, month_overview

    rows = month_overview(desk.practice, desk.person, desk.reference, month.year, month.month)
    table(
        ("Client", "Name", "State", "Charged", "Paid"),
        [
            (
                row.client_id,
                row.client_name,
                row.state.value,
                format_cents(row.amount_cents),
                format_cents(row.paid_cents),
            )
            for row in rows
        ],
        empty="No client is active or had a session in that month.",
    )
    for row in rows:
        for sentence in row.reasons if row.state is MonthState.NOT_READY else row.remarks:
            say(f"  client {row.client_id}: {sentence}")
    if rows:
        ready = sum(row.state is MonthState.READY for row in rows)
        rejected = sum(row.state is MonthState.NOT_READY for row in rows)
        say(f"{ready} ready, {rejected} would be rejected.")
    return True


def _issue_month(desk: Desk, month: date, output: Path | None) -> bool:
    from therapist_desktop.services.superbill_batch import issue_month

    with progress_bar("Superbills") as progress:
        result = issue_month(desk.practice, desk.person, desk.reference, month.year, month.month, progress=progress)
    unsaved = 0
    for one in result.issued:
        say(f"Superbill {one.number}: {count(one.lines, 'line')}, {format_cents(one.charge_cents)}")
        unsaved += output is not None and not saved_in(desk, one.superbill_id, one.number, output)
    for row in result.not_ready:
        say(f"Client {row.client_id} would be rejected: {' '.join(row.reasons)}")
    say(f"{len(result.issued)} issued, {len(result.not_ready)} would be rejected.")
    return not (result.not_ready or unsaved)
