"""What an ICD-10-CM code, a release and the answer about a code on a date are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

# clinical.md 2.3: this form matches all 98,186 codes. The often copied form that wants a digit in second
# place rejects U07, U09 and the QA0 family. It is only a filter: the table decides.
_FORM = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")

# The chapters a psychotherapist codes from (clinical.md 2.2); they come first in every search.
_BEHAVIORAL = re.compile(r"R4[1456]|R69|R99|G47|T14|T7[46]|Z5[5-9]|Z6|Z7[0-6]|Z0[0234]|Z13|Z79|Z81|Z8[67]|Z91|Y07")


def canonical_code(text: str) -> str | None:
    """Return ``f331``, ``F33.1`` or ``' f33.1 '`` as ``F33.1``, or None if it cannot be a code."""
    typed = text.strip().upper().rstrip(".")
    dotted = typed if "." in typed else with_dot(typed)
    return dotted if _FORM.fullmatch(dotted) else None


def without_dot(code: str) -> str:
    """Return the code as CMS files and the release files write it: ``F33.1`` as ``F331``."""
    return code.replace(".", "")


def with_dot(bare: str) -> str:
    """Return the code as people write it: ``F331`` as ``F33.1``."""
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def search_tier(bare: str) -> int:
    """Return 0 for chapter F, 1 for the other codes of behavioral health, 2 for the rest."""
    if bare.startswith("F"):
        return 0
    return 1 if _BEHAVIORAL.match(bare) else 2


def is_external_cause(code: str) -> bool:
    """Return whether the code is of chapter 20 (V00–Y99), which may never be listed first."""
    return code[:1].upper() in {"V", "W", "X", "Y"}


@dataclass(frozen=True, slots=True)
class IcdCode:
    """A code with its dot, its official title, and whether it may be billed or is only a header."""

    code: str
    title: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Release:
    """One published table of codes and the dates of service, both included, it is in force for."""

    label: str
    valid_from: date
    valid_to: date
    source: str
    notes_from: str  # label of the release whose tabular notes it carries; the CMS code files have none

    def covers(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


class Verdict(Enum):
    """What the table says of a code."""

    BILLABLE = "billable"
    NOT_BILLABLE = "not billable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CodeStatus:
    """The answer to “may this code stand on a claim for this date of service?”"""

    code: str
    date_of_service: date
    verdict: Verdict
    title: str
    release: Release  # the table that was consulted
    suggestions: tuple[IcdCode, ...] = ()
    billable_elsewhere: tuple[Release, ...] = ()  # other releases at hand in which the code is billable

    @property
    def release_in_force(self) -> bool:
        """Whether the table consulted is the one in force on the date of service."""
        return self.release.covers(self.date_of_service)

    @property
    def problem(self) -> str:
        """Sentences that say why the code cannot be used and what may be meant; empty if it can be used."""
        if self.verdict is Verdict.BILLABLE:
            return ""
        near = " or ".join(entry.code for entry in self.suggestions[:3])
        if self.verdict is Verdict.NOT_BILLABLE:
            sentence = f"{self.code} is a heading and cannot be billed; choose a code below it"
            sentence += f", such as {near}." if near else "."
        else:
            sentence = f"{self.code} is not an ICD-10-CM code in the {self.release.label} table."
            sentence += f" Did you mean {near}?" if near else ""
            if self.release.valid_to < self.date_of_service:
                sentence += (
                    f" That table ended on {long_date(self.release.valid_to)}; if the code is newer, "
                    "import the table of its year."
                )
        for other in self.billable_elsewhere:
            start, end = long_date(other.valid_from), long_date(other.valid_to)
            sentence += f" It is billable for dates of service from {start} to {end}."
        return sentence

    @property
    def advice(self) -> str:
        """A sentence to show when the table in force on the date is not at hand, or an empty one."""
        if self.release_in_force:
            return ""
        age = "older" if self.release.valid_to < self.date_of_service else "newer"
        return (
            f"{self.code} was checked against the {self.release.label} table, which is {age} than the one in "
            f"force on {long_date(self.date_of_service)}; import that year's table to be sure."
        )


def long_date(day: date) -> str:
    """Return the date as Americans write it out: ``April 1, 2026``."""
    return f"{day:%B} {day.day}, {day.year}"
