from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.client_likeness import (
    Likeness,
    LikenessRow,
    LikenessStrength,
    all_likely_duplicates,
    folded,
    likely_duplicates,
    likeness,
    likeness_key,
    likeness_keys,
)

JORDAN = LikenessRow(
    client_id=1,
    first_name="Jordan",
    last_name="Whitfield",
    born_on=date(1990, 4, 3),
    phones=("206-555-0142",),
    email="jordan@example.com",
    member_ids=("EM 123-4567",),
)


def strength(other: LikenessRow) -> LikenessStrength | None:
    found = likeness(JORDAN, other)
    return found.strength if found else None


def other(**changes: object) -> LikenessRow:
    blank = LikenessRow(client_id=2, first_name="Jordan", last_name="Whitfield")
    return replace(blank, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("O’Brien-Núñez", "obrien nunez"),
        ("  Łukasz   Sørensen ", "lukasz sorensen"),
        ("STRASSE straße", "strasse strasse"),
        ("d'Angelo", "dangelo"),
        ("\N{MATHEMATICAL BOLD CAPITAL J}ordan", "jordan"),
        ("", ""),
    ],
)
def test_names_are_folded_to_plain_letters(typed: str, plain: str) -> None:
    assert folded(typed) == plain


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_leaves_single_blanks(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert once == " ".join(once.split())


def test_the_key_is_the_beginning_of_the_folded_last_name() -> None:
    assert likeness_key("Núñez") == likeness_key("Nunez-Alba") == "nune"
    assert likeness_key("Li") == "li"
    assert likeness_key("") == ""


def test_the_same_name_and_birth_date_are_likely_one_client() -> None:
    found = likeness(JORDAN, other(born_on=date(1990, 4, 3)))
    assert found is not None
    assert found.strength is LikenessStrength.LIKELY
    assert found.sentence == "Likely the same client: the same name, the same birth date."


def test_a_typing_error_in_the_name_is_seen_through() -> None:
    assert strength(other(last_name="Whitfeild", born_on=date(1990, 4, 3))) is LikenessStrength.LIKELY
    assert strength(other(first_name="Jórdan", born_on=date(1990, 4, 3))) is LikenessStrength.LIKELY


def test_the_used_name_counts_as_a_first_name() -> None:
    assert (
        strength(other(first_name="Alexandra", used_name="Jordan", born_on=date(1990, 4, 3)))
        is LikenessStrength.LIKELY
    )


def test_names_typed_in_the_wrong_boxes_are_seen_through() -> None:
    swapped = other(first_name="Whitfield", last_name="Jordan", born_on=date(1990, 4, 3))
    assert strength(swapped) is LikenessStrength.LIKELY


def test_a_double_last_name_is_similar_to_half_of_it() -> None:
    assert strength(other(last_name="Whitfield Okafor", phones=("2065550142",))) is LikenessStrength.LIKELY


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phones": ("(206) 555-0142",)}, "the same phone number"),
        ({"email": "Jordan@Example.com"}, "the same e-mail address"),
        ({"member_ids": ("em1234567",)}, "the same member ID"),
    ],
)
def test_a_shared_number_beside_the_name_is_likely_and_named(changes: dict[str, object], reason: str) -> None:
    found = likeness(JORDAN, other(**changes))
    assert found is not None
    assert found.strength is LikenessStrength.LIKELY
    assert reason in found.reasons


def test_the_same_name_alone_is_only_possible() -> None:
    assert strength(other()) is LikenessStrength.POSSIBLE


@pytest.mark.parametrize("born", [date(1990, 3, 4), date(1991, 4, 3), date(1990, 4, 13)])
def test_a_slip_in_the_birth_date_is_possible(born: date) -> None:
    assert strength(other(born_on=born)) is LikenessStrength.POSSIBLE


def test_namesakes_with_other_birth_dates_are_two_people() -> None:
    assert strength(other(born_on=date(1962, 9, 21))) is None


def test_a_parent_of_the_same_name_and_phone_is_pointed_out_with_the_other_birth_date() -> None:
    found = likeness(JORDAN, other(born_on=date(1962, 9, 21), phones=("2065550142",)))
    assert found is not None
    assert found.strength is LikenessStrength.POSSIBLE
    assert "but another birth date" in found.reasons


def test_siblings_who_share_everything_but_name_and_birth_date_are_two_people() -> None:
    sister = replace(JORDAN, client_id=2, first_name="Maya", born_on=date(1993, 1, 9))
    assert likeness(JORDAN, sister) is None


def test_twins_are_possible_and_never_likely() -> None:
    twin = replace(JORDAN, client_id=2, first_name="Maya")
    found = likeness(JORDAN, twin)
    assert found is not None
    assert found.strength is LikenessStrength.POSSIBLE


