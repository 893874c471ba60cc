"""What documents say of a person: changed by themselves or an owner, and what was signed before stays."""

from __future__ import annotations

from datetime import date

import pytest

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.people import add_person, list_people
from therapist_desktop.services.person_record import change_person, set_licence
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def ken(practice: Practice, rosa: Person) -> Person:
    return add_person(
        practice,
        rosa,
        Person(first_name="Ken", last_name="Osei", roles=[Role.CLINICIAN.value]),
        "paper lanterns on the bay",
    )


def test_a_clinician_changes_their_own_record_and_the_login_shows_the_new_name(
    practice: Practice, ken: Person
) -> None:
    changed = change_person(practice, ken, ken.id, credentials="LCSW", npi="1558598797", taxonomy="1041C0700X")
    assert changed.name_and_credentials == "Ken Osei, LCSW"
    assert (ken.id, "Ken Osei, LCSW") in practice.key_file.people
    assert list_people(practice)[1].npi == "1558598797"


def test_only_an_owner_changes_somebody_else(practice: Practice, rosa: Person, ken: Person) -> None:
    with pytest.raises(UserError, match="Only an owner"):
        change_person(practice, ken, rosa.id, credentials="MD")
    with pytest.raises(UserError, match="Only an owner"):
        set_licence(practice, ken, rosa.id, kind="LCSW", number="1", state="ME")
    assert change_person(practice, rosa, ken.id, phone="207-555-0144").phone == "207-555-0144"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"npi": "1234567890"}, "NPI"),
        ({"taxonomy": "1041C"}, "taxonomy"),
        ({"email": "nowhere"}, "e-mail"),
        ({"last_name": " "}, "last name"),
    ],
)
def test_what_cannot_be_right_is_refused(
    practice: Practice, ken: Person, changes: dict[str, str], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        change_person(practice, ken, ken.id, **changes)  # type: ignore[arg-type]


def test_nobody_is_added_with_a_wrong_npi(practice: Practice, rosa: Person) -> None:
    nia = Person(first_name="Nia", last_name="Reyes", npi="1234567890", roles=[Role.CLINICIAN.value])
    with pytest.raises(UserError, match="NPI"):
        add_person(practice, rosa, nia, "paper lanterns on the bay")
    assert len(list_people(practice)) == 1


def test_a_license_is_renewed_and_another_state_added(practice: Practice, rosa: Person) -> None:
    set_licence(practice, rosa, rosa.id, kind="LCSW", number="LC12345", state="me", expires_on=date(2029, 3, 31))
    person = set_licence(practice, rosa, rosa.id, kind="LCSW", number="SW7", state="NH", expires_on=date(2028, 1, 1))
    assert [(one.state, one.number, one.expires_on) for one in person.licences] == [
        ("ME", "LC12345", date(2029, 3, 31)),
        ("NH", "SW7", date(2028, 1, 1)),
    ]
    assert person.licences[0].issued_on == date(2015, 4, 1)
    with pytest.raises(UserError, match="state"):
        set_licence(practice, rosa, rosa.id, kind="LCSW", number="1", state="Maine")
    with pytest.raises(UserError, match="before it begins"):
        set_licence(
            practice,
            rosa,
            rosa.id,
            kind="LCSW",
            number="LC12345",
            state="ME",
            issued_on=date(2026, 1, 1),
            expires_on=date(2025, 1, 1),
        )
