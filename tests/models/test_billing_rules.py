from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.models.billing_rules import BillingRules, CodeUnits, load_billing_rules, read_billing_rules
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.service import ServiceKind


@pytest.fixture(scope="module")
def rules() -> BillingRules:
    return load_billing_rules()


@pytest.mark.parametrize(
    ("minutes", "codes"),
    [
        (1, ()),
        (15, ()),
        (16, ("90832",)),
        (37, ("90832",)),
        (38, ("90834",)),
        (52, ("90834",)),
        (53, ("90837",)),
        (240, ("90837",)),
    ],
)
def test_the_minutes_of_an_individual_session_suggest_its_code(
    rules: BillingRules, minutes: int, codes: tuple[str, ...]
) -> None:
    assert rules.suggest_codes(minutes, "individual") == codes


@given(st.integers(16, 720))
def test_every_session_from_16_minutes_on_has_exactly_one_code(rules: BillingRules, minutes: int) -> None:
    (code,) = rules.suggest_codes(minutes, "individual")
    assert rules.minutes_problem(code, minutes) is None


@pytest.mark.parametrize(
    ("code", "minutes", "holds"),
    [
        ("90832", 15, False),
        ("90832", 16, True),
        ("90832", 37, True),
        ("90832", 38, False),
        ("90834", 37, False),
        ("90834", 38, True),
        ("90834", 52, True),
        ("90834", 53, False),
        ("90837", 52, False),
        ("90837", 53, True),
        ("90833", 15, False),
        ("90833", 37, True),
        ("90836", 38, True),
        ("90836", 53, False),
        ("90838", 53, True),
        ("90846", 25, False),
        ("90846", 26, True),
        ("90847", 25, False),
        ("90847", 26, True),
        ("90839", 29, False),
        ("90839", 30, True),
        ("90839", 74, True),
        ("90839", 75, True),
        ("90840", 74, False),
        ("90840", 75, True),
        ("90791", 5, True),
        ("90853", 5, True),
        ("G0560", 5, True),
    ],
)
def test_each_code_holds_the_minutes_that_are_published_for_it(
    rules: BillingRules, code: str, minutes: int, holds: bool
) -> None:
    assert (rules.minutes_problem(code, minutes) is None) is holds


def test_a_wrong_code_is_told_with_the_right_one(rules: BillingRules) -> None:
    assert rules.minutes_problem("90837", 50) == (
        "90837 is for 53 minutes or more, and the session had 50. "
        "Use 90834, or give a reason for departing from the time."
    )
    problem = rules.minutes_problem("90832", 15)
    assert problem is not None
    assert "16 to 37 minutes" in problem
    assert "Choose another code" in problem


def test_a_timed_code_without_minutes_asks_for_start_and_stop(rules: BillingRules) -> None:
    assert rules.minutes_problem("90834", None) is not None
    assert rules.minutes_problem("90791", None) is None


@pytest.mark.parametrize(
    ("minutes", "units"), [(29, 0), (30, 0), (74, 0), (75, 1), (104, 1), (105, 2), (134, 2), (135, 3)]
)
def test_a_long_crisis_session_adds_a_unit_for_each_further_half_hour(
    rules: BillingRules, minutes: int, units: int
) -> None:
    expected = (CodeUnits(code="90840", units=units),) if units else ()
    assert rules.suggest_add_ons("90839", minutes) == expected
    assert (rules.units_problem("90840", units + 1, minutes)) is not None
    if units:
        assert rules.units_problem("90840", units, minutes) is None


def test_crisis_is_suggested_from_30_minutes_without_an_upper_limit(rules: BillingRules) -> None:
    assert rules.suggest_codes(29, "crisis") == ()
    assert rules.suggest_codes(30, "crisis") == rules.suggest_codes(150, "crisis") == ("90839",)


def test_family_sessions_are_suggested_with_and_without_the_client(rules: BillingRules) -> None:
    assert rules.suggest_codes(26, "couple or family") == ("90846", "90847")
    assert rules.suggest_codes(25, "couple or family") == ()


def test_add_ons_beside_evaluation_and_management_follow_the_therapy_minutes(rules: BillingRules) -> None:
    beside = {unit.code for unit in rules.suggest_add_ons("99213", 45)}
    assert beside == {"90836"}
    assert rules.suggest_add_ons("99213", 15) == ()
    assert {unit.code for unit in rules.suggest_add_ons("90834", 45)} == {"90785"}
    assert rules.suggest_add_ons("90847", 50) == ()


