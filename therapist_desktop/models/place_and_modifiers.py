"""Place of service, how client and clinician met, and the modifiers that must agree with both.

Rules: clinical.md 1.2 (CMS CR 12427 for places 02 and 10; modifier 93 audio only, 95 audio and video).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from therapist_desktop.models.superbill_content import MAX_MODIFIERS

TELEHEALTH_PLACES = frozenset({"02", "10"})
"""10: telehealth with the client at home; 02: telehealth with the client elsewhere."""

MODIFIERS_BY_MODALITY = {"video": frozenset({"95", "GT"}), "audio": frozenset({"93", "FQ"})}
"""GT and FQ are the HCPCS counterparts of 95 and 93."""


@dataclass(frozen=True, kw_only=True)
class PayerTelehealthRule:
    """Which modifier a payer wants for telehealth, empty for none.

    It is the payer’s rule, not the law’s: Medicare mostly wants 02 or 10 without 95, most others want 95.
    """

    video_modifier: str = "95"
    audio_modifier: str = "93"

    def wanted(self, modality: str) -> str:
        """Return the modifier wanted for a modality, empty for none."""
        return {"video": self.video_modifier, "audio": self.audio_modifier}.get(modality, "")


def is_telehealth(modality: str) -> bool:
    """Whether a session was by video or phone."""
    return modality in MODIFIERS_BY_MODALITY


def place_problem(place: str, modality: str) -> str | None:
    """Say why a place of service does not fit how the session was held."""
    if not re.fullmatch(r"[0-9]{2}", place):
        return "The place of service is missing. Enter its two digits, such as 11 for the office."
    if is_telehealth(modality) and place not in TELEHEALTH_PLACES:
        return (
            f"A session by {_spoken(modality)} cannot have place of service {place}. "
            "Use 10 if the client was at home, 02 if elsewhere."
        )
    if not is_telehealth(modality) and place in TELEHEALTH_PLACES:
        return (
            f"Place of service {place} is for telehealth, but the session was in person. "
            "Correct the place or how you met."
        )
    return None


def modifiers_problem(modifiers: Sequence[str]) -> str | None:
    """Say what is wrong with the form of modifiers: two characters each, four at most, none twice."""
    for modifier in modifiers:
        if not re.fullmatch(r"[0-9A-Z]{2}", modifier):
            return "A modifier is two capital letters or digits. Correct the modifiers."
    if len(set(modifiers)) < len(modifiers):
        return "A modifier stands there twice. Remove one of the two."
    if len(modifiers) > MAX_MODIFIERS:
        return f"A line has room for {MAX_MODIFIERS} modifiers. Remove the others."
    return None


def modality_problem(modality: str, modifiers: Sequence[str]) -> str | None:
    """Say if a modifier names another way of meeting than the one of the session."""
    for named, fitting in MODIFIERS_BY_MODALITY.items():
        wrong = [modifier for modifier in modifiers if modifier in fitting]
        if wrong and named != modality:
            held = f"by {_spoken(modality)}" if is_telehealth(modality) else "in person"
            return (
                f"Modifier {wrong[0]} is for sessions by {_spoken(named)}, but this one was {held}. "
                "Correct one of the two."
            )
    return None


def payer_problem(modality: str, modifiers: Sequence[str], rule: PayerTelehealthRule) -> str | None:
    """Say if a telehealth line lacks the modifier the payer wants, or has one it does not want."""
    if not is_telehealth(modality):
        return None
    wanted = rule.wanted(modality)
    present = [modifier for modifier in modifiers if modifier in MODIFIERS_BY_MODALITY[modality]]
    if wanted and wanted not in modifiers:
        return f"This payer wants modifier {wanted} for sessions by {_spoken(modality)}. Add it to the line."
    if not wanted and present:
        return f"This payer wants no modifier {present[0]} for sessions by {_spoken(modality)}. Remove it."
    return None


def _spoken(modality: str) -> str:
    return "phone" if modality == "audio" else modality
