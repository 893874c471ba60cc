"""The life of one session’s money: signed, charged, paid in part, on a superbill, paid in full, corrected."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import TestClock
from tests.services.billing_samples import FEE, Bench, november, pdf_text
from therapist_desktop.models.people import Person
from therapist_desktop.models.superbill_content import SuperbillState
from therapist_desktop.services.account import client_balance, list_charges
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.disclosures import list_disclosures
from therapist_desktop.services.payments import reverse_payment
from therapist_desktop.services.superbills import (
    correct_superbill,
    deliver_superbill,
    list_superbills,
    superbill_pdf,
    verify_superbills,
)
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def bench(practice: Practice, rosa: Person, clock: TestClock) -> Iterator[Bench]:
    bench = Bench(practice, rosa, clock)
    yield bench
    bench.reference.close()


def test_a_superbill_shows_what_was_paid_and_its_corrected_copy_what_was_paid_later(bench: Bench) -> None:
    practice, rosa = bench.practice, bench.person
    jordan = bench.client()
    first, second = (bench.session(jordan, november(day)) for day in (3, 10))
    bench.pay(jordan, FEE + 50_00)

    issued = bench.issue(jordan)
    assert issued.number == "2026-11-0001"
    assert (issued.charge_cents, issued.paid_cents) == (2 * FEE, FEE + 50_00)
    paper = pdf_text(superbill_pdf(practice, rosa, issued.superbill_id))
    assert "Jordan Whitfield" in paper
    assert "The client has paid $230.00 of $360.00; $130.00 is still open." in paper

    deliver_superbill(practice, rosa, issued.superbill_id, "by hand")
    bench.clock.move(days=2)
    later = bench.pay(jordan, 130_00, on=november(25))
    assert later.by_charge == {second: 130_00}
    assert later.outdated_superbills == (issued.number,)
    (row,) = list_superbills(practice, rosa, jordan)
    assert row.outdated
    assert (row.paid_cents, row.paid_now_cents) == (FEE + 50_00, 2 * FEE)

    corrected = correct_superbill(practice, rosa, bench.reference, issued.superbill_id, "A later payment")
    assert corrected.number == "2026-11-0002"
    paper = pdf_text(superbill_pdf(practice, rosa, corrected.superbill_id))
    assert "Corrected: replaces superbill no. 2026-11-0001" in paper
    assert "Paid in full by the client." in paper
    void_copy = pdf_text(superbill_pdf(practice, rosa, issued.superbill_id))
    assert "VOID" in void_copy
    assert "A later payment · replaced by superbill no. 2026-11-0002" in void_copy
    assert "$130.00 is still open" in void_copy

    new, old = list_superbills(practice, rosa, jordan)
    assert (new.state, new.replaces_number, new.outdated) == (SuperbillState.ISSUED, "2026-11-0001", False)
    assert (old.state, old.replaced_by_number, old.void_reason) == (
        SuperbillState.VOID,
        "2026-11-0002",
        "A later payment",
    )
    assert old.delivered_how == "by hand, to the client"
    assert bench.held() == dict.fromkeys((first, second), corrected.superbill_id)
    (disclosure,) = list_disclosures(practice, rosa, jordan)
    assert disclosure.what == "superbill 2026-11-0001"
    assert not disclosure.accountable
    assert verify_superbills(practice).superbills == 2
    assert verify_superbills(practice).fault == ""
    assert verify_audit_chain(practice).whole


def test_a_bounced_check_after_issuing_is_seen_on_the_account_and_named_at_the_superbill(bench: Bench) -> None:
    practice, rosa = bench.practice, bench.person
    jordan = bench.client()
    charge_id = bench.session(jordan, november(3))
    payment = bench.pay(jordan, FEE)
    issued = bench.issue(jordan)

    bounced = reverse_payment(practice, rosa, payment.payment_id, "The check bounced")

    assert bounced.by_charge == {charge_id: -FEE}
    assert bounced.outdated_superbills == (issued.number,)
    (row,) = list_charges(practice, rosa, jordan)
    assert (row.paid_cents, row.balance_cents, row.superbill_number) == (0, FEE, issued.number)
    assert client_balance(practice, rosa, jordan).open_cents == FEE
    corrected = correct_superbill(practice, rosa, bench.reference, issued.superbill_id, "The check bounced")
    assert corrected.paid_cents == 0
