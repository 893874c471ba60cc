"""`therapist-desktop superbill`: one client, or a month for all."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.entry import EXIT_FAULT_FOUND, EXIT_PARTLY
from therapist_desktop.cli.printing import DATE, day, progress_bar, save_document, table
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import format_cents

if TYPE_CHECKING:
    from therapist_desktop.services.superbill_drafting import SuperbillDraft

_MONTH = click.DateTime(formats=["%Y-%m", "%m/%Y"])
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def superbill() -> None:
    """Superbills: check, issue, month, list, save, deliver, void, correct."""


def _period(month: object, first: object, last: object) -> tuple[date, date]:
    of_month = day(month)
    if of_month is not None:
        return of_month, of_month.replace(day=monthrange(of_month.year, of_month.month)[1])
    start, end = day(first), day(last)
    if start is None or end is None or end < start:
        raise click.UsageError("Say which time: --month 2026-10, or --from and --until.")
    return start, end


def _drafts(desk: Desk, client_id: int, period: tuple[date, date]) -> list[SuperbillDraft]:
    from therapist_desktop.services.superbills import draft_superbill

    drafts = draft_superbill(desk.practice, desk.person, desk.reference, client_id, *period)
    if not drafts:
        raise UserError("There is nothing to bill in that time that is not on a superbill already.")
    for draft in drafts:
        content = draft.content
        click.echo(
            f"{len(content.lines)} lines, charged {format_cents(content.charge_cents)}, "
            f"paid {format_cents(content.paid_cents)}, by {content.rendering.name_and_credentials}"
        )
        for finding in draft.findings:
            click.echo(f"  {finding.severity.value}: {finding.sentence}")
    return drafts


@superbill.command("check")
@click.argument("client_id", type=int)
@click.option("--month", type=_MONTH)
@click.option("--from", "first", type=DATE)
@click.option("--until", "last", type=DATE)
@click.pass_context
def check(ctx: click.Context, client_id: int, month: object, first: object, last: object) -> None:
    """Say what an insurer would reject or question, before anything is numbered."""
    with at_desk(ctx.obj) as desk:
        drafts = _drafts(desk, client_id, _period(month, first, last))
    if any(draft.rejections for draft in drafts):
        ctx.exit(EXIT_FAULT_FOUND)


@superbill.command("issue")
@click.argument("client_id", type=int)
@click.option("--month", type=_MONTH)
@click.option("--from", "first", type=DATE)
@click.option("--until", "last", type=DATE)
@click.option("-o", "--output", type=_FOLDER, help="Folder to save the PDFs in.")
@click.pass_obj
def issue(setup: Setup, client_id: int, month: object, first: object, last: object, output: Path | None) -> None:
    """Number and freeze the superbills of one client; refused if an insurer would reject one."""
    from therapist_desktop.services.superbill_issuing import issue_superbill

    with at_desk(setup) as desk:
        drafts = _drafts(desk, client_id, _period(month, first, last))
        for draft in drafts:
            issued = issue_superbill(desk.practice, desk.person, desk.reference, draft)
            click.echo(f"Superbill {issued.number} is issued (no. {issued.superbill_id} in the list).")
            if output is not None:
                _save(desk, issued.superbill_id, issued.number, output)


def _save(desk: Desk, superbill_id: int, number: str, folder: Path) -> None:
    from therapist_desktop.services.superbills import superbill_pdf

    data = superbill_pdf(desk.practice, desk.person, superbill_id)
    save_document(data, folder / f"superbill-{number}.pdf", replace=True)


@superbill.command("month")
@click.argument("month", type=_MONTH)
@click.option("--issue", "do_issue", is_flag=True, help="Issue every superbill that is ready.")
@click.option("-o", "--output", type=_FOLDER, help="Folder to save the PDFs in.")
@click.pass_context
def for_all(ctx: click.Context, month: object, do_issue: bool, output: Path | None) -> None:
    """A month for all clients: what is ready, what would be rejected and why, what has nothing to bill."""
    from therapist_desktop.services.superbill_batch import MonthState, issue_month, month_overview

    of_month = day(month) or date.min
    with at_desk(ctx.obj) as desk:
        if not do_issue:
            rows = month_overview(desk.practice, desk.person, desk.reference, of_month.year, of_month.month)
            table(
                ("Client", "Name", "State", "Charged", "Paid", "Why"),
                [
                    (
                        row.client_id,
                        row.client_name,
                        row.state.value,
                        format_cents(row.amount_cents),
                        format_cents(row.paid_cents),
                        " ".join(row.reasons or row.remarks),
                    )
                    for row in rows
                ],
            )
            ready = sum(row.state is MonthState.READY for row in rows)
            rejected = sum(row.state is MonthState.NOT_READY for row in rows)
            click.echo(f"{ready} ready, {rejected} would be rejected.")
            return
        with progress_bar("Superbills") as progress:
            result = issue_month(
                desk.practice, desk.person, desk.reference, of_month.year, of_month.month, progress=progress
            )
        for one in result.issued:
            click.echo(f"Superbill {one.number}: {one.lines} lines, {format_cents(one.charge_cents)}")
            if output is not None:
                _save(desk, one.superbill_id, one.number, output)
        for row in result.not_ready:
            click.echo(f"Client {row.client_id} would be rejected: {' '.join(row.reasons)}")
        click.echo(f"{len(result.issued)} issued, {len(result.not_ready)} would be rejected.")
    if result.not_ready:
        ctx.exit(EXIT_PARTLY)


@superbill.command("list")
@click.argument("client_id", type=int, required=False)
@click.pass_obj
def list_all(setup: Setup, client_id: int | None) -> None:
    """List superbills, the newest first."""
    from therapist_desktop.services.superbill_list import list_superbills

    with at_desk(setup) as desk:
        table(
            ("No.", "Number", "Client", "Issued", "From", "To", "Charged", "Paid", "State"),
            [
                (
                    row.superbill_id,
                    row.number,
                    row.client_name,
                    row.issued_on,
                    row.period_from,
                    row.period_to,
                    format_cents(row.charge_cents),
                    format_cents(row.paid_cents),
                    row.state.value,
                )
                for row in list_superbills(desk.practice, desk.person, client_id)
            ],
        )


@superbill.command("save")
@click.argument("superbill_id", type=int)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--protect", is_flag=True, help="Ask for a password and encrypt the PDF with AES-256.")
@click.option("--replace", is_flag=True, help="Replace the file if it is there.")
@click.pass_obj
def save(setup: Setup, superbill_id: int, output: Path, protect: bool, replace: bool) -> None:
    """Save the paper as it was issued; of a void one a copy that says so."""
    from therapist_desktop.services.superbills import superbill_pdf

    with at_desk(setup) as desk:
        data = superbill_pdf(desk.practice, desk.person, superbill_id)
        if protect:
            from therapist_desktop.reports.protect import with_password

            data = with_password(data, setup.another_secret("Password of the document", twice=True))
        save_document(data, output, replace=replace)


@superbill.command("deliver")
@click.argument("superbill_id", type=int)
@click.option("--how", required=True, help="Such as “handed over” or “mailed”.")
@click.option("--to", "recipient", help="If not to the client.")
@click.pass_obj
def deliver(setup: Setup, superbill_id: int, how: str, recipient: str | None) -> None:
    """Note that a superbill was given to the client or somebody else."""
    from therapist_desktop.services.superbills import THE_CLIENT, deliver_superbill

    with at_desk(setup) as desk:
        deliver_superbill(desk.practice, desk.person, superbill_id, how, recipient=recipient or THE_CLIENT)
        click.echo("Noted, also in the log of disclosures.")


@superbill.command("void")
@click.argument("superbill_id", type=int)
@click.option("--reason", required=True)
@click.pass_obj
def void(setup: Setup, superbill_id: int, reason: str) -> None:
    """Declare a superbill void; its number is never used again."""
    from therapist_desktop.services.superbill_issuing import void_superbill

    with at_desk(setup) as desk:
        void_superbill(desk.practice, desk.person, superbill_id, reason)
        click.echo("It is void. Its charges can stand on another superbill.")


@superbill.command("correct")
@click.argument("superbill_id", type=int)
@click.option("--reason", default="")
@click.pass_obj
def correct(setup: Setup, superbill_id: int, reason: str) -> None:
    """Void a superbill and issue a corrected one that names it, from today’s data."""
    from therapist_desktop.services.superbill_issuing import correct_superbill

    with at_desk(setup) as desk:
        issued = correct_superbill(desk.practice, desk.person, desk.reference, superbill_id, reason)
        click.echo(f"Superbill {issued.number} is issued in its place (no. {issued.superbill_id} in the list).")
