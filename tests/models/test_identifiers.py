from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from therapist_desktop.models.identifiers import (
    NEVER_ASSIGNED_EIN_PREFIXES,
    ein_problem,
    ein_warning,
    email_problem,
    format_phone,
    luhn_is_right,
    normal_ein,
    normal_email,
    normal_member_id,
    normal_npi,
    normal_ssn,
    normal_tax_id,
    normal_taxonomy,
    normal_zip,
    npi_problem,
    phone_digits,
    phone_problem,
    ssn_problem,
    state_problem,
    tax_id_problem,
    taxonomy_problem,
    zip_problem,
)


@pytest.mark.parametrize("npi", ["1234567893", "1245319599", "1558598797", "1679576722", "1000000004", "2000000002"])
def test_published_npis_are_sound(npi: str) -> None:
    assert npi_problem(npi) is None


@pytest.mark.parametrize(
    ("npi", "word"),
    [
        ("1234567890", "check digit"),
        ("1245319598", "check digit"),
        ("1324567893", "check digit"),
        ("1234567839", "check digit"),
        ("0000000006", "begins with 1 or 2"),
        ("123456789", "ten digits"),
        ("12345678930", "ten digits"),
        ("12345O7893", "ten digits"),
        ("١٢٣٤٥٦٧٨٩٣", "ten digits"),
        ("", "missing"),
    ],
)
def test_published_wrong_npis_are_refused_with_the_reason(npi: str, word: str) -> None:
    problem = npi_problem(npi)
    assert problem is not None
    assert word in problem


def test_an_npi_may_be_typed_with_blanks_dashes_or_full_width_digits() -> None:
    assert normal_npi(" 123-456 7893 ") == "1234567893"
    assert npi_problem(" 123-456 7893 ") is None
    assert npi_problem("１２３４５６７８９３") is None


def test_the_failing_luhn_of_ten_zeros_and_six_passes_so_the_first_digit_must_be_looked_at() -> None:
    assert luhn_is_right("80840" + "0000000006")


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True), st.data())
def test_every_npi_has_one_check_digit_and_notices_any_single_wrong_digit(nine: str, data: st.DataObject) -> None:
    sound = [nine + digit for digit in "0123456789" if npi_problem(nine + digit) is None]
    assert len(sound) == 1
    place = data.draw(st.integers(1, 9))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != sound[0][place]]))
    assert npi_problem(sound[0][:place] + wrong + sound[0][place + 1 :]) is not None


def test_an_ein_is_written_with_its_dash() -> None:
    assert normal_ein("911234567") == "91-1234567"
    assert normal_ein(" 91 – 1234567 ") == "91-1234567"
    assert ein_problem("911234567") is None


@pytest.mark.parametrize("ein", ["", "91-123456", "9112345678", "AB-1234567"])
def test_an_ein_of_another_form_is_refused(ein: str) -> None:
    assert ein_problem(ein) is not None


def test_an_ein_prefix_the_irs_never_gave_out_is_a_warning_not_an_error() -> None:
    for prefix in NEVER_ASSIGNED_EIN_PREFIXES:
        assert ein_problem(f"{prefix}-1234567") is None
        assert ein_warning(f"{prefix}-1234567") is not None
    assert len(NEVER_ASSIGNED_EIN_PREFIXES) == 17
    assert ein_warning("91-1234567") is None
    assert ein_warning("07-12") is None


@pytest.mark.parametrize(
    "ssn", ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "12345678", ""]
)
def test_impossible_social_security_numbers_are_refused(ssn: str) -> None:
    assert ssn_problem(ssn) is not None


def test_a_possible_social_security_number_is_accepted_and_written_with_dashes() -> None:
    assert ssn_problem("123456789") is None
    assert normal_ssn("123 45 6789") == "123-45-6789"


def test_a_tax_id_is_checked_as_the_kind_it_is() -> None:
    assert tax_id_problem("91-1234567", "EIN") is None
    assert tax_id_problem("000-12-3456", "SSN") is not None
    assert tax_id_problem("91-1234567", "") is not None
    assert normal_tax_id("123456789", "SSN") == "123-45-6789"
    assert normal_tax_id("123456789", "EIN") == "12-3456789"


