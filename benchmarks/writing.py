"""Writing notes: what is saved every few seconds, and the signature at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from benchmarks.bare import durable_commit
from benchmarks.comparison import Comparison, Stopwatch, Turn, compare, timed
from benchmarks.signing_in import argon2id
from benchmarks.subject import Subject, Workplace
from therapist_desktop.services.note_draft import NoteDraft
from therapist_desktop.services.note_signing import sign_note
from therapist_desktop.services.session_notes import open_note, save_draft, start_note


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure saving a draft and signing a note."""
    with subject.open() as desk:
        client_id, draft = typical_draft(desk)
        commit = durable_commit(desk.raw, draft.words)
        size = f"{len(draft.words.encode()) / 1000:.1f} KB"
        rounds = subject.rounds(300)
        yield compare(
            "save a draft",
            timed(_saving(desk, client_id, draft)),
            f"durable commit of the same {size}",
            timed(commit),
            rounds,
            remark="who may write, what changed, the note’s rows and the search index",
        )
        yield compare(
            "save a draft",
            timed(_saving(desk, client_id, draft)),
            "the same rows and index, by hand",
            timed(_saving_by_hand(desk, client_id, draft)),
            rounds,
        )
        derive = argon2id(subject)
        rounds = subject.rounds(40)
        yield compare(
            "sign a note",
            _signing(subject, desk, client_id, draft, rounds, whole=True),
            f"Argon2id, and durable commit of {size}",
            lambda number: derive(number) + timed(commit)(number),
            rounds,
            remark="the password is asked again, which is nearly all of it",
        )
        yield compare(
            "sign a note, after the password",
            _signing(subject, desk, client_id, draft, rounds, whole=False),
            f"durable commit of the same {size}",
            timed(commit),
            rounds,
            remark="readiness, content, hash, signature, signed bytes, audit event",
        )


def typical_draft(desk: Workplace) -> tuple[int, NoteDraft]:
    """Return the client and the draft of a signed note as long as most, of today and with the numbers of no plan."""
    found = desk.rows(
        "SELECT n.id, n.client_id, sum(length(s.text)) AS size FROM session_note n "
        "JOIN note_section s ON s.note_id = n.id "
        "WHERE n.author_id = ? AND n.state = 'signed' AND n.kind = 'progress' GROUP BY n.id ORDER BY size",
        desk.person.id,
    )
    note_id, client_id, _ = found[len(found) // 2]
    draft = open_note(desk.practice, desk.person, note_id).draft
    return client_id, replace(draft, date_of_service=desk.today)


def _saving(desk: Workplace, client_id: int, draft: NoteDraft) -> Callable[[int], None]:
    """Return what goes on writing a draft: a few letters more than at the save before."""
    note_id = start_note(desk.practice, desk.person, client_id, draft.date_of_service, template=draft.template)
    revision = save_draft(desk.practice, desk.person, note_id, draft, 1)

    def save(number: int) -> None:
        nonlocal revision
        revision = save_draft(desk.practice, desk.person, note_id, _longer(draft, number), revision)

    return save


def _longer(draft: NoteDraft, number: int) -> NoteDraft:
    first, *rest = draft.sections
    return replace(draft, sections=(replace(first, text=f"{first.text} And so on, {number}."), *rest))


def _saving_by_hand(desk: Workplace, client_id: int, draft: NoteDraft) -> Callable[[int], None]:
    """Return the statements that nothing can do without which saves the text and keeps it findable."""
    note_id = start_note(desk.practice, desk.person, client_id, draft.date_of_service, template=draft.template)
    save_draft(desk.practice, desk.person, note_id, draft, 1)
    ((section_id,),) = desk.rows("SELECT id FROM note_section WHERE note_id = ? ORDER BY position LIMIT 1", note_id)
    ((entry_id,),) = desk.rows("SELECT id FROM search_entry WHERE kind = 'session note' AND record_id = ?", note_id)
    run: Any = desk.raw.execute

    def save(number: int) -> None:
        longer = _longer(draft, number)
        run("BEGIN IMMEDIATE")
        run("UPDATE note_section SET text = ? WHERE id = ?", (longer.sections[0].text, section_id))
        run("UPDATE session_note SET revision = revision + 1 WHERE id = ?", (note_id,))
        run("DELETE FROM search_text WHERE rowid = ?", (entry_id,))
        run("INSERT INTO search_text(rowid, title, body) VALUES (?, 'Progress note', ?)", (entry_id, longer.words))
        run("COMMIT")

    return save


def _signing(
    subject: Subject, desk: Workplace, client_id: int, draft: NoteDraft, rounds: int, *, whole: bool
) -> Turn:
    """Return what begins and saves a note, which is not timed, and then signs it."""
    watch = Stopwatch()
    with_password = desk.practice.check_password

    def then_begin(person_id: int, password: str) -> None:
        with_password(person_id, password)
        watch.begin_again()

    if not whole:
        vars(desk.practice)["check_password"] = then_begin

    def sign(number: int) -> float:
        note_id = start_note(desk.practice, desk.person, client_id, draft.date_of_service, template=draft.template)
        revision = save_draft(desk.practice, desk.person, note_id, _longer(draft, number), 1)
        watch.begin_again()
        sign_note(desk.practice, desk.person, desk.reference, note_id, subject.password, revision=revision)
        return watch.seconds

    return sign
