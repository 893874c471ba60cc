"""Which looks at a chart the audit trail notes, and which it does not on purpose (docs/decisions/0007-audit.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.services.note_samples import DEPRESSION, JORDAN, TODAY, Desk
from tests.services.plan_samples import signed, whole_plan, written
from tests.services.safety_plan_samples import drafted, whole_safety_plan
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.services.account import list_balances, list_charges
from therapist_desktop.services.client_duplicates import duplicates_of
from therapist_desktop.services.clients import list_clients, load_client, open_client
from therapist_desktop.services.code_tables import outdated_diagnoses
from therapist_desktop.services.diagnoses import list_diagnoses
from therapist_desktop.services.disclosures import list_disclosures
from therapist_desktop.services.note_lists import list_notes, open_drafts
from therapist_desktop.services.note_papers import note_paper, print_note
from therapist_desktop.services.note_signing import readiness
from therapist_desktop.services.safety_plan_lists import list_safety_plan_versions, safety_plans_due_for_review
from therapist_desktop.services.safety_plans import open_safety_plan, rows_from_contacts
from therapist_desktop.services.searching import search
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.services.treatment_plan_documents import plan_paper
from therapist_desktop.services.treatment_plan_lists import list_versions, objectives_in_force, plans_due
from therapist_desktop.services.treatment_plans import findings_of_plan, open_plan, plan_in_force


class _Chart:
    """A desk with a note, a signed treatment plan, a draft of the next, and a draft of a safety plan."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.practice, self.person, self.client_id = desk.practice, desk.person, desk.client_id
        self.note_id = desk.start()
        signed(self.practice, self.person, self.client_id, whole_plan())
        self.plan_id = written(self.practice, self.person, self.client_id, whole_plan()).plan_id
        self.safety_id = drafted(self.practice, self.person, self.client_id, whole_safety_plan()).plan_id
        with self.practice.writing() as session:
            # A heading, as an import may bring it.
            client = load_client(session, self.client_id)
            client.diagnoses.append(Diagnosis(code="F33", title="Made up", position=9))
        desk.clock.move(hours=1)

    def look(self, verb: Callable[..., object], *given: object) -> list[tuple[str, str, str, int | None]]:
        """Return what the audit trail gained by a look."""
        before = self._sequence()
        verb(self.practice, self.person, *given)
        with self.practice.reading() as session:
            events = session.scalars(
                select(AuditEvent).where(AuditEvent.sequence > before).order_by(AuditEvent.sequence)
            )
            return [(one.action, one.record_kind, one.detail, one.client_id) for one in events]

    def _sequence(self) -> int:
        with self.practice.reading() as session:
            return session.scalar(select(AuditEvent.sequence).order_by(AuditEvent.sequence.desc()).limit(1)) or 0


@pytest.fixture
def chart(desk: Desk) -> _Chart:
    return _Chart(desk)


_LOGGED: list[tuple[Callable[..., object], Callable[[_Chart], tuple[Any, ...]], tuple[str, str, str]]] = [
    (open_client, lambda c: (c.client_id,), ("view", "client", "")),
    (rows_from_contacts, lambda c: (c.client_id,), ("view", "client", "contacts")),
    (list_diagnoses, lambda c: (c.client_id,), ("view", "diagnosis", "list")),
    (outdated_diagnoses, lambda c: (c.desk.reference, TODAY), ("view", "diagnosis", "outdated")),
    (open_note, lambda c: (c.note_id,), ("view", "session note", "")),
    (readiness, lambda c: (c.desk.reference, c.note_id), ("view", "session note", "readiness")),
    (note_paper, lambda c: (c.note_id,), ("view", "session note", "")),
    (print_note, lambda c: (c.note_id,), ("print", "session note", "")),
    (open_plan, lambda c: (c.plan_id,), ("view", "treatment plan", "")),
    (plan_in_force, lambda c: (c.client_id,), ("view", "treatment plan", "")),
    (objectives_in_force, lambda c: (c.client_id, TODAY), ("view", "treatment plan", "objectives")),
    (findings_of_plan, lambda c: (c.plan_id,), ("view", "treatment plan", "findings")),
    (plan_paper, lambda c: (c.plan_id,), ("view", "treatment plan", "")),
    (open_safety_plan, lambda c: (c.safety_id,), ("view", "safety plan", "")),
    (list_charges, lambda c: (c.client_id,), ("view", "charges", "")),
    (list_disclosures, lambda c: (c.client_id,), ("view", "disclosures", "")),
]


@pytest.mark.parametrize(("verb", "given", "event"), _LOGGED, ids=lambda one: getattr(one, "__name__", ""))
def test_whoever_looks_at_what_a_chart_says_is_noted_with_the_client(
    chart: _Chart,
    verb: Callable[..., object],
    given: Callable[[_Chart], tuple[Any, ...]],
    event: tuple[str, str, str],
) -> None:
    assert chart.look(verb, *given(chart)) == [(*event, chart.client_id)]


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        (list_clients, lambda _: ()),
        (search, lambda _: (DEPRESSION,)),
        (list_notes, lambda c: (c.client_id,)),
        (open_drafts, lambda _: ()),
        (list_versions, lambda c: (c.client_id,)),
        (plans_due, lambda _: (date(2028, 1, 1),)),
        (list_safety_plan_versions, lambda c: (c.client_id,)),
        (safety_plans_due_for_review, lambda _: (date(2028, 1, 1),)),
        (duplicates_of, lambda _: (JORDAN,)),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_lists_of_names_and_dates_are_not_noted(
    chart: _Chart, verb: Callable[..., object], given: Callable[[_Chart], tuple[Any, ...]]
) -> None:
    assert chart.look(verb, *given(chart)) == []


def test_the_list_of_balances_is_noted_once_for_all(chart: _Chart) -> None:
    assert [one[0] for one in chart.look(list_balances)] == ["view"]


def test_what_an_editor_asks_again_and_again_is_noted_once(chart: _Chart) -> None:
    for _ in range(3):
        chart.look(findings_of_plan, chart.plan_id)
        chart.look(readiness, chart.desk.reference, chart.note_id)
    assert chart.look(findings_of_plan, chart.plan_id) == []
    assert chart.look(readiness, chart.desk.reference, chart.note_id) == []
