"""Services, charges and payments from the command line, with money as Americans read it."""

from __future__ import annotations

import pytest

from tests.cli.program import SESSION, TEXT, Program


def test_a_service_is_found_by_number_or_name_and_given_code_and_fee(program: Program) -> None:
    program.well("service", "set", "individual THERAPY 60", "--code", "90837", "--fee", "$1,080.50")
    (line,) = [line for line in program.well("service", "list") if "therapy 60" in line]
    assert line.split()[-6:] == ["90837", "53", "or", "more", "$1,080.50", "11"]
    assert "no service “Massage”" in program.refused("service", "set", "Massage", "--fee", "1")
    assert "five characters" in program.refused("service", "set", 4, "--code", "9083")
    assert "not an amount of money" in program.misread("service", "set", 4, "--fee", "abc")
    assert "what to change" in program.misread("service", "set", 4)


def test_a_session_is_charged_once_and_the_charge_can_be_taken_back(signed: Program) -> None:
    assert signed.well("service", "charge", 1) == ["Charge 1 is made."]
    assert "already charged" in signed.refused("service", "charge", 1)
    assert "Nobody answers" in signed.misread("service", "reverse-charge", 1)
    signed.well("service", "reverse-charge", 1, typed="Wrong fee\n")
    assert signed.well("payment", "account", 1)[1].endswith("taken back")
    assert signed.well("service", "charge", 1, "--fee", "150") == ["Charge 2 is made."]
    assert signed.well("payment", "account", 1)[-1] == "Still owed: $150.00"


def test_a_session_whose_note_is_not_signed_is_not_charged_unless_the_practice_does_so(with_client: Program) -> None:
    with_client.well("note", "new", 1, *SESSION, typed=TEXT)
    assert "not signed" in with_client.refused("service", "charge", 1)
    with_client.well("practice", "set", "--bill-unsigned-notes")
    assert "no fee yet" in with_client.refused("service", "charge", 1)
    assert with_client.well("service", "charge", 1, "--fee", "180") == ["Charge 1 is made."]


def test_charges_made_before_a_code_was_known_get_it_on_request(with_client: Program) -> None:
    with_client.well("service", "set", 4, "--fee", "180")
    with_client.well("note", "new", 1, *SESSION, typed=TEXT)
    with_client.well("note", "sign", 1)
    with_client.well("service", "charge", 1)
    said = with_client.well("service", "set", 4, "--code", "90837", "--fill-charges")
    assert said[-1] == "1 charge without a code now has it."
    assert "90837" in with_client.well("payment", "account", 1)[1]


def test_an_absence_is_charged_without_a_note(with_client: Program) -> None:
    with_client.well("service", "charge-absence", 1, "Missed session", "--fee", "60")
    assert with_client.well("payment", "account", 1)[-1] == "Still owed: $60.00"
    assert "not a fee for an absence" in with_client.refused("service", "charge-absence", 1, 4)
    assert "future" in with_client.refused("service", "charge-absence", 1, 13, "--on", "01/01/2999")


def test_payments_go_to_the_oldest_charge_or_where_they_are_told(signed: Program) -> None:
    signed.well("service", "charge", 1)
    signed.well("service", "charge-absence", 1, 13, "--fee", "60")
    said = signed.well("payment", "add", 1, "$100", "--method", "check", "--reference", "1042")
    assert said == ["Payment 1 is recorded:", "  $100.00 for charge 1", "Still owed: $140.00"]
    said = signed.well("payment", "add", 1, 90, "--method", "card", "--charge", "2=60", "--charge", "1=30.00")
    assert said[1:] == ["  $60.00 for charge 2", "  $30.00 for charge 1", "Still owed: $50.00"]
    assert signed.well("payment", "balances")[1].split() == ["1", "Jordan", "Whitfield", "$50.00", "$0.00"]


def test_the_account_shows_charges_payments_and_what_is_owed_in_columns(signed: Program) -> None:
    signed.well("service", "charge", 1)
    signed.well("payment", "add", 1, "80", "--method", "cash")
    account = signed.well("payment", "account", 1)
    assert account[0].split() == ["Charge", "Date", "Service", "Code", "Amount", "Paid", "Owed", "Superbill"]
    assert account[1].split()[-3:] == ["$180.00", "$80.00", "$100.00"]
    assert account[0].index("Amount") + len("Amount") == account[1].index("$180.00") + len("$180.00")
    assert account[4].split()[2:] == ["cash", "$80.00", "1"]
    assert account[-1] == "Still owed: $100.00"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((1, "1000"), "$820.00 more than is owed"),
        ((1, "20", "--on", "01/01/2999"), "in the future"),
        ((1, "20", "--charge", "9=20"), "charges of the same client"),
        ((1, "20", "--charge", "1=10"), "not given to any charge"),
        ((1, "0"), "more than nothing"),
        ((9, "20"), "no such client"),
    ],
)
def test_a_payment_that_cannot_be_right_is_refused(signed: Program, command: tuple[object, ...], said: str) -> None:
    signed.well("service", "charge", 1)
    assert said in signed.refused("payment", "add", *command, "--method", "cash")
    assert signed.well("payment", "account", 1)[-1] == "Still owed: $180.00"


def test_a_mistyped_payment_is_named(signed: Program) -> None:
    assert "cannot be negative" in signed("payment", "add", "--method", "cash", "--", 1, "-20").err
    assert "such as 12=50" in signed.misread("payment", "add", 1, "20", "--method", "cash", "--charge", "1")
    assert "named twice" in signed.misread(
        "payment", "add", 1, "20", "--method", "cash", "--charge", "1=10", "--charge", "1=10"
    )
    said = signed("payment", "add", 1, "20")
    assert said.code == 2
    assert "Missing option '--method'" in said.err


def test_a_payment_is_taken_back_only_if_meant_and_both_entries_stay(signed: Program) -> None:
    signed.well("service", "charge", 1)
    signed.well("payment", "add", 1, "80", "--method", "check")
    assert signed("payment", "reverse", 1, "--reason", "bounced", typed="n\n").code == 130
    assert signed("payment", "reverse", 1, typed="bounced\ny\n").code == 0
    account = signed.well("payment", "account", 1)
    assert account[4].endswith("taken back")
    assert account[5].endswith("takes back payment 1")
    assert account[-1] == "Still owed: $180.00"
    assert "already taken back" in signed.refused("payment", "reverse", 1, "--reason", "x", "--yes")


def test_credit_is_taken_if_the_practice_allows_it(signed: Program) -> None:
    signed.well("service", "charge", 1)
    signed.well("practice", "set", "--allow-credit")
    said = signed.well("payment", "add", 1, "200", "--method", "cash")
    assert said[-2:] == ["  $20.00 is credit for later charges", "Still owed: $0.00, credit $20.00"]
