"""What the processes do that are killed, or whose disk is full. Each says what is done once it is done."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from tests.conftest import CHEAP_KDF, EASTERN, PASSWORD, TestClock
from tests.harbor_chart import write_note
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.backups import make_backup, restore_backup, with_password
from therapist_desktop.services.people import list_people
from therapist_desktop.services.practices import sign_in
from therapist_desktop.storage.practice import DATABASE, Practice
from therapist_desktop.storage.practice_opening import open_with_password
from therapist_desktop.storage.recovery_key import RecoveryKey

configure_mappers()

CLIENT = 1
SENTENCE = "We spoke of the lighthouse at length. "


def a_clock() -> TestClock:
    return TestClock(datetime(2026, 11, 23, 10, 0, tzinfo=EASTERN))


def opened(folder: Path, password: str = PASSWORD) -> tuple[Practice, Person]:
    practice = open_with_password(folder, 1, password, a_clock(), kdf=CHEAP_KDF)
    return practice, list_people(practice)[0]


@contextmanager
def disk_that_takes(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def save_notes(say: Connection, folder: Path, first: int) -> None:
    """Save notes for ever, every third one signed."""
    practice, rosa = opened(folder)
    say.send(("open",))
    for number in count(first):
        words = f"{SENTENCE * 20}saved{number}"
        note_id = write_note(practice, rosa, CLIENT, words, sign=number % 3 == 0)
        say.send(("saved", str(note_id), words))


def change_keys(say: Connection, folder: Path, password: str, first: int) -> None:
    """Change passwords, add people, shut them out and encrypt everything anew, for ever."""
    practice, _ = opened(folder, password)
    say.send(("open",))
    for number in count(first):
        practice.rekey()
        new = f"{PASSWORD} {number}"
        say.send(("next password", new))
        practice.keep(practice.ways_in.with_password_changed(1, password, new))
        password = new
        say.send(("password", new))
        with practice.writing() as session:
            sam = Person(first_name="Sam", last_name=f"Number {number}", roles=[Role.BILLER.value])
            session.add(sam)
        practice.keep(practice.ways_in.with_password(sam.id, sam.name, f"sams own words {number}"))
        say.send(("let in", str(sam.id), f"sams own words {number}"))
        practice.keep(practice.ways_in.with_recovery_key(RecoveryKey.new()).with_keyring(sam.id, bytes(32)))
        practice.anchor_audit_chain()
        say.send(("shutting out", str(sam.id)))
        practice.rekey(practice.ways_in.without_person(sam.id))
        say.send(("shut out", str(sam.id), f"sams own words {number}"))


def back_up(say: Connection, folder: Path, shelf: Path) -> None:
    """Make backups for ever."""
    practice, rosa = opened(folder)
    say.send(("open",))
    while True:
        say.send(("made", make_backup(practice, rosa, shelf).path.name))


def restore(say: Connection, backup: Path, place: Path, first: int) -> None:
    """Restore a backup for ever, each time to a new folder."""
    say.send(("begun",))
    for number in count(first):
        folder = restore_backup(
            backup, place / f"Restored {number}.practice", with_password(1, PASSWORD), a_clock(), kdf=CHEAP_KDF
        )
        say.send(("restored", folder.name))


def fill_the_disk(say: Connection, folder: Path, room: int) -> None:
    """Save notes until the disk is full, have room again, and go on."""
    practice, rosa = opened(folder)
    number = 0
    with disk_that_takes((folder / DATABASE).stat().st_size + room):
        try:
            while True:
                words = f"{SENTENCE * 20}saved{number}"
                say.send(("saved", str(write_note(practice, rosa, CLIENT, words, sign=number % 3 == 0)), words))
                number += 1
        except UserError as error:
            say.send(("refused", error.sentence))
    words = "after there was room again"
    say.send(("saved", str(write_note(practice, rosa, CLIENT, words, sign=True)), words))
    practice.close()


def encrypt_anew_on_a_full_disk(say: Connection, folder: Path, share: float) -> None:
    """Try to encrypt everything anew without room for it, go on working, and do it once there is room."""
    practice, rosa = opened(folder)
    practice.database.connection.checkpoint()
    size = (folder / DATABASE).stat().st_size
    with disk_that_takes(round(size * share)):
        try:
            practice.rekey()
            say.send(("done",))
        except UserError as error:
            say.send(("refused", error.sentence))
    words = "after it could not be encrypted anew"
    say.send(("saved", str(write_note(practice, rosa, CLIENT, words)), words))
    practice.keep(practice.ways_in.with_password_changed(1, PASSWORD, PASSWORD))
    practice.rekey()
    practice.close()


def back_up_to_a_full_disk(say: Connection, folder: Path, shelf: Path, room: int) -> None:
    """Try to make a backup with room for so many bytes in a file."""
    practice, rosa = opened(folder)
    with disk_that_takes(room):
        try:
            say.send(("made", make_backup(practice, rosa, shelf).path.name))
        except UserError as error:
            say.send(("refused", error.sentence))
    practice.close()


def stay_signed_in(say: Connection, folder: Path) -> None:
    """Sign in and never leave."""
    signed_in = sign_in(folder, 1, PASSWORD, a_clock(), kdf=CHEAP_KDF)
    say.send(("signed in", signed_in.person.name))
    time.sleep(60)
