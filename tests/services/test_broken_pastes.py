"""Half a character, as a broken paste leaves it (a lone surrogate), loses nobody’s work and breaks no signature."""

from __future__ import annotations

from dataclasses import replace

from tests.conftest import PASSWORD
from tests.services.note_samples import TODAY, Desk
from therapist_desktop.models.session_note import AmendmentKind
from therapist_desktop.services.clients import add_client, open_client, save_client
from therapist_desktop.services.note_amendments import amend_note
from therapist_desktop.services.note_draft import DraftSection
from therapist_desktop.services.note_verification import verify_notes
from therapist_desktop.services.searching import search
from therapist_desktop.services.session_notes import open_note, save_draft, start_note
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.storage import search_index

BROKEN, MENDED = "lighthouse \ud83d at dusk", "lighthouse � at dusk"


def index_agrees(desk: Desk) -> bool:
    with desk.practice.reading() as session:
        return search_index.agrees(session)


def test_a_draft_is_saved_with_all_its_words_and_found(desk: Desk) -> None:
    note_id = start_note(desk.practice, desk.person, desk.client_id, TODAY)
    view = open_note(desk.practice, desk.person, note_id)
    broken = replace(
        view.draft,
        sections=(DraftSection(heading="Data", text=BROKEN),),
        interventions=(BROKEN, "grounding"),
        participants="Jordan \udc00",
    )
    save_draft(desk.practice, desk.person, note_id, broken, view.revision)
    draft = open_note(desk.practice, desk.person, note_id).draft
    assert draft.sections == (DraftSection(heading="Data", text=MENDED),)
    assert (draft.interventions, draft.participants) == ((MENDED, "grounding"), "Jordan �")
    assert [hit.record_id for hit in search(desk.practice, desk.person, "lighthouse dusk")] == [note_id]
    assert index_agrees(desk)


def test_a_client_is_added_saved_and_found(desk: Desk) -> None:
    record = open_client(desk.practice, desk.person, desk.client_id).record
    client_id = add_client(
        desk.practice, desk.person, replace(record, first_name="Zo\ud83d", last_name="Okafor", used_name="")
    )
    opened = open_client(desk.practice, desk.person, client_id)
    assert opened.record.first_name == "Zo�"
    changed = replace(opened.record, remarks=BROKEN, tags=("Tues\udc00day",))
    save_client(desk.practice, desk.person, client_id, changed, opened.revision)
    saved = open_client(desk.practice, desk.person, client_id).record
    assert (saved.remarks, saved.tags) == (MENDED, ("Tues�day",))
    assert [hit.client_name for hit in search(desk.practice, desk.person, "okafor")] == ["Zo� Okafor"]
    assert index_agrees(desk)


def test_what_is_signed_as_it_is_written_still_agrees_with_its_signature(desk: Desk) -> None:
    note_id = desk.signed()
    amend_note(desk.practice, desk.person, note_id, AmendmentKind.ADDENDUM, BROKEN, password=PASSWORD)
    assert open_note(desk.practice, desk.person, note_id).amendments[0].amendment.text == MENDED
    assert verify_notes(desk.practice).fault == verify_signatures(desk.practice).fault == ""
