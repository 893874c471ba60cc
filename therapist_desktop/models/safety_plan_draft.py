"""A safety plan as an editor holds it: the whole of a version, frozen, to be replaced part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from therapist_desktop.models.safety_plan import MeansPresent
from therapist_desktop.models.safety_plan_content import MeansItemContent, SafetyPlanPart

REVIEW_WITHIN = timedelta(days=120)
"""The longest time to the next review that MIPS measure #504 counts (clinical.md 4). Sooner is usual."""

_ANSWERS = frozenset(answer.value for answer in MeansPresent)
_NEEDED_PARTS = frozenset(SafetyPlanPart(number) for number in range(1, 6))


@dataclass(frozen=True, kw_only=True)
class SafetyPlanRowDraft:
    """One line of a part; a person or service has a phone, and may or may not be contacted by the practice."""

    part: SafetyPlanPart
    text: str
    phone: str = ""
    relation: str = ""
    hours: str = ""
    may_contact: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is written in it."""
        return not "".join((self.text, self.phone, self.relation, self.hours)).strip()


@dataclass(frozen=True, kw_only=True)
class SafetyPlanDraft:
    """Everything of a version that can be edited. The rows stand in the order of the seven parts."""

    made_on: date
    made_with: str = ""
    review_on: date | None = None
    language: str = "en"
    likelihood: int | None = None
    """How likely the client finds it that they will use the plan, 0 to 10; None if not asked."""
    barriers: str = ""
    kept_where: str = ""
    copies_held_by: str = ""
    rows: tuple[SafetyPlanRowDraft, ...] = ()
    means: tuple[MeansItemContent, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(sorted(self.rows, key=lambda row: row.part)))

    def part(self, part: SafetyPlanPart) -> tuple[SafetyPlanRowDraft, ...]:
        """Return the rows of one part."""
        return tuple(row for row in self.rows if row.part is part)

    def problem(self) -> str | None:
        """Return what cannot be right, in a sentence."""
        if self.likelihood is not None and not 0 <= self.likelihood <= 10:
            return "How likely it is that the plan is used is a number from 0 to 10. Correct it."
        if any(item.present not in _ANSWERS for item in self.means):
            return "Whether a means of harm is within reach is answered yes, no or declined to say. Correct it."
        return None

    def helps(self) -> bool:
        """Whether anything is written in the parts a client goes through in a crisis, the first five."""
        return any(row.part in _NEEDED_PARTS and not row.blank for row in self.rows)

    def ready_for_use(self) -> SafetyPlanDraft:
        """Return the plan as it is put in use: no empty lines, and a day on which it is looked at again."""
        return replace(
            self,
            rows=tuple(row for row in self.rows if not row.blank),
            means=tuple(item for item in self.means if item.means.strip()),
            review_on=self.review_on or self.made_on + REVIEW_WITHIN,
        )

    def carried_forward(self, today: date) -> SafetyPlanDraft:
        """Return the draft of the next version: the client’s words are kept, what belongs to the day asked anew."""
        return replace(self, made_on=today, made_with="", review_on=None, likelihood=None)
