"""Which minutes support which code, and which codes may stand together on one day.

The limits are data: ``resources/rules/psychotherapy_time.toml`` names their sources and can be edited.
Problems come back as one sentence each; the clinician may override a time limit with a reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec

from therapist_desktop.models.errors import UserError
from therapist_desktop.paths import resources


class CodeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is published about one code; the fields are explained in the rules file."""

    code: str
    kind: str
    sources: tuple[str, ...]
    least_minutes: int | None = None
    most_minutes: int | None = None
    continued_by: str = ""
    units_from: int | None = None
    units_each: int | None = None
    most_units: int | None = None
    once_a_day: bool = False
    only_with: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    distinct_from: tuple[str, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether minutes decide about this code."""
        return self.least_minutes is not None or self.most_minutes is not None or self.units_from is not None

    def holds(self, minutes: int) -> bool:
        """Whether so many minutes support the code; one that an add-on continues has no upper limit."""
        least = self.units_from if self.least_minutes is None else self.least_minutes
        most = None if self.continued_by else self.most_minutes
        return (least is None or minutes >= least) and (most is None or minutes <= most)

    def most_units_for(self, minutes: int) -> int | None:
        """Return how many units so many minutes support; None if minutes do not limit the units."""
        if self.units_from is None or self.units_each is None:
            return None
        return 0 if minutes < self.units_from else 1 + (minutes - self.units_from) // self.units_each


@dataclass(frozen=True, kw_only=True)
class CodeUnits:
    """A code and how often it counts."""

    code: str
    units: int


class BillingRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All rules of one file."""

    edition: str
    distinct_modifiers: tuple[str, ...] = ()
    sources: dict[str, str] = {}
    groups: dict[str, tuple[str, ...]] = {}
    code: tuple[CodeRule, ...] = ()

    def rule(self, code: str) -> CodeRule | None:
        """Return the rule for a code, None if nothing is known about it."""
        return next((rule for rule in self.code if rule.code == code), None)

    def suggest_codes(self, minutes: int, kind: str) -> tuple[str, ...]:
        """Return the codes of a kind of service that so many minutes support, in the order of the file."""
        return tuple(r.code for r in self.code if r.kind == kind and not r.only_with and r.holds(minutes))

    def suggest_add_ons(self, code: str, minutes: int) -> tuple[CodeUnits, ...]:
        """Return the add-ons that may stand beside a code for so many minutes, each with its most units.

        Minutes beside an evaluation-and-management code are those of the psychotherapy alone.
        """
        return tuple(
            CodeUnits(code=rule.code, units=rule.most_units_for(minutes) or 1)
            for rule in self.code
            if rule.only_with and self._names(rule.only_with, code) and rule.holds(minutes)
        )

    def minutes_problem(self, code: str, minutes: int | None) -> str | None:
        """Say why the minutes do not support a code, and which code they do support."""
        rule = self.rule(code)
        if rule is None or not rule.timed:
            return None
        if minutes is None:
            return f"{code} depends on time. Enter the start and stop of the session."
        if rule.holds(minutes):
            return None
        others = [r.code for r in self.code if self._alternative(rule, r) and r.holds(minutes)]
        advice = f"Use {' or '.join(others)}" if others else "Choose another code"
        return (
            f"{code} is for {self._band(rule)}, and the session had {minutes}. "
            f"{advice}, or give a reason for departing from the time."
        )

    def units_problem(self, code: str, units: int, minutes: int | None) -> str | None:
        """Say why a number of units is wrong; add-ons for time count from the minutes."""
        if units < 1:
            return "There must be at least one unit. Correct the units."
        rule = self.rule(code)
        if rule is None:
            return None
        if rule.most_units is not None and units > rule.most_units:
            return f"{code} counts {_units(rule.most_units)} at most. Correct the units."
        supported = None if minutes is None else rule.most_units_for(minutes)
        if supported is not None and units > supported:
            return f"{minutes} minutes support {_units(supported)} of {code}, not {units}. Correct the units."
        return None

    def add_on_problem(self, code: str, codes_that_day: Collection[str]) -> str | None:
        """Say if an add-on stands without a code it belongs to on the same date."""
        rule = self.rule(code)
        if rule is None or not rule.only_with:
            return None
        if any(self._names(rule.only_with, other) for other in codes_that_day if other != code):
            return None
        bases = ", ".join(name.replace("_", " ") for name in rule.only_with)
        return f"{code} is an add-on and stands only beside {bases} on the same date. Add that or remove it."

    def pair_problem(self, one: str, other: str, modifiers: Collection[str]) -> str | None:
        """Say why two codes do not stand together on one date; ``modifiers`` are those of both lines."""
        if one == other:
            rule = self.rule(one)
            if rule is not None and rule.once_a_day:
                return f"{one} counts once a day. Remove one of the lines."
            return None
        for first, second in ((one, other), (other, one)):
            rule = self.rule(first)
            if rule is None:
                continue
            if self._names(rule.not_with, second):
                return f"{first} and {second} are not paid on the same date. Remove one of them."
            if self._names(rule.distinct_from, second) and not set(modifiers) & set(self.distinct_modifiers):
                return (
                    f"{first} and {second} on the same date need modifier {self.distinct_modifiers[0]}, "
                    "if they were separate services."
                )
        return None

    def _names(self, names: tuple[str, ...], code: str) -> bool:
        """Whether a list of codes, ranges and groups holds a code."""
        for name in names:
            if name in self.groups:
                if self._names(self.groups[name], code):
                    return True
            elif "-" in name:
                first, last = name.split("-", 1)
                if len(first) == len(code) and first <= code <= last:
                    return True
            elif name == code:
                return True
        return False

    @staticmethod
    def _alternative(rule: CodeRule, other: CodeRule) -> bool:
        """Whether another code does the same work for another length of time."""
        same_work = other.kind == rule.kind and other.only_with == rule.only_with
        return same_work and other.code != rule.code and other.timed

    @staticmethod
    def _band(rule: CodeRule) -> str:
        least = rule.units_from if rule.least_minutes is None else rule.least_minutes
        if rule.most_minutes is None or rule.continued_by:
            return f"{least} minutes or more"
        return f"{least or 0} to {rule.most_minutes} minutes"


def read_billing_rules(data: bytes) -> BillingRules:
    """Read rules from TOML; raises ``UserError`` if the file is not sound."""
    try:
        rules = msgspec.convert(tomllib.loads(data.decode()), BillingRules)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UserError(f"The file of billing rules cannot be read: {error}. Correct it.") from error
    codes = [rule.code for rule in rules.code]
    for code in codes:
        if codes.count(code) > 1:
            raise UserError(f"The file of billing rules has {code} twice. Remove one of them.")
    for rule in rules.code:
        unknown = [source for source in rule.sources if source not in rules.sources]
        if unknown or not rule.sources:
            raise UserError(f"The billing rule for {rule.code} names no known source. Add it under [sources].")
        if rule.distinct_from and not rules.distinct_modifiers:
            raise UserError(f"The billing rule for {rule.code} needs distinct_modifiers. Add them to the file.")
    return rules


def load_billing_rules(file: Path | None = None) -> BillingRules:
    """Read the rules that ship with the program, or a practice’s own file."""
    path = file or resources() / "rules" / "psychotherapy_time.toml"
    return read_billing_rules(path.read_bytes())


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"