def test_a_birth_date_alone_says_nothing() -> None:
    stranger = LikenessRow(client_id=3, first_name="Maya", last_name="Okafor", born_on=date(1990, 4, 3))
    assert likeness(JORDAN, stranger) is None


def test_empty_fields_are_never_the_same() -> None:
    one = LikenessRow(client_id=1, first_name="Jordan", last_name="", email="", phones=("",), member_ids=("",))
    two = LikenessRow(client_id=2, first_name="Maya", last_name="", email="", phones=("",), member_ids=("",))
    assert likeness(one, two) is None
    assert likeness_keys(one).phone_digits == frozenset()


def test_no_reason_holds_client_data() -> None:
    found = likeness(JORDAN, replace(JORDAN, client_id=2))
    assert found is not None
    for secret in ("Jordan", "Whitfield", "0142", "1990", "example", "1234567"):
        assert secret not in found.sentence


def test_a_new_client_is_compared_with_all_and_the_likeliest_comes_first() -> None:
    candidate = replace(JORDAN, client_id=None)
    rows = [other(client_id=5), replace(JORDAN, client_id=7), other(client_id=6, born_on=date(1962, 1, 1))]
    assert [found.other_id for found in likely_duplicates(candidate, rows)] == [7, 5]


def test_a_client_is_never_their_own_duplicate() -> None:
    assert likely_duplicates(JORDAN, [JORDAN]) == ()


def test_clients_found_through_their_phone_e_mail_or_member_id_are_compared_with_each_other() -> None:
    renamed = replace(JORDAN, client_id=2, first_name="Jo", last_name="Okafor")
    for shared in ({"phones": JORDAN.phones}, {"email": JORDAN.email}, {"member_ids": JORDAN.member_ids}):
        blank = replace(renamed, phones=(), email="", member_ids=())
        (found,) = all_likely_duplicates([JORDAN, replace(blank, **shared)])  # type: ignore[arg-type]
        assert found.strength is LikenessStrength.POSSIBLE


def test_only_saved_clients_are_compared_with_each_other() -> None:
    unsaved = replace(JORDAN, client_id=None)
    with pytest.raises(ValueError, match="saved"):
        all_likely_duplicates([unsaved, unsaved])


row_lists = st.lists(
    st.builds(
        LikenessRow,
        client_id=st.none(),
        first_name=st.sampled_from(["Jordan", "Maya", "Jordann", "Li", ""]),
        last_name=st.sampled_from(["Whitfield", "Whitfeld", "Okafor", "Li", ""]),
        born_on=st.sampled_from([None, date(1990, 4, 3), date(1990, 3, 4), date(1962, 9, 21)]),
        phones=st.sampled_from([(), ("206-555-0142",), ("206-555-0199",)]),
        email=st.sampled_from(["", "a@example.com"]),
    ),
    max_size=8,
).map(lambda rows: [replace(row, client_id=number) for number, row in enumerate(rows, start=1)])


@given(row_lists)
def test_likeness_is_the_same_both_ways(rows: list[LikenessRow]) -> None:
    def bare(found: Likeness | None) -> tuple[LikenessStrength, tuple[str, ...]] | None:
        return (found.strength, found.reasons) if found else None

    for one in rows:
        for two in rows:
            assert bare(likeness(one, two)) == bare(likeness(two, one))


@given(row_lists)
def test_rows_that_are_likely_one_client_always_share_a_key(rows: list[LikenessRow]) -> None:
    every_pair = {
        (one.client_id, two.client_id)
        for place, one in enumerate(rows)
        for two in rows[place + 1 :]
        if (found := likeness(one, two)) and found.strength is LikenessStrength.LIKELY
    }
    by_keys = {(found.client_id, found.other_id) for found in all_likely_duplicates(rows)}
    assert every_pair <= by_keys


def test_ten_thousand_clients_are_gone_through_in_seconds() -> None:
    chance = random.Random(1)
    firsts = [f"{a}{b}" for a in ("Ka", "Mo", "Li", "Te", "Ru", "So") for b in ("ra", "nna", "dell", "vin", "mie")]
    lasts = [
        f"{a}{b}{c}"
        for a in ("Ber", "Cal", "Dor", "Fen", "Gar")
        for b in ("ra", "li", "mo")
        for c in ("son", "ton", "well")
    ]
    rows = [
        LikenessRow(
            client_id=number,
            first_name=chance.choice(firsts),
            last_name=chance.choice(lasts),
            born_on=date(1940, 1, 1) + timedelta(days=chance.randrange(25_000)),
            phones=(f"206-555-{number:04}",),
        )
        for number in range(1, 10_001)
    ]
    rows.append(replace(rows[4999], client_id=10_001, last_name=rows[4999].last_name + "n"))
    began = time.perf_counter()
    found = all_likely_duplicates(rows)
    seconds = time.perf_counter() - began
    assert (5000, 10_001) in {(one.client_id, one.other_id) for one in found}
    assert seconds < 20  # all fifty million pairs would take minutes
