"""`therapist-desktop superbill`: the list, the papers, and what becomes of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.documents import OUTPUT_FILE, protected
from therapist_desktop.cli.entry import EXIT_PARTLY
from therapist_desktop.cli.parameters import CLIENT, SUPERBILL
from therapist_desktop.cli.printing import check_target, make_folder, save_document, say, shown_value, table
from therapist_desktop.cli.questions import ask, confirm
from therapist_desktop.cli.superbill_issuing import FOLDER, check, for_all, issue, saved_in
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import format_cents

if TYPE_CHECKING:
    from therapist_desktop.services.superbill_list import SuperbillRow


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop superbill check 1 --month 11/2026
  therapist-desktop superbill issue 1 --month 11/2026 -o superbills
  therapist-desktop superbill month 11/2026 --issue -o superbills""",
)
def superbill() -> None:
    """Superbills: check, issue, month, list, void, correct."""


for _command in (check, issue, for_all):
    superbill.add_command(_command)


@superbill.command("list")
@click.argument("client_id", metavar="[CLIENT]", type=CLIENT, required=False)
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
                    _state(row),
                )
                for row in list_superbills(desk.practice, desk.person, client_id)
            ],
            empty="No superbills yet. Issue one with “superbill issue”.",
        )


def _state(row: SuperbillRow) -> str:
    words = [row.state.value]
    if row.replaced_by_number:
        words.append(f"replaced by {row.replaced_by_number}")
    if row.outdated:
        words.append(f"now {format_cents(row.paid_now_cents)} is paid")
    if row.delivered_at:
        words.append(f"delivered {shown_value(row.delivered_at.date())}")
    return ", ".join(words)


@superbill.command("save")
@click.argument("superbill_id", metavar="SUPERBILL", type=SUPERBILL)
@click.option("-o", "--output", type=OUTPUT_FILE, required=True, help="Where to save the PDF.")
@click.option("--protect", is_flag=True, help="Ask for a password and encrypt the PDF with AES-256.")
@click.option("--replace", is_flag=True, help="Replace the file if it is there.")
@click.pass_obj
def save(setup: Setup, superbill_id: int, output: Path, protect: bool, replace: bool) -> None:
    """Save the paper as it was issued; a void one says so."""
    from therapist_desktop.services.superbills import superbill_pdf

    check_target(output, replace=replace)
    with at_desk(setup) as desk:
        data = superbill_pdf(desk.practice, desk.person, superbill_id)
        save_document(protected(setup, data) if protect else data, output, replace=replace)


@superbill.command("deliver")
@click.argument("superbill_id", metavar="SUPERBILL", type=SUPERBILL)
@click.option("--how", help="Such as “handed over” or “mailed”; asked for if not given.")
@click.option("--to", "recipient", help="If not to the client.")
@click.pass_obj
def deliver(setup: Setup, superbill_id: int, how: str | None, recipient: str | None) -> None:
    """Note that a superbill was given to somebody."""
    from therapist_desktop.services.superbills import THE_CLIENT, deliver_superbill

    with at_desk(setup) as desk:
        how = how or ask("How was it delivered?")
        deliver_superbill(desk.practice, desk.person, superbill_id, how, recipient=recipient or THE_CLIENT)
        say("Noted, also in the log of disclosures.")


@superbill.command("correct")
@click.argument("superbill_id", metavar="SUPERBILL", type=SUPERBILL)
@click.option("--reason", help="Why the old one is void; asked for if not given.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@FOLDER
@click.pass_context
def correct(ctx: click.Context, superbill_id: int, reason: str | None, yes: bool, output: Path | None) -> None:
    """Void a superbill and issue a corrected one from today’s data."""
    from therapist_desktop.services.superbill_issuing import correct_superbill

    if output is not None:
        make_folder(output)
    with at_desk(ctx.obj) as desk:
        row = _find(desk, superbill_id)
        reason = reason or ask("Why is the old one void?", default="" if row.void_reason else None)
        confirm(f"Replace superbill {row.number} for good?", yes=yes)
        issued = correct_superbill(desk.practice, desk.person, desk.reference, superbill_id, reason)
        say(f"Superbill {issued.number} is issued in its place (no. {issued.superbill_id} in the list).")
        unsaved = output is not None and not saved_in(desk, issued.superbill_id, issued.number, output)
    if unsaved:
        ctx.exit(EXIT_PARTLY)


@superbill.command("void")
@click.argument("superbill_id", metavar="SUPERBILL", type=SUPERBILL)
@click.option("--reason", help="Printed on its copies; asked for if not given.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def void(setup: Setup, superbill_id: int, reason: str | None, yes: bool) -> None:
    """Declare one void; its number is never used again."""
    from therapist_desktop.services.superbill_issuing import void_superbill

    with at_desk(setup) as desk:
        row = _find(desk, superbill_id)
        reason = reason or ask("Why is it void?")
        confirm(f"Declare superbill {row.number} void for good?", yes=yes)
        void_superbill(desk.practice, desk.person, superbill_id, reason)
        say(f"Superbill {row.number} is void. Its charges can stand on another superbill.")


def _find(desk: Desk, superbill_id: int) -> SuperbillRow:
    from therapist_desktop.services.superbill_list import list_superbills

    for row in list_superbills(desk.practice, desk.person):
        if row.superbill_id == superbill_id:
            return row
    raise UserError("There is no such superbill. “superbill list” shows them.")
