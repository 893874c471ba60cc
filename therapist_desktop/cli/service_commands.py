"""`therapist-desktop service`: what the practice offers, and charging it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.parameters import CHARGE, CLIENT, DATE, MONEY, NOTE
from therapist_desktop.cli.printing import count, say, table
from therapist_desktop.cli.questions import ask
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import format_cents

if TYPE_CHECKING:
    from datetime import date

    from therapist_desktop.services.service_catalog import ServiceRow


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop service set 4 --code 90837 --fee 180
  therapist-desktop service charge 12            the session of note 12""",
)
def service() -> None:
    """Services: list, set codes and fees, charge sessions."""


@service.command("list")
@click.pass_obj
def list_services(setup: Setup) -> None:
    """List the services of the practice. The code box is yours to fill."""
    from therapist_desktop.services import service_catalog

    with at_desk(setup) as desk:
        table(
            ("No.", "Service", "Kind", "Code", "Minutes", "Fee", "Place"),
            [
                (
                    one.service_id,
                    one.label,
                    one.kind.value,
                    one.code,
                    _minutes(one),
                    format_cents(one.fee_cents),
                    one.place_of_service,
                )
                for one in service_catalog.list_services(desk.practice)
            ],
            empty="No services yet.",
        )


def _minutes(one: ServiceRow) -> str:
    if one.min_minutes is None:
        return "" if one.max_minutes is None else f"up to {one.max_minutes}"
    return f"{one.min_minutes} or more" if one.max_minutes is None else f"{one.min_minutes}–{one.max_minutes}"


def find_service(desk: Desk, named: str) -> ServiceRow:
    """Return the service with a number or a label."""
    from therapist_desktop.services import service_catalog

    for one in service_catalog.list_services(desk.practice):
        if named == str(one.service_id) or named.casefold() == one.label.casefold():
            return one
    raise UserError(f"There is no service “{named}”. “service list” shows numbers and names.")


@service.command("set")
@click.argument("named", metavar="SERVICE")
@click.option("--code", help="The procedure code, for which you hold a right of use.")
@click.option("--fee", "fee_cents", type=MONEY, help="Fee of one unit, such as 180 or 180.00.")
@click.option("--label", help="Another name for it.")
@click.option("--fill-charges", is_flag=True, help="Give the code to charges that were made before it was known.")
@click.pass_obj
def set_service(
    setup: Setup, named: str, code: str | None, fee_cents: int | None, label: str | None, fill_charges: bool
) -> None:
    """Set the code, fee or name of a service.

    SERVICE is the number or name that “service list” shows.
    """
    from therapist_desktop.services.charges import fill_missing_codes
    from therapist_desktop.services.service_catalog import ServiceFields, change_service

    changes = ServiceFields()
    if code is not None:
        changes["code"] = code
    if fee_cents is not None:
        changes["fee_cents"] = fee_cents
    if label is not None:
        changes["label"] = label
    if not changes and not fill_charges:
        raise click.UsageError("Say what to change: --code, --fee or --label.")
    with at_desk(setup) as desk:
        chosen = find_service(desk, named)
        if changes:
            change_service(desk.practice, desk.person, chosen.service_id, **changes)
            say(f"Changed: {label or chosen.label}. Charges already made keep their code and fee.")
        if fill_charges:
            filled = fill_missing_codes(desk.practice, desk.person, chosen.service_id)
            say(f"{count(filled, 'charge')} without a code now {'has' if filled == 1 else 'have'} it.")


@service.command("charge")
@click.argument("note_id", metavar="NOTE", type=NOTE)
@click.option("--fee", "fee_cents", type=MONEY, help="Another fee than that of the service.")
@click.option("--units", type=click.IntRange(1, 99), default=1, show_default=True)
@click.option("--add-on", metavar="SERVICE", help="Charge this add-on beside the session.")
@click.option("--modifier", "modifiers", multiple=True, help="Such as 95. Can be repeated.")
@click.option("--override-reason", default="", help="Why the code departs from the minutes.")
@click.pass_obj
def charge(
    setup: Setup,
    note_id: int,
    fee_cents: int | None,
    units: int,
    add_on: str | None,
    modifiers: tuple[str, ...],
    override_reason: str,
) -> None:
    """Charge the session of a signed note."""
    from therapist_desktop.services.charges import charge_session

    with at_desk(setup) as desk:
        charge_id = charge_session(
            desk.practice,
            desk.person,
            desk.reference,
            note_id,
            service_id=find_service(desk, add_on).service_id if add_on else None,
            fee_cents=fee_cents,
            units=units,
            modifiers=modifiers or None,
            override_reason=override_reason,
        )
        say(f"Charge {charge_id} is made.")


@service.command("charge-absence")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.argument("named", metavar="SERVICE")
@click.option("--on", "on_date", type=DATE, help="The day that was missed; today if not given.")
@click.option("--fee", "fee_cents", type=MONEY, help="Another fee than that of the service.")
@click.pass_obj
def charge_missed(setup: Setup, client_id: int, named: str, on_date: date | None, fee_cents: int | None) -> None:
    """Charge a missed session or a late cancellation."""
    from therapist_desktop.services.charges import charge_absence

    with at_desk(setup) as desk:
        charge_id = charge_absence(
            desk.practice,
            desk.person,
            client_id,
            find_service(desk, named).service_id,
            on_date or desk.practice.clock().date(),
            fee_cents=fee_cents,
        )
        say(f"Charge {charge_id} is made. It stands on no superbill: no plan pays it.")


@service.command("reverse-charge")
@click.argument("charge_id", metavar="CHARGE", type=CHARGE)
@click.option("--reason", help="Asked for if not given; it stays in the account.")
@click.pass_obj
def take_back(setup: Setup, charge_id: int, reason: str | None) -> None:
    """Take a charge back; it stays in the account."""
    from therapist_desktop.services.charges import reverse_charge

    with at_desk(setup) as desk:
        reverse_charge(desk.practice, desk.person, charge_id, reason or ask("Why is the charge taken back?"))
        say(f"Charge {charge_id} is taken back. Its session can be charged anew.")
