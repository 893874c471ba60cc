"""Charging sessions and absences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import update

from tests.conftest import TestClock
from tests.services.billing_samples import FEE, Bench, november
from therapist_desktop.models.billing import Charge
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.service import ServiceKind
from therapist_desktop.models.session_note import Modality
from therapist_desktop.services.account import ChargeRow, list_charges, open_charges
from therapist_desktop.services.charges import (
    change_charge,
    charge_absence,
    charge_session,
    fill_missing_codes,
    reverse_charge,
)
from therapist_desktop.services.payers import list_payers, set_payer
from therapist_desktop.services.payments import reverse_payment
from therapist_desktop.services.service_catalog import add_service, change_service
from therapist_desktop.services.superbills import void_superbill
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


def only_charge(bench: Bench, client_id: int) -> ChargeRow:
    (row,) = list_charges(bench.practice, bench.person, client_id)
    return row


def test_a_charge_keeps_the_service_as_it_was_that_day(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    change_service(
        bench.practice, bench.person, bench.hour, label="Therapy hour", code="90834", min_minutes=38, fee_cents=1_00
    )
    row = only_charge(bench, jordan)
    assert (row.label, row.code, row.amount_cents) == ("Individual therapy 60", "90837", FEE)
    assert (row.date_of_service, row.minutes, row.place_of_service) == (november(3), 55, "11")
    assert (row.modifiers, row.paid_cents, row.balance_cents) == ((), 0, FEE)


def test_a_session_is_charged_once_with_the_same_service(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3))
    bench.charge(note_id)
    with pytest.raises(UserError, match="already charged with this service"):
        bench.charge(note_id)
    assert len(list_charges(bench.practice, bench.person, jordan)) == 1


def test_an_unsigned_session_is_charged_only_if_the_practice_allows_it(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3), signed=False)
    with pytest.raises(UserError, match="Sign it first"):
        bench.charge(note_id)
    bench.set(bill_unsigned_notes=True)
    bench.charge(note_id)
    assert only_charge(bench, jordan).note_id == note_id


def test_a_session_whose_note_was_voided_is_not_charged(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3))
    bench.void_note(note_id)
    with pytest.raises(UserError, match="voided"):
        bench.charge(note_id)


def test_minutes_outside_the_band_need_a_reason(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3), stop=time(9, 50))
    with pytest.raises(UserError, match="53 minutes or more, and the session had 50"):
        bench.charge(note_id)
    bench.charge(note_id, override_reason="Ten minutes with the school on the phone, noted separately")
    assert only_charge(bench, jordan).override_reason.startswith("Ten minutes")


def test_the_published_band_of_a_code_counts_where_the_practice_set_none(bench: Bench, jordan: int) -> None:
    change_service(bench.practice, bench.person, bench.hour, min_minutes=None)
    with pytest.raises(UserError, match="Use 90834"):
        bench.charge(bench.note(jordan, november(3), stop=time(9, 50)))


def test_a_timed_service_without_times_needs_a_reason(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3), stop=None)
    with pytest.raises(UserError, match="depends on time"):
        bench.charge(note_id)
    bench.charge(note_id, override_reason="The clock had stopped; the hour was full")
    assert only_charge(bench, jordan).minutes is None


def test_more_units_than_a_code_allows_are_refused_whatever_the_reason(bench: Bench, jordan: int) -> None:
    with pytest.raises(UserError, match="90837 counts 1 unit at most"):
        bench.charge(bench.note(jordan, november(3)), units=2, override_reason="A long day")


def test_an_add_on_is_charged_beside_the_service_that_lists_it(bench: Bench, jordan: int) -> None:
    plan = add_service(
        bench.practice, bench.person, label="Safety plan", kind=ServiceKind.ADD_ON, code="G0560", fee_cents=40_00
    )
    note_id = bench.note(jordan, november(3))
    with pytest.raises(UserError, match="Only an add-on of the session’s service"):
        bench.charge(note_id, service_id=plan)
    change_service(bench.practice, bench.person, bench.hour, add_ons=["Safety plan"])
    bench.charge(note_id)
    bench.charge(note_id, service_id=plan, units=2)
    rows = list_charges(bench.practice, bench.person, jordan)
    assert [(row.code, row.units, row.amount_cents) for row in rows] == [("90837", 1, FEE), ("G0560", 2, 80_00)]


def test_a_service_whose_fee_was_never_entered_is_not_given_away_by_accident(bench: Bench, jordan: int) -> None:
    change_service(bench.practice, bench.person, bench.hour, fee_cents=0)
    note_id = bench.note(jordan, november(3))
    with pytest.raises(UserError, match="no fee yet"):
        bench.charge(note_id)
    bench.charge(note_id, fee_cents=0)
    assert only_charge(bench, jordan).amount_cents == 0


def test_telehealth_gets_the_modifier_the_clients_payer_wants(bench: Bench, jordan: int) -> None:
    """Clinical.md 0.9: 95 is a rule of the payer."""
    bench.telehealth(jordan, november(2))
    bench.telehealth(jordan, november(3), Modality.AUDIO)
    set_payer(bench.practice, bench.person, "Northern Light health plan", video_modifier="gt", audio_modifier="")
    bench.telehealth(jordan, november(4))
    bench.telehealth(jordan, november(5), Modality.AUDIO)
    rows = list_charges(bench.practice, bench.person, jordan)
    assert [row.modifiers for row in rows] == [("95",), ("93",), ("GT",), ()]


def test_naming_a_known_payer_again_changes_it(bench: Bench) -> None:
    set_payer(bench.practice, bench.person, "Casco Mutual")
    set_payer(bench.practice, bench.person, "CASCO MUTUAL", video_modifier="")
    (payer,) = list_payers(bench.practice)
    assert (payer.name, payer.video_modifier, payer.audio_modifier) == ("Casco Mutual", "", "93")


def test_the_telehealth_modifier_of_a_service_does_not_follow_it_into_the_office(bench: Bench, jordan: int) -> None:
    change_service(bench.practice, bench.person, bench.hour, modifiers=["AJ", "95"])
    bench.session(jordan, november(3))
    bench.telehealth(jordan, november(4), Modality.AUDIO)
    rows = list_charges(bench.practice, bench.person, jordan)
    assert [row.modifiers for row in rows] == [("AJ",), ("AJ", "93")]


@pytest.mark.parametrize(
    ("facts", "wishes", "sentence"),
    [
        ({"modality": Modality.VIDEO}, {}, "cannot have place of service 11"),
        ({"modality": Modality.VIDEO, "place_of_service": ""}, {}, "does not say where the client was"),
        ({}, {"modifiers": ["95"]}, "this one was in person"),
        ({}, {"modifiers": ["A", "B"]}, "two capital letters or digits"),
        ({}, {"fee_cents": -1}, "A fee is between"),
        ({"service_id": None}, {}, "names no service"),
    ],
)
def test_what_no_insurer_could_accept_is_refused(
    bench: Bench, jordan: int, facts: dict[str, object], wishes: dict[str, object], sentence: str
) -> None:
    note_id = bench.note(jordan, november(3), **facts)
    with pytest.raises(UserError, match=sentence):
        bench.charge(note_id, **wishes)
    assert list_charges(bench.practice, bench.person, jordan) == ()


def test_a_session_in_the_future_is_not_charged(bench: Bench, jordan: int) -> None:
    with pytest.raises(UserError, match="in the future"):
        bench.session(jordan, date(2026, 11, 24))


def test_a_missed_session_is_charged_and_stays_off_superbills(bench: Bench, jordan: int) -> None:
    charge_absence(bench.practice, bench.person, jordan, bench.missed, november(4))
    row = only_charge(bench, jordan)
    assert (row.label, row.amount_cents, row.on_superbill) == ("Missed session", 90_00, False)
    assert bench.drafts(jordan) == []
    with pytest.raises(UserError, match="cannot stand on a superbill"):
        change_charge(bench.practice, bench.person, row.charge_id, on_superbill=True)
    with pytest.raises(UserError, match="not a fee for an absence"):
        charge_absence(bench.practice, bench.person, jordan, bench.hour, november(4))
    with pytest.raises(UserError, match="An absence has no session"):
        bench.charge(bench.note(jordan, november(5), service_id=bench.missed))


def test_a_reversed_charge_stays_in_the_account_and_makes_room_for_the_right_one(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3))
    wrong = bench.charge(note_id, fee_cents=810_00)
    reverse_charge(bench.practice, bench.person, wrong, "Digits turned around")
    bench.charge(note_id)
    reversed_one, right = list_charges(bench.practice, bench.person, jordan)
    assert (reversed_one.reversal_reason, reversed_one.balance_cents) == ("Digits turned around", 0)
    assert right.balance_cents == FEE
    assert [row.charge_id for row in open_charges(bench.practice, bench.person, jordan)] == [right.charge_id]
    with pytest.raises(UserError, match="already reversed"):
        reverse_charge(bench.practice, bench.person, wrong, "Again")


def test_a_charge_with_money_on_it_is_reversed_only_after_the_payment(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    payment = bench.pay(jordan, 50_00)
    with pytest.raises(UserError, match=r"\$50\.00 is paid on this charge. Reverse that payment first"):
        reverse_charge(bench.practice, bench.person, charge_id, "Wrong client")
    reverse_payment(bench.practice, bench.person, payment.payment_id, "Wrong client")
    reverse_charge(bench.practice, bench.person, charge_id, "Wrong client")
    assert only_charge(bench, jordan).balance_cents == 0


def test_a_charge_on_a_superbill_changes_only_after_that_one_is_void(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    for change in (
        lambda: reverse_charge(bench.practice, bench.person, charge_id, "Wrong"),
        lambda: change_charge(bench.practice, bench.person, charge_id, modifiers=["AJ"]),
    ):
        with pytest.raises(UserError, match=f"stands on superbill {issued.number}. Void that superbill first"):
            change()
    void_superbill(bench.practice, bench.person, issued.superbill_id, "Modifier missing")
    change_charge(bench.practice, bench.person, charge_id, modifiers=["aj"])
    assert only_charge(bench, jordan).modifiers == ("AJ",)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "9083"}, "five characters"),
        ({"place_of_service": "office"}, "two digits"),
        ({"modifiers": ["AJ", "aj"]}, "twice"),
    ],
)
def test_words_of_a_charge_that_cannot_be_right_are_refused(
    bench: Bench, jordan: int, change: dict[str, object], sentence: str
) -> None:
    charge_id = bench.session(jordan, november(3))
    with pytest.raises(UserError, match=sentence):
        change_charge(bench.practice, bench.person, charge_id, **change)  # type: ignore[arg-type]
    row = only_charge(bench, jordan)
    assert (row.code, row.place_of_service, row.modifiers) == ("90837", "11", ())


@pytest.mark.parametrize(
    "change", [{"reversed_at": november(4)}, {"fee_cents": 1}, {"clinician_id": 2}, {"reversal_reason": "x"}]
)
def test_nothing_but_its_words_is_changed_of_a_charge(bench: Bench, jordan: int, change: dict[str, object]) -> None:
    charge_id = bench.session(jordan, november(3))
    before = only_charge(bench, jordan)
    with pytest.raises(ValueError, match="no words"):
        change_charge(bench.practice, bench.person, charge_id, **change)  # type: ignore[arg-type]
    assert only_charge(bench, jordan) == before


def test_a_code_entered_later_reaches_the_charges_that_still_lack_it(bench: Bench, jordan: int) -> None:
    change_service(bench.practice, bench.person, bench.hour, code="")
    bench.session(jordan, november(3))
    with pytest.raises(UserError, match="has no code yet"):
        fill_missing_codes(bench.practice, bench.person, bench.hour)
    change_service(bench.practice, bench.person, bench.hour, code="90837")
    assert only_charge(bench, jordan).code == ""
    assert fill_missing_codes(bench.practice, bench.person, bench.hour) == 1
    assert only_charge(bench, jordan).code == "90837"
    assert fill_missing_codes(bench.practice, bench.person, bench.hour) == 0


@pytest.mark.parametrize("change", [{"fee_cents": 1}, {"units": 3}, {"date_of_service": november(9)}])
def test_the_file_itself_refuses_to_change_the_money_of_a_charge(
    bench: Bench, jordan: int, change: dict[str, object]
) -> None:
    charge_id = bench.session(jordan, november(3))
    with pytest.raises(RefusedChangeError, match="never changed"), bench.practice.writing() as session:
        session.execute(update(Charge).where(Charge.id == charge_id).values(**change))


def test_the_file_itself_refuses_to_let_a_reversed_charge_stand_again(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    reverse_charge(bench.practice, bench.person, charge_id, "Wrong client")
    with pytest.raises(RefusedChangeError, match="never changed"), bench.practice.writing() as session:
        session.execute(update(Charge).where(Charge.id == charge_id).values(reversed_at=None))


def test_a_clinician_charges_only_clients_of_their_own_and_a_supervisee_none(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3))
    ken = bench.colleague("Ken", Role.CLINICIAN)
    theo = bench.colleague("Theo", Role.SUPERVISEE, supervisor_id=bench.person.id)
    with pytest.raises(UserError, match="not open to you"):
        charge_session(bench.practice, ken, bench.reference, note_id)
    with pytest.raises(UserError, match="does not include billing"):
        charge_session(bench.practice, theo, bench.reference, note_id)
    with pytest.raises(UserError, match="not open to you"):
        list_charges(bench.practice, ken, jordan)
    assert open_charges(bench.practice, ken) == ()


def test_a_biller_charges_and_sees_everybodys_account(bench: Bench, jordan: int) -> None:
    bea = bench.colleague("Bea", Role.BILLER)
    charge_session(bench.practice, bea, bench.reference, bench.note(jordan, november(3)))
    assert [row.client_id for row in open_charges(bench.practice, bea)] == [jordan]
