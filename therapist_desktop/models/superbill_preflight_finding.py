"""What the check of a superbill finds, and what it needs to know beside the superbill itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from therapist_desktop.models.place_and_modifiers import PayerTelehealthRule


class Severity(StrEnum):
    """What an insurer would do about it."""

    REJECTED = "rejected"
    QUESTIONED = "questioned"
    ADVICE = "advice"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One reason why an insurer would reject or question a superbill, and how to put it right."""

    severity: Severity
    key: str
    """Names the rule, such as "npi missing"; the same in every version of the program."""
    sentence: str
    """What is wrong and what to do. It may name dates and codes, never the client."""
    fix: str
    """Where to put it right, such as "client.born_on" or "line.minutes"."""
    charge_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PreflightContext:
    """What the practice knows about the client and the charges, and the rules it chose."""

    today: date
    client_started_on: date | None = None
    supervised: bool = False
    """Whether the rendering clinician works under supervision."""
    licensed_states: frozenset[str] = frozenset()
    """States in which the rendering clinician may practise; empty if it is not to be checked."""
    telehealth_rule: PayerTelehealthRule | None = None
    """What the client’s payer wants; None if it is not known."""
    signed_notes_required: bool = False
    """Whether a practice takes an unsigned note for a reason to hold the superbill back."""
    absence_charge_ids: frozenset[int] = frozenset()
    """Charges for missed sessions and late cancellations."""
    held_by_number: Mapping[int, str] = field(default_factory=dict)
    """For charges on another live superbill, its number."""
    services_elsewhere: frozenset[tuple[date, str]] = frozenset()
    """Date and code of the client’s other charges by the same clinician, not on this superbill."""
    timely_filing_days: int = 90
    """After so many days the client is reminded of the plan’s own deadline. Plans differ; 90 is cautious."""
