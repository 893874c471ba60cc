"""`therapist-desktop client`: the list of clients, their status, diagnoses and disclosures, and importing them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.client_record_commands import add, add_contact, add_insurance, change
from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.entry import EXIT_PARTLY
from therapist_desktop.cli.parameters import CLIENT, DATE, PERSON
from therapist_desktop.cli.printing import count, progress_bar, say, shown_value, table
from therapist_desktop.cli.questions import confirm
from therapist_desktop.models.identifiers import format_phone

if TYPE_CHECKING:
    from datetime import date

    from therapist_desktop.services.client_import import ImportReport
    from therapist_desktop.services.clients import OpenedClient

_STATUS = click.Choice(["inquiry", "active", "inactive", "discharged"])


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop client add                       asks for everything
  therapist-desktop client import clients.csv
  therapist-desktop client diagnose 1 F33.1 --since 01/05/2026""",
)
def client() -> None:
    """Clients: add, list, change, import; diagnoses, status."""


client.add_command(add)


@client.command("list")
@click.option("--status", type=_STATUS, help="Only those.")
@click.option("--tag", help="Only those with this tag.")
@click.pass_obj
def list_all(setup: Setup, status: str | None, tag: str | None) -> None:
    """List the clients you may see."""
    from therapist_desktop.models.client import ClientStatus
    from therapist_desktop.services.clients import list_clients

    with at_desk(setup) as desk:
        rows = list_clients(desk.practice, desk.person, status=ClientStatus(status) if status else None, tag=tag)
        table(
            ("Client", "Name", "Born", "Pronouns", "Status"),
            [(row.client_id, row.name, row.born_on, row.pronouns, row.status.value) for row in rows],
            empty="No such clients." if status or tag else "No clients yet. Add one with “client add”.",
        )


@client.command("show")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def show(setup: Setup, client_id: int) -> None:
    """Show a client’s record and what is missing in it."""
    from therapist_desktop.services.client_duplicates import WITH_COLLEAGUE
    from therapist_desktop.services.clients import open_client
    from therapist_desktop.services.diagnoses import list_diagnoses

    with at_desk(setup) as desk:
        opened = open_client(desk.practice, desk.person, client_id)
        lines = _record_lines(opened)
        lines += [
            (
                "Diagnosis",
                f"{one.code}  {one.title}"
                + (f", since {shown_value(one.onset_on)}" if one.onset_on else "")
                + (f", until {shown_value(one.resolved_on)}" if one.resolved_on else ""),
            )
            for one in list_diagnoses(desk.practice, desk.person, client_id)
        ]
        for label, value in lines:
            if value.strip():
                say(f"{label + ':':18} {' '.join(value.split())}")
        for gap in opened.gaps:
            say(f"Missing: {gap.sentence}")
        for one in opened.duplicates:
            say(f"Client {one.other_id}: {one.sentence}")
        if opened.duplicate_with_colleague:
            say(WITH_COLLEAGUE)


def _record_lines(opened: OpenedClient) -> list[tuple[str, str]]:
    record = opened.record
    born = shown_value(record.born_on)
    lines = [
        ("Legal name", f"{record.first_name} {record.middle_name} {record.last_name} {record.suffix}"),
        ("Goes by", record.used_name),
        ("Pronouns", record.pronouns),
        ("Born", f"{born} (a minor)" if opened.is_minor else born),
        ("Sex on the plan", {"M": "M", "F": "F"}.get(record.plan_sex, "not known")),
        ("Gender", record.gender),
        ("E-mail", record.email),
        ("Status", f"{opened.status.value} since {shown_value(opened.status_since)}"),
        ("Tags", ", ".join(record.tags)),
    ]
    for phone in record.phones:
        message = "a message may be left" if phone.may_leave_message else "leave no message"
        lines.append((f"Phone, {phone.kind}", f"{phone.number} ({message})"))
    for one in record.addresses:
        place = f"{one.state} {one.postal_code}".strip()
        lines.append(("Address", _listed(one.line1, one.line2, one.city, place)))
    for contact in record.contacts:
        who = _listed(
            contact.name, contact.relation, contact.organization, format_phone(contact.phone), contact.email
        )
        lines.append((contact.kind.value.capitalize(), who))
    for policy in record.policies:
        member = f"member {policy.member_id or 'not known'}"
        lines.append(("Insurance", _listed(policy.payer_name, member, policy.subscriber_name)))
    return lines


def _listed(*parts: str) -> str:
    return ", ".join(filter(None, parts))


client.add_command(change)
client.add_command(add_contact)
client.add_command(add_insurance)


