"""Setting up a practice, signing in and out, and the people of the practice."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock, harbor_facts, rosa_alvarez
from tests.faults.workers import disk_that_takes
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.keys import confirm_recovery_key, prepare_recovery_key
from therapist_desktop.services.people import (
    add_person,
    change_password,
    list_people,
    remove_person,
    reset_password,
)
from therapist_desktop.services.practices import (
    SignedIn,
    change_facts,
    enter_with_recovery_key,
    logins,
    practice_facts,
    set_up_practice,
    sign_in,
)
from therapist_desktop.storage.key_file_store import BACKUP_NAME, NAME, read_key_file, write_key_file
from therapist_desktop.storage.key_slots import SlotKind
from therapist_desktop.storage.recovery_key import RecoveryKey

NEW_PASSWORD = "lanterns over the bay"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "Harbor Counseling.practice"


def set_up(place: Path, clock: TestClock) -> RecoveryKey:
    signed_in, recovery_key = set_up_practice(
        place, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF
    )
    signed_in.sign_out()
    return recovery_key


def enter(place: Path, clock: TestClock, password: str = PASSWORD, person_id: int = 1) -> SignedIn:
    return sign_in(place, person_id, password, clock, kdf=CHEAP_KDF)


def actions(signed_in: SignedIn) -> list[str]:
    with signed_in.practice.reading() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


def test_a_new_practice_is_a_private_folder_with_two_copies_of_its_keys(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    assert {path.name for path in place.iterdir()} == {
        "practice.db",
        "practice.keys",
        "practice.keys.bak",
        "practice.lock",
    }
    assert place.stat().st_mode & 0o077 == 0
    assert [(login.person_id, login.label) for login in logins(place)] == [(1, "Rosa Alvarez, LCSW")]


def test_a_day_is_in_the_audit_trail_from_signing_in_to_signing_out(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    signed_in = enter(place, clock)
    assert actions(signed_in)[-2:] == ["sign out", "sign in"]
    assert verify_audit_chain(signed_in.practice).whole
    signed_in.sign_out()


def test_a_failed_sign_in_is_in_the_audit_trail_of_the_next_one(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    for _ in range(2):
        with pytest.raises(UserError, match="password is not right"):
            enter(place, clock, "not this one, sorry")
    signed_in = enter(place, clock)
    assert actions(signed_in)[-3:] == ["failed sign-in", "failed sign-in", "sign in"]
    assert not (place / "practice.attempts").exists()
    signed_in.sign_out()


def test_only_a_wrong_secret_counts_as_a_failed_sign_in(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    with pytest.raises(UserError, match="not right"):
        enter(place, clock, "not this one, sorry")
    with pytest.raises(UserError, match="cannot sign in"):
        enter(place, clock, person_id=7)
    assert (place / "practice.attempts").read_text().count("\n") == 2
    (place / "practice.attempts").unlink()
    (place / "practice.db").rename(place / "elsewhere.db")
    with pytest.raises(UserError, match="missing"):
        enter(place, clock)
    for name in (NAME, BACKUP_NAME):
        (place / name).write_text("{}")
    with pytest.raises(UserError, match="damaged"):
        enter(place, clock)
    assert not (place / "practice.attempts").exists()


def relabelled(place: Path, **changes: str) -> None:
    """Change what the key file shows before anything is unlocked, as anybody who can write to the folder can."""
    key_file = read_key_file(place)
    slots = tuple(
        replace(slot, **changes) if slot.kind is SlotKind.PASSWORD else slot  # type: ignore[arg-type]
        for slot in key_file.slots
    )
    write_key_file(replace(key_file, generation=key_file.generation + 1, slots=slots), place)


def test_a_name_that_was_changed_in_the_key_file_is_told_and_put_right(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    relabelled(place, label="Somebody Else, PhD")
    signed_in = enter(place, clock)
    assert signed_in.person.name == "Rosa Alvarez"
    assert "names shown before signing in" in signed_in.practice.notices[0]
    signed_in.sign_out()
    assert [login.label for login in logins(place)] == ["Rosa Alvarez, LCSW"]
    signed_in = enter(place, clock)
    assert signed_in.practice.notices == ()
    signed_in.sign_out()


def test_a_login_without_a_number_is_told_as_a_damaged_key_file(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    relabelled(place, person_id="x")
    with pytest.raises(UserError, match="key file of this practice is damaged"):
        logins(place)


def test_a_practice_that_cannot_be_finished_leaves_nothing_behind(place: Path, clock: TestClock) -> None:
    with ExitStack() as full:

        def clock_of_a_full_disk() -> datetime:
            full.enter_context(disk_that_takes(1000))
            return clock()

        with pytest.raises(UserError, match="disk"):
            set_up_practice(
                place, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock_of_a_full_disk, kdf=CHEAP_KDF
            )
    assert list(place.parent.iterdir()) == []
    set_up(place, clock)


def test_a_second_start_is_refused_while_the_practice_is_open(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    signed_in = enter(place, clock)
    with pytest.raises(UserError, match="already open"):
        enter(place, clock)
    signed_in.sign_out()
    enter(place, clock).sign_out()


def test_the_recovery_key_opens_the_practice_to_set_a_new_password(place: Path, clock: TestClock) -> None:
    recovery_key = set_up(place, clock)
    recovered = enter_with_recovery_key(place, RecoveryKey.parse(recovery_key.text), clock, kdf=CHEAP_KDF)
    with pytest.raises(UserError, match="new password first"):
        _ = recovered.person
    reset_password(recovered.practice, None, list_people(recovered.practice)[0], NEW_PASSWORD)
    recovered.sign_out()
    with pytest.raises(UserError, match="not right"):
        enter(place, clock)
    signed_in = enter(place, clock, NEW_PASSWORD)
    second_key = prepare_recovery_key()
    confirm_recovery_key(signed_in.practice, signed_in.person, second_key, NEW_PASSWORD)
    signed_in.sign_out()
    with pytest.raises(UserError, match="newer one was printed"):
        enter_with_recovery_key(place, recovery_key, clock, kdf=CHEAP_KDF)
    enter_with_recovery_key(place, second_key, clock, kdf=CHEAP_KDF).sign_out()


def test_a_password_is_changed_by_its_owner_only_with_the_old_one(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    signed_in = enter(place, clock)
    with pytest.raises(UserError, match="not right"):
        change_password(signed_in.practice, signed_in.person, "wrong one here", NEW_PASSWORD)
    change_password(signed_in.practice, signed_in.person, PASSWORD, NEW_PASSWORD)
    signed_in.sign_out()
    enter(place, clock, NEW_PASSWORD).sign_out()


def test_somebody_who_left_cannot_open_the_practice_and_the_others_can(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    signed_in = enter(place, clock)
    bea = add_person(
        signed_in.practice,
        signed_in.person,
        Person(first_name="Bea", last_name="Lund", roles=[Role.BILLER.value]),
        NEW_PASSWORD,
    )
    with pytest.raises(UserError, match="cannot remove yourself"):
        remove_person(signed_in.practice, signed_in.person, signed_in.person.id, PASSWORD)
    signed_in.sign_out()
    enter(place, clock, NEW_PASSWORD, bea.id).sign_out()

    signed_in = enter(place, clock)
    remove_person(signed_in.practice, signed_in.person, bea.id, PASSWORD)
    signed_in.sign_out()
    with pytest.raises(UserError, match="cannot sign in"):
        enter(place, clock, NEW_PASSWORD, bea.id)
    signed_in = enter(place, clock)
    assert [person.active for person in list_people(signed_in.practice)] == [True, False]
    signed_in.sign_out()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"npi": "1234567890"}, "NPI"), ({"tax_id": "1-2345"}, "EIN"), ({"legal_name": " "}, "needs a name")],
)
def test_a_wrong_identifier_is_refused_before_anything_is_made(
    place: Path, clock: TestClock, change: dict[str, str], words: str
) -> None:
    facts = harbor_facts(clock())
    for name, value in change.items():
        setattr(facts, name, value)
    with pytest.raises(UserError, match=words):
        set_up_practice(place, facts, rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF)
    assert list(place.parent.iterdir()) == []


def test_an_easy_password_and_a_taken_place_are_refused(place: Path, clock: TestClock) -> None:
    with pytest.raises(UserError):
        set_up_practice(place, harbor_facts(clock()), rosa_alvarez(), "harbor", clock, kdf=CHEAP_KDF)
    set_up(place, clock)
    with pytest.raises(UserError, match="already something"):
        set_up(place, clock)


def test_a_folder_that_is_no_practice_is_refused_with_a_sentence(tmp_path: Path, clock: TestClock) -> None:
    with pytest.raises(UserError, match="no practice in that place"):
        enter(tmp_path / "nothing", clock)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no key file"):
        enter(tmp_path / "empty", clock)


def test_facts_are_changed_by_an_owner_and_checked(place: Path, clock: TestClock) -> None:
    set_up(place, clock)
    signed_in = enter(place, clock)
    with pytest.raises(UserError, match="NPI"):
        change_facts(signed_in.practice, signed_in.person, {"npi": "1324567893"})
    change_facts(signed_in.practice, signed_in.person, {"phone": "207-555-0199", "late_entry_hours": 48})
    facts = practice_facts(signed_in.practice)
    assert (facts.phone, facts.late_entry_hours, facts.npi) == ("207-555-0199", 48, "1245319599")
    signed_in.sign_out()
