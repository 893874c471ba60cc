"""Plans as JSON: the examples in the help are true, and every slip gets a sentence."""

from __future__ import annotations

import json

import pytest

from therapist_desktop.cli.json_form import as_json, from_json
from therapist_desktop.cli.plan_commands import plan
from therapist_desktop.cli.safety_plan_commands import safety_plan
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft
from therapist_desktop.models.treatment_plan_draft import PlanDraft


def example(epilog: str | None) -> str:
    assert epilog is not None
    return epilog[epilog.index("{") : epilog.rindex("}") + 1]


PLAN = example(plan.commands["write"].epilog)
SAFETY_PLAN = example(safety_plan.commands["write"].epilog)


def problem(text: str, form: type[object] = PlanDraft) -> str:
    with pytest.raises(UserError) as refused:
        from_json(text, form, "The plan")
    assert refused.value.sentence.endswith("othing was changed.")
    return refused.value.sentence


def test_the_examples_in_the_help_can_be_read_and_shown_and_read_again() -> None:
    treatment = from_json(PLAN, PlanDraft, "The plan")
    assert treatment.problems[0].goals[0].objectives[0].interventions[0].text == "Behavioral activation"
    assert from_json(as_json(treatment), PlanDraft, "The plan") == treatment
    safety = from_json(SAFETY_PLAN, SafetyPlanDraft, "The plan")
    assert safety.rows[2].phone == "207-555-0144"
    assert from_json(as_json(safety), SafetyPlanDraft, "The plan") == safety


def test_rows_in_another_order_are_read_and_put_in_order() -> None:
    content = json.loads(SAFETY_PLAN)
    content["rows"].reverse()
    assert [row.part for row in from_json(json.dumps(content), SafetyPlanDraft, "The plan").rows] == [1, 2, 4]


def test_a_misspelled_field_is_refused_wherever_it_stands_since_its_text_would_be_lost() -> None:
    assert problem(PLAN.replace('"frequency"', '"frequenzy"')).startswith("The plan has no field “frequenzy”.")
    assert "“taget”" in problem(PLAN.replace('"target":', '"taget":'))
    assert "“fone”" in problem(SAFETY_PLAN.replace('"phone"', '"fone"'), SafetyPlanDraft)
    strange = PLAN.replace('"frequency"', '"Jordan told me that he drinks"')
    assert "Jordan" not in problem(strange)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2026-11-23"', '"11/23/2026"', "a date is written like 2026-11-23, at established_on"),
        (
            '"Walk on three days a week"',
            "7",
            "text in quotes is expected, at problems 1, goals 1, objectives 1, text",
        ),
        ('"participation": "verbal"', '"participation": "maybe"', "a value is not one of those that can be chosen"),
        ('"text": "Back to work",', "", "“text” is missing, at problems 1, goals 1"),
        ('"goals": [', '"goals": 5, "x": [', "a list in [ ] is expected"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(old: str, new: str, said: str) -> None:
    assert old in PLAN
    assert said in problem(PLAN.replace(old, new))


@pytest.mark.parametrize("text", ["", "{", "hello", PLAN[:-1], PLAN.replace(",", "", 1), "[" * 100_000])
def test_what_is_not_json_is_refused(text: str) -> None:
    assert "not whole JSON" in problem(text)


def test_two_objectives_with_one_thread_are_refused() -> None:
    content = json.loads(PLAN)
    objectives = content["problems"][0]["goals"][0]["objectives"]
    objectives[0]["thread"] = "one"
    objectives.append(dict(objectives[0]))
    assert "share a thread" in problem(json.dumps(content))
