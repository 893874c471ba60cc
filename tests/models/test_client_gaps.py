from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.client_gaps import ClientFacts, age_on, client_gaps, insurance_gaps, is_minor
from therapist_desktop.models.superbill_content import SuperbillInsurance

TODAY = date(2026, 11, 23)
WHOLE = ClientFacts(born_on=date(1990, 4, 3), has_address=True, has_phone=True, guardians=0, emergency_contacts=1)


def keys(client: ClientFacts, today: date = TODAY, majority: int = 18) -> list[str]:
    return [gap.key for gap in client_gaps(client, today, majority)]


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 23), date(2026, 11, 22), 17),
        (date(2008, 11, 23), date(2026, 11, 23), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(1999, 12, 31), date(2026, 1, 1), 26),
    ],
)
def test_age_changes_on_the_birthday_and_for_leap_day_births_on_march_1(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 40_000))
def test_age_never_falls_from_one_day_to_the_next(born: date, days: int) -> None:
    day = date.fromordinal(born.toordinal() + days)
    step = age_on(born, date.fromordinal(day.toordinal() + 1)) - age_on(born, day)
    assert step in (0, 1)


def test_a_day_before_the_birth_is_a_bug() -> None:
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


def test_a_whole_record_has_no_gaps() -> None:
    assert keys(WHOLE) == []


def test_a_minor_without_a_guardian_is_pointed_out_first() -> None:
    minor = ClientFacts(
        born_on=date(2010, 5, 1), has_address=False, has_phone=True, guardians=0, emergency_contacts=0
    )
    assert keys(minor) == ["guardian missing", "emergency contact missing", "address missing"]


def test_a_guardian_or_the_eighteenth_birthday_settles_it() -> None:
    born = date(2008, 11, 24)
    alone = ClientFacts(born_on=born, has_address=True, has_phone=True, guardians=0, emergency_contacts=1)
    guarded = ClientFacts(born_on=born, has_address=True, has_phone=True, guardians=1, emergency_contacts=1)
    assert keys(alone) == ["guardian missing"]
    assert keys(guarded) == []
    assert keys(alone, date(2026, 11, 24)) == []
    assert keys(alone, date(2026, 11, 24), majority=19) == ["guardian missing"]


def test_what_is_missing_is_named() -> None:
    empty = ClientFacts(born_on=None, has_address=False, has_phone=False, guardians=0, emergency_contacts=0)
    assert keys(empty) == [
        "birth date missing",
        "emergency contact missing",
        "phone missing",
        "address missing",
    ]


def test_a_child_expected_next_week_counts_as_a_minor() -> None:
    assert is_minor(date(2026, 12, 1), TODAY)


def test_insurance_of_a_child_needs_the_subscriber() -> None:
    own = SuperbillInsurance(payer_name="Evergreen Mutual", member_id="EM1234567")
    childs = SuperbillInsurance(payer_name="Evergreen Mutual", member_id="", relationship="child")
    assert insurance_gaps(own) == ()
    assert [gap.key for gap in insurance_gaps(childs)] == [
        "insurance member id missing",
        "insurance subscriber missing",
        "insurance subscriber birth date missing",
    ]
    nameless = SuperbillInsurance(payer_name="", member_id="EM1", relationship="child", subscriber_name="Ada Okafor")
    assert [gap.key for gap in insurance_gaps(nameless)] == [
        "insurance payer missing",
        "insurance subscriber birth date missing",
    ]
    client = ClientFacts(
        born_on=date(1990, 4, 3),
        has_address=True,
        has_phone=True,
        guardians=0,
        emergency_contacts=1,
        policies=(own, childs),
    )
    assert len(keys(client)) == 3
