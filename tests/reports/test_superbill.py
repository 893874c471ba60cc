"""What an insurer reads on a superbill is complete and true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.reports.paper import Paper
from tests.reports.sample_letterhead import PRACTICE
from tests.reports.sample_superbills import INCOMPLETE_SUPERBILL, LONG_SUPERBILL, SUPERBILL, SUPERVISED, line
from therapist_desktop.models.letterhead_content import AddressContent
from therapist_desktop.models.superbill_content import SuperbillContent
from therapist_desktop.reports import superbill


def read(content: SuperbillContent, void_reason: str = "") -> Paper:
    return Paper(superbill.build(content, void_reason))


def test_an_insurer_finds_everything_to_key_on_one_page() -> None:
    paper = read(SUPERBILL)
    assert len(paper.pages) == 1
    for fact in (
        "Statement for insurance reimbursement",
        "Superbill 2026-10-0147 · issued November 2, 2026",
        "This is a statement of services already rendered, not a bill.",
        "Harbor Counseling LLC",
        "210 Water St, Suite 4",
        "NPI (organization) 1245319599",
        "EIN 01-2345678",
        "Daniel Reyes",
        "Born 03/14/1992 · Sex M",
        "18 Elm St",
        "Northern Mutual Health (PPO)",
        "Member ID XHP 883 201 774",
        "Group 70021",
        "The client is the subscriber",
        "Rosa Alvarez, LCSW",
        "NPI 1234567893",
        "License ME LCSW LC12345",
        "License expires 06/30/2027",
        "Taxonomy 1041C0700X",
        "Diagnoses (ICD-10-CM, ICD indicator 0)",
        "A F33.1 Major depressive disorder, recurrent, moderate",
        "Date Place Code Mod Service Dx Units Fee Paid",
        "10/05/2026 10 90837 95 Individual therapy, 55 min A 1 180.00 180.00",
        "Total 720.00 720.00",
        "10/26/2026 · card · $180.00",
        "Telehealth: the client was located in ME.",
        "I certify that the services listed were rendered.",
        "/s/ Rosa Alvarez, LCSW",
        "signed November 2, 2026",
        "Page 1 of 1",
    ):
        assert fact in paper.text


def test_only_a_superbill_without_balance_says_paid_in_full() -> None:
    paid = read(SUPERBILL).text
    assert superbill.PAID_IN_FULL in paid
    assert "Balance" not in paid
    half = read(SUPERVISED).text
    assert superbill.PAID_IN_FULL not in half
    assert "The client has paid $280.00 of $555.00; $275.00 is still open." in half
    assert "Paid Balance" in half
    assert "180.00 100.00 80.00" in half


def test_what_was_not_paid_at_all_is_not_to_be_reimbursed() -> None:
    text = read(replace(SUPERBILL, lines=(line(1, paid_cents=0),), payments=())).text
    assert "The client has paid $0.00 of $180.00; $180.00 is still open." in text
    assert "reimburse" not in text.replace("insurance reimbursement", "")


def test_a_line_paid_twice_and_one_not_paid_are_not_called_paid_in_full() -> None:
    text = read(replace(SUPERBILL, lines=(line(1, paid_cents=36000), line(2, paid_cents=0)))).text
    assert superbill.PAID_IN_FULL not in text
    assert "refund 180.00" in text


def test_too_much_paid_is_due_back_and_never_a_bare_negative() -> None:
    text = read(replace(SUPERBILL, lines=(line(1, paid_cents=20000),))).text
    assert "The client has paid $20.00 more than was charged; it is due back to them." in text
    assert "-20.00" not in text


def test_the_supervisor_the_referrer_and_the_subscriber_are_named() -> None:
    text = read(SUPERVISED).text
    assert (
        "Services rendered by Theo Nakamura, MSW, LMSW-CC, under the supervision of Rosa Alvarez, LCSW "
        "(NPI 1234567893, license ME LCSW LC12345)." in text
    )
    assert "Referred by Priya Lindqvist, MD (NPI 1679576722)." in text
    assert "Subscriber Elena Reyes Subscriber born 07/01/1990" in text
    assert "Client is the subscriber’s spouse" in text
    assert "Prior authorization PA-20931" in text
    assert "95 HQ U1 XE" in text


def test_a_corrected_copy_names_what_it_replaces() -> None:
    assert "Corrected: replaces superbill no. 2026-10-0149" in read(SUPERVISED).text


def test_a_void_superbill_says_so_and_why_on_every_page_and_keeps_its_content() -> None:
    paper = read(LONG_SUPERBILL, void_reason="Issued to the wrong policy.")
    assert "VOID: Issued to the wrong policy." in paper.pages[0]
    for number, page in enumerate(paper.pages):
        assert "VOID" in page
        assert any(words.points > 100 for words in paper.words if words.page == number)
    assert "Total 10,800.00 10,800.00" in paper.text


def test_sixty_lines_run_over_pages_under_the_same_header_and_none_is_lost() -> None:
    paper = read(LONG_SUPERBILL)
    assert len(paper.pages) == 4
    assert all("Date Place Code Mod Service" in page for page in paper.pages[:3])
    assert all("Superbill 2026-12-0001 · Daniel Reyes" in page for page in paper.pages[1:])
    assert paper.text.count("Individual therapy, 55 min") == 60
    assert [page for page in paper.pages if "Page 3 of 4" in page] == [paper.pages[2]]


def test_the_totals_never_stand_on_a_page_without_a_line_above_them() -> None:
    for count in range(17, 30):
        paper = read(replace(SUPERBILL, lines=tuple(line(1) for _ in range(count)), payments=()))
        with_totals = next(page for page in paper.pages if "Total" in page)
        assert "Individual therapy" in with_totals


def test_the_signature_stands_with_the_words_it_certifies() -> None:
    for count in range(20, 34):
        paper = read(replace(SUPERBILL, lines=tuple(line(1) for _ in range(count)), payments=()))
        signed = next(page for page in paper.pages if "/s/" in page)
        assert superbill.CERTIFIED in signed
        assert superbill.PAID_IN_FULL in signed


def test_a_preview_without_facts_says_quietly_what_is_missing_and_that_it_is_a_preview() -> None:
    paper = read(INCOMPLETE_SUPERBILL)
    for gap in ("NPI missing", "Tax ID missing", "Born missing", "Policy missing", "Diagnosis missing"):
        assert gap in paper.text
    assert "PREVIEW" in paper.text
    assert "/s/" not in paper.text
    assert "Not signed" in paper.text
    assert "10/05/2026 missing missing missing missing 1 180.00 180.00" in paper.text


def test_a_superbill_without_any_line_is_still_a_page() -> None:
    paper = read(replace(SUPERBILL, lines=(), payments=()))
    assert superbill.PAID_IN_FULL not in paper.text
    assert "Total 0.00 0.00" in paper.text


@pytest.mark.parametrize(("code", "shown"), [("90837", True), ("G0560", False), ("", False)])
def test_the_trademark_is_named_when_a_code_of_that_kind_is_filled_in(code: str, shown: bool) -> None:
    text = read(replace(SUPERBILL, lines=(line(1, code=code),))).text
    assert (superbill.CPT_NOTICE in text) is shown


def test_titles_of_diagnoses_can_be_left_out() -> None:
    text = read(replace(SUPERVISED, show_diagnosis_titles=False)).text
    assert "A F33.1 · B F41.1 · C Z63.0" in text
    assert "depressive" not in text


def test_another_pay_to_address_is_printed() -> None:
    pay_to = AddressContent(line1="PO Box 12", city="Portland", state="ME", postal_code="04112")
    text = read(replace(SUPERBILL, practice=replace(PRACTICE, pay_to_address=pay_to))).text
    assert "Pay to: PO Box 12, Portland, ME 04112" in text


def test_money_stands_in_columns() -> None:
    wide = replace(
        SUPERBILL,
        lines=(line(1, charge_cents=100, paid_cents=100), line(2, charge_cents=123456700, paid_cents=11111100)),
    )
    paper = read(wide)
    assert "1,234,567.00 111,111.00 1,123,456.00" in paper.text
    for amounts in (("1.00", "1,234,567.00"), ("Fee", "1,234,568.00"), ("Balance", "1,123,456.00")):
        above, below = (paper.find(amount).box[2] for amount in amounts)
        assert abs(above - below) < 1


def test_a_superbill_is_small() -> None:
    assert len(superbill.build(SUPERBILL)) < 40_000


def test_a_date_in_another_century_does_not_break_the_file() -> None:
    old = replace(SUPERBILL, client=replace(SUPERBILL.client, born_on=date(931, 1, 2)))
    assert "Born 01/02/0931" in read(old).text


def test_what_somebody_else_issued_leaves_a_line_to_sign_by_hand() -> None:
    paper = read(replace(SUPERBILL, signed_by=""))
    assert "/s/" not in paper.text
    assert "Rosa Alvarez, LCSW · signature and date" in paper.text
