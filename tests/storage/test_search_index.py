"""The full-text index: words in any order, beginnings, phrases, accents; and nothing typed is ever syntax."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.conftest import CHEAP_KDF, EASTERN, PASSWORD, TestClock, harbor_facts, rosa_alvarez
from tests.harbor_chart import add_client, write_note
from therapist_desktop.models.client import Client
from therapist_desktop.models.people import Person
from therapist_desktop.models.search_entry import SearchEntry, SearchKind
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.practice_opening import create_practice
from therapist_desktop.storage.search_index import agrees, find, match_expression, merge, put, remove

NOTE = SearchKind.SESSION_NOTE
TEXTS = {
    1: ("Garden", "We spoke of the garden, the old pear tree and José’s café in Québec."),
    2: ("Sea", "The tree by the sea was old. Panic attacks came less often; PHQ-9 was 14."),
    3: ("Work", "Overtime at work; sleep is short. She said: “I can’t go on like this at work.”"),
    4: ("Straße", "Näheres in der Straße. Иванова пришла. 東京 2026-11-23, O'Brien, foo_bar, C++."),
}


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A practice with four notes in its index; tests that change it undo that."""
    from datetime import datetime

    clock = TestClock(datetime(2026, 11, 23, 10, 0, tzinfo=EASTERN))
    folder = tmp_path_factory.mktemp("indexed") / "Harbor.practice"
    practice, _ = create_practice(folder, harbor_facts(clock()), rosa_alvarez(), PASSWORD, clock, kdf=CHEAP_KDF)
    with practice.writing() as session:
        for number in (1, 2):
            session.add(Client(created_at=clock(), first_name="Jordan", last_name=f"Whitfield {number}"))
        session.flush()
        for number, (title, body) in TEXTS.items():
            put(
                session,
                NOTE,
                number,
                client_id=1 + number % 2,
                title=title,
                body=body,
                on_date=date(2026, 11, number),
            )
    yield practice
    practice.close()


@pytest.fixture
def session(indexed: Practice) -> Iterator[Session]:
    """A transaction that is undone at the end."""
    with indexed.reading() as session:
        yield session


def found(session: Session, query: str) -> set[int]:
    return {one.record_id for one in find(session, query)}


def as_many_words_as_entries(session: Session) -> bool:
    count = session.connection().exec_driver_sql
    return (
        count("SELECT count(*) FROM search_text").scalar_one()
        == count("SELECT count(*) FROM search_entry").scalar_one()
    )


@pytest.mark.parametrize(
    ("query", "records"),
    [
        ("garden", {1}),
        ("tree", {1, 2}),
        ("old tree", {1, 2}),
        ("tree old", {1, 2}),
        ("TREE Old", {1, 2}),
        ("tree garden", {1}),
        ("tree work", set()),
        ("gard", {1}),
        ("o tre", {1, 2}),
        ("arden", set()),
        ('"old pear tree"', {1}),
        ('"pear old tree"', set()),
        ('"old pear tree', {1}),
        ('"the sea" panic', {2}),
        ('"old pe"', set()),
        ("jose cafe quebec", {1}),
        ("José Café Québec", {1}),
        (unicodedata.normalize("NFD", "José Québec"), {1}),
        (unicodedata.normalize("NFD", "Straße Näheres"), {4}),
        ("PHQ-9", {2}),
        ("phq 14", {2}),
        ("can't", {3}),
        ("can’t go", {3}),
        ("o'brien", {4}),
        ("O’Br", {4}),
        ("иван", {4}),
        ("東京", {4}),
        ("2026-11-23", {4}),
        ("foo_bar", {4}),
        ("foo_bar, C++", {4}),
        ("tree, -", {1, 2}),
        ("tree 🙁", {1, 2}),
        ("sea", {2}),
        ("", set()),
        ("   ", set()),
        ("- . , !", set()),
        ('""', set()),
        ('"', set()),
    ],
)
def test_words_are_found_as_a_person_types_them(session: Session, query: str, records: set[int]) -> None:
    assert found(session, query) == records


@pytest.mark.parametrize(
    "query",
    [
        "NOT", "AND", "OR", "NEAR", "tree AND", "NOT tree", "NEAR(tree sea)", "title:garden", "body : tree", "tree*",
        "*", "^tree", "(tree", "tree)", "tree OR work", '"tree" OR "work"', "tree -sea", "{title body}: tree",
        "'; DROP TABLE client; --", "%", "_", "\\", "tree\x00sea", "\x00", "\ud800", "tree \udfff", "a" * 10_000,
        "²", "½ ௧ Ⅷ", "\u0301", "e\u0301\u0301\u0301", "\u200d\u200b", "🌊 🌳", '"' * 999, "* " * 999,
    ],
)  # fmt: skip
def test_nothing_that_is_typed_is_taken_as_syntax(session: Session, query: str) -> None:
    assert found(session, query) <= set(TEXTS)


