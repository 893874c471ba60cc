"""`therapist-desktop safety-plan`: safety plans in versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.parameters import CLIENT, DATE, SAFETY_PLAN
from therapist_desktop.cli.printing import say, shown_value, table
from therapist_desktop.cli.questions import confirm, read_text
from therapist_desktop.cli.safety_plan_papers import blank, find, print_one, text, wallet

if TYPE_CHECKING:
    from datetime import date

_EXAMPLE = """\b
A plan as JSON; what is left out stays empty, and “safety-plan show” prints all fields:
  {"made_on": "2026-11-23", "likelihood": 8,
   "rows": [{"part": 1, "text": "I stop answering messages"},
            {"part": 2, "text": "Walk down to the harbor"},
            {"part": 4, "text": "Sam", "relation": "brother", "phone": "207-555-0144"}],
   "means": [{"means": "Pills", "present": "yes", "storage": "locked box"}]}
Parts: 1 warning signs, 2 by myself, 3 people and places, 4 people who help,
5 professionals, 6 safer surroundings, 7 what matters most."""


@click.group(
    "safety-plan",
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop safety-plan new 1
  therapist-desktop safety-plan write 2 --from plan.json
  therapist-desktop safety-plan print 1 -o plan.pdf
  therapist-desktop safety-plan blank -o blank.pdf     needs no password""",
)
def safety_plan() -> None:
    """Safety plans: new, write, use, print, wallet, blank."""


@safety_plan.command("new")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def new(setup: Setup, client_id: int) -> None:
    """Begin a safety plan, or a new version of the one in use."""
    from therapist_desktop.services.safety_plans import start_safety_plan

    with at_desk(setup) as desk:
        opened = start_safety_plan(desk.practice, desk.person, client_id)
        say(f"Safety plan {opened.plan_id} is a draft of version {opened.version}.")
        say(f"Fill it with “safety-plan write {opened.plan_id}”; its help shows how.")


@safety_plan.command("show")
@click.argument("plan_id", metavar="PLAN", type=SAFETY_PLAN)
@click.pass_obj
def show(setup: Setup, plan_id: int) -> None:
    """Show a version as JSON."""
    from therapist_desktop.cli.json_form import as_json
    from therapist_desktop.services.safety_plans import open_safety_plan

    with at_desk(setup) as desk:
        say(as_json(open_safety_plan(desk.practice, desk.person, plan_id).content))


@safety_plan.command("write", epilog=_EXAMPLE)
@click.argument("plan_id", metavar="PLAN", type=SAFETY_PLAN)
@click.option("--from", "source", type=click.Path(path_type=Path), help="Read from a file, not standard input.")
@click.pass_obj
def write(setup: Setup, plan_id: int, source: Path | None) -> None:
    """Replace what a draft says with JSON."""
    from therapist_desktop.cli.json_form import from_json
    from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft
    from therapist_desktop.services.safety_plans import open_safety_plan, save_safety_plan_draft

    with at_desk(setup) as desk:
        opened = open_safety_plan(desk.practice, desk.person, plan_id)
        draft = from_json(read_text(source), SafetyPlanDraft, "The safety plan")
        save_safety_plan_draft(desk.practice, desk.person, plan_id, draft, opened.revision)
        say(f"Safety plan {plan_id} is saved as a draft. Put it in use with “safety-plan use {plan_id}”.")


@safety_plan.command("use")
@click.argument("plan_id", metavar="PLAN", type=SAFETY_PLAN)
@click.pass_obj
def use(setup: Setup, plan_id: int) -> None:
    """Put a draft in use; this version then never changes."""
    from therapist_desktop.services.safety_plans import open_safety_plan, put_in_use

    with at_desk(setup) as desk:
        revision = open_safety_plan(desk.practice, desk.person, plan_id).revision
        opened = put_in_use(desk.practice, desk.person, plan_id, revision)
        say(f"Version {opened.version} is in use. Its next review is {shown_value(opened.next_review_on)}.")


@safety_plan.command("discard")
@click.argument("plan_id", metavar="PLAN", type=SAFETY_PLAN)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def discard(setup: Setup, plan_id: int, yes: bool) -> None:
    """Delete a draft. Versions in use are never deleted."""
    from therapist_desktop.services.safety_plans import discard_safety_plan_draft, open_safety_plan

    with at_desk(setup) as desk:
        revision = open_safety_plan(desk.practice, desk.person, plan_id).revision
        confirm(f"Delete the draft of safety plan {plan_id} for good?", yes=yes)
        discard_safety_plan_draft(desk.practice, desk.person, plan_id, revision)
        say(f"The draft of safety plan {plan_id} is deleted.")


@safety_plan.command("list")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def list_all(setup: Setup, client_id: int) -> None:
    """List the versions of a safety plan, newest first."""
    from therapist_desktop.services.safety_plan_lists import list_safety_plan_versions

    with at_desk(setup) as desk:
        table(
            ("Plan", "Version", "Made", "State", "By"),
            [
                (one.plan_id, one.version, one.made_on, one.state.value, one.author)
                for one in list_safety_plan_versions(desk.practice, desk.person, client_id)
            ],
            empty=f"No safety plan yet. Begin one with “safety-plan new {client_id}”.",
        )


@safety_plan.command("review")
@click.argument("plan_id", metavar="PLAN", type=SAFETY_PLAN)
@click.option("--next", "next_review", type=DATE, help="When to look at it again.")
@click.pass_obj
def review(setup: Setup, plan_id: int, next_review: date | None) -> None:
    """Note that the plan was gone through and stays as it is."""
    from therapist_desktop.services.safety_plans import review_safety_plan

    with at_desk(setup) as desk:
        due = review_safety_plan(desk.practice, desk.person, plan_id, next_review_on=next_review)
        say(f"Noted. The next review is {shown_value(due)}.")


@safety_plan.command("due")
@click.option("--until", type=DATE, help="Today if not given.")
@click.pass_obj
def due(setup: Setup, until: date | None) -> None:
    """List the clients whose safety plan is due for review."""
    from therapist_desktop.services.safety_plan_lists import safety_plans_due_for_review

    with at_desk(setup) as desk:
        rows = safety_plans_due_for_review(desk.practice, desk.person, until or desk.practice.clock().date())
        table(
            ("Client", "Name", "Plan", "Version", "Review due"),
            [(one.client_id, one.client_name, one.plan_id, one.version, one.review_on) for one in rows],
            empty="No safety plan is due for review.",
        )


for _paper in (print_one, wallet, text, find, blank):
    safety_plan.add_command(_paper)
