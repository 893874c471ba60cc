"""`therapist-desktop safety-plan`: in versions, on one page, as a wallet card, and blank without a password."""

from __future__ import annotations

from pathlib import Path

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.documents import Delivery, deliver, delivery_options
from therapist_desktop.cli.printing import DATE, day, read_text, save_document, table

_EMERGENCY = click.option(
    "--emergency",
    type=click.Choice(["client-in-crisis", "clinician-away", "rescuers-ask"]),
    help="Open a plan of a chart that is not yours; the audit trail says so and why.",
)


@click.group("safety-plan")
def safety_plan() -> None:
    """Safety plans: new, show, write, use, list, review, print, wallet, text; blank.

    “safety-plan show N” prints a plan as JSON; edited, it goes back with “safety-plan write N”.
    """


@safety_plan.command("new")
@click.argument("client_id", type=int)
@click.pass_obj
def new(setup: Setup, client_id: int) -> None:
    """Begin a safety plan, or a new version of the one in use."""
    from therapist_desktop.services.safety_plans import start_safety_plan

    with at_desk(setup) as desk:
        opened = start_safety_plan(desk.practice, desk.person, client_id)
        click.echo(f"Safety plan {opened.plan_id} is a draft of version {opened.version}.")


@safety_plan.command("show")
@click.argument("plan_id", type=int)
@click.pass_obj
def show(setup: Setup, plan_id: int) -> None:
    """Print a version as JSON."""
    import msgspec

    from therapist_desktop.services.safety_plans import open_safety_plan

    with at_desk(setup) as desk:
        content = open_safety_plan(desk.practice, desk.person, plan_id).content
        click.echo(msgspec.json.format(msgspec.json.encode(content), indent=2).decode())


@safety_plan.command("write")
@click.argument("plan_id", type=int)
@click.option("--from", "source", type=click.Path(path_type=Path), help="Read from a file, not standard input.")
@click.pass_obj
def write(setup: Setup, plan_id: int, source: Path | None) -> None:
    """Replace what a draft says with JSON as “safety-plan show” prints it; parts are numbered 1 to 7."""
    import msgspec

    from therapist_desktop.models.errors import UserError
    from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft
    from therapist_desktop.services.safety_plans import open_safety_plan, save_safety_plan_draft

    try:
        draft = msgspec.json.decode(read_text(source), type=SafetyPlanDraft)
    except (msgspec.DecodeError, ValueError) as error:
        raise UserError(f"The safety plan cannot be read: {error}. Nothing was changed.") from error
    with at_desk(setup) as desk:
        opened = open_safety_plan(desk.practice, desk.person, plan_id)
        save_safety_plan_draft(desk.practice, desk.person, plan_id, draft, opened.revision)
        click.echo(f"Safety plan {plan_id} is saved as a draft. Put it in use with “safety-plan use {plan_id}”.")


@safety_plan.command("use")
@click.argument("plan_id", type=int)
@click.pass_obj
def use(setup: Setup, plan_id: int) -> None:
    """Make a draft the client’s safety plan; from then on this version never changes."""
    from therapist_desktop.services.safety_plans import put_in_use

    with at_desk(setup) as desk:
        opened = put_in_use(desk.practice, desk.person, plan_id)
        click.echo(f"Version {opened.version} is in use. Its next review is {opened.next_review_on}.")


@safety_plan.command("list")
@click.argument("client_id", type=int)
@click.pass_obj
def list_all(setup: Setup, client_id: int) -> None:
    """List the versions of a client’s safety plan, the newest first."""
    from therapist_desktop.services.safety_plan_lists import list_safety_plan_versions

    with at_desk(setup) as desk:
        table(
            ("Plan", "Version", "Made", "State", "By"),
            [
                (one.plan_id, one.version, one.made_on, one.state.value, one.author)
                for one in list_safety_plan_versions(desk.practice, desk.person, client_id)
            ],
        )


@safety_plan.command("review")
@click.argument("plan_id", type=int)
@click.option("--next", "next_review", type=DATE, help="When to look at it again.")
@click.pass_obj
def review(setup: Setup, plan_id: int, next_review: object) -> None:
    """Note that the plan was gone through with the client and stays as it is."""
    from therapist_desktop.services.safety_plans import review_safety_plan

    with at_desk(setup) as desk:
        due = review_safety_plan(desk.practice, desk.person, plan_id, next_review_on=day(next_review))
        click.echo(f"Noted. The next review is {due}.")


@safety_plan.command("print")
@click.argument("client_id", type=int)
@click.option("--large-print", is_flag=True)
@_EMERGENCY
@delivery_options
@click.pass_obj
def print_one(setup: Setup, /, client_id: int, large_print: bool, emergency: str | None, **delivery: object) -> None:
    """Save the plan in use as the client’s page."""
    from therapist_desktop.services.safety_plan_access import EmergencyReason
    from therapist_desktop.services.safety_plan_documents import print_safety_plan

    with at_desk(setup) as desk:
        data = print_safety_plan(
            desk.practice,
            desk.person,
            client_id,
            large_print=large_print,
            break_glass=EmergencyReason(emergency) if emergency else None,
        )
        deliver(desk, data, Delivery(**delivery), client_id=client_id, what="safety plan")  # type: ignore[arg-type]


@safety_plan.command("wallet")
@click.argument("client_id", type=int)
@_EMERGENCY
@delivery_options
@click.pass_obj
def wallet(setup: Setup, /, client_id: int, emergency: str | None, **delivery: object) -> None:
    """Save the plan in use as a card for the wallet, with the first name only."""
    from therapist_desktop.services.safety_plan_access import EmergencyReason
    from therapist_desktop.services.safety_plan_documents import print_wallet_card

    with at_desk(setup) as desk:
        data = print_wallet_card(
            desk.practice,
            desk.person,
            client_id,
            break_glass=EmergencyReason(emergency) if emergency else None,
        )
        deliver(desk, data, Delivery(**delivery), client_id=client_id, what="safety plan, wallet card")  # type: ignore[arg-type]


@safety_plan.command("text")
@click.argument("client_id", type=int)
@_EMERGENCY
@click.pass_obj
def text(setup: Setup, client_id: int, emergency: str | None) -> None:
    """Show the plan in use as plain text, to copy into a phone."""
    from therapist_desktop.services.safety_plan_access import EmergencyReason
    from therapist_desktop.services.safety_plan_documents import safety_plan_paper
    from therapist_desktop.services.safety_plan_text import safety_plan_text

    with at_desk(setup) as desk:
        reason = EmergencyReason(emergency) if emergency else None
        click.echo(safety_plan_text(safety_plan_paper(desk.practice, desk.person, client_id, break_glass=reason)))


@safety_plan.command("blank")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--replace", is_flag=True, help="Replace the file if it is there.")
def blank(output: Path, replace: bool) -> None:
    """Save a blank safety plan. It needs no practice and no password."""
    from therapist_desktop.services.safety_plan_documents import print_blank_safety_plan

    save_document(print_blank_safety_plan(), output, replace=replace)
