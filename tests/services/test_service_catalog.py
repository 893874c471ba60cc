"""The list of services: our own words to start with, the practice’s codes and fees."""

from __future__ import annotations

import pytest

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.service import ServiceKind
from therapist_desktop.services.people import list_people
from therapist_desktop.services.service_catalog import (
    ServiceRow,
    add_service,
    add_starter_services,
    change_service,
    list_services,
    restore_service,
    retire_service,
    starter_services,
    suggest_service,
)
from therapist_desktop.storage.practice import Practice


def named(practice: Practice, label: str) -> ServiceRow:
    (row,) = (one for one in list_services(practice, include_retired=True) if one.label == label)
    return row


def test_a_new_practice_starts_with_plain_names_without_codes_or_fees(practice: Practice, rosa: Person) -> None:
    added = add_starter_services(practice, rosa)
    rows = list_services(practice)
    assert added == len(rows) == len(starter_services()) > 10
    assert {row.code for row in rows} == {""}
    assert {row.fee_cents for row in rows} == {0}
    assert {row.kind for row in rows} >= set(ServiceKind) - {ServiceKind.OTHER}


def test_starter_services_are_added_once_and_keep_what_the_practice_changed(practice: Practice, rosa: Person) -> None:
    add_starter_services(practice, rosa)
    change_service(practice, rosa, named(practice, "Group session").service_id, code="90853", fee_cents=60_00)
    assert add_starter_services(practice, rosa) == 0
    assert named(practice, "Group session").code == "90853"


def test_every_add_on_a_starter_service_names_is_itself_a_starter_add_on() -> None:
    add_ons = {one.label for one in starter_services() if one.kind is ServiceKind.ADD_ON}
    named_ones = {label for one in starter_services() for label in one.add_ons}
    assert named_ones
    assert named_ones <= add_ons


@pytest.mark.parametrize(
    ("minutes", "label"),
    [
        (15, None),
        (16, "Individual therapy 30"),
        (37, "Individual therapy 30"),
        (38, "Individual therapy 45"),
        (52, "Individual therapy 45"),
        (53, "Individual therapy 60"),
    ],
)
def test_minutes_suggest_the_service_whose_band_they_are_in(
    practice: Practice, rosa: Person, minutes: int, label: str | None
) -> None:
    """The bands of clinical.md 1.3."""
    add_starter_services(practice, rosa)
    suggested = suggest_service(practice, minutes, ServiceKind.INDIVIDUAL)
    assert (suggested.label if suggested else None) == label


def test_a_retired_service_is_neither_listed_nor_suggested_until_it_is_restored(
    practice: Practice, rosa: Person
) -> None:
    service_id = add_service(practice, rosa, label="Walk and talk", kind=ServiceKind.OTHER)
    retire_service(practice, rosa, service_id)
    assert list_services(practice) == ()
    assert suggest_service(practice, 50, ServiceKind.OTHER) is None
    restore_service(practice, rosa, service_id)
    assert suggest_service(practice, 50, ServiceKind.OTHER) == named(practice, "Walk and talk")


def test_what_is_typed_is_tidied(practice: Practice, rosa: Person) -> None:
    service_id = add_service(practice, rosa, label="  Safety plan ", code=" g0560", modifiers=["hq"])
    row = named(practice, "Safety plan")
    assert (row.service_id, row.code, row.modifiers) == (service_id, "G0560", ("HQ",))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label": " "}, "needs a name"),
        ({"label": "Intake"}, "already a service with this name"),
        ({"label": "New", "code": "9083"}, "five characters"),
        ({"label": "New", "fee_cents": -1}, "A fee is between"),
        ({"label": "New", "min_minutes": 50, "max_minutes": 40}, "cannot be fewer"),
        ({"label": "New", "place_of_service": "office"}, "two digits"),
        ({"label": "New", "modifiers": ["95", "95"]}, "twice"),
        ({"label": "New", "add_ons": ["Nothing like it"]}, "must itself be in the list"),
    ],
)
def test_a_service_that_cannot_be_right_is_refused_and_not_kept(
    practice: Practice, rosa: Person, fields: dict[str, object], sentence: str
) -> None:
    add_service(practice, rosa, label="Intake")
    with pytest.raises(UserError, match=sentence):
        add_service(practice, rosa, **fields)  # type: ignore[arg-type]
    assert [row.label for row in list_services(practice)] == ["Intake"]


def test_renaming_an_add_on_keeps_it_beside_its_services(practice: Practice, rosa: Person) -> None:
    add_starter_services(practice, rosa)
    change_service(practice, rosa, named(practice, "Safety plan").service_id, label="Safety planning")
    assert "Safety planning" in named(practice, "Crisis session").add_ons
    assert all("Safety plan" not in row.add_ons for row in list_services(practice))


def test_services_and_fees_are_set_by_owner_and_biller_only(practice: Practice, rosa: Person) -> None:
    service_id = add_service(practice, rosa, label="Intake")
    biller, clinician = (
        Person(first_name="Bea", last_name="Lund", roles=[role.value]) for role in (Role.BILLER, Role.CLINICIAN)
    )
    with practice.writing() as session:
        session.add_all([biller, clinician])
    change_service(practice, biller, service_id, fee_cents=200_00)
    with pytest.raises(UserError, match="set by the owner or the biller"):
        change_service(practice, clinician, service_id, fee_cents=1_00)
    assert named(practice, "Intake").fee_cents == 200_00
    assert len(list_people(practice)) == 3
