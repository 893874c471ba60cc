"""`therapist-desktop client add`, `change`, `contact` and `insurance`: what a client’s record holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.parameters import CLIENT, DATE
from therapist_desktop.cli.printing import say
from therapist_desktop.cli.questions import ask, ask_date
from therapist_desktop.models import identifiers
from therapist_desktop.models.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from therapist_desktop.services.client_record import ClientRecord

F = TypeVar("F", bound="Callable[..., Any]")


def _record_options(command: F) -> F:
    """Add the options of what a record holds; those that are not given arrive as None."""
    for option in reversed(
        (
            click.option("--first", "first_name", help="First name, as on the insurance card."),
            click.option("--last", "last_name", help="Last name, as on the insurance card."),
            click.option("--used-name", help="The name they go by."),
            click.option("--pronouns"),
            click.option("--born", "born_on", type=DATE, help="Birth date."),
            click.option("--plan-sex", type=click.Choice(["M", "F", "U"]), help="As the insurance plan holds it."),
            click.option("--gender"),
            click.option("--email"),
            click.option("--phone"),
            click.option("--may-leave-message/--no-message", default=None, help="Whether one may be left there."),
            click.option("--address", nargs=4, metavar="STREET CITY STATE ZIP"),
            click.option("--payer", help="Name of the insurance."),
            click.option("--member-id", help="As on the insurance card."),
        )
    ):
        command = option(command)
    return command


@click.command("add")
@_record_options
@click.option(
    "--status",
    type=click.Choice(["inquiry", "active", "inactive", "discharged"]),
    default="active",
    show_default=True,
)
@click.option("--even-if-alike", is_flag=True, help="Add although a client like this is there.")
@click.pass_obj
def add(setup: Setup, /, status: str, even_if_alike: bool, **given: Any) -> None:
    """Add a client; without options, everything is asked for.

    Answered questions do not stay in the history of the shell, as options do. Instead of the terminal, standard input
    can hold the answers, one a line.
    """
    from therapist_desktop.models.client import ClientStatus
    from therapist_desktop.services.client_duplicates import WITH_COLLEAGUE, duplicates_of
    from therapist_desktop.services.client_record import ClientRecord
    from therapist_desktop.services.clients import add_client

    empty = ClientRecord(first_name="", last_name="")
    with at_desk(setup) as desk:
        record = _filled(empty, given) if _anything(given) else _form(empty)
        alike = duplicates_of(desk.practice, desk.person, record)
        for one in alike.shown:
            say(f"Client {one.other_id}: {one.sentence}", err=True)
        if alike.hidden:
            say(WITH_COLLEAGUE, err=True)
        if (alike.shown or alike.hidden) and not even_if_alike:
            raise UserError("Nothing was added. If this is somebody else, repeat with --even-if-alike.")
        client_id = add_client(desk.practice, desk.person, record, status=ClientStatus(status))
        say(f"Client {client_id} is added.")
        _tell_gaps(desk, client_id)


@click.command("change")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@_record_options
@click.pass_obj
def change(setup: Setup, /, client_id: int, **given: Any) -> None:
    """Change a record; without options, every field is asked for."""
    from therapist_desktop.services.clients import open_client, save_client

    with at_desk(setup) as desk:
        opened = open_client(desk.practice, desk.person, client_id)
        record = _filled(opened.record, given) if _anything(given) else _form(opened.record)
        save_client(desk.practice, desk.person, client_id, record, opened.revision)
        say(f"The record of client {client_id} is saved.")
        _tell_gaps(desk, client_id)


@click.command("contact")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.argument(
    "kind",
    metavar="KIND",
    type=click.Choice(["emergency", "guardian", "prescriber", "primary-care", "school", "referrer", "other"]),
)
@click.option("--name", help="Asked for if not given.")
@click.option("--phone", help="Asked for if the name is.")
@click.option("--relation", help="Such as “mother”; asked for if the name is.")
@click.option("--may-contact", is_flag=True, help="The practice may get in touch with them.")
@click.pass_obj
def add_contact(
    setup: Setup,
    client_id: int,
    kind: str,
    name: str | None,
    phone: str | None,
    relation: str | None,
    may_contact: bool,
) -> None:
    """Add somebody around a client: emergency, guardian, …

    KIND is emergency, guardian, prescriber, primary-care, school, referrer or other.
    """
    from therapist_desktop.models.client import ContactKind
    from therapist_desktop.services.client_record import ContactEntry
    from therapist_desktop.services.clients import open_client, save_client

    with at_desk(setup) as desk:
        opened = open_client(desk.practice, desk.person, client_id)
        if name is None:
            name = ask("Name")
            relation = ask("Relation to the client", default="") if relation is None else relation
            phone = ask("Phone", default="", problem=identifiers.phone_problem) if phone is None else phone
        entry = ContactEntry(
            kind=ContactKind[kind.replace("-", "_").upper()],
            name=name,
            relation=relation or "",
            phone=phone or "",
            may_contact=may_contact,
        )
        record = replace(opened.record, contacts=(*opened.record.contacts, entry))
        save_client(desk.practice, desk.person, client_id, record, opened.revision)
        say(f"The contact is in the record of client {client_id}.")
        _tell_gaps(desk, client_id)


@click.command("insurance")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def add_insurance(setup: Setup, client_id: int) -> None:
    """Add an insurance policy; all of it is asked for."""
    from therapist_desktop.services.client_record import PolicyEntry
    from therapist_desktop.services.clients import open_client, save_client

    with at_desk(setup) as desk:
        opened = open_client(desk.practice, desk.person, client_id)
        payer, member_id = ask("Insurance company"), ask("Member ID", default="")
        group_number = ask("Group number", default="")
        relationship = ask("The client is the subscriber’s (self, spouse, child, other)", default="self").casefold()
        subscriber_name, subscriber_born_on = "", None
        if relationship != "self":
            subscriber_name = ask("Name of the subscriber", default="")
            subscriber_born_on = ask_date("Birth date of the subscriber")
        entry = PolicyEntry(
            payer_name=payer,
            member_id=member_id,
            group_number=group_number,
            relationship_to_subscriber=relationship,
            subscriber_name=subscriber_name,
            subscriber_born_on=subscriber_born_on,
        )
        record = replace(opened.record, policies=(*opened.record.policies, entry))
        save_client(desk.practice, desk.person, client_id, record, opened.revision)
        say(f"The policy is in the record of client {client_id}.")
        _tell_gaps(desk, client_id)


def _anything(given: dict[str, Any]) -> bool:
    return any(value is not None for value in given.values())


def _tell_gaps(desk: Desk, client_id: int) -> None:
    from therapist_desktop.services.clients import open_client

    for gap in open_client(desk.practice, desk.person, client_id).gaps:
        say(f"  still missing: {gap.sentence}")


def _form(record: ClientRecord) -> ClientRecord:
    """Ask for every field; Enter leaves one as it is, “-” empties it."""
    phone = record.phones[0] if record.phones else None
    address = record.addresses[0] if record.addresses else None
    policy = record.policies[0] if record.policies else None
    answers: dict[str, Any] = {
        "first_name": ask("First name, as on the insurance card", default=record.first_name),
        "last_name": ask("Last name", default=record.last_name or None),
        "used_name": ask("Goes by another first name", default=record.used_name),
        "pronouns": ask("Pronouns", default=record.pronouns),
    }
    born_on = ask_date("Birth date", default=record.born_on)
    answers |= {
        "plan_sex": ask("Sex as the insurance plan holds it (M, F, U)", default=record.plan_sex).upper() or "U",
        "gender": ask("Gender", default=record.gender),
        "email": ask("E-mail", default=record.email, problem=identifiers.email_problem),
        "phone": ask("Phone", default=phone.number if phone else "", problem=identifiers.phone_problem),
    }
    if answers["phone"]:
        may = "y" if phone and phone.may_leave_message else ""
        answers["may_leave_message"] = ask("May a message be left there? [y/N]", default=may).casefold() in (
            "y",
            "yes",
        )
    street = ask("Street and number", default=address.line1 if address else "")
    answers["address"] = (
        (
            street,
            ask("City", default=address.city if address else ""),
            ask("State, two letters", default=address.state if address else "", problem=identifiers.state_problem),
            ask("ZIP code", default=address.postal_code if address else "", problem=identifiers.zip_problem),
        )
        if street
        else ("", "", "", "")
    )
    answers["payer"] = ask("Insurance company", default=policy.payer_name if policy else "")
    if answers["payer"]:
        answers["member_id"] = ask("Member ID", default=policy.member_id if policy else "")
    return replace(_filled(record, answers), born_on=born_on)


def _filled(record: ClientRecord, given: dict[str, Any]) -> ClientRecord:
    """Return the record with what is given; the first phone, address and policy are those that are changed."""
    from therapist_desktop.services.client_record import AddressEntry, PhoneEntry, PolicyEntry

    plain = ("first_name", "last_name", "used_name", "pronouns", "born_on", "plan_sex", "gender", "email")
    changed: dict[str, Any] = {name: given[name] for name in plain if given.get(name) is not None}
    if given.get("phone") is not None or given.get("may_leave_message") is not None:
        old = record.phones[0] if record.phones else PhoneEntry(number="")
        message = given.get("may_leave_message")
        first = replace(
            old,
            number=old.number if given.get("phone") is None else given["phone"],
            may_leave_message=old.may_leave_message if message is None else message,
        )
        changed["phones"] = ((first,) if first.number else ()) + record.phones[1:]
    if given.get("address") is not None:
        line1, city, state, postal_code = given["address"]
        where = record.addresses[0] if record.addresses else AddressEntry(line1="")
        if (where.line1, where.city, where.state, where.postal_code) != given["address"]:
            where = AddressEntry(line1=line1, city=city, state=state.upper(), postal_code=postal_code)
        changed["addresses"] = ((where,) if line1 else ()) + record.addresses[1:]
    if given.get("payer") is not None or given.get("member_id") is not None:
        policy = record.policies[0] if record.policies else PolicyEntry(payer_name="")
        policy = replace(
            policy,
            payer_name=policy.payer_name if given.get("payer") is None else given["payer"],
            member_id=policy.member_id if given.get("member_id") is None else given["member_id"],
        )
        changed["policies"] = ((policy,) if policy.payer_name or policy.member_id else ()) + record.policies[1:]
    return replace(record, **changed)
