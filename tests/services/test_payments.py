"""Payments: every cent has a place, and nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from tests.conftest import TestClock
from tests.services.billing_samples import FEE, MAYA, Bench, november
from therapist_desktop.models.billing import Payment, PaymentAllocation, PaymentMethod
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.account import client_balance, list_balances, list_charges, list_payments
from therapist_desktop.services.charges import reverse_charge
from therapist_desktop.services.payments import apply_credit, record_payment, reverse_payment
from therapist_desktop.storage.faults import RefusedChangeError
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def bench(practice: Practice, rosa: Person, clock: TestClock) -> Iterator[Bench]:
    bench = Bench(practice, rosa, clock)
    yield bench
    bench.reference.close()


@pytest.fixture
def jordan(bench: Bench) -> int:
    return bench.client()


def paid(bench: Bench, client_id: int) -> list[int]:
    return [row.paid_cents for row in list_charges(bench.practice, bench.person, client_id)]


def test_a_payment_goes_to_the_oldest_session_first(bench: Bench, jordan: int) -> None:
    newer, older = (bench.session(jordan, november(day)) for day in (10, 3))
    done = bench.pay(jordan, FEE + 20_00, reference="4471", payer_name="Sam Whitfield")
    assert done.by_charge == {older: FEE, newer: 20_00}
    assert done.credit_cents == 0
    (row,) = list_payments(bench.practice, bench.person, jordan)
    assert (row.reference, row.payer_name, row.method) == ("4471", "Sam Whitfield", PaymentMethod.CARD)


def test_a_payment_can_be_given_to_chosen_sessions(bench: Bench, jordan: int) -> None:
    first, second = (bench.session(jordan, november(day)) for day in (3, 10))
    bench.pay(jordan, 100_00, allocations={second: 90_00, first: 10_00})
    assert paid(bench, jordan) == [10_00, 90_00]


def test_more_than_is_owed_is_refused_and_nothing_is_recorded(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    with pytest.raises(UserError, match=r"\$20\.00 more than is owed"):
        bench.pay(jordan, FEE + 20_00)
    assert list_payments(bench.practice, bench.person, jordan) == ()


@pytest.mark.parametrize("cents", [0, -5_00])
def test_a_payment_of_nothing_is_refused(bench: Bench, jordan: int, cents: int) -> None:
    bench.session(jordan, november(3))
    with pytest.raises(UserError, match="more than nothing"):
        bench.pay(jordan, cents)


def test_a_payment_in_the_future_or_of_millions_is_taken_for_a_slip(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    with pytest.raises(UserError, match="in the future"):
        bench.pay(jordan, FEE, on=date(2026, 11, 24))
    with pytest.raises(UserError, match="cannot be more than"):
        bench.pay(jordan, 100_000_000)


def test_the_session_of_another_client_cannot_be_paid(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    others = bench.session(bench.client(MAYA), november(3))
    with pytest.raises(UserError, match="only go to charges of the same client"):
        bench.pay(jordan, FEE, allocations={others: FEE})
    assert list_payments(bench.practice, bench.person, jordan) == ()


def test_no_session_is_paid_twice_by_choosing_it(bench: Bench, jordan: int) -> None:
    first = bench.session(jordan, november(3))
    bench.session(jordan, november(10))
    bench.pay(jordan, FEE)
    with pytest.raises(UserError, match=r"more than the \$0\.00 still owed"):
        bench.pay(jordan, FEE, allocations={first: FEE})


def test_a_reversal_mirrors_a_payment_and_both_stay(bench: Bench, jordan: int) -> None:
    first, second = (bench.session(jordan, november(day)) for day in (3, 10))
    payment = bench.pay(jordan, FEE + 20_00)
    mirror = reverse_payment(bench.practice, bench.person, payment.payment_id, " Refund ", on_date=november(22))
    assert mirror.by_charge == {first: -FEE, second: -20_00}
    assert paid(bench, jordan) == [0, 0]
    original, reversal = list_payments(bench.practice, bench.person, jordan)
    assert (original.amount_cents, original.reversed) == (FEE + 20_00, True)
    assert (reversal.amount_cents, reversal.reverses_id) == (-FEE - 20_00, original.payment_id)
    assert (reversal.reversal_reason, reversal.received_on) == ("Refund", november(22))
    bench.pay(jordan, FEE)
    assert paid(bench, jordan) == [FEE, 0]


def test_a_payment_is_taken_back_once_with_a_reason(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    payment = bench.pay(jordan, FEE)
    with pytest.raises(UserError, match="Say why"):
        reverse_payment(bench.practice, bench.person, payment.payment_id, " ")
    mirror = reverse_payment(bench.practice, bench.person, payment.payment_id, "Bounced")
    with pytest.raises(UserError, match="already taken back"):
        reverse_payment(bench.practice, bench.person, payment.payment_id, "Bounced")
    with pytest.raises(UserError, match="takes a payment back"):
        reverse_payment(bench.practice, bench.person, mirror.payment_id, "No, it did not")


def test_what_is_paid_ahead_is_a_credit_that_pays_later_sessions(bench: Bench, jordan: int) -> None:
    bench.set(allow_credit=True)
    first = bench.session(jordan, november(3))
    assert bench.pay(jordan, FEE + 200_00).credit_cents == 200_00
    assert client_balance(bench.practice, bench.person, jordan).credit_cents == 200_00
    second, third = (bench.session(jordan, november(day)) for day in (10, 17))

    (change,) = apply_credit(bench.practice, bench.person, jordan)

    assert change.by_charge == {first: FEE, second: FEE, third: 20_00}
    balance = client_balance(bench.practice, bench.person, jordan)
    assert (balance.open_cents, balance.credit_cents) == (FEE - 20_00, 0)
    assert apply_credit(bench.practice, bench.person, jordan) == ()


def test_credit_of_a_payment_that_was_taken_back_pays_nothing(bench: Bench, jordan: int) -> None:
    bench.set(allow_credit=True)
    payment = bench.pay(jordan, FEE)
    bench.session(jordan, november(3))
    reverse_payment(bench.practice, bench.person, payment.payment_id, "Bounced")
    assert apply_credit(bench.practice, bench.person, jordan) == ()
    assert paid(bench, jordan) == [0]


def test_balances_name_who_owes_and_leave_out_who_is_even(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    maya = bench.client(MAYA)
    bench.session(maya, november(3))
    bench.pay(maya, FEE)
    reversed_one = bench.session(maya, november(4))
    reverse_charge(bench.practice, bench.person, reversed_one, "Wrong client")
    (owing,) = list_balances(bench.practice, bench.person)
    assert (owing.client_id, owing.client_name, owing.open_cents) == (jordan, "Jo Whitfield", FEE)


def test_the_file_itself_refuses_to_change_or_delete_money(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    bench.pay(jordan, FEE)
    for statement in (
        update(Payment).values(amount_cents=1),
        delete(Payment),
        update(PaymentAllocation).values(amount_cents=1),
        delete(PaymentAllocation),
    ):
        with pytest.raises(RefusedChangeError, match="never changed or deleted"), bench.practice.writing() as session:
            session.execute(statement)


def test_a_biller_records_payments_and_a_clinician_only_those_of_their_clients(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    ken, bea = bench.colleague("Ken", Role.CLINICIAN), bench.colleague("Bea", Role.BILLER)
    with pytest.raises(UserError, match="not open to you"):
        record_payment(bench.practice, ken, jordan, november(4), PaymentMethod.CASH, FEE)
    done = record_payment(bench.practice, bea, jordan, november(4), PaymentMethod.CASH, FEE)
    with pytest.raises(UserError, match="not open to you"):
        reverse_payment(bench.practice, ken, done.payment_id, "Mine")
    assert list_balances(bench.practice, ken) == ()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(min_value=1, max_value=3 * FEE), min_size=1, max_size=5), st.data())
def test_every_cent_received_is_on_a_charge_or_a_credit(
    bench: Bench, amounts: list[int], data: st.DataObject
) -> None:
    """Each example is a client of their own, with two sessions and some payments, one of them taken back."""
    bench.set(allow_credit=True)
    client_id = bench.client()
    for day in (3, 10):
        bench.session(client_id, november(day))
    payments = [bench.pay(client_id, cents) for cents in amounts]
    back = data.draw(st.integers(min_value=0, max_value=len(payments) - 1))
    reverse_payment(bench.practice, bench.person, payments[back].payment_id, "Bounced")
    apply_credit(bench.practice, bench.person, client_id)

    received = sum(amounts) - amounts[back]
    balance = client_balance(bench.practice, bench.person, client_id)
    rows = list_charges(bench.practice, bench.person, client_id)
    assert balance.received_cents == received
    assert balance.paid_cents == sum(row.paid_cents for row in rows) == min(received, 2 * FEE)
    assert balance.credit_cents == max(0, received - 2 * FEE)
    assert all(0 <= row.paid_cents <= row.amount_cents for row in rows)
