"""A supervisor’s signature beside the author’s."""

from __future__ import annotations

import pytest

from tests.conftest import PASSWORD
from tests.services.note_samples import Desk, colleague_password
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.note_signing import cosign_note
from therapist_desktop.services.note_verification import verify_notes
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.services.signing import verify_signatures


def supervised(desk: Desk) -> tuple[Person, int]:
    """A supervisor, and the number of a note their supervisee signed."""
    esi = desk.colleague("Esi", Role.CLINICIAN)
    kofi = desk.colleague("Kofi", Role.SUPERVISEE, supervisor_id=esi.id)
    desk.share_with(kofi)
    theirs = desk.as_seen_by(kofi)
    note_id = theirs.start()
    theirs.save(note_id)
    theirs.sign(note_id, colleague_password("Kofi"))
    return esi, note_id


def test_a_supervisor_co_signs_the_same_bytes_and_changes_nothing(desk: Desk) -> None:
    esi, note_id = supervised(desk)
    before = open_note(desk.practice, desk.person, note_id)
    desk.clock.move(hours=5)
    done = cosign_note(desk.practice, esi, note_id, colleague_password("Esi"))
    after = open_note(desk.practice, desk.person, note_id)
    assert after.content == before.content
    assert [(one.name, one.meaning) for one in after.signatures] == [
        ("Kofi Osei", "author"),
        ("Esi Osei", "co-signer"),
    ]
    assert done.content_sha256 == before.signatures[0].content_sha256
    assert done.signed_at == desk.clock()
    assert ("sign", "co-signer") in desk.trail()
    assert verify_signatures(desk.practice).fault == ""
    assert verify_notes(desk.practice).fault == ""


def test_only_the_supervisor_co_signs_once_after_the_author_and_with_the_password(desk: Desk) -> None:
    esi, note_id = supervised(desk)
    with pytest.raises(UserError, match="Only the supervisor"):
        cosign_note(desk.practice, desk.person, note_id, PASSWORD)
    with pytest.raises(UserError):
        cosign_note(desk.practice, esi, note_id, "not the password of Esi")
    cosign_note(desk.practice, esi, note_id, colleague_password("Esi"))
    with pytest.raises(UserError, match="co-signed already"):
        cosign_note(desk.practice, esi, note_id, colleague_password("Esi"))
    assert desk.count("signature") == 2


def test_a_draft_cannot_be_co_signed(desk: Desk) -> None:
    esi = desk.colleague("Esi", Role.CLINICIAN)
    kofi = desk.colleague("Kofi", Role.SUPERVISEE, supervisor_id=esi.id)
    desk.share_with(kofi)
    note_id = desk.as_seen_by(kofi).start()
    with pytest.raises(UserError, match="has not signed"):
        cosign_note(desk.practice, esi, note_id, colleague_password("Esi"))
