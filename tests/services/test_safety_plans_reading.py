"""Who may read a safety plan, in an emergency too; what is printed of it; and whose review is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from tests.conftest import TestClock
from tests.services.plan_samples import JORDAN, TODAY, audit_details, colleague
from tests.services.safety_plan_samples import in_use, whole_safety_plan
from therapist_desktop.catalogs.crisis_lines import CrisisLines
from therapist_desktop.models.client import ClientStatus
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.safety_plan_content import CrisisLineContent
from therapist_desktop.services.clients import add_client, set_status
from therapist_desktop.services.safety_plan_access import EmergencyReason
from therapist_desktop.services.safety_plan_documents import (
    print_blank_safety_plan,
    print_safety_plan,
    print_wallet_card,
    printed_crisis_lines,
    safety_plan_paper,
)
from therapist_desktop.services.safety_plan_lists import (
    EmergencyRow,
    find_in_emergency,
    list_safety_plan_versions,
    safety_plans_due_for_review,
)
from therapist_desktop.services.safety_plan_text import safety_plan_text
from therapist_desktop.services.safety_plans import (
    open_safety_plan,
    put_in_use,
    review_safety_plan,
    rows_from_contacts,
    safety_plan_in_use,
    save_safety_plan_draft,
    start_safety_plan,
)
from therapist_desktop.services.searching import search
from therapist_desktop.storage.practice import Practice

AWAY = EmergencyReason.CLINICIAN_AWAY


@pytest.fixture
def jordan(practice: Practice, rosa: Person) -> int:
    """A client of Rosa’s with a safety plan in use."""
    client_id = add_client(practice, rosa, JORDAN)
    in_use(practice, rosa, client_id, whole_safety_plan())
    return client_id


@pytest.fixture
def nia(practice: Practice, rosa: Person) -> Person:
    """A clinician of the practice to whom the chart is closed."""
    return colleague(practice, rosa, "Nia", Role.CLINICIAN)


@pytest.mark.parametrize("role", [Role.BILLER, Role.CLINICIAN])
def test_a_biller_and_a_colleague_without_a_reason_see_nothing(
    practice: Practice, rosa: Person, jordan: int, role: Role
) -> None:
    stranger = colleague(practice, rosa, "Bea", role)
    plan = safety_plan_in_use(practice, rosa, jordan)
    assert plan is not None
    before = audit_details(practice, "safety plan")
    verbs: list[Callable[[], object]] = [
        lambda: safety_plan_in_use(practice, stranger, jordan),
        lambda: open_safety_plan(practice, stranger, plan.plan_id),
        lambda: start_safety_plan(practice, stranger, jordan),
        lambda: save_safety_plan_draft(practice, stranger, plan.plan_id, plan.content, plan.revision),
        lambda: put_in_use(practice, stranger, plan.plan_id, plan.revision),
        lambda: review_safety_plan(practice, stranger, plan.plan_id),
        lambda: list_safety_plan_versions(practice, stranger, jordan),
        lambda: rows_from_contacts(practice, stranger, jordan),
        lambda: safety_plan_paper(practice, stranger, jordan),
        lambda: print_safety_plan(practice, stranger, jordan),
        lambda: print_wallet_card(practice, stranger, jordan),
    ]
    for verb in verbs:
        with pytest.raises(UserError):
            verb()
    assert search(practice, stranger, "lighthouse") == ()
    assert audit_details(practice, "safety plan") == before


def test_a_biller_breaks_no_glass(practice: Practice, rosa: Person, jordan: int) -> None:
    biller = colleague(practice, rosa, "Bea", Role.BILLER)
    with pytest.raises(UserError, match="for clinicians"):
        safety_plan_in_use(practice, biller, jordan, break_glass=AWAY)
    with pytest.raises(UserError, match="for clinicians"):
        print_safety_plan(practice, biller, jordan, break_glass=AWAY)
    with pytest.raises(UserError, match="for clinicians"):
        find_in_emergency(practice, biller, "whitfield", AWAY)


def test_in_an_emergency_any_clinician_opens_and_prints_the_plan_and_it_is_logged(
    practice: Practice, rosa: Person, nia: Person, jordan: int
) -> None:
    before = len(audit_details(practice, "safety plan"))
    opened = safety_plan_in_use(practice, nia, jordan, break_glass=AWAY)
    assert opened == safety_plan_in_use(practice, rosa, jordan)
    assert "Maya" in _text(print_safety_plan(practice, nia, jordan, break_glass=EmergencyReason.CLIENT_IN_CRISIS))
    assert print_wallet_card(practice, nia, jordan, break_glass=EmergencyReason.RESCUERS_ASK)
    assert safety_plan_paper(practice, nia, jordan, break_glass=AWAY).clinician_name == "Rosa Alvarez, LCSW"
    assert audit_details(practice, "safety plan")[before:] == [
        ("view", "emergency-access:clinician-away"),
        ("view", ""),
        ("print", "page emergency-access:client-in-crisis"),
        ("print", "wallet-card emergency-access:rescuers-ask"),
        ("view", "emergency-access:clinician-away"),
    ]
    with practice.database.alone() as connection:
        people = connection.raw.execute(
            "SELECT DISTINCT person_id, client_id FROM audit_event WHERE detail LIKE '%emergency-access%'"
        ).fetchall()
    assert people == [(nia.id, jordan)]


def test_an_emergency_opens_nothing_but_the_plan_in_use(practice: Practice, nia: Person, jordan: int) -> None:
    opened = safety_plan_in_use(practice, nia, jordan, break_glass=AWAY)
    assert opened is not None
    with pytest.raises(UserError, match="not open to you"):
        open_safety_plan(practice, nia, opened.plan_id)
    with pytest.raises(UserError, match="not open to you"):
        safety_plan_in_use(practice, nia, jordan)
    with pytest.raises(UserError, match="no such client"):
        safety_plan_in_use(practice, nia, 999, break_glass=AWAY)


def test_a_reason_that_was_not_needed_logs_no_emergency(practice: Practice, rosa: Person, jordan: int) -> None:
    safety_plan_in_use(practice, rosa, jordan, break_glass=AWAY)
    assert not any("emergency" in detail for _, detail in audit_details(practice, "safety plan"))


def test_broken_glass_is_logged_even_if_there_is_no_plan(practice: Practice, rosa: Person, nia: Person) -> None:
    client_id = add_client(practice, rosa, replace(JORDAN, first_name="Lee"))
    assert safety_plan_in_use(practice, nia, client_id, break_glass=AWAY) is None
    assert audit_details(practice, "safety plan") == [("view", "emergency-access:clinician-away")]


def test_in_an_emergency_a_client_is_found_by_name_across_the_practice(
    practice: Practice, rosa: Person, nia: Person, jordan: int
) -> None:
    add_client(practice, rosa, replace(JORDAN, first_name="Wes", used_name="", last_name="Whitfield"))
    found = (EmergencyRow(jordan, "Jo Whitfield", date(1994, 3, 14)),)
    assert find_in_emergency(practice, nia, "WHIT jo", AWAY) == found
    assert find_in_emergency(practice, nia, "whitfield%", AWAY) == found
    assert find_in_emergency(practice, nia, "whit_", AWAY) == found
    assert find_in_emergency(practice, nia, "okafor", AWAY) == ()
    with pytest.raises(UserError, match="two letters"):
        find_in_emergency(practice, nia, " % w", AWAY)
    assert audit_details(practice, "safety plan")[-1] == ("view", "emergency-access-search:clinician-away")


def test_the_page_shows_first_name_and_initial_and_no_means_of_harm(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    text = _text(print_safety_plan(practice, rosa, jordan))
    for words in ("Jo W.", "Walk to the lighthouse", "207-555-0117", "Rosa Alvarez, LCSW", "207-555-0101", "988"):
        assert words in text
    for words in ("Whitfield", "Jordan", "bathroom cabinet", "firearms", "phone battery"):
        assert words not in text
    assert audit_details(practice, "safety plan")[-1] == ("print", "page")


def test_large_print_and_the_card_are_other_documents_of_the_same_plan(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    page = print_safety_plan(practice, rosa, jordan)
    assert print_safety_plan(practice, rosa, jordan, large_print=True) != page
    card = _text(print_wallet_card(practice, rosa, jordan))
    assert "207-555-0117" in card
    assert "Whitfield" not in card


def test_the_paper_names_the_next_review_after_the_last_one(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    plan = safety_plan_in_use(practice, rosa, jordan)
    assert plan is not None
    clock.move(days=3)
    review_safety_plan(practice, rosa, plan.plan_id, next_review_on=date(2026, 12, 24))
    paper = safety_plan_paper(practice, rosa, jordan)
    assert paper.plan is not None
    assert paper.plan.review_on == date(2026, 12, 24)


def test_a_clinician_without_a_phone_is_reached_through_the_practice(practice: Practice, rosa: Person) -> None:
    ana = colleague(practice, rosa, "Ana", Role.SUPERVISEE, supervisor_id=rosa.id)
    client_id = add_client(practice, ana, JORDAN)
    in_use(practice, ana, client_id, whole_safety_plan())
    paper = safety_plan_paper(practice, rosa, client_id)
    assert (paper.clinician_name, paper.clinician_phone) == ("Ana Nakamura", "207-555-0101")
    assert paper.practice_name == "Harbor Counseling"


def test_without_a_plan_in_use_nothing_is_printed_and_a_blank_one_is_offered(
    practice: Practice, rosa: Person
) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    start_safety_plan(practice, rosa, client_id)
    with pytest.raises(UserError, match="blank one"):
        print_safety_plan(practice, rosa, client_id)


def test_a_blank_plan_needs_no_practice_and_no_password() -> None:
    text = _text(print_blank_safety_plan(practice_name="Harbor Counseling", clinician_phone="207-555-0101"))
    assert "My warning signs" in text
    assert "988" in text
    assert "Harbor Counseling" in text
    assert print_blank_safety_plan(language="es") != print_blank_safety_plan()


def test_only_verified_ways_are_printed_calls_and_texts_first(tmp_path: Path) -> None:
    file = tmp_path / "lines.toml"
    checked = 'verified_on = 2026-11-23, source = "a leaflet"'
    file.write_text(
        f"""
        [source]
        name = "made up"
        licence = "Facts"
        gathered = "2026-11-23"

        [[line]]
        code = "a"
        name = "Harbor Line"
        audience = "anyone"
        ways = [
          {{ channel = "chat", contact = "harbor.example", {checked} }},
          {{ channel = "call", contact = "555-0100", {checked} }},
          {{ channel = "text", contact = "555-0100", {checked} }},
        ]
        [[line]]
        code = "b"
        name = "Pier Line"
        audience = "anyone"
        ways = [
          {{ channel = "call", contact = "555-0101", then = "press 1", {checked} }},
          {{ channel = "text", contact = "55501", then = "PIER", {checked} }},
        ]
        [[line]]
        code = "c"
        name = "Dock Line"
        audience = "anyone"
        ways = [
          {{ channel = "call", contact = "555-0102" }},
          {{ channel = "chat", contact = "dock.example", {checked} }},
        ]
        [[line]]
        code = "d"
        name = "Unchecked Line"
        audience = "anyone"
        ways = [{{ channel = "call", contact = "555-0103" }}]
        """,
        encoding="utf-8",
    )
    assert printed_crisis_lines(CrisisLines(file)) == (
        CrisisLineContent(name="Harbor Line", how="Call or text 555-0100"),
        CrisisLineContent(name="Pier Line", how="Call 555-0101, then press 1, or text PIER to 55501"),
        CrisisLineContent(name="Dock Line", how="Chat at dock.example"),
    )


def test_the_lines_that_ship_begin_with_988() -> None:
    first = printed_crisis_lines()[0]
    assert first.how == "Call or text 988"


def test_the_text_for_a_phone_has_one_line_for_each_row_and_no_means(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    text = safety_plan_text(safety_plan_paper(practice, rosa, jordan))
    lines = text.splitlines()
    assert lines[1] == "Jo W. · November 23, 2026"
    assert "- Maya, sister 207-555-0117 any time" in lines
    assert lines.index("1. My warning signs") + 1 == lines.index("- I stop answering messages")
    assert any("988" in line for line in lines[:5])
    assert "Rosa Alvarez, LCSW 207-555-0101" in text
    for words in ("Whitfield", "firearms", "bathroom cabinet"):
        assert words not in text


def test_the_text_is_in_the_language_of_the_client_and_leaves_out_empty_parts(
    practice: Practice, rosa: Person, jordan: int
) -> None:
    paper = safety_plan_paper(practice, rosa, jordan)
    assert paper.plan is not None
    plan = replace(paper.plan, language="es", rows=paper.plan.rows[:1])
    spanish = safety_plan_text(replace(paper, plan=plan))
    assert "My warning signs" not in spanish
    assert "- I stop answering messages" in spanish
    assert [line[:2] for line in spanish.splitlines() if line[1:3] == ". "] == ["1."]
    assert safety_plan_text(replace(paper, plan=None, crisis_lines=())).count("988") == 1


def test_due_are_the_plans_in_use_of_active_clients_by_the_day(
    practice: Practice, rosa: Person, jordan: int, clock: TestClock
) -> None:
    maya = add_client(practice, rosa, replace(JORDAN, first_name="Maya", used_name="", last_name="Okafor"))
    in_use(practice, rosa, maya, whole_safety_plan(review_on=date(2026, 12, 1)))
    lee = add_client(practice, rosa, replace(JORDAN, first_name="Lee", last_name="Park"))
    in_use(practice, rosa, lee, whole_safety_plan(review_on=date(2026, 11, 30)))
    set_status(practice, rosa, lee, ClientStatus.DISCHARGED, TODAY)
    due = safety_plans_due_for_review(practice, rosa, date(2026, 12, 7))
    assert [(one.client_name, one.review_on) for one in due] == [
        ("Maya Okafor", date(2026, 12, 1)),
        ("Jo Whitfield", date(2026, 12, 7)),
    ]
    clock.move(days=8)
    review_safety_plan(practice, rosa, due[0].plan_id, next_review_on=date(2026, 12, 15))
    in_use(practice, rosa, jordan, whole_safety_plan(review_on=date(2026, 12, 8)))
    assert safety_plans_due_for_review(practice, rosa, date(2026, 12, 7)) == ()
    assert [one.client_id for one in safety_plans_due_for_review(practice, rosa, date(2026, 12, 15))] == [
        jordan,
        maya,
    ]


def test_lists_use_indexes_and_no_table_is_scanned(practice: Practice, rosa: Person, jordan: int) -> None:
    statements: list[str] = []
    with practice.database.alone() as connection:
        connection.raw.set_trace_callback(statements.append)
    safety_plans_due_for_review(practice, rosa, date(2027, 12, 1))
    safety_plan_in_use(practice, rosa, jordan)
    list_safety_plan_versions(practice, rosa, jordan)
    with practice.database.alone() as connection:
        connection.raw.set_trace_callback(None)
        steps = [
            str(step[3])
            for statement in statements
            if statement.startswith("SELECT") and "safety_plan" in statement
            for step in connection.raw.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]
    assert len(steps) > 5
    assert [step for step in steps if step.startswith("SCAN")] == []
    assert any("ix_safety_plan_versions" in step for step in steps)


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
