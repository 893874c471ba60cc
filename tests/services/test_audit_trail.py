"""The audit chain: what it notices, and the anchors outside the file that it needs for that."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.harbor_chart import add_client
from therapist_desktop.models.audit import FIRST_HASH, AuditEvent
from therapist_desktop.models.people import Person
from therapist_desktop.services.audit_trail import PROMISE, Action, record_event, record_once, verify_audit_chain
from therapist_desktop.services.checking import check_practice
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.practice_opening import open_with_password


@pytest.fixture
def trail(practice: Practice, rosa: Person, clock: TestClock) -> Practice:
    """A practice with ten events, the first five of them anchored in the key file."""
    for number in range(10):
        if number == 5:
            practice.anchor_audit_chain()
        clock.move(minutes=1)
        with practice.writing() as session:
            record_event(
                session,
                practice,
                rosa.id,
                Action.VIEW,
                record_kind="client",
                record_id=number,
                client_id=number,
                detail="screen",
            )
    return practice


def with_another_tool(practice: Practice, *statements: str) -> None:
    """Change the file as somebody could who has the key and does not use this program."""
    with practice.database.schema_changes() as connection:
        triggers = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
        ).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


def rewrite_from(session: Session, sequence: int) -> list[str]:
    """Work out the statements of a forger who makes every later link fit again."""
    statements, previous = [], None
    for event in session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)):
        if event.sequence >= sequence:
            event.previous_hash = previous or FIRST_HASH
            if event.sequence == sequence:
                event.detail = "forged"
            event.hash = event.computed_hash()
            statements.append(
                f"UPDATE audit_event SET previous_hash = '{event.previous_hash}', hash = '{event.hash}', "
                f"detail = '{event.detail}' WHERE sequence = {event.sequence}"
            )
        previous = event.hash
    session.expunge_all()
    return statements


def test_an_untouched_chain_is_whole(trail: Practice) -> None:
    report = verify_audit_chain(trail)
    assert report.whole
    assert report.events == 10


def test_a_new_practice_has_an_empty_chain_that_is_whole(practice: Practice) -> None:
    assert verify_audit_chain(practice).events == 0
    assert verify_audit_chain(practice).whole


def test_every_event_is_bound_to_the_one_before(trail: Practice) -> None:
    with trail.reading() as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)).all()
    assert [event.sequence for event in events] == list(range(1, 11))
    assert [event.previous_hash for event in events] == [FIRST_HASH, *(event.hash for event in events[:-1])]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("moment", "'2020-01-01T00:00:00.000000Z-0500'"),
        ("person_id", "2"),
        ("person_id", "NULL"),
        ("action", "'print'"),
        ("record_kind", "'note'"),
        ("record_id", "99"),
        ("client_id", "NULL"),
        ("detail", "''"),
        ("previous_hash", f"'{FIRST_HASH}'"),
        ("hash", f"'{FIRST_HASH}'"),
    ],
)
@pytest.mark.parametrize("sequence", [3, 10])
def test_a_changed_entry_is_noticed(trail: Practice, column: str, value: str, sequence: int) -> None:
    with_another_tool(trail, f"UPDATE audit_event SET {column} = {value} WHERE sequence = {sequence}")
    report = verify_audit_chain(trail)
    assert f"Entry {sequence}" in report.fault


def test_the_local_offset_of_a_moment_is_part_of_the_entry(trail: Practice) -> None:
    with_another_tool(trail, "UPDATE audit_event SET moment = replace(moment, '-0500', '-0600') WHERE sequence = 4")
    assert "Entry 4" in verify_audit_chain(trail).fault


def test_a_removed_entry_is_noticed(trail: Practice) -> None:
    with_another_tool(trail, "DELETE FROM audit_event WHERE sequence = 7")
    assert "Entry 7 of the audit trail is missing" in verify_audit_chain(trail).fault


def test_a_removed_entry_is_noticed_when_the_rest_was_numbered_anew(trail: Practice) -> None:
    with_another_tool(
        trail,
        "DELETE FROM audit_event WHERE sequence = 7",
        *(f"UPDATE audit_event SET sequence = {number - 1} WHERE sequence = {number}" for number in (8, 9, 10)),
    )
    assert "Entry 7" in verify_audit_chain(trail).fault


def test_two_entries_that_changed_places_are_noticed(trail: Practice) -> None:
    with_another_tool(
        trail,
        "UPDATE audit_event SET sequence = 99 WHERE sequence = 7",
        "UPDATE audit_event SET sequence = 7 WHERE sequence = 8",
        "UPDATE audit_event SET sequence = 8 WHERE sequence = 99",
    )
    assert "Entry 7" in verify_audit_chain(trail).fault


def test_a_chain_cut_before_its_anchor_is_noticed_by_the_key_file(trail: Practice) -> None:
    with_another_tool(trail, "DELETE FROM audit_event WHERE sequence > 4")
    assert "ends at entry 4, but the key file remembers entry 5" in verify_audit_chain(trail).fault


def test_an_emptied_chain_is_noticed_by_the_key_file(trail: Practice) -> None:
    with_another_tool(trail, "DELETE FROM audit_event")
    assert "key file remembers entry 5" in verify_audit_chain(trail).fault


def test_a_chain_forged_before_its_anchor_is_noticed_by_the_key_file(trail: Practice) -> None:
    with trail.reading() as session:
        statements = rewrite_from(session, 2)
    with_another_tool(trail, *statements)
    assert "differs from what the key file remembers" in verify_audit_chain(trail).fault


def test_what_is_forged_after_the_anchor_is_not_noticed_and_not_promised(trail: Practice) -> None:
    with trail.reading() as session:
        statements = rewrite_from(session, 8)
    with_another_tool(trail, *statements)
    assert verify_audit_chain(trail).whole
    assert "does not stop somebody who holds the key" in PROMISE


def test_closing_and_opening_again_anchors_everything(trail: Practice, clock: TestClock) -> None:
    trail.close()
    again = open_with_password(trail.folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
    with_another_tool(again, "DELETE FROM audit_event WHERE sequence = 10")
    assert "ends at entry 9, but the key file remembers entry 10" in verify_audit_chain(again).fault
    again.abandon()


def test_an_event_is_kept_with_its_change_or_not_at_all(practice: Practice, rosa: Person) -> None:
    with pytest.raises(ZeroDivisionError), practice.writing() as session:
        record_event(session, practice, rosa.id, Action.CREATE, record_kind="client")
        raise ZeroDivisionError
    assert verify_audit_chain(practice).events == 0
    add_client(practice, rosa)
    assert verify_audit_chain(practice).events == 1


def test_a_clock_that_was_put_back_is_noted_and_remarked_but_no_fault(
    trail: Practice, rosa: Person, clock: TestClock
) -> None:
    clock.move(days=-3)
    for _ in range(2):
        with trail.writing() as session:
            record_event(session, trail, rosa.id, Action.PRINT, detail="page")
    with trail.reading() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(3)).all()
    assert [(one.action, one.detail) for one in reversed(last)] == [
        ("clock went back", "minutes:4320"),
        ("print", "page"),
        ("print", "page"),
    ]
    report = verify_audit_chain(trail)
    assert report.whole
    assert "The clock went back once, first at entry 11" in report.remark
    assert report.remark.removesuffix(".") in check_practice(trail, rosa).lines[1].found


def test_a_clock_that_goes_back_by_seconds_as_networks_make_it_is_not_noted(
    trail: Practice, rosa: Person, clock: TestClock
) -> None:
    clock.move(seconds=-90)
    with trail.writing() as session:
        record_event(session, trail, rosa.id, Action.PRINT)
    report = verify_audit_chain(trail)
    assert (report.events, report.remark) == (11, "")


def test_what_is_done_again_within_a_quarter_of_an_hour_is_noted_once(
    practice: Practice, rosa: Person, clock: TestClock
) -> None:
    def look_and_save() -> None:
        with practice.writing() as session:
            record_once(session, practice, rosa.id, Action.VIEW, record_kind="note", record_id=1, client_id=1)
            record_once(session, practice, rosa.id, Action.CHANGE, record_kind="note", record_id=1, client_id=1)

    for _ in range(5):
        look_and_save()
        clock.move(minutes=1)
    assert verify_audit_chain(practice).events == 2
    clock.move(minutes=15)
    look_and_save()
    assert verify_audit_chain(practice).events == 4


def test_events_of_one_transaction_follow_each_other(practice: Practice, rosa: Person) -> None:
    with practice.writing() as session:
        first = record_event(session, practice, rosa.id, Action.SIGN)
        second = record_event(session, practice, rosa.id, Action.PRINT)
    assert second.previous_hash == first.hash
    assert verify_audit_chain(practice).events == 2


def test_a_moment_keeps_the_offset_it_was_made_in(practice: Practice, rosa: Person, clock: TestClock) -> None:
    clock.now = clock.now.astimezone(timezone(timedelta(hours=5, minutes=45)))
    with practice.writing() as session:
        record_event(session, practice, None, Action.FAILED_SIGN_IN)
    with practice.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
        stored = session.execute(text("SELECT moment FROM audit_event")).scalar_one()
    assert event.moment == clock.now
    assert event.moment.utcoffset() == timedelta(hours=5, minutes=45)
    assert stored.startswith(clock.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    assert stored.endswith("Z+0545")
    assert verify_audit_chain(practice).whole
