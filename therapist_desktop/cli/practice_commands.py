"""`therapist-desktop practice`: what stands on every document, and the rules the practice chose."""

from __future__ import annotations

from typing import Any

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.printing import say
from therapist_desktop.cli.questions import confirm


@click.group(cls=CommandGroup)
def practice() -> None:
    """The practice: show and set its facts and rules."""


@practice.command("show")
@click.pass_obj
def show(setup: Setup) -> None:
    """Show what documents print of it, and its rules."""
    from therapist_desktop.services.practices import practice_facts

    with at_desk(setup) as desk:
        facts = practice_facts(desk.practice)
        for label, value in (
            ("Legal name", facts.legal_name),
            ("Known as", facts.trade_name),
            ("NPI", f"{facts.npi} (type {facts.npi_kind})" if facts.npi else ""),
            ("Tax ID", f"{facts.tax_id} {facts.tax_id_kind}"),
            ("Address", f"{facts.address_line1} {facts.address_line2}"),
            ("City", f"{facts.city} {facts.state} {facts.postal_code}"),
            ("Phone", facts.phone),
            ("Fax", facts.fax),
            ("E-mail", facts.email),
            ("Late entry", f"a note signed more than {facts.late_entry_hours} hours after the session"),
            ("Plan review", f"every {facts.plan_review_days} days"),
            ("Charge", "before or after the note is signed" if facts.bill_unsigned_notes else "only signed notes"),
            ("Credit", "payments may be larger than what is owed" if facts.allow_credit else "none"),
        ):
            say(f"{label + ':':12} {' '.join(value.split()) or '—'}")


@practice.command("set")
@click.option("--name", "legal_name", help="Legal name, as in the NPI registry.")
@click.option("--trade-name", help="The name clients know.")
@click.option("--npi")
@click.option("--npi-kind", type=click.IntRange(1, 2), help="1 for a person, 2 for an organization.")
@click.option("--ein", "tax_id", help="Tax ID, such as 01-2345678.")
@click.option("--address", "address_line1", help="Street and number.")
@click.option("--address-2", "address_line2", help="Suite or floor.")
@click.option("--city")
@click.option("--state", help="Two letters.")
@click.option("--zip", "postal_code")
@click.option("--phone")
@click.option("--fax")
@click.option("--email")
@click.option("--late-entry-hours", type=click.IntRange(1, 8760), help="After so many a note is a late entry.")
@click.option("--plan-review-days", type=click.IntRange(1, 3650), help="How often plans are reviewed.")
@click.option("--bill-unsigned-notes/--bill-signed-notes", default=None, help="When a session may be charged.")
@click.option("--allow-credit/--no-credit", default=None, help="Whether more than is owed may be paid.")
@click.pass_obj
def change(setup: Setup, /, **given: Any) -> None:
    """Change facts and rules; documents already issued stay."""
    from therapist_desktop.models.errors import UserError
    from therapist_desktop.models.identifiers import email_problem, phone_problem, state_problem, zip_problem
    from therapist_desktop.services.practices import change_facts

    changes = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    changes = {name: value for name, value in changes.items() if value is not None}
    if not changes:
        raise click.UsageError("Say what to change. “practice set --help” shows what can be.")
    for name, problem_of in (
        ("email", email_problem),
        ("phone", phone_problem),
        ("fax", phone_problem),
        ("state", state_problem),
        ("postal_code", zip_problem),
    ):
        problem = problem_of(changes[name]) if changes.get(name) else None
        if problem:
            raise UserError(problem)
    if "state" in changes:
        changes["state"] = changes["state"].upper()
    if "tax_id" in changes:
        changes["tax_id_kind"] = "EIN" if changes["tax_id"] else ""
    with at_desk(setup) as desk:
        change_facts(desk.practice, desk.person, changes)
        say("Changed. What was signed or issued before stays as it was.")


@practice.command("change-key")
@click.pass_obj
def encrypt_anew(setup: Setup) -> None:
    """Encrypt the practice under a new key.

    For when somebody may have an old copy of the key file and a password. A backup is made beside the practice first.
    """
    from therapist_desktop.services.keys import change_key

    with at_desk(setup) as desk:
        made = change_key(desk.practice, desk.person, desk.password())
        say("The practice is encrypted anew; everybody signs in as before.")
        say(f"A backup was made first: {made.path}")


@practice.command("accept-older-file")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def accept_older_file(setup: Setup, yes: bool) -> None:
    """Go on although the newest work is missing.

    For after an older copy of the practice was put in place of the newest one, and the newest is nowhere to be found.
    """
    from therapist_desktop.services.rollback import accept_rollback

    with at_desk(setup) as desk:
        confirm("Go on without the newest work, for good?", yes=yes)
        accept_rollback(desk.practice, desk.person)
        say("Accepted. The audit trail keeps that work was missing.")


@practice.command("confirm-clock")
@click.pass_obj
def clock_is_right(setup: Setup) -> None:
    """Say that the clock is right after it was put back."""
    from therapist_desktop.services.clock_watch import confirm_clock

    with at_desk(setup) as desk:
        confirm_clock(desk.practice, desk.person)
        say("Noted. Late entries are counted by the clock again.")
