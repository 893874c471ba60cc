"""A chart page by page, and what is still to be finished."""

from __future__ import annotations

from datetime import time, timedelta

from tests.services.note_samples import TODAY, Desk
from therapist_desktop.models.session_note import NoteState
from therapist_desktop.services.client_record import ClientRecord
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.note_lists import FIRST_PAGE, NEXT_PAGE, list_notes, open_drafts
from therapist_desktop.services.session_notes import (
    start_note,
)


def test_a_chart_is_listed_page_by_page_newest_first_with_each_note_once(desk: Desk) -> None:
    made = [desk.start(TODAY - timedelta(days=day // 3)) for day in range(20)]
    rows, before = [], None
    while page := list_notes(desk.practice, desk.person, desk.client_id, before=before, limit=7):
        rows += page
        before = page[-1].place
    assert sorted(row.note_id for row in rows) == sorted(made)
    assert [row.place for row in rows] == sorted(
        (row.place for row in rows), key=lambda place: (place.date_of_service, place.note_id), reverse=True
    )


def test_a_line_of_the_list_says_what_a_therapist_looks_for(desk: Desk) -> None:
    note_id = desk.signed()
    (row,) = list_notes(desk.practice, desk.person, desk.client_id)
    assert row.note_id == note_id
    assert (row.service, row.start, row.minutes) == ("Individual therapy 45", time(9, 0), 50)
    assert (row.author_name, row.state, row.late_entry) == ("Rosa Alvarez", NoteState.SIGNED, False)
    assert (row.amendments, row.is_void) == (0, False)


def test_a_page_of_the_list_walks_the_index_and_never_touches_the_narrative(desk: Desk) -> None:
    desk.start()
    for page in (FIRST_PAGE, NEXT_PAGE):
        statement = page.compile(desk.practice.database.engine)
        values = {"chart": desk.client_id, "size": 50, "day": TODAY.isoformat(), "number": 1}
        with desk.practice.database.alone() as connection:
            asked = connection.raw.execute(
                f"EXPLAIN QUERY PLAN {statement}", [values.get(name, "void") for name in statement.positiontup or ()]
            )
            plan = [str(step[3]) for step in asked]
        assert any("USING INDEX ix_session_note_chart (client_id=?" in step for step in plan), plan
        assert not any("TEMP B-TREE" in step or "note_section" in step for step in plan), plan
        assert not any(step.startswith("SCAN") for step in plan), plan


def test_unsigned_notes_are_listed_for_their_author_oldest_session_first(desk: Desk) -> None:
    maya = add_client(desk.practice, desk.person, ClientRecord(first_name="Maya", last_name="Okafor"))
    late = start_note(desk.practice, desk.person, maya, TODAY)
    early = desk.start(TODAY - timedelta(days=3))
    desk.signed(TODAY - timedelta(days=5))
    rows = open_drafts(desk.practice, desk.person)
    assert [(row.note_id, row.client_name) for row in rows] == [(early, "Jo Whitfield"), (late, "Maya Okafor")]
