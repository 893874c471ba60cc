from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import (
    MOST_CENTS,
    OpenCharge,
    allocate_oldest_first,
    check_allocation,
    format_cents,
    parse_cents,
    split_by_percent,
)

FIRST = date(2026, 1, 5)
cents = st.integers(1, MOST_CENTS)
open_charges = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 50_000)), min_size=0, max_size=12).map(
    lambda pairs: [
        OpenCharge(charge_id=i, date_of_service=FIRST + timedelta(days=days), open_cents=owed)
        for i, (days, owed) in enumerate(pairs, start=1)
    ]
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("$1,234.50", 123450),
        ("180", 18000),
        ("180.5", 18050),
        ("180.", 18000),
        (".75", 75),
        (" $ 20 ", 2000),
        ("0", 0),
        ("999,999.99", MOST_CENTS),
        ("1234567", None),
        ("1000000", None),
        ("", None),
        (".", None),
        ("$", None),
        ("12,34", None),
        ("1.234,50", None),
        ("180,5", None),
        ("1.005", None),
        ("1e3", None),
        ("-5", None),
        ("(5.00)", None),
        ("١٢", None),
        ("twenty", None),
    ],
)
def test_amounts_are_read_as_people_type_them_and_nothing_is_guessed(typed: str, expected: int | None) -> None:
    if expected is None:
        with pytest.raises(UserError):
            parse_cents(typed)
    else:
        assert parse_cents(typed) == expected


@given(st.integers(0, MOST_CENTS))
def test_what_is_shown_can_be_typed_again(amount: int) -> None:
    assert parse_cents(format_cents(amount)) == amount


def test_a_negative_amount_shows_its_minus() -> None:
    assert format_cents(-123450) == "-$1,234.50"
    assert format_cents(-5) == "-$0.05"


def test_a_payment_goes_to_the_oldest_session_first() -> None:
    charges = [
        OpenCharge(charge_id=7, date_of_service=date(2026, 3, 9), open_cents=15000),
        OpenCharge(charge_id=3, date_of_service=date(2026, 3, 2), open_cents=15000),
    ]
    allocation = allocate_oldest_first(20000, charges)
    assert list(allocation.by_charge.items()) == [(3, 15000), (7, 5000)]
    assert allocation.credit_cents == 0


def test_a_payment_larger_than_what_is_owed_is_refused_unless_credit_is_allowed() -> None:
    charges = [OpenCharge(charge_id=1, date_of_service=FIRST, open_cents=15000)]
    with pytest.raises(UserError, match=r"\$5\.00 more than is owed"):
        allocate_oldest_first(15500, charges)
    assert allocate_oldest_first(15500, charges, allow_credit=True).credit_cents == 500


@given(cents, open_charges)
def test_oldest_first_neither_makes_nor_loses_a_cent(amount: int, charges: list[OpenCharge]) -> None:
    allocation = allocate_oldest_first(amount, charges, allow_credit=True)
    owed = {charge.charge_id: charge.open_cents for charge in charges}
    assert sum(allocation.by_charge.values()) + allocation.credit_cents == amount
    assert all(0 < part <= owed[charge_id] for charge_id, part in allocation.by_charge.items())
    assert allocation.credit_cents == max(0, amount - sum(owed.values()))


@given(cents, open_charges, st.randoms())
def test_the_order_in_which_charges_are_read_does_not_matter(
    amount: int, charges: list[OpenCharge], random: Random
) -> None:
    shuffled = list(charges)
    random.shuffle(shuffled)
    assert allocate_oldest_first(amount, shuffled, allow_credit=True) == allocate_oldest_first(
        amount, charges, allow_credit=True
    )


@given(cents, open_charges)
def test_a_later_charge_is_paid_only_when_all_earlier_ones_are(amount: int, charges: list[OpenCharge]) -> None:
    by_charge = allocate_oldest_first(amount, charges, allow_credit=True).by_charge
    ordered = sorted(charges, key=lambda one: (one.date_of_service, one.charge_id))
    left_open = [by_charge.get(one.charge_id, 0) < one.open_cents for one in ordered]
    if True in left_open:
        first_open = left_open.index(True)
        assert all(one.charge_id not in by_charge for one in ordered[first_open + 1 :])


@given(cents, open_charges)
def test_what_is_shared_out_by_the_program_passes_the_check_for_hands(amount: int, charges: list[OpenCharge]) -> None:
    by_program = allocate_oldest_first(amount, charges, allow_credit=True)
    owed = {charge.charge_id: charge.open_cents for charge in charges}
    assert check_allocation(amount, by_program.by_charge, owed, allow_credit=True) == by_program


@pytest.mark.parametrize(
    ("amount", "parts", "sentence"),
    [
        (20000, {1: 16000, 2: 4000}, "more than the \\$150.00 still owed"),
        (20000, {9: 100}, "more than the \\$0.00 still owed"),
        (20000, {1: 15000, 2: 15000}, "\\$100.00 more than the payment"),
        (20000, {1: 15000, 2: -100}, "cannot be negative"),
        (20000, {1: 15000}, "not given to any charge"),
        (40000, {1: 15000, 2: 15000}, "\\$100.00 more than is owed"),
        (0, {}, "more than nothing"),
        (-500, {}, "more than nothing"),
    ],
)
def test_a_wrong_allocation_is_refused_with_a_sentence(amount: int, parts: dict[int, int], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        check_allocation(amount, parts, {1: 15000, 2: 15000})


def test_a_right_allocation_is_accepted_without_its_zeros() -> None:
    assert check_allocation(15000, {1: 15000, 2: 0}, {1: 15000, 2: 15000}).by_charge == {1: 15000}
    credit = check_allocation(20000, {1: 15000}, {1: 15000}, allow_credit=True)
    assert credit.credit_cents == 5000


def test_guardians_who_share_to_the_cent_pay_the_whole_fee_together() -> None:
    assert split_by_percent(15001, [50, 50]) == (7501, 7500)
    assert split_by_percent(10000, [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]) == (3333, 3333, 3334)
    assert split_by_percent(1, [20, 80]) == (0, 1)
    assert split_by_percent(0, [40, 60]) == (0, 0)


@pytest.mark.parametrize("percents", [[], [50], [60, 60], [-10, 110], [Decimal("33.3")] * 3])
def test_shares_that_do_not_come_to_100_are_refused(percents: list[int | Decimal]) -> None:
    with pytest.raises(UserError, match="100 percent"):
        split_by_percent(1000, percents)


@given(st.integers(0, MOST_CENTS), st.lists(st.integers(0, 10_000), min_size=0, max_size=5))
def test_shares_come_to_the_total_and_each_is_within_a_cent(total: int, cuts: list[int]) -> None:
    marks = [0, *sorted(cuts), 10_000]
    percents = [Decimal(b - a) / 100 for a, b in pairwise(marks)]
    parts = split_by_percent(total, percents)
    assert sum(parts) == total
    for part, percent in zip(parts, percents, strict=True):
        assert part >= 0
        assert abs(part - total * percent / 100) < 1
        assert percent or part == 0


def test_a_negative_total_is_a_bug_not_a_persons_error() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        split_by_percent(-1, [100])
