"""Treatment plans and safety plans from the command line: written, signed or put in use, compared, printed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from tests.cli.program import TEXT, Program, today
from tests.cli.test_json_form import PLAN, SAFETY_PLAN
from tests.conftest import PASSWORD
from tests.reports.paper import Paper

BEN = "lanterns over the bay"


def treatment_plan(**changed: object) -> str:
    content = json.loads(PLAN) | {"established_on": today().isoformat()} | changed
    return json.dumps(content)


def safety_plan(**changed: object) -> str:
    return json.dumps(json.loads(SAFETY_PLAN) | {"made_on": today().isoformat()} | changed)


def test_a_plan_is_written_signed_and_cited_by_a_note(with_client: Program, tmp_path: Path) -> None:
    assert with_client.well("plan", "new", 1)[0] == "Plan 1 is a draft of version 1."
    assert "no problem" in with_client.refused("plan", "sign", 1)
    said = with_client.well("plan", "write", 1, typed=treatment_plan())
    assert said == ["Plan 1 is saved as a draft.", "Nothing is missing. Sign it with “plan sign 1”."]
    assert with_client.well("plan", "sign", 1)[0].startswith("Version 1 is signed. Its review is due ")
    assert with_client.well("plan", "list", 1)[1].split()[-3:] == ["signed", "Rosa", "Alvarez"]
    assert "It has 1a." in with_client.refused("note", "new", 1, "--objective", "2c", typed=TEXT)
    with_client.well("note", "new", 1, "--objective", "1a", typed=TEXT)
    path = tmp_path / "plan.pdf"
    with_client.well("plan", "print", 1, "-o", path)
    assert "Walk on three days a week" in " ".join(Paper(path.read_bytes()).pages)


def test_a_signed_plan_is_revised_in_a_new_version_and_compared(with_client: Program) -> None:
    with_client.well("plan", "new", 1)
    with_client.well("plan", "write", 1, typed=treatment_plan())
    with_client.well("plan", "sign", 1)
    assert "never" in with_client.refused("plan", "write", 1, typed=treatment_plan(frequency="monthly"))
    with_client.well("plan", "new", 1)
    assert "already" in with_client.refused("plan", "new", 1)
    shown = json.loads("\n".join(with_client.well("plan", "show", 2)))
    shown["frequency"] = "every other week"
    said = with_client.well("plan", "write", 2, typed=json.dumps(shown))
    assert said[1].startswith("  must: It is not recorded how the client took part.")
    (line,) = with_client.well("plan", "compare", 1, 2)[1:]
    assert line.startswith("changed  frame")
    assert "frequency" in line
    assert with_client("plan", "discard", 2, typed="n\n").code == 130
    with_client.well("plan", "discard", 2, "--yes")
    assert with_client.well("plan", "compare", 1, 1) == ["The two versions say the same."]


def test_plans_that_are_due_are_listed(with_client: Program) -> None:
    assert with_client.well("plan", "due") == ["No plan is due for review."]
    with_client.well("plan", "new", 1)
    review = today() + timedelta(days=100)
    with_client.well("plan", "write", 1, typed=treatment_plan(review_due_on=review.isoformat()))
    with_client.well("plan", "sign", 1)
    assert with_client.well("plan", "due") == ["No plan is due for review."]
    assert with_client.well("plan", "due", "--until", review)[1].split()[-1] == f"{review:%m/%d/%Y}"


def test_plans_that_cannot_be_read_change_nothing(with_client: Program) -> None:
    with_client.well("plan", "new", 1)
    before = with_client.well("plan", "show", 1)
    for typed in ("", "{", treatment_plan(frequenzy="weekly"), treatment_plan(established_on="tomorrow"), b"\xff"):
        assert with_client.refused("plan", "write", 1, typed=typed).endswith("othing was changed.")
    assert with_client.well("plan", "show", 1) == before
    assert "no such" in with_client.refused("plan", "write", 9, typed=treatment_plan()).lower()


def test_a_safety_plan_is_put_in_use_and_given_to_the_client(with_client: Program, tmp_path: Path) -> None:
    with_client.well("safety-plan", "new", 1)
    assert "no safety plan in use" in with_client.refused("safety-plan", "text", 1)
    assert "first five parts" in with_client.refused("safety-plan", "use", 1)
    with_client.well("safety-plan", "write", 1, typed=safety_plan())
    assert with_client.well("safety-plan", "use", 1)[0].startswith("Version 1 is in use. Its next review is ")
    text = "\n".join(with_client.well("safety-plan", "text", 1))
    assert "Sam" in text
    assert "988" in text
    assert "Pills" not in text
    page, card = tmp_path / "page.pdf", tmp_path / "card.pdf"
    with_client.well("safety-plan", "print", 1, "-o", page, "--large-print")
    with_client.well("safety-plan", "wallet", 1, "-o", card)
    assert "Walk down to the harbor" in " ".join(Paper(page.read_bytes()).pages)
    printed = " ".join(Paper(card.read_bytes()).pages)
    assert "988" in printed
    assert "Whitfield" not in printed


def test_a_safety_plan_in_use_never_changes_but_is_reviewed_and_revised(with_client: Program) -> None:
    with_client.well("safety-plan", "new", 1)
    review = today() + timedelta(days=100)
    with_client.well("safety-plan", "write", 1, typed=safety_plan(review_on=review.isoformat()))
    with_client.well("safety-plan", "use", 1)
    assert "never changes" in with_client.refused("safety-plan", "write", 1, typed=safety_plan())
    assert with_client.well("safety-plan", "due") == ["No safety plan is due for review."]
    assert with_client.well("safety-plan", "due", "--until", review)[1].endswith(f"{review:%m/%d/%Y}")
    assert with_client.well("safety-plan", "review", 1)[0].startswith("Noted. The next review is ")
    with_client.well("safety-plan", "new", 1)
    assert [line.split()[0:2] for line in with_client.well("safety-plan", "list", 1)[1:]] == [["2", "2"], ["1", "1"]]
    with_client.well("safety-plan", "discard", 2, "--yes")
    assert json.loads("\n".join(with_client.well("safety-plan", "show", 1)))["likelihood"] == 8


def test_in_an_emergency_any_clinician_finds_and_opens_a_plan_and_only_with_a_reason(with_client: Program) -> None:
    with_client.well("safety-plan", "new", 1)
    with_client.well("safety-plan", "write", 1, typed=safety_plan())
    with_client.well("safety-plan", "use", 1)
    added = ("--first", "Ben", "--last", "Okoro", "--role", "clinician")
    with_client.well("person", "add", *added, secrets=(PASSWORD, BEN))
    ben = {"before": ("--as", "Ben"), "secrets": (BEN,)}
    assert "give a reason" in with_client.refused("safety-plan", "text", 1, **ben)
    found = with_client.well("safety-plan", "find", "--emergency", "client-in-crisis", typed="whit\n", **ben)
    assert "Jordan Whitfield" in found[1]
    assert with_client.well("safety-plan", "text", 1, "--emergency", "client-in-crisis", **ben)
    assert "Missing option '--emergency'" in with_client("safety-plan", "find", **ben).err


def test_a_blank_safety_plan_needs_no_practice_and_no_password(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "blank.pdf"
    assert program.bare("safety-plan", "blank", "-o", path).lines == [f"Saved {path}"]
    assert "988" in " ".join(Paper(path.read_bytes()).pages)
    assert "already a file" in program.bare("safety-plan", "blank", "-o", path).err