@pytest.mark.parametrize("base", ["90791", "90792", "90832", "90834", "90837", "90853"])
def test_interactive_complexity_stands_beside_these(rules: BillingRules, base: str) -> None:
    assert rules.add_on_problem("90785", ["90785", base]) is None


@pytest.mark.parametrize("base", ["90839", "90846", "90847"])
def test_interactive_complexity_does_not_stand_beside_crisis_or_family(rules: BillingRules, base: str) -> None:
    assert rules.add_on_problem("90785", ["90785", base]) is not None


def test_an_add_on_never_stands_alone(rules: BillingRules) -> None:
    for code in ("90785", "90833", "90836", "90838", "90840"):
        assert rules.add_on_problem(code, [code]) is not None
    assert rules.add_on_problem("90833", ["90833", "99214"]) is None
    assert rules.add_on_problem("90833", ["90833", "90834"]) is not None
    assert rules.add_on_problem("90834", ["90834"]) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("90834", "90839"),
        ("90837", "90833"),
        ("90791", "90834"),
        ("90791", "90839"),
        ("90792", "90837"),
        ("90791", "90792"),
    ],
)
def test_some_codes_are_not_paid_on_one_date_in_either_order(rules: BillingRules, one: str, other: str) -> None:
    assert rules.pair_problem(one, other, ()) is not None
    assert rules.pair_problem(other, one, ("59",)) is not None


def test_family_beside_individual_needs_a_modifier_that_says_separate(rules: BillingRules) -> None:
    assert rules.pair_problem("90834", "90847", ("95",)) is not None
    assert rules.pair_problem("90834", "90847", ("95", "59")) is None
    assert rules.pair_problem("90847", "90834", ("XE",)) is None


def test_crisis_counts_once_a_day(rules: BillingRules) -> None:
    assert rules.pair_problem("90839", "90839", ("59",)) is not None
    assert rules.pair_problem("90834", "90834", ()) is None


@pytest.mark.parametrize("code", ["90832", "90834", "90837", "90853", "90791"])
def test_these_codes_have_one_unit(rules: BillingRules, code: str) -> None:
    assert rules.units_problem(code, 1, 53) is None
    assert rules.units_problem(code, 2, 53) is not None


def test_units_begin_at_one_and_unknown_codes_may_have_many(rules: BillingRules) -> None:
    assert rules.units_problem("H0004", 0, 60) is not None
    assert rules.units_problem("H0004", 4, 60) is None
    assert rules.units_problem("90840", 2, None) is None


def test_every_rule_names_its_source_and_every_named_code_is_known(rules: BillingRules) -> None:
    codes = {rule.code for rule in rules.code}
    for rule in rules.code:
        assert rule.sources
        for other in (*rule.not_with, *rule.distinct_from, rule.continued_by or rule.code):
            assert other in codes
        assert set(rule.only_with) <= codes | set(rules.groups)


def test_kinds_are_those_of_the_service_catalogue(rules: BillingRules) -> None:
    assert {rule.kind for rule in rules.code} <= {kind.value for kind in ServiceKind}


def test_a_practice_may_delete_every_code(rules: BillingRules) -> None:
    empty = read_billing_rules(b'edition = "none"')
    assert empty.minutes_problem("90834", 5) is None
    assert empty.suggest_codes(50, "individual") == ()
    assert empty.units_problem("90834", 3, 5) is None


@pytest.mark.parametrize(
    "text",
    [
        b"edition = ",
        b"\xff\xfe",
        b'edition = "1"\nspeling = 1',
        b'edition = "1"\n[[code]]\ncode = "90834"\nkind = "individual"\nsources = ["x"]\nleast_minutes = "38"',
        b'edition = "1"\n[[code]]\ncode = "90834"\nkind = "individual"\nsources = []',
        b'edition = "1"\n[[code]]\ncode = "90834"\nkind = "individual"\nsources = ["nowhere"]',
        b'edition = "1"\nsources = {x = "y"}\n[[code]]\ncode = "9"\nkind = "a"\nsources = ["x"]\n'
        b'[[code]]\ncode = "9"\nkind = "a"\nsources = ["x"]',
        b'edition = "1"\nsources = {x = "y"}\n[[code]]\ncode = "9"\nkind = "a"\nsources = ["x"]\n'
        b'distinct_from = ["8"]',
    ],
)
def test_a_file_of_rules_that_is_not_sound_is_refused_with_a_sentence(text: bytes) -> None:
    with pytest.raises(UserError, match="billing rule"):
        read_billing_rules(text)
