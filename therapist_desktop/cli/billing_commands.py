"""`therapist-desktop service` and `payment`: what is charged and what was paid."""

from __future__ import annotations

import click

from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.printing import DATE, day, table
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import format_cents, parse_cents
from therapist_desktop.services.service_catalog import ServiceRow


@click.group()
def service() -> None:
    """Services: list, set codes and fees."""


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
        )


def _minutes(one: ServiceRow) -> str:
    if one.min_minutes is None and one.max_minutes is None:
        return ""
    return f"{one.min_minutes or ''}–{one.max_minutes or ''}"


def find_service(desk: Desk, named: str) -> ServiceRow:
    """Return the service with a number or a label."""
    from therapist_desktop.services import service_catalog

    for one in service_catalog.list_services(desk.practice):
        if named == str(one.service_id) or named.casefold() == one.label.casefold():
            return one
    raise UserError(f"There is no service “{named}”. See “service list”.")


@service.command("set")
@click.argument("named")
@click.option("--code", help="The procedure code, for which you hold a right of use.")
@click.option("--fee", help="Fee of one unit, such as 180 or 180.00.")
@click.option("--label")
@click.pass_obj
def set_service(setup: Setup, named: str, code: str | None, fee: str | None, label: str | None) -> None:
    """Fill the code box or set the fee of a service."""
    from therapist_desktop.services.service_catalog import ServiceFields, change_service

    changes = ServiceFields()
    if code is not None:
        changes["code"] = code
    if fee is not None:
        changes["fee_cents"] = parse_cents(fee)
    if label is not None:
        changes["label"] = label
    with at_desk(setup) as desk:
        change_service(desk.practice, desk.person, find_service(desk, named).service_id, **changes)
        click.echo("Changed. Charges already made keep what they were made with.")


@service.command("charge")
@click.argument("note_id", type=int)
@click.option("--fee", help="Another fee than that of the service.")
@click.option("--modifier", "modifiers", multiple=True)
@click.option("--override-reason", default="", help="Why the code departs from the minutes.")
@click.pass_obj
def charge(setup: Setup, note_id: int, fee: str | None, modifiers: tuple[str, ...], override_reason: str) -> None:
    """Charge the session of a signed note."""
    from therapist_desktop.services.charges import charge_session

    with at_desk(setup) as desk:
        charge_id = charge_session(
            desk.practice,
            desk.person,
            desk.reference,
            note_id,
            fee_cents=parse_cents(fee) if fee else None,
            modifiers=modifiers or None,
            override_reason=override_reason,
        )
        click.echo(f"Charge {charge_id} is made.")


@click.group()
def payment() -> None:
    """Payments: add, reverse; a client’s account."""


@payment.command("add")
@click.argument("client_id", type=int)
@click.argument("amount")
@click.option("--method", type=click.Choice(["cash", "check", "card", "HSA", "other"]), required=True)
@click.option("--on", "on_date", type=DATE, help="When it was received; today if not given.")
@click.option(
    "--charge", "charges", multiple=True, metavar="CHARGE=AMOUNT", help="Give it to charges; else the oldest."
)
@click.option("--reference", default="", help="Check number or card reference.")
@click.pass_obj
def add(
    setup: Setup,
    client_id: int,
    amount: str,
    method: str,
    on_date: object,
    charges: tuple[str, ...],
    reference: str,
) -> None:
    """Record a payment of a client."""
    from therapist_desktop.models.billing import PaymentMethod
    from therapist_desktop.services.payments import record_payment

    wished = {}
    for one in charges:
        number, _, wished_amount = one.partition("=")
        if not number.isdecimal():
            raise UserError(
                "Write --charge as the number of the charge, an equals sign and the amount, such as 12=50."
            )
        wished[int(number)] = parse_cents(wished_amount)
    with at_desk(setup) as desk:
        done = record_payment(
            desk.practice,
            desk.person,
            client_id,
            day(on_date) or desk.practice.clock().date(),
            PaymentMethod(method),
            parse_cents(amount),
            allocations=wished or None,
            reference=reference,
        )
        click.echo(f"Payment {done.payment_id} is recorded:")
        for charge_id, cents in done.by_charge.items():
            click.echo(f"  {format_cents(cents)} for charge {charge_id}")
        _tell_outdated(done.outdated_superbills)


@payment.command("reverse")
@click.argument("payment_id", type=int)
@click.option("--reason", required=True)
@click.pass_obj
def reverse(setup: Setup, payment_id: int, reason: str) -> None:
    """Take a payment back, for a bounced check, a refund or a slip."""
    from therapist_desktop.services.payments import reverse_payment

    with at_desk(setup) as desk:
        _tell_outdated(reverse_payment(desk.practice, desk.person, payment_id, reason).outdated_superbills)
        click.echo(f"Payment {payment_id} is reversed; both entries stay in the account.")


def _tell_outdated(numbers: tuple[str, ...]) -> None:
    for number in numbers:
        click.echo(f"Superbill {number} now shows an old amount paid. Make a corrected copy if it was sent.")


@payment.command("account")
@click.argument("client_id", type=int)
@click.pass_obj
def account(setup: Setup, client_id: int) -> None:
    """Show a client’s charges, what was paid on each, and the balance."""
    from therapist_desktop.services.account import client_balance, list_charges

    with at_desk(setup) as desk:
        table(
            ("Charge", "Date", "Service", "Code", "Amount", "Paid", "Open"),
            [
                (
                    one.charge_id,
                    one.date_of_service,
                    one.label,
                    one.code,
                    format_cents(one.amount_cents),
                    format_cents(one.paid_cents),
                    format_cents(one.balance_cents),
                )
                for one in list_charges(desk.practice, desk.person, client_id)
            ],
        )
        balance = client_balance(desk.practice, desk.person, client_id)
        click.echo(f"Open {format_cents(balance.open_cents)}, credit {format_cents(balance.credit_cents)}")