@pytest.mark.parametrize("taxonomy", ["103TC0700X", "1041c0700x", " 101YM0800X "])
def test_taxonomy_codes_have_ten_characters_and_end_with_x(taxonomy: str) -> None:
    assert taxonomy_problem(taxonomy) is None
    assert normal_taxonomy(taxonomy)[-1] == "X"


@pytest.mark.parametrize("taxonomy", ["", "103TC0700", "103TC07000", "LCSW"])
def test_other_texts_are_no_taxonomy_codes(taxonomy: str) -> None:
    assert taxonomy_problem(taxonomy) is not None


def test_zip_codes_have_five_or_nine_digits() -> None:
    assert zip_problem("98101") is None
    assert zip_problem("98101-1234") is None
    assert normal_zip("981011234") == "98101-1234"
    for wrong in ("", "9810", "98101-12", "K1A 0B1"):
        assert zip_problem(wrong) is not None


def test_states_are_two_letters_in_any_case() -> None:
    assert state_problem("wa") is None
    assert state_problem("DC") is None
    assert state_problem("PR") is None
    for wrong in ("", "Washington", "XX"):
        assert state_problem(wrong) is not None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2065550142", "(206) 555-0142"),
        ("+1 (206) 555-0142", "(206) 555-0142"),
        ("1-206-555-0142", "(206) 555-0142"),
        ("206.555.0142 ext. 12", "(206) 555-0142 ext. 12"),
        ("206 555 0142 x12", "(206) 555-0142 ext. 12"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
    ],
)
def test_phone_numbers_are_shown_in_one_form(typed: str, shown: str) -> None:
    assert phone_problem(typed) is None
    assert format_phone(typed) == shown
    assert format_phone(format_phone(typed)) == shown


@pytest.mark.parametrize(
    "typed", ["", "555-0142", "106-555-0142", "206-155-0142", "call me", "+44 12", "206-555-O142"]
)
def test_what_cannot_be_dialled_is_refused_and_kept_as_typed(typed: str) -> None:
    assert phone_problem(typed) is not None
    assert format_phone(typed) == typed


def test_a_phone_number_is_found_however_it_was_typed() -> None:
    assert {phone_digits(t) for t in ("206-555-0142", "+1 206 555 0142", "(206) 555-0142 ext 4")} == {"2065550142"}


@pytest.mark.parametrize("address", ["maya@example.com", "m.okafor+billing@mail.example.co.uk", "o'neil@example.org"])
def test_ordinary_email_addresses_pass(address: str) -> None:
    assert email_problem(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "maya",
        "maya@",
        "@example.com",
        "maya@example",
        "maya @example.com",
        "a@b..com",
        "a@example.com, b@example.com",
    ],
)
def test_what_is_no_email_address_is_refused(address: str) -> None:
    assert email_problem(address) is not None


def test_emails_and_member_ids_are_compared_without_case_blanks_and_dashes() -> None:
    assert normal_email(" Maya@Example.COM ") == "maya@example.com"
    assert normal_member_id("xyz 123-456") == "XYZ123456"


@given(st.text(max_size=30))
def test_no_text_upsets_a_check_and_no_sentence_repeats_it(text: str) -> None:
    checks = (npi_problem, ein_problem, ssn_problem, taxonomy_problem, zip_problem, phone_problem, email_problem)
    for check in checks:
        problem = check(text)
        assert problem is None or problem.endswith(".")
        assert problem is None or len(text.strip()) < 12 or text not in problem


@example("A´")  # a compatibility normalisation would take it apart into a blank and an accent
@given(st.text(max_size=30))
def test_a_normal_form_is_normal_already(text: str) -> None:
    for normal in (normal_npi, normal_ein, normal_ssn, normal_taxonomy, normal_zip, normal_member_id, phone_digits):
        assert normal(normal(text)) == normal(text)
