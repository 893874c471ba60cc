"""What a safety plan says: seven parts in the client’s words (clinical.md 4).

The headings are our own. The structure follows the Safety Planning Intervention literature (Stanley & Brown 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class SafetyPlanPart(IntEnum):
    """The seven parts, in their fixed order of escalation."""

    WARNING_SIGNS = 1
    BY_MYSELF = 2
    DISTRACTION = 3
    PEOPLE = 4
    PROFESSIONALS = 5
    SURROUNDINGS = 6
    WHAT_MATTERS = 7


PART_TITLES: dict[SafetyPlanPart, str] = {
    SafetyPlanPart.WARNING_SIGNS: "My warning signs",
    SafetyPlanPart.BY_MYSELF: "Things I can do on my own",
    SafetyPlanPart.DISTRACTION: "People and places that take my mind off things",
    SafetyPlanPart.PEOPLE: "People I can ask for help",
    SafetyPlanPart.PROFESSIONALS: "Professionals and crisis services",
    SafetyPlanPart.SURROUNDINGS: "Making my surroundings safer",
    SafetyPlanPart.WHAT_MATTERS: "What matters most to me",
}


@dataclass(frozen=True, kw_only=True)
class SafetyPlanRowContent:
    """One line of a part; a person or service has a phone."""

    part: SafetyPlanPart
    text: str
    phone: str = ""
    relation: str = ""
    hours: str = ""


@dataclass(frozen=True, kw_only=True)
class MeansItemContent:
    """A means of harm and what was agreed about it; printed on the clinician’s copy only."""

    means: str
    present: str
    """"yes", "no" or "declined to say"."""
    storage: str = ""
    action: str = ""
    helper: str = ""
    by_when: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CrisisLineContent:
    """A crisis line as printed."""

    name: str
    how: str
    """Such as “Call or text 988”."""


@dataclass(frozen=True, kw_only=True)
class SafetyPlanContent:
    """A version of a plan. Nothing clinical (diagnosis, risk) is part of it: it goes home with the client."""

    client_id: int
    client_name: str
    """First name and initial, as on the client’s copy."""
    first_name: str
    """For the wallet card."""
    version: int
    made_on: date
    review_on: date | None
    language: str
    rows: tuple[SafetyPlanRowContent, ...]
    means: tuple[MeansItemContent, ...]
    likelihood: int | None
    """How likely the client finds it that they will use the plan, 0 to 10."""
    barriers: str
    kept_where: str
    copies_held_by: str


@dataclass(frozen=True, kw_only=True)
class SafetyPlanPaper:
    """A safety plan as it is printed for the client."""

    plan: SafetyPlanContent | None
    """None prints a blank plan."""
    clinician_name: str
    clinician_phone: str
    practice_name: str
    crisis_lines: tuple[CrisisLineContent, ...]

    def rows(self, part: SafetyPlanPart) -> tuple[SafetyPlanRowContent, ...]:
        """The rows of one part."""
        return () if self.plan is None else tuple(row for row in self.plan.rows if row.part == part)
