"""`therapist-desktop client`: add, list, show, import clients and their diagnoses."""

from __future__ import annotations

from pathlib import Path

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.entry import EXIT_PARTLY
from therapist_desktop.cli.printing import DATE, day, progress_bar, table

_STATUS = click.Choice(["inquiry", "active", "inactive", "discharged"])


@click.group()
def client() -> None:
    """Clients: add, list, show, import; status and diagnoses."""


@client.command("add")
@click.option("--first", "first_name", prompt="First name, as on the insurance card")
@click.option("--last", "last_name", prompt="Last name")
@click.option("--born", type=DATE, help="Birth date.")
@click.option("--used-name", default="", help="The name they go by.")
@click.option("--pronouns", default="")
@click.option("--plan-sex", type=click.Choice(["M", "F", "U"]), default="U", help="As the insurance plan holds it.")
@click.option("--email", default="")
@click.option("--phone", default="")
@click.option("--may-leave-message", is_flag=True)
@click.option("--address", nargs=4, metavar="STREET CITY STATE ZIP")
@click.option("--payer", default="", help="Name of the insurance.")
@click.option("--member-id", default="")
@click.option("--status", type=_STATUS, default="active")
@click.option("--even-if-alike", is_flag=True, help="Add although a client like this is there.")
@click.pass_obj
def add(setup: Setup, /, **given: object) -> None:
    """Add a client. What is asked for keeps names out of the command history."""
    from therapist_desktop.models.client import ClientStatus
    from therapist_desktop.models.errors import UserError
    from therapist_desktop.services.client_record import AddressEntry, ClientRecord, PhoneEntry, PolicyEntry
    from therapist_desktop.services.clients import add_client, duplicates_of, open_client

    def text(name: str) -> str:
        return str(given[name] or "").strip()

    address = given["address"]
    record = ClientRecord(
        first_name=text("first_name"),
        last_name=text("last_name"),
        used_name=text("used_name"),
        pronouns=text("pronouns"),
        born_on=day(given["born"]),
        plan_sex=text("plan_sex"),
        email=text("email"),
        phones=(PhoneEntry(number=text("phone"), may_leave_message=bool(given["may_leave_message"])),)
        if text("phone")
        else (),
        addresses=(AddressEntry(line1=address[0], city=address[1], state=address[2], postal_code=address[3]),)
        if isinstance(address, tuple)
        else (),
        policies=(PolicyEntry(payer_name=text("payer"), member_id=text("member_id")),) if text("payer") else (),
    )
    with at_desk(setup) as desk:
        alike = duplicates_of(desk.practice, record)
        for one in alike:
            click.echo(f"Client {one.other_id}: {one.sentence}", err=True)
        if alike and not given["even_if_alike"]:
            raise UserError("Nothing was added. If this is somebody else, repeat with --even-if-alike.")
        client_id = add_client(desk.practice, desk.person, record, status=ClientStatus(text("status")))
        click.echo(f"Client {client_id} added.")
        for gap in open_client(desk.practice, desk.person, client_id).gaps:
            click.echo(f"  still missing: {gap.sentence}")


@client.command("list")
@click.option("--status", type=_STATUS)
@click.option("--tag")
@click.pass_obj
def list_all(setup: Setup, status: str | None, tag: str | None) -> None:
    """List the clients you may see."""
    from therapist_desktop.models.client import ClientStatus
    from therapist_desktop.services.clients import list_clients

    with at_desk(setup) as desk:
        rows = list_clients(desk.practice, desk.person, status=ClientStatus(status) if status else None, tag=tag)
        table(
            ("No.", "Name", "Born", "Pronouns", "Status"),
            [(row.client_id, row.name, row.born_on, row.pronouns, row.status.value) for row in rows],
        )


