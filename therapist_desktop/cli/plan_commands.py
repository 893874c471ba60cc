"""`therapist-desktop plan`: treatment plans in versions."""

from __future__ import annotations

from pathlib import Path

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.documents import Delivery, deliver, delivery_options
from therapist_desktop.cli.printing import DATE, day, read_text, table


@click.group()
def plan() -> None:
    """Treatment plans: new, show, write, sign, list, compare, due, print.

    “plan show N” prints a plan as JSON; edited, it goes back with “plan write N”.
    """


@plan.command("new")
@click.argument("client_id", type=int)
@click.pass_obj
def new(setup: Setup, client_id: int) -> None:
    """Begin a plan, or a new version of the one in force."""
    from therapist_desktop.services.treatment_plans import start_plan

    with at_desk(setup) as desk:
        opened = start_plan(desk.practice, desk.person, client_id)
        click.echo(f"Plan {opened.plan_id} is a draft of version {opened.version}. Fill it with “plan write”.")


@plan.command("show")
@click.argument("plan_id", type=int)
@click.pass_obj
def show(setup: Setup, plan_id: int) -> None:
    """Print a version as JSON."""
    import msgspec

    from therapist_desktop.services.treatment_plans import open_plan

    with at_desk(setup) as desk:
        content = open_plan(desk.practice, desk.person, plan_id).content
        click.echo(msgspec.json.format(msgspec.json.encode(content), indent=2).decode())


@plan.command("write")
@click.argument("plan_id", type=int)
@click.option("--from", "source", type=click.Path(path_type=Path), help="Read from a file, not standard input.")
@click.pass_obj
def write(setup: Setup, plan_id: int, source: Path | None) -> None:
    """Replace what a draft says with JSON as “plan show” prints it."""
    import msgspec

    from therapist_desktop.models.errors import UserError
    from therapist_desktop.models.treatment_plan_draft import PlanDraft
    from therapist_desktop.services.treatment_plans import findings_of_plan, open_plan, save_plan_draft

    text = read_text(source)
    try:
        draft = msgspec.json.decode(text, type=PlanDraft)
    except (msgspec.DecodeError, ValueError) as error:
        raise UserError(f"The plan cannot be read: {error}. Nothing was changed.") from error
    with at_desk(setup) as desk:
        opened = open_plan(desk.practice, desk.person, plan_id)
        save_plan_draft(desk.practice, desk.person, plan_id, draft, opened.revision)
        click.echo(f"Plan {plan_id} is saved as a draft.")
        for finding in findings_of_plan(desk.practice, desk.person, plan_id):
            click.echo(f"  {finding.need.value}: {finding.sentence}")


@plan.command("sign")
@click.argument("plan_id", type=int)
@click.pass_obj
def sign(setup: Setup, plan_id: int) -> None:
    """Sign a version for good; the password is your signature."""
    from therapist_desktop.services.treatment_plans import sign_plan

    with at_desk(setup) as desk:
        signed = sign_plan(desk.practice, desk.person, plan_id, desk.password())
        click.echo(f"Version {signed.version} is signed. Its review is due {signed.review_due_on}.")


@plan.command("list")
@click.argument("client_id", type=int)
@click.pass_obj
def list_all(setup: Setup, client_id: int) -> None:
    """List the versions of a client’s plan, the newest first."""
    from therapist_desktop.services.treatment_plan_lists import list_versions

    with at_desk(setup) as desk:
        table(
            ("Plan", "Version", "Established", "Review due", "State", "By"),
            [
                (one.plan_id, one.version, one.established_on, one.review_due_on, one.state.value, one.author)
                for one in list_versions(desk.practice, desk.person, client_id)
            ],
        )


@plan.command("due")
@click.option("--until", type=DATE, help="Today if not given.")
@click.pass_obj
def due(setup: Setup, until: object) -> None:
    """List the clients whose plan is due for review."""
    from therapist_desktop.services.treatment_plan_lists import plans_due

    with at_desk(setup) as desk:
        rows = plans_due(desk.practice, desk.person, day(until) or desk.practice.clock().date())
        table(
            ("Client", "Name", "Plan", "Version", "Review due"),
            [(one.client_id, one.client_name, one.plan_id, one.version, one.review_due_on) for one in rows],
        )


@plan.command("print")
@click.argument("plan_id", type=int)
@delivery_options
@click.pass_obj
def print_one(setup: Setup, /, plan_id: int, **delivery: object) -> None:
    """Save a version as a PDF."""
    from therapist_desktop.services.treatment_plan_documents import print_plan
    from therapist_desktop.services.treatment_plans import open_plan

    with at_desk(setup) as desk:
        client_id = open_plan(desk.practice, desk.person, plan_id).client_id
        data = print_plan(desk.practice, desk.person, plan_id)
        deliver(desk, data, Delivery(**delivery), client_id=client_id, what=f"treatment plan {plan_id}")  # type: ignore[arg-type]
