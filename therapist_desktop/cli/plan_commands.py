"""`therapist-desktop plan`: treatment plans in versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.documents import deliver, delivery_from, delivery_options
from therapist_desktop.cli.parameters import CLIENT, DATE, PLAN
from therapist_desktop.cli.printing import say, shown_value, table
from therapist_desktop.cli.questions import confirm, read_text

if TYPE_CHECKING:
    from datetime import date

_EXAMPLE = """\b
A plan as JSON; what is left out stays empty, and “plan show” prints all fields:
  {"established_on": "2026-11-23", "session_length": "55 minutes",
   "frequency": "weekly", "duration": "six months", "participation": "verbal",
   "necessity": "Cannot work full days.",
   "diagnoses": [{"code": "F33.1",
                  "title": "Major depressive disorder, recurrent, moderate"}],
   "problems": [{"text": "I have no strength", "diagnosis_code": "F33.1",
     "goals": [{"text": "Back to work",
       "objectives": [{"text": "Walk on three days a week", "measure": "log",
                       "target": "3 of 7 days", "target_on": "2027-02-23",
         "interventions": [{"text": "Behavioral activation"}]}]}]}]}"""


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop plan new 1                   begin the plan of client 1
  therapist-desktop plan show 3 > plan.json      edit it, then:
  therapist-desktop plan write 3 --from plan.json
A file that is left lying about can be read by anybody: delete it.""",
)
def plan() -> None:
    """Treatment plans: new, write, sign, compare, print."""


@plan.command("new")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def new(setup: Setup, client_id: int) -> None:
    """Begin a plan, or a new version of the one in force."""
    from therapist_desktop.services.treatment_plans import start_plan

    with at_desk(setup) as desk:
        opened = start_plan(desk.practice, desk.person, client_id)
        say(f"Plan {opened.plan_id} is a draft of version {opened.version}.")
        say(f"Fill it with “plan write {opened.plan_id}”; its help shows how.")


@plan.command("show")
@click.argument("plan_id", metavar="PLAN", type=PLAN)
@click.pass_obj
def show(setup: Setup, plan_id: int) -> None:
    """Show a version as JSON."""
    from therapist_desktop.cli.json_form import as_json
    from therapist_desktop.services.treatment_plans import open_plan

    with at_desk(setup) as desk:
        say(as_json(open_plan(desk.practice, desk.person, plan_id).content))


@plan.command("write", epilog=_EXAMPLE)
@click.argument("plan_id", metavar="PLAN", type=PLAN)
@click.option("--from", "source", type=click.Path(path_type=Path), help="Read from a file, not standard input.")
@click.pass_obj
def write(setup: Setup, plan_id: int, source: Path | None) -> None:
    """Replace what a draft says with JSON."""
    from therapist_desktop.cli.json_form import from_json
    from therapist_desktop.models.treatment_plan_draft import PlanDraft
    from therapist_desktop.services.treatment_plans import findings_of_plan, open_plan, save_plan_draft

    with at_desk(setup) as desk:
        opened = open_plan(desk.practice, desk.person, plan_id)
        draft = from_json(read_text(source), PlanDraft, "The plan")
        save_plan_draft(desk.practice, desk.person, plan_id, draft, opened.revision)
        say(f"Plan {plan_id} is saved as a draft.")
        findings = findings_of_plan(desk.practice, desk.person, plan_id)
        for finding in findings:
            say(f"  {finding.need.value}: {finding.sentence}")
        if not findings:
            say(f"Nothing is missing. Sign it with “plan sign {plan_id}”.")


@plan.command("sign")
@click.argument("plan_id", metavar="PLAN", type=PLAN)
@click.pass_obj
def sign(setup: Setup, plan_id: int) -> None:
    """Sign a version for good; the password is your signature."""
    from therapist_desktop.services.treatment_plans import open_plan, sign_plan

    with at_desk(setup) as desk:
        revision = open_plan(desk.practice, desk.person, plan_id).revision
        signed = sign_plan(desk.practice, desk.person, plan_id, desk.password(), revision=revision)
        say(f"Version {signed.version} is signed. Its review is due {shown_value(signed.review_due_on)}.")


@plan.command("discard")
@click.argument("plan_id", metavar="PLAN", type=PLAN)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def discard(setup: Setup, plan_id: int, yes: bool) -> None:
    """Delete a draft. Signed versions are never deleted."""
    from therapist_desktop.services.treatment_plans import discard_plan_draft, open_plan

    with at_desk(setup) as desk:
        revision = open_plan(desk.practice, desk.person, plan_id).revision
        confirm(f"Delete the draft of plan {plan_id} for good?", yes=yes)
        discard_plan_draft(desk.practice, desk.person, plan_id, revision)
        say(f"The draft of plan {plan_id} is deleted.")


@plan.command("list")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def list_all(setup: Setup, client_id: int) -> None:
    """List the versions of a client’s plan, newest first."""
    from therapist_desktop.services.treatment_plan_lists import list_versions

    with at_desk(setup) as desk:
        table(
            ("Plan", "Version", "Established", "Review due", "State", "By"),
            [
                (one.plan_id, one.version, one.established_on, one.review_due_on, one.state.value, one.author)
                for one in list_versions(desk.practice, desk.person, client_id)
            ],
            empty=f"No plan yet. Begin one with “plan new {client_id}”.",
        )


@plan.command("compare")
@click.argument("older_id", metavar="OLDER", type=PLAN)
@click.argument("newer_id", metavar="NEWER", type=PLAN)
@click.pass_obj
def compare(setup: Setup, older_id: int, newer_id: int) -> None:
    """Say what changed between two versions."""
    from therapist_desktop.services.treatment_plan_lists import compare_versions

    with at_desk(setup) as desk:
        table(
            ("Change", "Part", "Before", "Now", "What"),
            [
                (one.kind.value, one.part.value, one.older, one.newer, ", ".join(one.fields).replace("_", " "))
                for one in compare_versions(desk.practice, desk.person, older_id, newer_id)
            ],
            empty="The two versions say the same.",
        )


@plan.command("due")
@click.option("--until", type=DATE, help="Today if not given.")
@click.pass_obj
def due(setup: Setup, until: date | None) -> None:
    """List the clients whose plan is due for review."""
    from therapist_desktop.services.treatment_plan_lists import plans_due

    with at_desk(setup) as desk:
        rows = plans_due(desk.practice, desk.person, until or desk.practice.clock().date())
        table(
            ("Client", "Name", "Plan", "Version", "Review due"),
            [(one.client_id, one.client_name, one.plan_id, one.version, one.review_due_on) for one in rows],
            empty="No plan is due for review.",
        )


@plan.command("print")
@click.argument("plan_id", metavar="PLAN", type=PLAN)
@delivery_options
@click.pass_obj
def print_one(setup: Setup, /, plan_id: int, **options: Any) -> None:
    """Save a version as a PDF."""
    from therapist_desktop.services.treatment_plan_documents import print_plan
    from therapist_desktop.services.treatment_plans import open_plan

    delivery = delivery_from(options)
    with at_desk(setup) as desk:
        client_id = open_plan(desk.practice, desk.person, plan_id).client_id
        data = print_plan(desk.practice, desk.person, plan_id)
        deliver(desk, data, delivery, client_id=client_id, what=f"treatment plan {plan_id}")
