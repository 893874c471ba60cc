"""A note on paper keeps what was written, and names what was added, corrected, late or void."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.paper import Paper
from tests.reports.sample_letterhead import signature
from tests.reports.sample_notes import (
    ADDENDUM,
    CORRECTION,
    LONG_NOTE_PAPER,
    NOTE,
    NOTE_PAPER,
    PARAGRAPH,
    VOIDING,
    amendment,
)
from therapist_desktop.models.note_content import NotePaper, NoteSectionContent
from therapist_desktop.reports import session_note


def read(paper: NotePaper) -> Paper:
    return Paper(session_note.build(paper))


def with_text(text: str) -> NotePaper:
    section = NoteSectionContent(heading="Data", text=text)
    return replace(NOTE_PAPER, note=replace(NOTE, sections=(section,)))


def test_a_signed_note_shows_session_words_and_signature_on_one_page() -> None:
    paper = read(NOTE_PAPER)
    assert len(paper.pages) == 1
    for fact in (
        "Progress note",
        "Daniel Reyes · born 03/14/1992",
        "Session of November 16, 2026 · Rosa Alvarez, LCSW",
        "10:00–10:55 am",
        "55 min",
        "Video",
        "Home, alone · ME",
        "Individual therapy",
        "rated belief 70 → 40",
        "1a Schedule four valued activities a week",
        "Progress: Five of seven days",
        "Cognitive restructuring; Behavioral activation",
        "F33.1 Major depressive disorder, recurrent, moderate",
        "License ME LCSW LC12345",
        "Signed electronically as author, November 16, 2026, 3:04 pm (UTC−05:00)",
        "Content 3f2a9c1b77e0d4a1",
        "printed November 23, 2026, 4:10 pm (UTC−05:00)",
    ):
        assert fact in paper.text
    assert "DRAFT" not in paper.text


def test_a_draft_says_so_across_the_page() -> None:
    paper = read(replace(NOTE_PAPER, signatures=()))
    assert paper.text.count("DRAFT – not signed") == 2
    assert max(words.points for words in paper.words) > 40


def test_interruptions_are_named_beside_the_minutes() -> None:
    text = read(replace(NOTE_PAPER, note=replace(NOTE, minutes=50, interruption_minutes=5))).text
    assert "50 min (5 min interruption not counted)" in text


def test_a_long_note_keeps_every_word_and_names_the_client_on_every_page() -> None:
    paper = read(LONG_NOTE_PAPER)
    assert len(paper.pages) > 3
    assert all("Daniel Reyes · born 03/14/1992 · Progress note" in page for page in paper.pages[1:])
    assert paper.text.count("landlord") == 3 * 5 * 4
    assert "Page 1 of 6" in paper.pages[0]


def test_a_late_entry_is_labelled_with_both_dates() -> None:
    assert (
        "LATE ENTRY: begun November 20, 2026, 9:12 am (UTC−05:00), for the session of November 16, 2026"
        in read(LONG_NOTE_PAPER).text
    )
    assert "LATE ENTRY" not in read(NOTE_PAPER).text


def test_a_co_signature_stands_below_the_authors() -> None:
    text = read(LONG_NOTE_PAPER).text
    assert text.index("electronically as author") < text.index("electronically as co-signer")


def test_amendments_stand_below_the_unchanged_note_in_their_order_each_signed() -> None:
    text = read(replace(NOTE_PAPER, amendments=(ADDENDUM, CORRECTION))).text
    original, after = text.split("Written after signing; the note above is unchanged")
    assert "rated belief 70 → 40" in original
    assert after.index("ADDENDUM · written November 20, 2026, 9:30 am") < after.index("CORRECTION · written")
    assert "What was wrong The rating 40 was carried over" in after
    assert after.count("Signed electronically as author, November 20, 2026") == 2
    assert after.count("To the note with content 3f2a9c1b77e0d4a1") == 2


def test_a_void_note_says_why_first_and_keeps_every_word() -> None:
    paper = read(replace(NOTE_PAPER, amendments=(VOIDING,)))
    text = paper.text
    assert text.index("VOID since November 20, 2026, 9:30 am") < text.index("Client reports completing")
    assert "Reason: Written in the wrong client’s chart" in text
    assert "rated belief 70 → 40" in text
    assert all("VOID" in page for page in paper.pages)
    assert len(paper.drawn) >= len(read(NOTE_PAPER).drawn) + 15, "every line of the narrative is struck through"


def test_a_long_amendment_runs_over_pages_without_losing_a_word() -> None:
    long = amendment("addendum", "\n".join([PARAGRAPH * 3] * 12))
    text = read(replace(NOTE_PAPER, amendments=(long,))).text
    assert text.count("landlord") == 36


def test_no_signature_stands_on_a_page_without_words_of_the_note() -> None:
    for lines in range(20, 60):
        note = replace(NOTE, objectives=(), interventions=(), diagnoses=(), risk_today="")
        note = replace(note, sections=(NoteSectionContent(heading="Data", text="\n".join(["A line said."] * lines)),))
        paper = read(replace(NOTE_PAPER, note=note))
        signed = next(page for page in paper.pages if "Signed electronically" in page)
        assert "A line said." in signed


def test_lines_and_empty_lines_stay_as_they_were_typed() -> None:
    close, apart = (
        paper.find("first said").box[1] - paper.find("then said").box[1]
        for paper in (read(with_text("first said\nthen said")), read(with_text("first said\n\nthen said")))
    )
    assert apart > close > 10


def test_indents_stay_as_they_were_typed() -> None:
    paper = read(with_text("call him:\n    on Thursday"))
    assert paper.find("Thursday").box[0] > paper.find("call him").box[0] + 8


def test_an_empty_note_and_one_without_times_can_be_printed() -> None:
    bare = replace(
        NOTE, sections=(), objectives=(), interventions=(), diagnoses=(), risk_today="", start=None, stop=None
    )
    text = read(replace(NOTE_PAPER, note=replace(bare, minutes=None, client_born_on=None))).text
    assert "birth date missing" in text
    assert "Start and stop" not in text


def test_a_signature_over_nothing_but_facts_is_still_a_signature() -> None:
    bare = replace(NOTE, sections=(), objectives=(), interventions=(), diagnoses=(), risk_today="")
    paper = read(replace(NOTE_PAPER, note=bare, signatures=(signature(),)))
    assert "Signed electronically as author" in paper.text


@settings(max_examples=25, deadline=None)
@given(words=st.lists(st.from_regex(r"[A-Za-z0-9<>&;é]{1,40}", fullmatch=True), min_size=1, max_size=80))
def test_every_word_of_a_note_can_be_read_back(words: list[str]) -> None:
    text = read(with_text(" ".join(words))).text.replace(" ", "")
    assert "".join(words) in text
