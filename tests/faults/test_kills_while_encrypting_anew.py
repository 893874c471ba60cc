"""A process killed while it changes keys leaves a practice that opens, for those it should and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.faults.conftest import Victims
from tests.faults.workers import SENTENCE, change_keys
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.session_note import NoteSection
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.storage.key_file_store import read_key_file
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.practice_opening import open_with_password

KILLS = 30
MOST_KILLS = 120
"""On a busy machine it takes more kills until some have come at each of the moments the test is about."""
NOTES = 12


@pytest.mark.fault
def test_the_password_always_opens_it_and_nobody_shut_out_comes_back(
    practice: Practice, rosa: Person, victims: Victims, clock: TestClock
) -> None:
    client_id = add_client(practice, rosa)
    for number in range(NOTES):
        write_note(practice, rosa, client_id, SENTENCE * 50, sign=number % 2 == 0)
    practice.close()
    password, shut_out, finished = PASSWORD, {}, 0
    for number in range(MOST_KILLS):
        if number >= KILLS and finished >= 3 and shut_out:
            break
        patience = 0.2 * (1 + number / KILLS)
        killed = victims.kill_at_work(change_keys, practice.folder, password, 1000 * number, within_seconds=patience)
        assert killed.was_alive
        maybe, let_in = [password], {}
        for what, *rest in killed.said:
            match what, rest:
                case "next password", [new]:
                    maybe.append(new)
                case "password", [new]:
                    maybe = [new]
                case "let in", [sam, words]:
                    let_in[sam] = words
                case "shutting out", [sam]:
                    del let_in[sam]
                case "shut out", [sam, words]:
                    shut_out[sam] = words
        opens, notices = [], ()
        for candidate in maybe:
            try:
                notices += opened_and_whole(practice.folder, candidate, clock)
                opens.append(candidate)
            except UserError as error:
                assert "password is not right" in error.sentence
        assert len(opens) == 1
        password = opens[0]
        finished += any("now finished" in notice for notice in notices)
        keys = read_key_file(practice.folder)
        for sam, words in let_in.items():
            keys.unlock_with_password(sam, words)
        assert not {slot.person_id for slot in keys.slots} & set(shut_out)
    assert finished >= 3  # some kills did come between the key file and the end of the re-key
    assert shut_out


def opened_and_whole(folder: Path, password: str, clock: TestClock) -> tuple[str, ...]:
    """Open what was left, look at all of it, and return what the person who opens it is told."""
    practice = open_with_password(folder, 1, password, clock, kdf=CHEAP_KDF)
    assert read_key_file(folder).pending_key_id is None
    with practice.database.alone() as connection:
        assert connection.faults() == ()
    with practice.reading() as session:
        assert session.scalars(select(NoteSection.text)).all() == [SENTENCE * 50] * NOTES
    assert verify_signatures(practice).signatures == NOTES // 2
    assert verify_audit_chain(practice).whole
    practice.close()
    return practice.notices
