"""Money in whole cents: reading, writing, and sharing it out without making or losing a cent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from therapist_desktop.models.errors import UserError

MOST_CENTS = 99_999_999
"""The largest amount that can be typed, $999,999.99; more is a slip of the keyboard."""

_AMOUNT = re.compile(r"\$?\s*(?P<dollars>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.(?P<cents>[0-9]{0,2}))?")


@dataclass(frozen=True, kw_only=True)
class OpenCharge:
    """A charge and what is still owed on it."""

    charge_id: int
    date_of_service: date
    open_cents: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """How a payment was shared out."""

    by_charge: Mapping[int, int]
    """Cents for each charge, in the order they were filled; no zero entries."""
    credit_cents: int
    """What is left for later charges."""


def parse_cents(text: str) -> int:
    """Read “$1,234.50”, “180” or “180.5” as cents; raises ``UserError`` for anything else."""
    typed = text.strip()
    if typed.startswith(("-", "−", "(")):
        raise UserError("An amount cannot be negative here. Enter it without the minus sign.")
    found = _AMOUNT.fullmatch(typed)
    if found is None or not (found["dollars"] or found["cents"]):
        raise UserError("This is not an amount of money. Enter dollars and cents, such as 180 or 1,234.50.")
    cents = int(found["dollars"].replace(",", "") or "0") * 100 + int((found["cents"] or "").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise UserError(f"An amount cannot be more than {format_cents(MOST_CENTS)}. Check the digits.")
    return cents


def format_cents(cents: int) -> str:
    """Return “$1,234.50”; a negative amount, as only refunds are, begins with a minus."""
    dollars, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${dollars:,}.{rest:02}"


def allocate_oldest_first(
    amount_cents: int, charges: Iterable[OpenCharge], *, allow_credit: bool = False
) -> Allocation:
    """Pay charges in the order of their dates of service, then of their numbers.

    Raises ``UserError`` if more is paid than is owed and credit is not allowed.
    """
    _require_positive(amount_cents)
    left = amount_cents
    by_charge: dict[int, int] = {}
    for charge in sorted(charges, key=lambda one: (one.date_of_service, one.charge_id)):
        part = min(left, charge.open_cents)
        if part > 0:
            by_charge[charge.charge_id] = part
            left -= part
    if left and not allow_credit:
        raise _more_than_owed(left)
    return Allocation(by_charge=by_charge, credit_cents=left)


def check_allocation(
    amount_cents: int,
    by_charge: Mapping[int, int],
    open_by_charge: Mapping[int, int],
    *,
    allow_credit: bool = False,
) -> Allocation:
    """Accept what a person shared out by hand, or raise ``UserError``.

    ``open_by_charge`` holds every charge of the client on which something is owed.
    """
    _require_positive(amount_cents)
    if any(part < 0 for part in by_charge.values()):
        raise UserError("A part of a payment cannot be negative. Enter 0 or more for each charge.")
    for charge_id, part in by_charge.items():
        owed = max(open_by_charge.get(charge_id, 0), 0)
        if part > owed:
            raise UserError(
                f"{format_cents(part)} is more than the {format_cents(owed)} still owed on that charge. "
                "Lower the part or choose another charge."
            )
    left = amount_cents - sum(by_charge.values())
    if left < 0:
        raise UserError(
            f"The parts come to {format_cents(-left)} more than the payment of {format_cents(amount_cents)}. "
            "Lower one of them."
        )
    if left and not allow_credit:
        owed_in_all = sum(owed for owed in open_by_charge.values() if owed > 0)
        if amount_cents > owed_in_all:
            raise _more_than_owed(amount_cents - owed_in_all)
        raise UserError(
            f"{format_cents(left)} of the payment is not given to any charge. Share out the whole payment."
        )
    return Allocation(by_charge={charge_id: part for charge_id, part in by_charge.items() if part}, credit_cents=left)


def split_by_percent(total_cents: int, percents: Sequence[int | Decimal]) -> tuple[int, ...]:
    """Share an amount, such as between two guardians; the parts come to exactly the total.

    Every part is rounded down and the cents left go to the largest remainders (Hamilton’s method), the
    earlier of two equal ones first. Raises ``UserError`` unless the percentages come to 100.
    """
    if total_cents < 0:
        raise ValueError("only an amount of 0 or more can be shared out")
    shares = [Fraction(percent) for percent in percents]
    if any(share < 0 for share in shares) or sum(shares) != 100:
        raise UserError("The shares must come to 100 percent. Change one of them.")
    exact = [total_cents * share / 100 for share in shares]
    parts = [int(part) for part in exact]
    left = total_cents - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[:left]:
        parts[i] += 1
    return tuple(parts)


def _require_positive(amount_cents: int) -> None:
    if amount_cents <= 0:
        raise UserError("A payment must be more than nothing. Enter the amount that was paid.")


def _more_than_owed(excess_cents: int) -> UserError:
    return UserError(
        f"The payment is {format_cents(excess_cents)} more than is owed. "
        "Lower it, or allow credit in the settings of the practice."
    )
