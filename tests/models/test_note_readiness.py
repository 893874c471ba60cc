from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest

from therapist_desktop.catalogs.icd10 import Icd10Catalog
from therapist_desktop.models.billing_rules import BillingRules, load_billing_rules
from therapist_desktop.models.note_content import (
    NoteContent,
    NoteDiagnosisContent,
    NoteObjectiveContent,
    NoteSectionContent,
)
from therapist_desktop.models.note_readiness import WITH_OTHERS, Need, NoteContext, note_findings
from therapist_desktop.models.service import ServiceKind

EASTERN = timezone(timedelta(hours=-5))
WHOLE = NoteContent(
    client_id=1,
    client_name="Jordan Whitfield",
    client_born_on=date(1990, 4, 3),
    kind="progress",
    template="DAP",
    date_of_service=date(2026, 6, 2),
    start=time(9, 0),
    stop=time(9, 50),
    interruption_minutes=0,
    minutes=50,
    place_of_service="11",
    modality="in_person",
    client_state="",
    client_location="",
    participants="",
    service_label="Individual therapy 45",
    service_code="90834",
    risk_today="",
    diagnoses=(NoteDiagnosisContent(code="F41.1", title="Generalized anxiety disorder"),),
    objectives=(NoteObjectiveContent(label="1a", text="Drive to work twice a week"),),
    interventions=(),
    sections=(NoteSectionContent(heading="Data", text="Slept better this week."),),
    late_entry=False,
    begun_at=datetime(2026, 6, 2, 11, 0, tzinfo=EASTERN),
)
CONTEXT = NoteContext(today=date(2026, 6, 2), service_kind="individual", plan_has_objectives=True)


@pytest.fixture(scope="module")
def catalog() -> Iterator[Icd10Catalog]:
    with Icd10Catalog() as icd10:
        yield icd10


@pytest.fixture(scope="module")
def rules() -> BillingRules:
    return load_billing_rules()


class Author:
    """Looks a note over with the real catalog and rules."""

    def __init__(self, catalog: Icd10Catalog, rules: BillingRules) -> None:
        self.catalog = catalog
        self.rules = rules

    def needs(self, note: NoteContent, context: NoteContext = CONTEXT) -> list[tuple[Need, str]]:
        found = note_findings(note, catalog=self.catalog, rules=self.rules, context=context)
        return [(finding.need, finding.key) for finding in found]


@pytest.fixture(scope="module")
def author(catalog: Icd10Catalog, rules: BillingRules) -> Author:
    return Author(catalog, rules)


def note(**changes: object) -> NoteContent:
    return replace(WHOLE, **changes)  # type: ignore[arg-type]


def diagnosed(code: str) -> tuple[NoteDiagnosisContent, ...]:
    return (NoteDiagnosisContent(code=code, title=""),)


def test_a_whole_note_can_be_signed(author: Author) -> None:
    assert author.needs(WHOLE) == []


@pytest.mark.parametrize(
    ("changes", "need", "key"),
    [
        ({"date_of_service": date(2026, 6, 3)}, Need.MUST, "date in the future"),
        ({"sections": ()}, Need.MUST, "no text"),
        ({"sections": (NoteSectionContent(heading="Data", text=" \n"),)}, Need.MUST, "no text"),
        ({"start": None, "stop": None, "minutes": None}, Need.MUST, "times"),
        ({"stop": None}, Need.MUST, "times"),
        ({"stop": time(9, 0)}, Need.MUST, "times"),
        ({"stop": time(8, 50)}, Need.MUST, "times"),
        ({"interruption_minutes": 50}, Need.MUST, "times"),
        ({"stop": time(9, 30)}, Need.SHOULD, "minutes do not fit"),
        ({"interruption_minutes": 13}, Need.SHOULD, "minutes do not fit"),
        ({"place_of_service": ""}, Need.MUST, "place of service"),
        ({"place_of_service": "10"}, Need.MUST, "place of service"),
        ({"service_label": "", "service_code": ""}, Need.MUST, "service"),
        ({"objectives": ()}, Need.SHOULD, "objective"),
        ({"diagnoses": ()}, Need.SHOULD, "diagnosis"),
        ({"diagnoses": diagnosed("F43.1")}, Need.MUST, "diagnosis not billable"),
        ({"diagnoses": diagnosed("F10.A0")}, Need.MUST, "diagnosis not billable"),
    ],
)
def test_what_a_note_lacks_is_named(author: Author, changes: dict[str, object], need: Need, key: str) -> None:
    assert author.needs(note(**changes)) == [(need, key)]


def test_minutes_alone_are_enough(author: Author) -> None:
    assert author.needs(note(start=None, stop=None)) == []


def test_telehealth_says_in_which_state_and_where_the_client_was(author: Author) -> None:
    by_video = note(modality="video", place_of_service="10")
    assert author.needs(by_video) == [(Need.MUST, "client state"), (Need.SHOULD, "client location")]
    assert author.needs(replace(by_video, client_state="ME", client_location="At home")) == []


@pytest.mark.parametrize("kind", ["couple or family", "group"])
def test_with_others_in_the_room_the_note_says_who_took_part(author: Author, kind: str) -> None:
    context = replace(CONTEXT, service_kind=kind)
    assert author.needs(WHOLE, context) == [(Need.MUST, "participants")]
    assert author.needs(note(participants="Partner"), context) == []


def test_kinds_are_those_of_the_service_catalogue() -> None:
    assert set(ServiceKind) >= WITH_OTHERS


def test_without_a_plan_the_plan_is_asked_for_but_not_at_the_intake(author: Author) -> None:
    no_plan = replace(CONTEXT, plan_has_objectives=False)
    assert author.needs(note(objectives=()), no_plan) == [(Need.SHOULD, "plan")]
    intake = replace(no_plan, service_kind="intake")
    assert author.needs(note(objectives=(), service_code="90791"), intake) == []


def test_a_code_of_next_years_table_does_not_keep_a_note_from_being_signed(author: Author) -> None:
    later = note(date_of_service=date(2027, 1, 4), diagnoses=diagnosed("F41.4"))
    assert author.needs(later, replace(CONTEXT, today=date(2027, 1, 4))) == [(Need.SHOULD, "diagnosis not billable")]


def test_a_note_of_a_phone_call_needs_only_its_text(author: Author) -> None:
    call = note(
        kind="contact",
        start=None,
        stop=None,
        minutes=None,
        place_of_service="",
        service_label="",
        service_code="",
        diagnoses=(),
        objectives=(),
    )
    assert author.needs(call, replace(CONTEXT, is_session=False)) == []


def test_what_keeps_a_note_from_being_signed_comes_first(author: Author) -> None:
    needs = [need for need, _ in author.needs(note(diagnoses=(), objectives=(), place_of_service="", stop=None))]
    assert needs == [Need.MUST, Need.MUST, Need.SHOULD, Need.SHOULD]