@client.command("show")
@click.argument("client_id", type=int)
@click.pass_obj
def show(setup: Setup, client_id: int) -> None:
    """Show a client’s record, what is missing in it, and who may be the same."""
    from therapist_desktop.services.clients import open_client
    from therapist_desktop.services.diagnoses import list_diagnoses

    with at_desk(setup) as desk:
        opened = open_client(desk.practice, desk.person, client_id)
        record = opened.record
        lines = [
            ("Legal name", f"{record.first_name} {record.middle_name} {record.last_name} {record.suffix}"),
            ("Goes by", record.used_name),
            ("Pronouns", record.pronouns),
            ("Born", record.born_on.isoformat() if record.born_on else ""),
            ("Sex on the plan", record.plan_sex),
            ("Gender", record.gender),
            ("E-mail", record.email),
            ("Status", f"{opened.status.value} since {opened.status_since}"),
            ("Tags", ", ".join(record.tags)),
        ]
        lines += [
            (f"Phone, {one.kind}", f"{one.number}{'' if one.may_leave_message else '  (leave no message)'}")
            for one in record.phones
        ]
        lines += [("Address", f"{one.line1}, {one.city}, {one.state} {one.postal_code}") for one in record.addresses]
        lines += [(one.kind.value.capitalize(), f"{one.name}  {one.phone}") for one in record.contacts]
        lines += [("Insurance", f"{one.payer_name}  {one.member_id}") for one in record.policies]
        lines += [
            ("Diagnosis", f"{one.code}  {one.title}{f'  (until {one.resolved_on})' if one.resolved_on else ''}")
            for one in list_diagnoses(desk.practice, desk.person, client_id)
        ]
        for label, value in lines:
            if value.strip():
                click.echo(f"{label + ':':18} {' '.join(value.split())}")
        for gap in opened.gaps:
            click.echo(f"Missing: {gap.sentence}")
        for one in opened.duplicates:
            click.echo(f"Client {one.other_id}: {one.sentence}")


@client.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help="Say which column holds a field.")
@click.option("--yes", is_flag=True, help="Import without asking.")
@click.pass_context
def import_csv(ctx: click.Context, path: Path, columns: tuple[str, ...], yes: bool) -> None:
    """Import clients from a CSV file of another program; show first what would happen."""
    from therapist_desktop.services.client_import import import_clients

    chosen = dict(one.partition("=")[::2] for one in columns)
    with at_desk(ctx.obj) as desk:
        with progress_bar("Reading") as progress:
            plan = import_clients(desk.practice, desk.person, path, columns=chosen, dry_run=True, progress=progress)
        for meaning, header in plan.columns.items():
            click.echo(f"  {header}  →  {meaning}")
        for header in plan.unused:
            click.echo(f"  {header}  →  (not imported)")
        for problem in plan.problems:
            click.echo(f"Line {problem.line} cannot be imported: {problem.reason}")
        if plan.already_there:
            click.echo(f"Already in the practice, lines {', '.join(map(str, plan.already_there))}.")
        if plan.added and (yes or click.confirm(f"Add {plan.added} clients?", default=True, err=True)):
            with progress_bar("Importing") as progress:
                done = import_clients(desk.practice, desk.person, path, columns=chosen, progress=progress)
            click.echo(f"{done.added} clients added.")
        else:
            click.echo("Nothing was added.")
    if plan.problems:
        ctx.exit(EXIT_PARTLY)


@client.command("status")
@click.argument("client_id", type=int)
@click.argument("status", type=_STATUS)
@click.option("--on", "on_date", type=DATE, help="From which day; today if not given.")
@click.pass_obj
def set_client_status(setup: Setup, client_id: int, status: str, on_date: object) -> None:
    """Make a client an inquiry, active, inactive or discharged."""
    from therapist_desktop.models.client import ClientStatus
    from therapist_desktop.services.clients import set_status

    with at_desk(setup) as desk:
        since = day(on_date) or desk.practice.clock().date()
        set_status(desk.practice, desk.person, client_id, ClientStatus(status), since)
        click.echo(f"Client {client_id} is {status} from {since}.")


@client.command("diagnose")
@click.argument("client_id", type=int)
@click.argument("code")
@click.option("--since", type=DATE, help="Onset; the code must be billable on that day.")
@click.option("--title", default="", help="Title of a code that is newer than the table at hand.")
@click.pass_obj
def diagnose(setup: Setup, client_id: int, code: str, since: object, title: str) -> None:
    """Add an ICD-10-CM diagnosis to a client."""
    from therapist_desktop.services.diagnoses import add_diagnosis, list_diagnoses

    with at_desk(setup) as desk:
        add_diagnosis(desk.practice, desk.person, desk.reference, client_id, code, onset_on=day(since), title=title)
        added = list_diagnoses(desk.practice, desk.person, client_id)[-1]
        click.echo(f"{added.code}  {added.title}")