def test_words_of_the_query_language_are_ordinary_words(session: Session) -> None:
    put(session, NOTE, 9, client_id=1, title="", body="She did not come near; either this or that, and so on.")
    assert found(session, "not near") == {9}
    assert found(session, "OR AND") == {9}
    assert found(session, "NOT tree") == set()


def test_a_long_paste_is_searched_as_well_as_it_can_be(session: Session) -> None:
    assert found(session, " ".join([TEXTS[2][1]] * 200)) == {2}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(['"', "tree", "*", "(", "NEAR", "-", "é", "\x00", ":", "²"])).map("".join)
)
def test_no_query_ever_raises(indexed: Practice, query: str) -> None:
    with indexed.reading() as session:
        find(session, query)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(categories=("L", "N", "M", "P", "S", "Z")), min_size=1, max_size=40))
def test_a_text_is_found_by_its_own_words(indexed: Practice, body: str) -> None:
    with indexed.reading() as session:
        put(session, NOTE, 99, client_id=1, title="", body=body)
        assert not match_expression(body) or 99 in found(session, body)


def test_putting_again_replaces_the_words(session: Session) -> None:
    put(session, NOTE, 1, client_id=1, title="Meadow", body="only grass", on_date=date(2026, 12, 1))
    session.flush()
    assert found(session, "garden") == set()
    assert found(session, "grass") == {1}
    [meadow] = find(session, "meadow")
    assert (meadow.title, meadow.on_date, meadow.kind) == ("Meadow", date(2026, 12, 1), NOTE)
    assert as_many_words_as_entries(session)


def test_what_is_removed_is_not_found(session: Session) -> None:
    remove(session, NOTE, 1)
    remove(session, NOTE, 1)
    remove(session, NOTE, 77)
    assert found(session, "garden") == set()
    assert found(session, "tree") == {2}
    assert as_many_words_as_entries(session)


def test_merging_finds_the_same_in_fewer_pieces(practice: Practice, rosa: Person) -> None:
    client_id = add_client(practice, rosa)
    for number in range(3):
        write_note(practice, rosa, client_id, f"Note {number} of the old pear tree.")

    def pieces(session: Session) -> int:
        counted = session.connection().exec_driver_sql("SELECT count(DISTINCT segid) FROM search_text_idx")
        return int(counted.scalar_one())

    with practice.writing() as session:
        before, found = pieces(session), find(session, "pear")
        merge(session)
        assert (pieces(session), find(session, "pear")) == (1, found)
    assert before > 1
    assert len(found) == 3


def test_records_of_different_kinds_with_the_same_number_are_apart(session: Session) -> None:
    put(session, SearchKind.CLIENT, 1, client_id=1, title="Jordan Whitfield", body="garden centre")
    assert {(one.kind, one.record_id) for one in find(session, "garden")} == {(NOTE, 1), (SearchKind.CLIENT, 1)}
    remove(session, NOTE, 1)
    assert {(one.kind, one.record_id) for one in find(session, "garden")} == {(SearchKind.CLIENT, 1)}


def test_only_what_may_be_seen_is_found(session: Session) -> None:
    assert {one.record_id for one in find(session, "tree", SearchEntry.client_id == 2)} == {1}
    assert find(session, "tree", SearchEntry.kind == SearchKind.CLIENT) == []


def test_the_best_come_first_and_not_too_many(session: Session) -> None:
    for number in range(20, 40):
        put(session, NOTE, number, client_id=1, title="", body="a long walk, " * number + "work")
    put(session, NOTE, 50, client_id=1, title="work", body="work work work")
    assert find(session, "work")[0].record_id == 50
    assert len(find(session, "work", limit=5)) == 5


def test_the_index_holds_no_text_a_second_time(indexed: Practice, session: Session) -> None:
    tables = (
        session.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    )
    assert "search_text_content" not in tables
    assert session.connection().exec_driver_sql("SELECT body FROM search_text LIMIT 1").scalar() is None
    assert Path(indexed.folder / "practice.db").is_file()


def test_the_index_agrees_with_the_records_until_one_is_missing(practice: Practice, rosa: Person) -> None:
    client_id = add_client(practice, rosa)
    note_id = write_note(practice, rosa, client_id, "We looked at the week.")
    with practice.reading() as session:
        assert agrees(session)
        remove(session, NOTE, note_id)
        assert not agrees(session)
