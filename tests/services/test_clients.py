"""A client’s record from the first call to discharge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import TestClock
from therapist_desktop.models.client import ClientAccess, ClientStatus, ContactKind
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Licence, Person, Role
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.client_duplicates import Duplicates, duplicates_of
from therapist_desktop.services.client_record import (
    AddressEntry,
    ClientRecord,
    ContactEntry,
    PhoneEntry,
    PolicyEntry,
)
from therapist_desktop.services.clients import (
    add_client,
    assign_client,
    list_clients,
    open_client,
    save_client,
    set_status,
)
from therapist_desktop.services.diagnoses import add_diagnosis, list_diagnoses, order_diagnoses, resolve_diagnosis
from therapist_desktop.services.people import add_person
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.searching import search
from therapist_desktop.storage.practice import Practice

JORDAN = ClientRecord(
    first_name="Jordan",
    last_name="Whitfield",
    used_name="Jo",
    pronouns="they/them",
    born_on=date(2007, 3, 14),
    plan_sex="F",
    gender="nonbinary",
    email="jo@example.com",
    phones=(PhoneEntry(number="(207) 555-0142", may_leave_message=False),),
    addresses=(AddressEntry(line1="18 Elm St", city="Portland", state="ME", postal_code="04103"),),
    contacts=(
        ContactEntry(kind=ContactKind.EMERGENCY, name="Alex Whitfield", relation="sibling", phone="207-555-0117"),
        ContactEntry(kind=ContactKind.PRIMARY_CARE, name="Dr. Hahn", organization="Casco Family Medicine"),
    ),
    policies=(PolicyEntry(payer_name="Anthem PPO", member_id="XHP883201774"),),
    tags=("dbt", "evening"),
)


@pytest.fixture
def reference() -> Reference:
    return Reference()


def test_what_was_entered_comes_back_in_every_field(practice: Practice, rosa: Person) -> None:
    opened = open_client(practice, rosa, add_client(practice, rosa, JORDAN))
    assert opened.record == replace(JORDAN, clinician_id=rosa.id)
    assert opened.status is ClientStatus.ACTIVE
    assert opened.gaps == ()
    assert not opened.is_minor


def test_a_changed_field_is_saved_and_named_in_the_audit_trail_without_its_value(
    practice: Practice, rosa: Person
) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    opened = open_client(practice, rosa, client_id)
    changed = replace(opened.record, pronouns="she/her", tags=("evening",))
    revision = save_client(practice, rosa, client_id, changed, opened.revision)
    again = open_client(practice, rosa, client_id)
    assert (again.record, again.revision) == (changed, revision)
    with practice.database.alone() as connection:
        details = [row[0] for row in connection.raw.execute("SELECT detail FROM audit_event")]
    assert "fields:pronouns,tags" in details
    assert not any("she/her" in detail for detail in details)


def test_saving_without_a_change_writes_nothing(practice: Practice, rosa: Person) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    opened = open_client(practice, rosa, client_id)
    before = verify_audit_chain(practice).events
    assert save_client(practice, rosa, client_id, opened.record, opened.revision) == opened.revision
    assert verify_audit_chain(practice).events == before


def test_two_editors_cannot_overwrite_each_other(practice: Practice, rosa: Person) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    opened = open_client(practice, rosa, client_id)
    save_client(practice, rosa, client_id, replace(opened.record, gender="woman"), opened.revision)
    with pytest.raises(UserError, match="Somebody else changed"):
        save_client(practice, rosa, client_id, replace(opened.record, gender="man"), opened.revision)
    assert open_client(practice, rosa, client_id).record.gender == "woman"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first_name": " ", "last_name": ""}, "needs a name"),
        ({"plan_sex": "X"}, "M, F or U"),
        ({"born_on": date(2030, 1, 1)}, "future"),
        ({"born_on": date(1066, 1, 1)}, "1900"),
        ({"email": "nowhere"}, "e-mail"),
        ({"phones": (PhoneEntry(number="12"),)}, "phone"),
        ({"addresses": (AddressEntry(line1="1 Elm", postal_code="4103"),)}, "ZIP"),
        ({"contacts": (ContactEntry(kind=ContactKind.REFERRER, name="Dr. Hahn", npi="1234567890"),)}, "NPI"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(
    practice: Practice, rosa: Person, change: dict[str, object], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        add_client(practice, rosa, replace(JORDAN, **change))  # type: ignore[arg-type]
    assert list_clients(practice, rosa) == ()


def test_a_minor_without_a_guardian_is_pointed_out_until_one_is_added(practice: Practice, rosa: Person) -> None:
    record = replace(JORDAN, born_on=date(2012, 5, 1))
    client_id = add_client(practice, rosa, record)
    opened = open_client(practice, rosa, client_id)
    assert opened.is_minor
    assert opened.gaps[0].key == "guardian missing"
    guardian = ContactEntry(kind=ContactKind.GUARDIAN, name="Sam Whitfield", relation="father")
    save_client(
        practice, rosa, client_id, replace(opened.record, contacts=(*record.contacts, guardian)), opened.revision
    )
    assert open_client(practice, rosa, client_id).gaps == ()


def test_a_likely_duplicate_is_pointed_out_before_and_after_adding(practice: Practice, rosa: Person) -> None:
    first = add_client(practice, rosa, JORDAN)
    twice = replace(JORDAN, last_name="Whitfeld", email="")
    (found,) = duplicates_of(practice, rosa, twice).shown
    assert found.other_id == first
    second = add_client(practice, rosa, twice)
    assert [one.other_id for one in open_client(practice, rosa, second).duplicates] == [first]
    assert duplicates_of(practice, rosa, ClientRecord(first_name="Maya", last_name="Okafor")) == Duplicates()


def test_status_moves_forward_with_its_dates(practice: Practice, rosa: Person) -> None:
    client_id = add_client(practice, rosa, replace(JORDAN, started_on=date(2026, 1, 5)))
    set_status(practice, rosa, client_id, ClientStatus.DISCHARGED, date(2026, 11, 1), "goals met")
    opened = open_client(practice, rosa, client_id)
    assert (opened.status, opened.status_since) == (ClientStatus.DISCHARGED, date(2026, 11, 1))
    with pytest.raises(UserError, match="before the last change"):
        set_status(practice, rosa, client_id, ClientStatus.ACTIVE, date(2026, 10, 1))


def test_the_list_is_sorted_by_last_name_and_filtered_by_status_and_tag(practice: Practice, rosa: Person) -> None:
    add_client(practice, rosa, JORDAN)
    add_client(practice, rosa, ClientRecord(first_name="Élise", last_name="Ábel"), status=ClientStatus.INQUIRY)
    assert [row.name for row in list_clients(practice, rosa)] == ["Élise Ábel", "Jo Whitfield"]
    assert [row.name for row in list_clients(practice, rosa, status=ClientStatus.INQUIRY)] == ["Élise Ábel"]
    assert [row.name for row in list_clients(practice, rosa, tag="dbt")] == ["Jo Whitfield"]


def test_a_diagnosis_is_checked_against_the_table_of_its_date(
    practice: Practice, rosa: Person, reference: Reference
) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    with pytest.raises(UserError, match=r"F33 is a heading.*F33\.0"):
        add_diagnosis(practice, rosa, reference, client_id, "F33", onset_on=date(2026, 9, 1))
    with pytest.raises(UserError, match="not an ICD-10-CM code"):
        add_diagnosis(practice, rosa, reference, client_id, "F10.A0", onset_on=date(2026, 9, 1))
    add_diagnosis(practice, rosa, reference, client_id, "f331", onset_on=date(2026, 9, 1))
    with pytest.raises(UserError, match="already on the list"):
        add_diagnosis(practice, rosa, reference, client_id, "F33.1")
    (row,) = list_diagnoses(practice, rosa, client_id)
    assert (row.code, row.title) == ("F33.1", "Major depressive disorder, recurrent, moderate")


def test_a_code_newer_than_the_tables_at_hand_is_added_with_its_title(
    practice: Practice, rosa: Person, reference: Reference
) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    with pytest.raises(UserError, match="not an ICD-10-CM code"):
        add_diagnosis(practice, rosa, reference, client_id, "F33.7", onset_on=date(2026, 9, 30), title="Made up")
    with pytest.raises(UserError, match="not an ICD-10-CM code"):
        add_diagnosis(practice, rosa, reference, client_id, "F33.7", onset_on=date(2026, 10, 1))
    add_diagnosis(practice, rosa, reference, client_id, "F33.7", onset_on=date(2026, 10, 1), title="Made up")
    assert [(row.code, row.title) for row in list_diagnoses(practice, rosa, client_id)] == [("F33.7", "Made up")]


def test_diagnoses_are_ordered_and_resolved(practice: Practice, rosa: Person, reference: Reference) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    first = add_diagnosis(practice, rosa, reference, client_id, "F41.1", onset_on=date(2026, 5, 1))
    second = add_diagnosis(practice, rosa, reference, client_id, "F33.1", onset_on=date(2026, 5, 1))
    order_diagnoses(practice, rosa, client_id, [second, first])
    resolve_diagnosis(practice, rosa, client_id, first, date(2026, 10, 1))
    assert [(row.code, row.resolved_on) for row in list_diagnoses(practice, rosa, client_id)] == [
        ("F33.1", None),
        ("F41.1", date(2026, 10, 1)),
    ]
    with pytest.raises(UserError, match="before its onset"):
        resolve_diagnosis(practice, rosa, client_id, second, date(2026, 1, 1))


@pytest.fixture
def ken(practice: Practice, rosa: Person) -> Person:
    return add_person(
        practice,
        rosa,
        Person(
            first_name="Ken",
            last_name="Osei",
            credentials="LMSW",
            roles=[Role.SUPERVISEE.value],
            supervisor_id=rosa.id,
            licences=[Licence(kind="LMSW", number="LM1", state="ME")],
        ),
        "paper lanterns on the bay",
    )


@pytest.fixture
def biller(practice: Practice, rosa: Person) -> Person:
    return add_person(
        practice,
        rosa,
        Person(first_name="Bea", last_name="Lund", roles=[Role.BILLER.value]),
        "paper lanterns on the bay",
    )


def test_a_clinician_sees_only_the_charts_that_are_theirs(practice: Practice, rosa: Person, ken: Person) -> None:
    hers = add_client(practice, rosa, JORDAN)
    his = add_client(practice, ken, ClientRecord(first_name="Maya", last_name="Okafor"))
    assert [row.client_id for row in list_clients(practice, ken)] == [his]
    with pytest.raises(UserError, match="not open to you"):
        open_client(practice, ken, hers)
    assert {row.client_id for row in list_clients(practice, rosa)} == {hers, his}


def test_searching_finds_names_phones_and_member_ids_as_far_as_one_may_see_them(
    practice: Practice, rosa: Person, ken: Person, biller: Person
) -> None:
    hers = add_client(practice, rosa, JORDAN)
    for words in ("whit jo", "555-0142", "XHP883", '"casco family"', "hahn"):
        (hit,) = search(practice, rosa, words)
        assert (hit.client_id, hit.client_name) == (hers, "Jo Whitfield")
    assert search(practice, ken, "whitfield") == ()
    assert len(search(practice, biller, "whitfield")) == 1
    opened = open_client(practice, rosa, hers)
    renamed = replace(opened.record, last_name="Marlowe", contacts=())
    save_client(practice, rosa, hers, renamed, opened.revision)
    assert search(practice, rosa, "whitfield jo 555-0142") == ()
    assert search(practice, rosa, "marlowe")[0].title == "Jo Marlowe"


@pytest.fixture
def nia(practice: Practice, rosa: Person) -> Person:
    newcomer = Person(first_name="Nia", last_name="Reyes", roles=[Role.CLINICIAN.value])
    return add_person(practice, rosa, newcomer, "paper lanterns on the bay")


def client_events(practice: Practice, client_id: int) -> list[tuple[str, int, str]]:
    """Action, person and detail of every event about a client, oldest first."""
    with practice.database.alone() as connection:
        rows = connection.raw.execute(
            "SELECT action, person_id, detail FROM audit_event WHERE client_id = ? ORDER BY sequence", (client_id,)
        )
        return [(str(action), int(person), str(detail)) for action, person, detail in rows]


def test_of_a_colleagues_client_no_more_is_told_than_that_somebody_is_there_and_that_is_noted(
    practice: Practice, rosa: Person, nia: Person, biller: Person
) -> None:
    hers = add_client(practice, rosa, JORDAN)
    found = duplicates_of(practice, nia, replace(JORDAN, gender=""))
    assert (found.shown, found.hidden) == ((), (hers,))
    assert client_events(practice, hers)[-1] == ("view", nia.id, "duplicate-hinted")
    opened = open_client(practice, nia, add_client(practice, nia, replace(JORDAN, used_name="")))
    assert (opened.duplicates, opened.duplicate_with_colleague) == ((), True)
    merely_alike = replace(JORDAN, born_on=None, email="", phones=(), policies=())
    assert duplicates_of(practice, nia, replace(merely_alike, last_name="Whitfeld")).hidden == ()
    assert len(duplicates_of(practice, biller, JORDAN).shown) == 2


def test_who_treats_a_client_is_not_changed_in_the_record(
    practice: Practice, rosa: Person, nia: Person, biller: Person
) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    with practice.writing() as session:
        session.add(ClientAccess(client_id=client_id, person_id=nia.id))
    for person, clinician_id in ((nia, nia.id), (biller, biller.id), (rosa, nia.id), (rosa, None)):
        opened = open_client(practice, person, client_id)
        with pytest.raises(UserError, match="Hand the client over"):
            save_client(
                practice, person, client_id, replace(opened.record, clinician_id=clinician_id), opened.revision
            )
    for person in (nia, biller):
        with pytest.raises(UserError, match="Only the client’s clinician or an owner"):
            assign_client(practice, person, client_id, nia.id)
    assert open_client(practice, rosa, client_id).record.clinician_id == rosa.id


def test_a_client_is_handed_over_by_their_clinician_or_an_owner_and_that_is_noted(
    practice: Practice, rosa: Person, ken: Person, nia: Person
) -> None:
    client_id = add_client(practice, nia, JORDAN)
    revision = assign_client(practice, nia, client_id, ken.id)
    with pytest.raises(UserError, match="not open to you"):
        open_client(practice, nia, client_id)
    opened = open_client(practice, ken, client_id)
    assert (opened.record.clinician_id, opened.revision) == (ken.id, revision)
    assign_client(practice, rosa, client_id, nia.id)
    assert open_client(practice, nia, client_id).record.clinician_id == nia.id
    changes = [event for event in client_events(practice, client_id) if event[0] == "change"]
    assert changes == [("change", nia.id, f"clinician:{ken.id}"), ("change", rosa.id, f"clinician:{nia.id}")]


def test_only_an_active_clinician_is_given_a_client(
    practice: Practice, rosa: Person, ken: Person, nia: Person, biller: Person
) -> None:
    client_id = add_client(practice, rosa, JORDAN)
    with practice.writing() as session:
        session.get_one(Person, ken.id).active = False
    for clinician_id in (biller.id, ken.id, 4711):
        with pytest.raises(UserError, match="a clinician of this practice"):
            assign_client(practice, rosa, client_id, clinician_id)
        with pytest.raises(UserError, match="a clinician of this practice"):
            add_client(practice, biller, replace(JORDAN, clinician_id=clinician_id))
    by_the_biller = add_client(practice, biller, replace(JORDAN, first_name="Maya", clinician_id=nia.id))
    assert open_client(practice, nia, by_the_biller).record.clinician_id == nia.id
    without = add_client(practice, biller, replace(JORDAN, first_name="Lee"))
    assert open_client(practice, biller, without).record.clinician_id is None


def test_a_clinicians_new_client_is_their_own_and_somebody_without_a_role_adds_none(
    practice: Practice, rosa: Person, nia: Person
) -> None:
    with pytest.raises(UserError, match="your own"):
        add_client(practice, nia, replace(JORDAN, clinician_id=rosa.id))
    nobody = Person(first_name="No", last_name="Role", roles=[])
    nobody = add_person(practice, rosa, nobody, "paper lanterns on the bay")
    for verb in (lambda: add_client(practice, nobody, JORDAN), lambda: duplicates_of(practice, nobody, JORDAN)):
        with pytest.raises(UserError, match="does not include clients"):
            verb()
    assert list_clients(practice, rosa) == ()


def test_only_an_owner_adds_people_and_an_easy_password_is_refused(
    practice: Practice, rosa: Person, ken: Person
) -> None:
    newcomer = Person(first_name="Nia", last_name="Reyes", roles=[Role.CLINICIAN.value])
    with pytest.raises(UserError, match="Only an owner"):
        add_person(practice, ken, newcomer, "paper lanterns on the bay")
    with pytest.raises(UserError):
        add_person(practice, rosa, newcomer, "short")


def test_the_audit_chain_is_whole_after_a_day(practice: Practice, rosa: Person, clock: TestClock) -> None:
    for place in range(5):
        clock.move(minutes=10)
        add_client(practice, rosa, replace(JORDAN, first_name=f"Jordan {place}"))
    report = verify_audit_chain(practice)
    assert report.whole
    assert report.events == 5
