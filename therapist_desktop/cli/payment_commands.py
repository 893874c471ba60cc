"""`therapist-desktop payment`: what was paid, and how accounts stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.parameters import CLIENT, DATE, MONEY, PAYMENT, SHARE
from therapist_desktop.cli.printing import say, table
from therapist_desktop.cli.questions import ask, confirm
from therapist_desktop.models.money import format_cents

if TYPE_CHECKING:
    from datetime import date


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop payment add 1 80 --method card
  therapist-desktop payment add 1 80 --method check --charge 4=50 --charge 5=30
  therapist-desktop payment account 1""",
)
def payment() -> None:
    """Payments: add, reverse; accounts and balances."""


@payment.command("add")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.argument("amount_cents", metavar="AMOUNT", type=MONEY)
@click.option("--method", type=click.Choice(["cash", "check", "card", "HSA", "other"]), required=True)
@click.option("--on", "on_date", type=DATE, help="When it was received; today if not given.")
@click.option(
    "--charge",
    "shares",
    type=SHARE,
    multiple=True,
    metavar="CHARGE=AMOUNT",
    help="Give this much to that charge; without it the oldest are paid. Can be repeated.",
)
@click.option("--reference", default="", help="Check number or card reference.")
@click.pass_obj
def add(
    setup: Setup,
    client_id: int,
    amount_cents: int,
    method: str,
    on_date: date | None,
    shares: tuple[tuple[int, int], ...],
    reference: str,
) -> None:
    """Record a payment of a client."""
    from therapist_desktop.models.billing import PaymentMethod
    from therapist_desktop.services.payments import record_payment

    wished = dict(shares)
    if len(wished) < len(shares):
        raise click.UsageError("One charge is named twice. Give each charge one amount.")
    with at_desk(setup) as desk:
        done = record_payment(
            desk.practice,
            desk.person,
            client_id,
            on_date or desk.practice.clock().date(),
            PaymentMethod(method),
            amount_cents,
            allocations=wished or None,
            reference=reference,
        )
        say(f"Payment {done.payment_id} is recorded:")
        for charge_id, cents in done.by_charge.items():
            say(f"  {format_cents(cents)} for charge {charge_id}")
        if done.credit_cents:
            say(f"  {format_cents(done.credit_cents)} is credit for later charges")
        _tell_outdated(done.outdated_superbills)
        _tell_balance(desk, client_id)


@payment.command("reverse")
@click.argument("payment_id", metavar="PAYMENT", type=PAYMENT)
@click.option("--reason", help="Asked for if not given; it stays in the account.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def reverse(setup: Setup, payment_id: int, reason: str | None, yes: bool) -> None:
    """Take a payment back: bounced check, refund, slip."""
    from therapist_desktop.services.payments import reverse_payment

    with at_desk(setup) as desk:
        reason = reason or ask("Why is the payment taken back?")
        confirm(f"Take payment {payment_id} back, all of it?", yes=yes)
        _tell_outdated(reverse_payment(desk.practice, desk.person, payment_id, reason).outdated_superbills)
        say(f"Payment {payment_id} is taken back; both entries stay in the account.")


def _tell_outdated(numbers: tuple[str, ...]) -> None:
    for number in numbers:
        say(f"Superbill {number} now shows an old amount paid. Make a corrected copy if it was sent.")


def _tell_balance(desk: Desk, client_id: int) -> None:
    from therapist_desktop.services.account import client_balance

    balance = client_balance(desk.practice, desk.person, client_id)
    credit = f", credit {format_cents(balance.credit_cents)}" if balance.credit_cents else ""
    say(f"Still owed: {format_cents(balance.open_cents)}{credit}")


@payment.command("account")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.pass_obj
def account(setup: Setup, client_id: int) -> None:
    """Show a client’s charges, payments and balance."""
    from therapist_desktop.services.account import list_charges, list_payments

    with at_desk(setup) as desk:
        table(
            ("Charge", "Date", "Service", "Code", "Amount", "Paid", "Owed", "Superbill"),
            [
                (
                    one.charge_id,
                    one.date_of_service,
                    one.label,
                    one.code,
                    format_cents(one.amount_cents),
                    format_cents(one.paid_cents),
                    format_cents(one.balance_cents),
                    "taken back" if one.reversal_reason else one.superbill_number,
                )
                for one in list_charges(desk.practice, desk.person, client_id)
            ],
            empty="Nothing was charged yet.",
        )
        payments = list_payments(desk.practice, desk.person, client_id)
        if payments:
            say()
            table(
                ("Payment", "Received", "Method", "Amount", "For charges", ""),
                [
                    (
                        one.payment_id,
                        one.received_on,
                        one.method.value,
                        format_cents(one.amount_cents),
                        ", ".join(map(str, one.by_charge)),
                        f"takes back payment {one.reverses_id}"
                        if one.reverses_id
                        else ("taken back" if one.reversed else ""),
                    )
                    for one in payments
                ],
                empty="",
            )
        say()
        _tell_balance(desk, client_id)


@payment.command("balances")
@click.pass_obj
def balances(setup: Setup) -> None:
    """List the clients who owe something or have credit."""
    from therapist_desktop.services.account import list_balances

    with at_desk(setup) as desk:
        table(
            ("Client", "Name", "Owed", "Credit"),
            [
                (one.client_id, one.client_name, format_cents(one.open_cents), format_cents(one.credit_cents))
                for one in list_balances(desk.practice, desk.person)
            ],
            empty="Nobody owes anything.",
        )
