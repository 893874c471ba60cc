"""What stands on a superbill, and what keeps one from being issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest

from tests.conftest import TestClock
from tests.services.billing_samples import FEE, JORDAN, Bench, keys, november
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.letterhead_content import AddressContent
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.session_note import Modality, SessionNote
from therapist_desktop.models.superbill_content import SuperbillPayment
from therapist_desktop.services.charges import charge_absence, reverse_charge
from therapist_desktop.services.client_record import PolicyEntry
from therapist_desktop.services.payers import set_payer
from therapist_desktop.services.payments import apply_credit, reverse_payment
from therapist_desktop.services.service_catalog import change_service
from therapist_desktop.services.superbills import SuperbillNotReadyError, draft_superbill, issue_superbill
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def bench(practice: Practice, rosa: Person, clock: TestClock) -> Iterator[Bench]:
    bench = Bench(practice, rosa, clock)
    yield bench
    bench.reference.close()


@pytest.fixture
def jordan(bench: Bench) -> int:
    return bench.client()


def refused(bench: Bench, client_id: int) -> set[str]:
    """The rules for which the one superbill of November is refused."""
    with pytest.raises(SuperbillNotReadyError) as caught:
        issue_superbill(bench.practice, bench.person, bench.reference, bench.draft(client_id))
    assert bench.held() == {}
    assert all(finding.sentence in caught.value.sentence for finding in caught.value.findings)
    return {finding.key for finding in caught.value.findings}


def test_a_superbill_names_the_client_as_the_plan_does(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    content = bench.draft(jordan).content
    assert content.client.legal_name == "Jordan Whitfield"
    assert (content.client.born_on, content.client.plan_sex) == (date(1994, 3, 14), "F")
    assert content.client.address == AddressContent(
        line1="18 Pine St", city="Portland", state="ME", postal_code="04102"
    )
    assert content.insurance is not None
    assert content.insurance.member_id == "NLH-4471-02"


def test_everybody_a_payer_asks_for_is_named(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    content = bench.draft(jordan).content
    assert (content.rendering.name_and_credentials, content.rendering.npi) == ("Rosa Alvarez, LCSW", "1234567893")
    assert content.rendering.licence is not None
    assert content.rendering.licence.number == "LC12345"
    assert content.practice.tax_id == "01-2345678"
    assert content.referring is not None
    assert content.referring.name == "Priya Lindqvist", "the referrer, not the primary care doctor with an NPI"
    assert content.supervising is None


def test_a_line_says_what_was_done_where_how_long_and_what_was_paid(bench: Bench, jordan: int) -> None:
    charge_id = bench.telehealth(jordan, november(3))
    bench.pay(jordan, 50_00, on=november(4))
    bench.pay(jordan, 30_00, on=november(5))
    (line,) = bench.draft(jordan).content.lines
    assert (line.charge_id, line.date_of_service, line.code) == (charge_id, november(3), "90837")
    assert (line.place_of_service, line.modifiers, line.modality) == ("10", ("95",), "video")
    assert (line.minutes, line.start, line.stop) == (55, time(9, 0), time(9, 55))
    assert (line.client_state, line.note_signed, line.pointers) == ("ME", True, "A")
    assert (line.charge_cents, line.paid_cents, line.balance_cents) == (FEE, 80_00, FEE - 80_00)
    assert bench.draft(jordan).content.payments == (
        SuperbillPayment(received_on=november(4), method="card", amount_cents=50_00),
        SuperbillPayment(received_on=november(5), method="card", amount_cents=30_00),
    )


def test_only_the_part_of_a_payment_for_these_lines_counts(bench: Bench, jordan: int) -> None:
    bench.session(jordan, date(2026, 10, 30))
    bench.session(jordan, november(3))
    bench.pay(jordan, FEE + 20_00)
    content = bench.draft(jordan).content
    assert content.paid_cents == 20_00
    assert [payment.amount_cents for payment in content.payments] == [20_00]


def test_a_payment_that_was_taken_back_is_not_shown(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    bounced = bench.pay(jordan, FEE, on=november(4))
    reverse_payment(bench.practice, bench.person, bounced.payment_id, "Bounced")
    bench.pay(jordan, FEE, on=november(9))
    content = bench.draft(jordan).content
    assert content.paid_cents == FEE
    assert [payment.received_on for payment in content.payments] == [november(9)]


def test_diagnoses_are_lettered_as_they_first_appear_and_each_line_points_to_its_own(
    bench: Bench, jordan: int
) -> None:
    bench.session(jordan, november(10), codes=("F33.1", "Z63.0"))
    bench.session(jordan, november(3), codes=("F41.1", "F33.1"))
    content = bench.draft(jordan).content
    assert [one.code for one in content.diagnoses] == ["F41.1", "F33.1", "Z63.0"]
    assert [line.pointers for line in content.lines] == ["AB", "BC"]


def test_a_line_points_to_four_diagnoses_and_the_others_of_its_note_are_not_disclosed(
    bench: Bench, jordan: int
) -> None:
    bench.session(jordan, november(3), codes=("F41.1", "F33.1", "F43.10", "F42.2", "Z63.0"))
    content = bench.draft(jordan).content
    assert [one.code for one in content.diagnoses] == ["F41.1", "F33.1", "F43.10", "F42.2"]
    assert content.lines[0].pointers == "ABCD"


def test_more_than_twelve_diagnoses_make_several_superbills(bench: Bench, jordan: int) -> None:
    billable = ["F32.9", "F33.1", "F41.1", "F43.10", "F43.12", "F43.23", "F84.0", "F90.2", "F42.2", "F99", "F53.0"]
    billable += ["F32.81", "Z63.0", "Z63.5"]
    charges = [
        bench.session(jordan, november(day), codes=tuple(billable[place : place + 4]))
        for day, place in ((3, 0), (4, 4), (5, 8), (6, 12))
    ]
    first, second = bench.drafts(jordan)
    assert [len(draft.content.diagnoses) for draft in (first, second)] == [12, 2]
    assert first.charge_ids == set(charges[:3])
    assert second.charge_ids == {charges[3]}
    for draft in (second, first):
        issue_superbill(bench.practice, bench.person, bench.reference, draft)
    assert bench.held().keys() == set(charges)


def test_each_clinician_has_a_superbill_of_their_own(bench: Bench, jordan: int) -> None:
    ken = bench.colleague("Ken", Role.CLINICIAN)
    bench.session(jordan, november(3))
    bench.session(jordan, november(4), author=ken)
    bench.session(jordan, november(5))
    rosas, kens = bench.drafts(jordan)
    assert (rosas.rendering_id, len(rosas.content.lines)) == (bench.person.id, 2)
    assert (kens.rendering_id, kens.content.rendering.name) == (ken.id, "Ken Osei")


def test_each_policy_of_a_period_has_a_superbill_of_its_own(bench: Bench) -> None:
    first = PolicyEntry(payer_name="Northern Light Health Plan", member_id="NLH-1", valid_to=november(10))
    second = PolicyEntry(payer_name="Casco Mutual", member_id="CM-2", valid_from=november(11))
    jordan = bench.client(policies=(first, second))
    for day in (3, 10, 11):
        bench.session(jordan, november(day))
    contents = [draft.content for draft in bench.drafts(jordan)]
    assert [(one.insurance and one.insurance.member_id, len(one.lines)) for one in contents] == [
        ("NLH-1", 2),
        ("CM-2", 1),
    ]


def test_a_supervisees_superbill_names_the_supervisor(bench: Bench, jordan: int) -> None:
    theo = bench.colleague("Theo", Role.SUPERVISEE, supervisor_id=bench.person.id, credentials="LMSW-CC")
    bench.session(jordan, november(3), author=theo)
    draft = bench.draft(jordan)
    assert draft.content.rendering.name == "Theo Osei"
    assert draft.content.supervising is not None
    assert draft.content.supervising.npi == "1234567893"
    assert draft.rejections == ()


def test_the_payers_wish_is_checked_on_every_telehealth_line(bench: Bench, jordan: int) -> None:
    bench.telehealth(jordan, november(3))
    set_payer(bench.practice, bench.person, "Northern Light Health Plan", video_modifier="GT")
    assert refused(bench, jordan) == {"telehealth modifier"}


def test_absences_reversed_charges_and_other_months_stay_off(bench: Bench, jordan: int) -> None:
    kept = bench.session(jordan, november(3))
    bench.session(jordan, date(2026, 10, 31))
    charge_absence(bench.practice, bench.person, jordan, bench.missed, november(4))
    wrong = bench.session(jordan, november(5))
    reverse_charge(bench.practice, bench.person, wrong, "Wrong client")
    assert bench.draft(jordan).charge_ids == {kept}


def test_somebody_can_tick_the_lines(bench: Bench, jordan: int) -> None:
    first, _, third = (bench.session(jordan, november(day)) for day in (3, 4, 5))
    assert bench.draft(jordan, charge_ids=[first, third]).charge_ids == {first, third}


def test_a_missing_birth_date_is_refused(bench: Bench) -> None:
    jordan = bench.client(born_on=None)
    bench.session(jordan, november(3))
    assert refused(bench, jordan) == {"client birth date missing"}


def test_a_diagnosis_that_is_only_a_heading_is_refused(bench: Bench, jordan: int) -> None:
    """Clinical.md 2.3."""
    bench.session(jordan, november(3), codes=("F33",))
    assert refused(bench, jordan) == {"diagnosis not billable"}


def test_a_diagnosis_that_the_table_of_the_date_does_not_know_is_refused(bench: Bench) -> None:
    """Clinical.md 2.3: Z91.510 is none. The April 2026 table is in force on June 1."""
    jordan = bench.client()
    bench.session(jordan, date(2026, 6, 1), codes=("Z91.510",))
    (draft,) = draft_superbill(
        bench.practice, bench.person, bench.reference, jordan, date(2026, 6, 1), date(2026, 6, 30)
    )
    assert {finding.key for finding in draft.rejections} == {"diagnosis unknown"}


def test_an_unsigned_note_is_refused_until_it_is_signed(bench: Bench, jordan: int) -> None:
    bench.set(bill_unsigned_notes=True)
    note_id = bench.note(jordan, november(3), signed=False)
    bench.charge(note_id)
    bench.set(bill_unsigned_notes=False)
    assert refused(bench, jordan) == {"note not signed"}
    bench.sign(note_id)
    assert bench.draft(jordan).rejections == ()


def test_a_practice_that_bills_before_signing_is_only_asked(bench: Bench, jordan: int) -> None:
    bench.set(bill_unsigned_notes=True)
    bench.charge(bench.note(jordan, november(3), signed=False))
    draft = bench.draft(jordan)
    assert draft.rejections == ()
    assert "note not signed" in {finding.key for finding in draft.questions}
    with pytest.raises(SuperbillNotReadyError):
        issue_superbill(bench.practice, bench.person, bench.reference, draft, accept_questioned=False)
    assert issue_superbill(bench.practice, bench.person, bench.reference, draft).number == "2026-11-0001"


def test_an_empty_code_box_is_refused(bench: Bench, jordan: int) -> None:
    change_service(bench.practice, bench.person, bench.hour, code="")
    bench.session(jordan, november(3))
    assert refused(bench, jordan) == {"procedure code missing"}


def test_a_note_that_was_voided_after_charging_is_refused(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3))
    bench.charge(note_id)
    bench.void_note(note_id)
    assert refused(bench, jordan) == {"note void"}


def test_a_note_whose_date_moved_after_charging_is_refused(bench: Bench, jordan: int) -> None:
    bench.set(bill_unsigned_notes=True)
    note_id = bench.note(jordan, november(3), signed=False)
    bench.charge(note_id)
    with bench.practice.writing() as session:
        session.get_one(SessionNote, note_id).date_of_service = november(4)
    assert refused(bench, jordan) == {"date unlike the note"}


def test_the_same_service_twice_on_one_day_is_questioned_even_across_superbills(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    bench.issue(jordan)
    bench.session(jordan, november(3), start=time(15, 0), stop=time(16, 0))
    assert "same service twice" in keys(bench.draft(jordan))


def test_credit_that_is_given_to_no_session_is_pointed_out(bench: Bench, jordan: int) -> None:
    bench.set(allow_credit=True)
    bench.pay(jordan, FEE)
    bench.session(jordan, november(3))
    assert "credit not applied" in keys(bench.draft(jordan))
    apply_credit(bench.practice, bench.person, jordan)
    assert keys(bench.draft(jordan)) == {"icd release"}, "checked against April 2026, which November is past"


def test_a_licence_missing_in_the_clients_state_is_questioned(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3), modality=Modality.VIDEO, place_of_service="10", client_state="NH")
    assert "no licence in client state" in keys(bench.draft(jordan))


def test_a_period_that_ends_before_it_begins_is_refused(bench: Bench, jordan: int) -> None:
    with pytest.raises(UserError, match="ends before it begins"):
        draft_superbill(bench.practice, bench.person, bench.reference, jordan, november(30), november(1))


def test_nobody_draws_up_a_superbill_of_a_client_they_may_not_see(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    ken, bea = bench.colleague("Ken", Role.CLINICIAN), bench.colleague("Bea", Role.BILLER)
    with pytest.raises(UserError, match="not open to you"):
        draft_superbill(bench.practice, ken, bench.reference, jordan, november(1), november(30))
    (draft,) = draft_superbill(bench.practice, bea, bench.reference, jordan, november(1), november(30))
    assert draft.content.client.legal_name == f"{JORDAN.first_name} {JORDAN.last_name}"
