"""Writes the words of sample notes: sentences are dealt from decks, so that no two sessions read alike.

The sentences are in ``narrative.toml`` and ``themes/``. A seeded generator deals them, so that the same seed always
writes the same chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from therapist_desktop.models.note_templates import note_template
from therapist_desktop.models.treatment_plan_draft import NumberedObjective
from therapist_desktop.sample.sources import Source, read_source
from therapist_desktop.services.note_draft import DraftObjective, DraftSection

INTAKE = "intake"
_SLOT = re.compile(r"\{(\w+)\}")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ObjectiveSource(Source, frozen=True):
    """A step of a treatment plan."""

    text: str
    measure: str
    baseline: str
    target: str
    interventions: tuple[str, ...]


class ProblemSource(Source, frozen=True):
    """What a treatment plan is about: one or two goals, each with its objectives."""

    text: str
    impairment: str
    baseline: str
    goal: str
    objective: tuple[ObjectiveSource, ...]
    second_goal: str = ""
    second_objective: tuple[ObjectiveSource, ...] = ()


class Theme(Source, frozen=True):
    """What somebody comes for, with the sentences that go with it."""

    interventions: tuple[str, ...]
    report: tuple[str, ...]
    work: tuple[str, ...]
    response: tuple[str, ...]
    meaning: tuple[str, ...]
    homework: tuple[str, ...]
    focus: tuple[str, ...]
    problem: tuple[ProblemSource, ...]


class PlanWords(Source, frozen=True):
    """What treatment plans say beside problems and goals."""

    strengths: tuple[str, ...]
    barriers: tuple[str, ...]
    level_of_care: tuple[str, ...]
    necessity: tuple[str, ...]
    discharge_criteria: tuple[str, ...]
    participation: tuple[str, ...]
    durations: tuple[str, ...]
    early: tuple[str, ...]
    middle: tuple[str, ...]
    met: tuple[str, ...]


class Narrative(Source, frozen=True):
    """``narrative.toml``: strands of sentences, the words in their slots, and which strand stands where."""

    opening: tuple[str, ...]
    function: tuple[str, ...]
    observation: tuple[str, ...]
    response: tuple[str, ...]
    progress: dict[str, tuple[str, ...]]
    strands: dict[str, tuple[str, ...]]
    intake: dict[str, tuple[str, ...]]
    slots: dict[str, tuple[str, ...]]
    headings: dict[str, dict[str, tuple[str, ...]]]
    plan: PlanWords


class Library:
    """All that narrators draw from, each file read once."""

    def __init__(self) -> None:
        self.narrative = read_source("narrative.toml", Narrative)
        self._themes: dict[str, Theme] = {}

    def theme(self, name: str) -> Theme:
        """Return a theme by the name of its file."""
        if name not in self._themes:
            self._themes[name] = read_source(f"themes/{name}.toml", Theme)
        return self._themes[name]


class Deck:
    """Deals its cards in random order, and all of them before any comes again."""

    def __init__(self, cards: Sequence[str], chance: Random) -> None:
        self._left = chance.sample(cards, len(cards))
        self._dealt: list[str] = []
        self._chance = chance

    def deal(self) -> str:
        """Return the next card; what was dealt last before a new round comes late in it."""
        if not self._left:
            half = len(self._dealt) // 2
            early, late = self._dealt[:half], self._dealt[half:]
            self._chance.shuffle(early)
            self._chance.shuffle(late)
            self._left, self._dealt = late + early, []
        card = self._left.pop()
        self._dealt.append(card)
        return card


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """Where a session stands in the course of a treatment."""

    share: float
    """How much of the course is behind, from 0 to 1."""
    template: str
    objectives: Sequence[NumberedObjective]
    next_on: date
    is_intake: bool = False

    @property
    def phase(self) -> str:
        """The name of the strand that tells of progress."""
        return "early" if self.share < 0.3 else "middle" if self.share < 0.75 else "late"


@dataclass(frozen=True, kw_only=True)
class WrittenSession:
    """The words of one note."""

    sections: tuple[DraftSection, ...]
    interventions: tuple[str, ...]
    objectives: tuple[DraftObjective, ...]
    risk: str


class Narrator:
    """Writes the notes of one client."""

    def __init__(self, library: Library, theme: str, chance: Random, *, watched: bool = False) -> None:
        """``watched`` is for somebody with a safety plan, whose risk is told more closely."""
        narrative, words = library.narrative, library.theme(theme)
        self._headings = narrative.headings
        self._risk = "risk_watched" if watched else "risk"
        self._chance = chance
        strands: dict[str, Sequence[str]] = {
            "opening": narrative.opening,
            "function": narrative.function,
            "observation": narrative.observation,
            "report": words.report,
            "work": words.work,
            "response": (*narrative.response, *words.response),
            "meaning": words.meaning,
            "homework": words.homework,
            "focus": words.focus,
            "technique": words.interventions,
            **narrative.progress,
            **narrative.strands,
            **narrative.intake,
        }
        self._decks = {name: Deck(cards, chance) for name, cards in strands.items()}
        self._slots = {name: Deck(cards, chance) for name, cards in narrative.slots.items()}

    def write(self, chapter: Chapter) -> WrittenSession:
        """Return the words of one session."""
        worked_on = () if chapter.is_intake else self._worked_on(chapter.objectives)
        given = {
            "objective": worked_on[0].label if worked_on else "1a",
            "score": str(self._score(chapter.share)),
            "next_day": _WEEKDAYS[chapter.next_on.weekday()],
        }
        layout = self._headings[INTAKE if chapter.is_intake else chapter.template]
        order = layout if chapter.is_intake else note_template(chapter.template).headings
        return WrittenSession(
            sections=tuple(
                DraftSection(heading=heading, text=" ".join(self._sentences(layout[heading], chapter, given)))
                for heading in order
            ),
            interventions=tuple(dict.fromkeys(self._decks["technique"].deal() for _ in range(2))),
            objectives=worked_on,
            risk=self._fill(self._decks[self._risk].deal(), given),
        )

    def _sentences(self, strands: Sequence[str], chapter: Chapter, given: dict[str, str]) -> Iterator[str]:
        for entry in strands:
            name, count = entry.split()
            deck = self._decks[chapter.phase if name == "progress" else name]
            for _ in range(int(count)):
                yield self._fill(deck.deal(), given)

    def _fill(self, sentence: str, given: dict[str, str]) -> str:
        return _SLOT.sub(lambda slot: self._word(slot[1], given), sentence)

    def _word(self, slot: str, given: dict[str, str]) -> str:
        if slot in given:
            return given[slot]
        name, _, form = slot.partition("_")
        word = self._slots[name].deal()
        return word[:1].upper() + word[1:] if form == "capital" else word

    def _worked_on(self, objectives: Sequence[NumberedObjective]) -> tuple[DraftObjective, ...]:
        if not objectives:
            return ()
        chosen = self._chance.sample(range(len(objectives)), min(len(objectives), self._chance.choice((1, 1, 2))))
        return tuple(
            DraftObjective(
                thread=objectives[place].objective.thread,
                label=objectives[place].label,
                text=objectives[place].objective.text,
                progress=self._fill(self._decks["objective_progress"].deal(), {}),
            )
            for place in sorted(chosen)
        )

    def _score(self, share: float) -> int:
        """Return a questionnaire score that falls over the course of treatment, with ups and downs."""
        return max(2, round(18 - 12 * share + self._chance.uniform(-2, 2)))
