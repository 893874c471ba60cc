"""An older practice file in the place of today’s is noticed, told again and again, and accepted by an owner only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.harbor_chart import add_client
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.backups import make_backup, restore_backup, with_password
from therapist_desktop.services.checking import check_practice
from therapist_desktop.services.people import add_person
from therapist_desktop.services.practices import SignedIn, sign_in
from therapist_desktop.services.rollback import accept_rollback
from therapist_desktop.storage.audit_anchor import AnchorTag
from therapist_desktop.storage.key_file_store import read_key_file, write_key_file
from therapist_desktop.storage.practice import DATABASE

SAMS_PASSWORD = "seven boats in the fog"
Entered = Callable[[], SignedIn]


@pytest.fixture
def enter(practice_folder: Path, clock: TestClock) -> Entered:
    return lambda: sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)


@pytest.fixture
def rolled_back(practice_folder: Path, enter: Entered, tmp_path: Path, clock: TestClock) -> int:
    """A practice whose last day is gone: yesterday’s file lies beside today’s keys. Return what was anchored."""
    enter().sign_out()
    yesterday = Path(shutil.copy(practice_folder / DATABASE, tmp_path / "yesterday.db"))
    clock.move(days=1)
    today = enter()
    add_client(today.practice, today.person)
    today.sign_out()
    shutil.copy(yesterday, practice_folder / DATABASE)
    clock.move(days=1)
    return read_key_file(practice_folder).anchor.sequence


def actions(signed_in: SignedIn) -> list[str]:
    with signed_in.practice.reading() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


def test_ordinary_days_and_kills_raise_no_alarm(practice_folder: Path, enter: Entered) -> None:
    for _ in range(3):
        signed_in = enter()
        assert signed_in.practice.notices == ()
        add_client(signed_in.practice, signed_in.person)
        signed_in.abandon()  # as a kill does: the chain is longer than its anchor
    signed_in = enter()
    assert signed_in.practice.notices == ()
    assert not signed_in.practice.is_rolled_back
    signed_in.sign_out()
    assert enter().practice.notices == ()


def test_an_older_file_is_told_at_every_sign_in_and_by_every_check(
    practice_folder: Path, enter: Entered, rolled_back: int
) -> None:
    for _ in range(4):  # meanwhile the chain grows beyond the number that was anchored
        signed_in = enter()
        (notice,) = signed_in.practice.notices
        assert "older copy of the practice file" in notice
        assert "November 24, 2026" in notice
        assert actions(signed_in)[-2:] == ["rollback found", "sign in"]
        assert "key file remembers" in verify_audit_chain(signed_in.practice).fault
        assert not check_practice(signed_in.practice, signed_in.person).whole
        signed_in.sign_out()
        assert read_key_file(practice_folder).anchor.sequence == rolled_back


def test_the_alarm_outlives_a_new_key(practice_folder: Path, enter: Entered, rolled_back: int) -> None:
    signed_in = enter()
    signed_in.practice.rekey()
    signed_in.sign_out()
    assert enter().practice.is_rolled_back
    assert read_key_file(practice_folder).anchor.sequence == rolled_back


def test_an_owner_accepts_the_loss_and_the_audit_trail_keeps_it(enter: Entered, rolled_back: int) -> None:
    signed_in = enter()
    practice, rosa = signed_in.practice, signed_in.person
    sam = add_person(
        practice, rosa, Person(first_name="Sam", last_name="Lund", roles=[Role.BILLER.value]), SAMS_PASSWORD
    )
    with pytest.raises(UserError, match="Only an owner"):
        accept_rollback(practice, sam)
    assert practice.is_rolled_back
    accept_rollback(practice, rosa)
    assert verify_audit_chain(practice).whole
    with pytest.raises(UserError, match="nothing to accept"):
        accept_rollback(practice, rosa)
    signed_in.sign_out()
    again = enter()
    assert again.practice.notices == ()
    assert "rollback found" in actions(again)
    assert "rollback accepted" in actions(again)
    assert verify_audit_chain(again.practice).whole


@pytest.mark.parametrize("forgery", ["lower", "untagged", "of another key"])
def test_an_anchor_written_without_the_key_is_no_anchor(
    practice_folder: Path, enter: Entered, rolled_back: int, forgery: str
) -> None:
    keys = read_key_file(practice_folder)
    plain = json.loads((practice_folder / "practice.keys").read_text())
    assert plain["anchor"]["sequence"] == rolled_back  # anybody can read it, and write it back lower
    lower = replace(keys.anchor, sequence=0)
    tags = {
        "lower": keys.anchor_tags,
        "untagged": (),
        "of another key": (AnchorTag.made(lower, keys.vault_id, bytes(32)),),
    }[forgery]
    write_key_file(replace(keys, anchor=lower, anchor_tags=tags), practice_folder)
    signed_in = enter()
    assert "can be trusted" in signed_in.practice.notices[0]
    assert "was not written by this practice" in verify_audit_chain(signed_in.practice).fault
    signed_in.sign_out()
    assert read_key_file(practice_folder).anchor.sequence == 0
    again = enter()
    accept_rollback(again.practice, again.person)
    assert verify_audit_chain(again.practice).whole


def test_a_practice_restored_from_a_backup_raises_no_alarm(enter: Entered, tmp_path: Path, clock: TestClock) -> None:
    signed_in = enter()
    made = make_backup(signed_in.practice, signed_in.person, tmp_path)
    add_client(signed_in.practice, signed_in.person)
    signed_in.sign_out()
    folder = restore_backup(made.path, tmp_path / "Restored", with_password(1, PASSWORD), clock, kdf=CHEAP_KDF)
    restored = sign_in(folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
    assert restored.practice.notices == ()
    assert verify_audit_chain(restored.practice).whole
    restored.sign_out()
