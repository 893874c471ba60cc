"""`therapist-desktop safety-plan print`, `wallet`, `text`, `find` and `blank`: a plan in the client’s hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.documents import OUTPUT_FILE, deliver, delivery_from, delivery_options
from therapist_desktop.cli.parameters import CLIENT
from therapist_desktop.cli.printing import check_target, save_document, say, table
from therapist_desktop.cli.questions import ask

if TYPE_CHECKING:
    from therapist_desktop.services.safety_plan_access import EmergencyReason

_REASONS = click.Choice(["client-in-crisis", "clinician-away", "rescuers-ask"])
_EMERGENCY = click.option(
    "--emergency",
    type=_REASONS,
    help="Open a plan of a chart that is not yours; the audit trail says so and why.",
)


def _reason(emergency: str | None) -> EmergencyReason | None:
    from therapist_desktop.services.safety_plan_access import EmergencyReason

    return EmergencyReason(emergency) if emergency else None


@click.command("print")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.option("--large-print", is_flag=True, help="For weak eyes; it may take two pages.")
@_EMERGENCY
@delivery_options
@click.pass_obj
def print_one(setup: Setup, /, client_id: int, large_print: bool, emergency: str | None, **options: Any) -> None:
    """Save the plan in use as the client’s page."""
    from therapist_desktop.services.safety_plan_documents import print_safety_plan

    delivery = delivery_from(options)
    with at_desk(setup) as desk:
        data = print_safety_plan(
            desk.practice, desk.person, client_id, large_print=large_print, break_glass=_reason(emergency)
        )
        deliver(desk, data, delivery, client_id=client_id, what="safety plan")


@click.command("wallet")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@_EMERGENCY
@delivery_options
@click.pass_obj
def wallet(setup: Setup, /, client_id: int, emergency: str | None, **options: Any) -> None:
    """Save the plan in use as a card, with the first name only."""
    from therapist_desktop.services.safety_plan_documents import print_wallet_card

    delivery = delivery_from(options)
    with at_desk(setup) as desk:
        data = print_wallet_card(desk.practice, desk.person, client_id, break_glass=_reason(emergency))
        deliver(desk, data, delivery, client_id=client_id, what="safety plan, wallet card")


@click.command("text")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@_EMERGENCY
@click.pass_obj
def text(setup: Setup, client_id: int, emergency: str | None) -> None:
    """Show the plan in use as text, to copy into a phone."""
    from therapist_desktop.services.safety_plan_documents import safety_plan_paper
    from therapist_desktop.services.safety_plan_text import safety_plan_text

    with at_desk(setup) as desk:
        paper = safety_plan_paper(desk.practice, desk.person, client_id, break_glass=_reason(emergency))
        say(safety_plan_text(paper))


@click.command("find")
@click.option("--emergency", type=_REASONS, required=True, help="Why; the audit trail says so.")
@click.pass_obj
def find(setup: Setup, emergency: str) -> None:
    """Find whose plan to open in an emergency; asks for the name."""
    from therapist_desktop.services.safety_plan_access import EmergencyReason
    from therapist_desktop.services.safety_plan_lists import find_in_emergency

    with at_desk(setup) as desk:
        name = ask("Name of the client, or its beginning")
        table(
            ("Client", "Name", "Born"),
            [
                (one.client_id, one.client_name, one.born_on)
                for one in find_in_emergency(desk.practice, desk.person, name, EmergencyReason(emergency))
            ],
            empty="Nobody of that name has a safety plan in use.",
        )


@click.command("blank")
@click.option("-o", "--output", type=OUTPUT_FILE, required=True, help="Where to save the PDF.")
@click.option("--replace", is_flag=True, help="Replace the file if it is there.")
def blank(output: Path, replace: bool) -> None:
    """Save a blank plan; needs no practice and no password."""
    from therapist_desktop.services.safety_plan_documents import print_blank_safety_plan

    check_target(output, replace=replace)
    save_document(print_blank_safety_plan(), output, replace=replace)
