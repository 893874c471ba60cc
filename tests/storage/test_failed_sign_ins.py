"""Failed tries are noted and counted; whatever else is in the note’s place, it stops nobody from signing in."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.errors import UserError
from therapist_desktop.services.practices import sign_in
from therapist_desktop.storage.failed_sign_ins import (
    NAME,
    FailedSignIn,
    failed_sign_ins,
    forget_failed_sign_ins,
    note_failed_sign_in,
)

MOMENT = "2026-11-23T10:00:00-05:00"


def line(**changes: object) -> bytes:
    return json.dumps({"moment": MOMENT, "person": 1, "more": 0} | changes).encode() + b"\n"


def lay(folder: Path, what: str) -> None:
    """Put something into the place of the note."""
    path = folder / NAME
    match what:
        case "a folder":
            path.mkdir()
        case "a pipe":
            os.mkfifo(path)
        case "a link to nowhere":
            path.symlink_to(folder / "nowhere")
        case "deep nesting":
            path.write_bytes(b"[" * 200_000 + b"\n")
        case "shallow nesting":
            path.write_bytes(b"[" * 190 + b"\n")
        case "no text":
            path.write_bytes(bytes(range(256)) * 100)
        case "endless":
            with path.open("wb") as file:
                file.truncate(10**12)


def test_tries_are_noted_in_their_order_and_forgotten(tmp_path: Path, clock: TestClock) -> None:
    note_failed_sign_in(tmp_path, 1, clock())
    clock.move(minutes=1)
    note_failed_sign_in(tmp_path, None, clock())
    assert failed_sign_ins(tmp_path) == [FailedSignIn(MOMENT, 1), FailedSignIn(clock().isoformat(), None)]
    forget_failed_sign_ins(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_may_read_the_note_even_where_new_files_are_readable(tmp_path: Path, clock: TestClock) -> None:
    before = os.umask(0)
    try:
        note_failed_sign_in(tmp_path, 1, clock())
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_a_flood_of_tries_hides_neither_the_first_nor_the_newest_and_all_are_counted(
    tmp_path: Path, clock: TestClock
) -> None:
    moments = []
    for _ in range(450):
        clock.move(seconds=1)
        moments.append(clock().isoformat())
        note_failed_sign_in(tmp_path, 1, clock())
    noted = failed_sign_ins(tmp_path)
    assert [one.moment for one in noted] == moments[:100] + moments[-100:]
    assert {place: one.and_more for place, one in enumerate(noted) if one.and_more} == {99: 250}
    assert (tmp_path / NAME).stat().st_size < 1 << 16


def test_the_audit_trail_says_how_many_were_only_counted(practice_folder: Path, clock: TestClock) -> None:
    (practice_folder / NAME).write_bytes(line() + line(more=250))
    signed_in = sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
    with signed_in.practice.reading() as session:
        told = select(AuditEvent.detail).where(AuditEvent.action == "failed sign-in").order_by(AuditEvent.sequence)
        assert session.scalars(told).all() == [f"at:{MOMENT}", f"at:{MOMENT} more:250"]
    signed_in.sign_out()


@pytest.mark.parametrize("junk", [b"x" * 100_001, line() * 5000], ids=["no lines", "forged lines"])
def test_after_any_flood_the_next_try_is_noted(tmp_path: Path, clock: TestClock, junk: bytes) -> None:
    (tmp_path / NAME).write_bytes(junk)
    clock.move(days=1)
    note_failed_sign_in(tmp_path, 7, clock())
    assert failed_sign_ins(tmp_path)[-1] == FailedSignIn(clock().isoformat(), 7)
    assert (tmp_path / NAME).stat().st_size < 1 << 16


@pytest.mark.parametrize(
    "changes",
    [
        {"person": 0},
        {"person": -1},
        {"person": 2**53},
        {"person": 10**30},
        {"person": True},
        {"person": 1.5},
        {"person": "1"},
        {"more": -1},
        {"more": 10**30},
        {"more": None},
        {"moment": "yesterday"},
        {"moment": "2026-11-23"},
        {"moment": None},
        {"moment": ["2026-11-23"]},
    ],
)
def test_a_line_this_program_did_not_write_is_left_out(tmp_path: Path, changes: dict[str, object]) -> None:
    (tmp_path / NAME).write_bytes(line(**changes) + line())
    assert failed_sign_ins(tmp_path) == [FailedSignIn(MOMENT, 1)]


def test_a_link_is_not_followed(tmp_path: Path, clock: TestClock) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(line())
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / NAME).symlink_to(elsewhere)
    assert failed_sign_ins(folder) == []
    note_failed_sign_in(folder, 1, clock())
    assert elsewhere.read_bytes() == line()
    assert not (folder / NAME).is_symlink()
    assert len(failed_sign_ins(folder)) == 1


@pytest.mark.parametrize(
    "what", ["a folder", "a pipe", "a link to nowhere", "deep nesting", "shallow nesting", "no text", "endless"]
)
def test_whatever_lies_in_its_place_the_right_password_opens(
    practice_folder: Path, clock: TestClock, what: str
) -> None:
    lay(practice_folder, what)
    with pytest.raises(UserError, match="password is not right"):
        sign_in(practice_folder, 1, "not this one, sorry", clock, kdf=CHEAP_KDF)
    for _ in range(2):
        sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF).sign_out()


def test_a_practice_with_such_a_note_opens_before_any_further_failure(
    practice_folder: Path, clock: TestClock
) -> None:
    (practice_folder / NAME).write_bytes(b"[" * 200_000 + b"\n" + line(person=10**30) + line(person=2**52))
    sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF).sign_out()
    assert not (practice_folder / NAME).exists()


def test_a_note_that_cannot_be_kept_does_not_hide_why_the_sign_in_failed(tmp_path: Path, clock: TestClock) -> None:
    note_failed_sign_in(tmp_path / "gone", 1, clock())
    assert failed_sign_ins(tmp_path / "gone") == []
