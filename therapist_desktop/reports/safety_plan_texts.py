"""The words on a safety plan, in the client’s language, and the crisis lines that are never left out.

It knows no paper, so that a plan as plain text is written from the same words.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from therapist_desktop import paths
from therapist_desktop.models.safety_plan_content import CrisisLineContent, SafetyPlanPart

DEFAULT_LANGUAGE = "en"
_ALWAYS_PRINTED = ("988", "911")
_LONGEST_HOW = 60
"""Characters; the headline is read by somebody in danger."""


@dataclass(frozen=True, kw_only=True)
class SafetyPlanTexts:
    """What stands on the paper besides the client’s own words."""

    language: str
    title: str
    name: str
    date: str
    phone: str
    danger: str
    made_with: str
    review: str
    page: str
    of: str
    date_form: str
    months: Sequence[str]
    parts: Mapping[SafetyPlanPart, str]
    emergency: tuple[CrisisLineContent, ...]
    card_therapist: str
    card_cut: str
    card_fold: str

    def long_date(self, day: datetime.date) -> str:
        """Return a date as it is written in this language."""
        return self.date_form.format(month=self.months[day.month - 1], day=day.day, year=day.year)

    def call_now(self, given: Sequence[CrisisLineContent]) -> str:
        """Return “In danger now? Call or text 988. Call 911.”; both numbers stand there whatever was given."""
        return " ".join([self.danger, *(f"{_short(line.how).rstrip('.')}." for line in self._headline(given))])

    def other_lines(self, given: Sequence[CrisisLineContent]) -> list[CrisisLineContent]:
        """Return the given lines that the headline does not stand for."""
        stood_for = [_reaching(number, given) for number in _ALWAYS_PRINTED]
        said = [_numbers(line) for line in self._headline(given)]
        return [line for line in given if line not in stood_for and _numbers(line) not in said]

    def _headline(self, given: Sequence[CrisisLineContent]) -> list[CrisisLineContent]:
        """Crisis lines are kept in English, so on a page in another language our own words are used."""
        translated = not self.language.startswith(DEFAULT_LANGUAGE)
        lines = self.emergency if translated else (*given, *self.emergency)
        return [line for number in _ALWAYS_PRINTED if (line := _reaching(number, lines))]


def _reaching(number: str, lines: Sequence[CrisisLineContent]) -> CrisisLineContent | None:
    """Return the first line that is reached by this number."""
    return next((line for line in lines if number in _numbers(line)), None)


def _numbers(line: CrisisLineContent) -> list[str]:
    return re.findall("[0-9]+", line.how)


def _short(how: str) -> str:
    line = " ".join(how.split())
    return line if len(line) <= _LONGEST_HOW else f"{line[: _LONGEST_HOW - 1]}…"


@cache
def safety_plan_texts(language: str) -> SafetyPlanTexts:
    """Return the words for “es”, “es-US” or “en”; a language that we do not have is printed in English."""
    folder = paths.resources() / "texts"
    known = {file.stem.removeprefix("safety_plan_"): file for file in folder.glob("safety_plan_*.toml")}
    code = re.split("[-_]", language.strip().lower())[0]
    words = tomllib.loads(known.get(code, known[DEFAULT_LANGUAGE]).read_text("utf-8"))
    parts = {SafetyPlanPart(int(number)): title for number, title in words.pop("parts").items()}
    emergency = tuple(CrisisLineContent(**line) for line in words.pop("emergency"))
    card = {f"card_{name}": text for name, text in words.pop("card").items()}
    return SafetyPlanTexts(parts=parts, emergency=emergency, **card, **words)
