"""Notes on paper say exactly what was signed."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.conftest import PASSWORD
from tests.services.note_samples import DATA, TODAY, Desk, colleague_password, pdf_text
from therapist_desktop.models.canonical import canonical_bytes
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.session_note import AmendmentKind
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.services.note_amendments import amend_note
from therapist_desktop.services.note_papers import note_paper, print_note
from therapist_desktop.services.note_signing import cosign_note
from therapist_desktop.services.signing import signatures_of, signed_bytes


def test_what_prints_is_byte_for_byte_what_was_signed(desk: Desk) -> None:
    note_id = desk.signed()
    with desk.practice.writing() as session:
        session.execute(update(Client).values(last_name="Okafor"))
    with desk.practice.reading() as session:
        (signature,) = signatures_of(session, SignedKind.SESSION_NOTE, note_id)
        sealed = signed_bytes(session, signature.id)
    paper = note_paper(desk.practice, desk.person, note_id)
    assert canonical_bytes(paper.note) == sealed
    text = pdf_text(print_note(desk.practice, desk.person, note_id))
    assert DATA in text
    assert "Jordan Whitfield" in text
    assert "Okafor" not in text
    assert signature.content_sha256[:16] in text


def test_the_paper_names_the_author_as_at_signing(desk: Desk) -> None:
    note_id = desk.signed()
    with desk.practice.writing() as session:
        session.execute(update(Person).values(last_name="Alvarez-Osei", credentials="PhD"))
    assert note_paper(desk.practice, desk.person, note_id).author.name_and_credentials == "Rosa Alvarez, LCSW"


def test_a_draft_prints_as_a_draft_without_a_signature(desk: Desk) -> None:
    note_id = desk.start()
    desk.save(note_id)
    paper = note_paper(desk.practice, desk.person, note_id)
    assert (paper.signatures, paper.amendments) == ((), ())
    assert "DRAFT" in pdf_text(print_note(desk.practice, desk.person, note_id))


def test_amendments_print_in_order_after_the_note(desk: Desk) -> None:
    note_id = desk.signed()
    for kind, text, wrong in (
        (AmendmentKind.ADDENDUM, "The prescriber called back.", ""),
        (AmendmentKind.CORRECTION, "Seven hours.", "The hours were misheard."),
        (AmendmentKind.VOID, "", "Written in the wrong chart."),
    ):
        desk.clock.move(hours=1)
        amend_note(desk.practice, desk.person, note_id, kind, text, what_was_wrong=wrong, password=PASSWORD)
    paper = note_paper(desk.practice, desk.person, note_id)
    assert [one.amendment.kind for one in paper.amendments] == ["addendum", "correction", "void"]
    text = pdf_text(print_note(desk.practice, desk.person, note_id))
    places = [text.index(word) for word in (DATA, "called back", "Seven hours.", "VOID · written")]
    assert places == sorted(places)
    assert "Reason: Written in the wrong chart." in text


def test_a_late_entry_says_so_on_paper(desk: Desk) -> None:
    note_id = desk.signed(TODAY.replace(day=2))
    assert "LATE ENTRY" in pdf_text(print_note(desk.practice, desk.person, note_id))


def test_a_preview_is_noted_as_a_view_and_a_print_as_a_print(desk: Desk) -> None:
    note_id = desk.signed()
    note_paper(desk.practice, desk.person, note_id)
    print_note(desk.practice, desk.person, note_id)
    assert [action for action, _ in desk.trail()[-2:]] == ["view", "print"]


def test_a_biller_prints_no_note(desk: Desk) -> None:
    note_id = desk.signed()
    with pytest.raises(UserError, match="for clinicians"):
        print_note(desk.practice, desk.colleague("Ama", Role.BILLER), note_id)


def test_a_forged_note_is_not_printed(desk: Desk) -> None:
    note_id = desk.signed()
    desk.behind_its_back("UPDATE signed_content SET compressed = x'00'")
    with pytest.raises(UserError, match="not what was signed"):
        print_note(desk.practice, desk.person, note_id)


def test_a_supervisors_signature_stands_under_the_authors(desk: Desk) -> None:
    esi = desk.colleague("Esi", Role.CLINICIAN)
    with desk.practice.writing() as session:
        session.execute(update(Person).where(Person.id == desk.person.id).values(supervisor_id=esi.id))
    note_id = desk.signed()
    cosign_note(desk.practice, esi, note_id, colleague_password("Esi"))
    text = pdf_text(print_note(desk.practice, desk.person, note_id))
    assert text.index("as author") < text.index("Esi Osei, LMSW") < text.index("as co-signer")
