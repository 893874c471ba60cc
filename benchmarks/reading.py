"""Looking at charts: lists and opened records over the same rows read by hand."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence

from benchmarks.bare import AUDIT_EVENT_BYTES, durable_commit
from benchmarks.comparison import Comparison, compare, timed
from benchmarks.subject import Subject, Workplace
from therapist_desktop.services.clients import list_clients, open_client
from therapist_desktop.services.note_lists import list_notes
from therapist_desktop.services.session_notes import open_note

_PAGE = 50
_CLIENTS = (
    "SELECT id, used_name, first_name, last_name, sort_name, status, born_on, pronouns, clinician_id "
    "FROM client ORDER BY sort_name, id"
)
_NOTES = (
    "SELECT n.id, n.date_of_service, n.kind, n.template, n.start, n.stop, n.interruption_minutes, n.author_id, "
    "n.state, n.signed_at, n.late_entry, s.label, p.first_name, p.last_name, "
    "(SELECT count(*) FROM amendment a WHERE a.note_id = n.id), "
    "(SELECT count(*) FROM amendment a WHERE a.note_id = n.id AND a.kind = 'void') "
    "FROM session_note n JOIN person p ON p.id = n.author_id LEFT JOIN service s ON s.id = n.service_id "
    "WHERE n.client_id = ? ORDER BY n.date_of_service DESC, n.id DESC LIMIT ?"
)
_OF_A_CLIENT = (
    "SELECT * FROM client WHERE id = ?",
    "SELECT * FROM client_phone WHERE client_id = ? ORDER BY position",
    "SELECT * FROM client_address WHERE client_id = ? ORDER BY position",
    "SELECT * FROM client_contact WHERE client_id = ? ORDER BY position",
    "SELECT * FROM insurance_policy WHERE client_id = ? ORDER BY position",
    "SELECT * FROM diagnosis WHERE client_id = ? ORDER BY position",
    "SELECT * FROM client_tag WHERE client_id = ? ORDER BY tag",
    "SELECT * FROM client_status_change WHERE client_id = ? ORDER BY id",
    "SELECT b.id, b.first_name, b.last_name, b.born_on FROM client a JOIN client b "
    "ON b.likeness_key = a.likeness_key OR b.born_on = a.born_on WHERE a.id = ?",
)
_OF_A_NOTE = (
    "SELECT * FROM session_note WHERE id = ?",
    "SELECT * FROM note_section WHERE note_id = ? ORDER BY position",
    "SELECT * FROM note_diagnosis WHERE note_id = ? ORDER BY position",
    "SELECT * FROM note_objective WHERE note_id = ? ORDER BY position",
    "SELECT * FROM amendment WHERE note_id = ?",
)
_SIGNED = (
    "SELECT c.compressed, s.* FROM signature s JOIN signed_content c ON c.signature_id = s.id "
    "WHERE s.record_kind = 'session note' AND s.record_id = ?"
)


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure the list of clients, a page of a chart, and opening a client and a note."""
    with subject.open() as desk:
        practice, person = desk.practice, desk.person
        client_ids = _some(desk, "SELECT client_id FROM session_note GROUP BY client_id ORDER BY count(*) DESC")
        note_ids = _some(desk, "SELECT id FROM session_note WHERE state = 'signed' ORDER BY id")
        # The audit trail notes who opened what: by hand, too, that is a commit beside the reading.
        event = durable_commit(desk.raw, "x" * AUDIT_EVENT_BYTES)
        rounds = subject.rounds(200)

        yield compare(
            f"list all {len(list_clients(practice, person))} clients",
            timed(lambda _number: list_clients(practice, person)),
            "the same query by hand",
            timed(lambda _number: desk.rows(_CLIENTS)),
            rounds,
        )
        yield compare(
            f"list a client’s last {len(list_notes(practice, person, client_ids[0], limit=_PAGE))} notes",
            timed(lambda number: list_notes(practice, person, _turn(client_ids, number), limit=_PAGE)),
            "the same query by hand",
            timed(lambda number: desk.rows(_NOTES, _turn(client_ids, number), _PAGE)),
            rounds,
        )
        yield compare(
            "open a client",
            timed(lambda number: open_client(practice, person, _turn(client_ids, number))),
            "the same rows and an audit event, by hand",
            timed(_in_turn(lambda number: _read(desk, _OF_A_CLIENT, _turn(client_ids, number)), event)),
            rounds,
            remark="with what is missing and who may be the same",
        )
        yield compare(
            "open a note",
            timed(lambda number: open_note(practice, person, _turn(note_ids, number))),
            "the same rows, hash and an audit event, by hand",
            timed(_in_turn(lambda number: _read_note(desk, _turn(note_ids, number)), event)),
            rounds,
            remark="read from the signed bytes, which are compared with their hash",
        )


def _some(desk: Workplace, query: str, most: int = 200) -> Sequence[int]:
    """Return numbers from all over what the query finds."""
    found = [int(row[0]) for row in desk.rows(query)]
    return found[:: max(1, len(found) // most)]


def _turn(numbers: Sequence[int], number: int) -> int:
    return numbers[number % len(numbers)]


def _in_turn(*actions: Callable[[int], object]) -> Callable[[int], None]:
    def both(number: int) -> None:
        for action in actions:
            action(number)

    return both


def _read(desk: Workplace, queries: Sequence[str], number: int) -> None:
    for query in queries:
        desk.rows(query, number)


def _read_note(desk: Workplace, note_id: int) -> None:
    _read(desk, _OF_A_NOTE, note_id)
    for compressed, *_ in desk.rows(_SIGNED, note_id):
        hashlib.sha256(zlib.decompress(compressed)).hexdigest()
