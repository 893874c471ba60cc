"""A day of work with a client whose name and words can be searched for afterwards. Run as a program of its own."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.conftest import CHEAP_KDF, PASSWORD, harbor_facts, rosa_alvarez
from tests.faults.workers import a_clock
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.backups import (
    make_backup,
    prove_backup,
    restore_backup,
    verify_backup,
    with_passphrase,
    with_password,
)
from therapist_desktop.services.keys import confirm_recovery_key, prepare_recovery_key
from therapist_desktop.services.people import add_person, change_password, remove_person
from therapist_desktop.services.practices import set_up_practice, sign_in
from therapist_desktop.services.searching import search

NAME = "Zephyrine"
WORDS = "Quokkalantern"
SAMS_PASSWORD = "seven boats in the fog"
PASSPHRASE = "granite kettle under moss"
NEW_PASSWORD = "lanterns over the bay"
SECRETS = (NAME, WORDS, PASSWORD, SAMS_PASSWORD, PASSPHRASE, NEW_PASSWORD)


def work(place: Path, *, killed: bool) -> None:
    """Set up a practice in ``place``, do what touches the disk, and sign out or be killed."""
    clock = a_clock()
    signed_in, _ = set_up_practice(
        place / "Harbor", harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF
    )
    practice, rosa = signed_in.practice, signed_in.person
    client_id = add_client(practice, rosa, NAME, f"{NAME}son")
    for number in range(30):
        write_note(practice, rosa, client_id, f"{WORDS} {number} " * 200, sign=number % 2 == 0)
    assert search(practice, rosa, WORDS[:5])
    shelf = place / "shelf"
    shelf.mkdir()
    made = make_backup(practice, rosa, shelf)
    copy = make_backup(practice, rosa, shelf, passphrase=PASSPHRASE)
    prove_backup(practice, rosa, made.path, PASSWORD)
    verify_backup(copy.path, with_passphrase(PASSPHRASE))
    restore_backup(made.path, place / "Restored", with_password(rosa.id, PASSWORD), clock, kdf=CHEAP_KDF)
    sam = Person(first_name="Sam", last_name="Whitfield", roles=[Role.BILLER.value])
    add_person(practice, rosa, sam, SAMS_PASSWORD)
    remove_person(practice, rosa, sam.id, PASSWORD, backup_folder=shelf)
    confirm_recovery_key(practice, rosa, prepare_recovery_key(), PASSWORD, backup_folder=shelf)
    change_password(practice, rosa, PASSWORD, NEW_PASSWORD)
    write_note(practice, rosa, client_id, f"{WORDS} at the end")
    signed_in.sign_out()
    again = sign_in(practice.folder, rosa.id, NEW_PASSWORD, clock, kdf=CHEAP_KDF)
    write_note(again.practice, rosa, client_id, f"{WORDS} after all")
    if killed:
        os.kill(os.getpid(), signal.SIGKILL)
    again.sign_out()


if __name__ == "__main__":
    work(Path(sys.argv[1]), killed=sys.argv[2] == "killed")
