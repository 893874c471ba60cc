"""What the narrator writes: no sentence twice in a note, nothing left unfilled, none of the words we do not use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from therapist_desktop.models.note_templates import note_templates
from therapist_desktop.paths import resources
from therapist_desktop.sample.narrator import Chapter, Deck, Library, Narrator

THEMES = sorted(file.stem for file in (resources() / "sample" / "themes").glob("*.toml"))


def chapter(template: str = "DAP", *, is_intake: bool = False) -> Chapter:
    return Chapter(share=0.5, template=template, objectives=(), next_on=date(2026, 11, 30), is_intake=is_intake)


def test_a_deck_deals_every_card_before_any_again_and_none_twice_in_a_row() -> None:
    cards = [str(number) for number in range(12)]
    deck = Deck(cards, Random(7))
    dealt = [deck.deal() for _ in range(600)]
    for start in range(0, 600, 12):
        assert sorted(dealt[start : start + 12]) == sorted(cards)
    assert all(dealt[place] not in dealt[place + 1 : place + 6] for place in range(590))


@pytest.mark.parametrize("theme", THEMES)
def test_a_note_says_nothing_twice_and_leaves_no_slot_open(theme: str) -> None:
    narrator = Narrator(Library(), theme, Random(theme))
    for template in note_templates() * 6:
        written = narrator.write(chapter(template.name))
        text = " ".join(section.text for section in written.sections)
        sentences = re.split(r"(?<=\.) ", text)
        assert len(sentences) == len(set(sentences))
        assert not re.search(r"[{}]", text + written.risk)
        assert [section.heading for section in written.sections] == list(template.headings)


def test_the_next_session_is_named_by_its_weekday() -> None:
    written = Narrator(Library(), "grief", Random(1)).write(chapter())
    assert "Monday" in written.sections[-1].text.rsplit(". ", 1)[-1]


def test_the_same_seed_writes_the_same_notes() -> None:
    one, other, third = (Narrator(Library(), "anxiety", Random(seed)) for seed in (1, 1, 2))
    notes = [narrator.write(chapter()) for narrator in (one, other, third)]
    assert notes[0] == notes[1] != notes[2]


def test_a_first_meeting_is_told_differently() -> None:
    written = Narrator(Library(), "depression", Random(3)).write(chapter(is_intake=True))
    assert "since the last" not in " ".join(section.text for section in written.sections)
    assert written.objectives == ()


def sentences_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from sentences_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from sentences_of(one)


def test_the_files_use_our_words_and_nobody_elses() -> None:
    files = sorted((resources() / "sample").rglob("*.toml"))
    texts = [text for file in files for text in sentences_of(tomllib.loads(file.read_text(encoding="utf-8")))]
    assert len(texts) > 1000
    unwanted = re.compile(r"\bpatients?\b|\bcustomers?\b|\bDSM\b|Stanley|\bCPT\b", re.IGNORECASE)
    assert [text for text in texts if unwanted.search(text)] == []
