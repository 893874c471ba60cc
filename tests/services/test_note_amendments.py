"""What is written beside a signed note: addenda, corrections, voids."""

from __future__ import annotations

import pytest

from tests.conftest import PASSWORD
from tests.services.note_samples import DATA, TODAY, Desk, colleague_password
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.session_note import AmendmentKind
from therapist_desktop.services.note_amendments import Amended, amend_note
from therapist_desktop.services.note_lists import list_notes
from therapist_desktop.services.note_verification import verify_notes
from therapist_desktop.services.searching import search
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.services.signing import verify_signatures

ADDENDUM, CORRECTION, VOID = AmendmentKind.ADDENDUM, AmendmentKind.CORRECTION, AmendmentKind.VOID


def amend(desk: Desk, note_id: int, kind: AmendmentKind, text: str = "", wrong: str = "") -> Amended:
    return amend_note(desk.practice, desk.person, note_id, kind, text, what_was_wrong=wrong, password=PASSWORD)


def colleague_with_access(desk: Desk, first_name: str) -> Person:
    person = desk.colleague(first_name, Role.CLINICIAN)
    desk.share_with(person)
    return person


def test_amendments_stand_in_order_beside_a_note_that_stays_as_it_is(desk: Desk) -> None:
    note_id = desk.signed()
    before = open_note(desk.practice, desk.person, note_id)
    desk.clock.move(hours=3)
    amend(desk, note_id, ADDENDUM, "The prescriber called back in the afternoon.")
    desk.clock.move(days=2)
    amend(desk, note_id, CORRECTION, "Seven hours, not six.", "The hours of sleep were misheard.")
    after = open_note(desk.practice, desk.person, note_id)
    assert (after.content, after.signatures, after.draft) == (before.content, before.signatures, before.draft)
    assert [(one.amendment.kind, one.amendment.text, one.amendment.what_was_wrong) for one in after.amendments] == [
        ("addendum", "The prescriber called back in the afternoon.", ""),
        ("correction", "Seven hours, not six.", "The hours of sleep were misheard."),
    ]
    assert after.amendments[1].amendment.written_at == after.amendments[1].signature.signed_at == desk.clock()
    assert after.amendments[1].signature.name == "Rosa Alvarez"


def test_an_amendment_is_bound_to_the_exact_note_it_speaks_of(desk: Desk) -> None:
    note_id = desk.signed()
    amend(desk, note_id, ADDENDUM, "Called back.")
    view = open_note(desk.practice, desk.person, note_id)
    assert view.amendments[0].amendment.note_id == note_id
    assert view.amendments[0].amendment.note_sha256 == view.signatures[0].content_sha256
    assert verify_signatures(desk.practice).signatures == 2
    assert verify_signatures(desk.practice).fault == verify_notes(desk.practice).fault == ""


def test_a_voided_note_keeps_its_content_and_is_marked_in_the_list(desk: Desk) -> None:
    note_id = desk.signed()
    amend(desk, note_id, VOID, wrong="Written in the chart of the wrong client.")
    (row,) = list_notes(desk.practice, desk.person, desk.client_id)
    assert (row.is_void, row.amendments) == (True, 1)
    assert open_note(desk.practice, desk.person, note_id).content.sections[0].text == DATA


def test_what_was_written_beside_a_note_is_found_by_searching(desk: Desk) -> None:
    note_id = desk.signed()
    done = amend(desk, note_id, CORRECTION, "It was the lighthouse.", "The place was misheard.")
    (hit,) = search(desk.practice, desk.person, "lighthouse misheard")
    assert (hit.kind, hit.record_id, hit.on_date, hit.title) == (
        SearchKind.AMENDMENT,
        done.amendment_id,
        TODAY,
        "Correction",
    )


def test_the_audit_trail_names_the_kind_and_no_word_of_it(desk: Desk) -> None:
    note_id = desk.signed()
    done = amend(desk, note_id, ADDENDUM, "Called back.")
    assert desk.trail()[-1] == ("amend", f"addendum:{done.amendment_id}")


@pytest.mark.parametrize(
    ("kind", "text", "wrong", "sentence"),
    [
        (ADDENDUM, "  ", "", "empty"),
        (CORRECTION, "", "The hours.", "empty"),
        (CORRECTION, "Seven hours.", " ", "what was wrong"),
        (VOID, "", "", "for a reason"),
    ],
)
def test_an_amendment_without_its_words_is_refused(
    desk: Desk, kind: AmendmentKind, text: str, wrong: str, sentence: str
) -> None:
    note_id = desk.signed()
    with pytest.raises(UserError, match=sentence):
        amend(desk, note_id, kind, text, wrong)
    assert open_note(desk.practice, desk.person, note_id).amendments == ()


def test_a_wrong_password_writes_nothing_beside_the_note(desk: Desk) -> None:
    note_id = desk.signed()
    with pytest.raises(UserError):
        amend_note(desk.practice, desk.person, note_id, ADDENDUM, "Called back.", password="not it at all")
    assert (desk.count("amendment"), desk.count("signature")) == (0, 1)


def test_a_draft_is_edited_and_not_amended(desk: Desk) -> None:
    with pytest.raises(UserError, match="not signed yet"):
        amend(desk, desk.start(), ADDENDUM, "Called back.")


def test_a_colleague_adds_under_their_own_name_but_only_author_or_owner_void(desk: Desk) -> None:
    kofi, esi = colleague_with_access(desk, "Kofi"), colleague_with_access(desk, "Esi")
    theirs = desk.as_seen_by(kofi)
    note_id = theirs.start()
    theirs.save(note_id)
    theirs.sign(note_id, colleague_password("Kofi"))
    amend_note(desk.practice, esi, note_id, ADDENDUM, "Covered by phone.", password=colleague_password("Esi"))
    with pytest.raises(UserError, match="author or an owner"):
        amend_note(desk.practice, esi, note_id, VOID, "Not so.", password=colleague_password("Esi"))
    amend(desk, note_id, VOID, "Wrong client.")
    with pytest.raises(UserError, match="void already"):
        amend_note(desk.practice, kofi, note_id, VOID, "Wrong client.", password=colleague_password("Kofi"))
    names = [one.signature.name for one in open_note(desk.practice, desk.person, note_id).amendments]
    assert names == ["Esi Osei", "Rosa Alvarez"]


def test_a_biller_and_a_stranger_to_the_chart_write_nothing_beside_a_note(desk: Desk) -> None:
    note_id = desk.signed()
    for name, role, sentence in (("Ama", Role.BILLER, "for clinicians"), ("Kofi", Role.CLINICIAN, "no such note")):
        person = desk.colleague(name, role)
        with pytest.raises(UserError, match=sentence):
            amend_note(desk.practice, person, note_id, ADDENDUM, "x", password=colleague_password(name))


@pytest.mark.parametrize("statement", ["UPDATE amendment SET text = 'x'", "DELETE FROM amendment"])
def test_an_amendment_never_changes_and_a_change_behind_the_programs_back_is_found(
    desk: Desk, statement: str
) -> None:
    note_id = desk.signed()
    amend(desk, note_id, ADDENDUM, "Called back.")
    with pytest.raises(UserError, match="never changes"), desk.practice.writing() as session:
        session.connection().exec_driver_sql(statement)
    desk.behind_its_back(statement)
    assert "mendment 1" in verify_notes(desk.practice).fault