@client.command(
    "import",
    epilog="""\b
Fields for --column:
  first_name, middle_name, last_name, full_name, suffix, used_name, pronouns, born_on,
  plan_sex, gender, email, mobile_phone, home_phone, work_phone, phone, address_line1,
  address_line2, city, state, postal_code, language, status, started_on, referral_source,
  payer_name, member_id, group_number, emergency_name, emergency_phone,
  emergency_relation, guardian_name, guardian_phone, tags, remarks, number""",
)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=HEADER",
    help="Say which column holds a field, such as born_on=Birthday. Can be repeated.",
)
@click.option("--yes", is_flag=True, help="Import without asking.")
@click.pass_context
def import_csv(ctx: click.Context, path: Path, columns: tuple[str, ...], yes: bool) -> None:
    """Import clients from a CSV file of another program.

    The columns are guessed and shown, and the whole file is tried first. Rows that cannot be imported are named
    with their line and reason; all others are added at once, and none twice.
    """
    from therapist_desktop.services.client_import import import_clients

    chosen = {}
    for one in columns:
        field, equals, header = one.partition("=")
        if not equals:
            raise click.UsageError("Write --column as the field, an equals sign and the header: born_on=Birthday.")
        chosen[field.strip()] = header.strip()
    with at_desk(ctx.obj) as desk:
        with progress_bar("Reading") as progress:
            plan = import_clients(desk.practice, desk.person, path, columns=chosen, dry_run=True, progress=progress)
        _tell_plan(plan)
        if plan.added:
            confirm(f"Add {count(plan.added, 'client')}?", yes=yes)
            with progress_bar("Importing") as progress:
                done = import_clients(desk.practice, desk.person, path, columns=chosen, progress=progress)
            say(f"{count(done.added, 'client')} added.")
        else:
            say("There is nobody to add.")
    if plan.problems:
        ctx.exit(EXIT_PARTLY)


def _tell_plan(plan: ImportReport) -> None:
    for meaning, header in plan.columns.items():
        say(f"  {header}  →  {meaning}")
    for header in plan.unused:
        say(f"  {header}  →  not imported")
    for problem in plan.problems:
        say(f"Line {problem.line} cannot be imported: {problem.reason}")
    if plan.already_there:
        word = "line" if len(plan.already_there) == 1 else "lines"
        say(f"Already in the practice: {word} {', '.join(map(str, plan.already_there))}.")


@client.command("status")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.argument("status", metavar="STATUS", type=_STATUS)
@click.option("--on", "on_date", type=DATE, help="From which day; today if not given.")
@click.pass_obj
def set_client_status(setup: Setup, client_id: int, status: str, on_date: date | None) -> None:
    """Set a status: inquiry, active, inactive, discharged."""
    from therapist_desktop.models.client import ClientStatus
    from therapist_desktop.services.clients import set_status

    with at_desk(setup) as desk:
        since = on_date or desk.practice.clock().date()
        set_status(desk.practice, desk.person, client_id, ClientStatus(status), since)
        say(f"Client {client_id} is {status} from {shown_value(since)}.")


@client.command("diagnose")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.argument("code")
@click.option("--since", type=DATE, help="Onset; the code must be billable on that day.")
@click.option("--title", default="", help="Title of a code that is newer than the table at hand.")
@click.pass_obj
def diagnose(setup: Setup, client_id: int, code: str, since: date | None, title: str) -> None:
    """Add an ICD-10-CM diagnosis; “icd find” finds codes."""
    from therapist_desktop.services.diagnoses import add_diagnosis, list_diagnoses

    with at_desk(setup) as desk:
        added = add_diagnosis(
            desk.practice, desk.person, desk.reference, client_id, code, onset_on=since, title=title
        )
        for one in list_diagnoses(desk.practice, desk.person, client_id):
            if one.diagnosis_id == added:
                say(f"{one.code}  {one.title}")


@client.command("resolve")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.argument("code")
@click.option("--on", "on_date", type=DATE, help="From which day it no longer holds; today if not given.")
@click.pass_obj
def resolve(setup: Setup, client_id: int, code: str, on_date: date | None) -> None:
    """Say that a diagnosis no longer holds."""
    from therapist_desktop.models.errors import UserError
    from therapist_desktop.services.diagnoses import list_diagnoses, resolve_diagnosis

    with at_desk(setup) as desk:
        day = on_date or desk.practice.clock().date()
        standing = [one for one in list_diagnoses(desk.practice, desk.person, client_id) if one.resolved_on is None]
        found = [one for one in standing if one.code.casefold() == code.casefold()]
        if not found:
            raise UserError(f"The client has no open diagnosis {code}. “client show {client_id}” lists them.")
        resolve_diagnosis(desk.practice, desk.person, client_id, found[0].diagnosis_id, day)
        say(f"{found[0].code} holds until {shown_value(day)}. Notes signed before keep it.")


@client.command("assign")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.argument("person_id", metavar="PERSON", type=PERSON)
@click.pass_obj
def assign(setup: Setup, client_id: int, person_id: int) -> None:
    """Hand a client over to another clinician."""
    from therapist_desktop.services.clients import assign_client

    with at_desk(setup) as desk:
        assign_client(desk.practice, desk.person, client_id, person_id)
        say(f"Client {client_id} is now with person {person_id}.")


@client.command("disclosures")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def disclosures(setup: Setup, client_id: int) -> None:
    """List what was given to whom about a client."""
    from therapist_desktop.services.disclosures import list_disclosures

    with at_desk(setup) as desk:
        table(
            ("Date", "What", "To", "For", "How"),
            [
                (one.moment.date(), one.what, one.recipient, one.purpose, one.method)
                for one in list_disclosures(desk.practice, desk.person, client_id)
            ],
            empty="Nothing is in the log of disclosures.",
        )
