"""Cloned notes: text that is nearly that of the note before, which reviewers reject (clinical.md 6.1)."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from therapist_desktop.models.note_readiness import Need, NoteFinding

SHORTEST_CLONE = 200
"""Characters; short notes are alike without anybody having copied them."""

CLONED = 90.0
"""Out of 100: two notes of the same therapist about the same work are rarely above 70."""


def clone_finding(sections: Sequence[str], sections_before: Sequence[str]) -> NoteFinding | None:
    """Point out that a note says nearly the same as the client’s note before it."""
    now, before = (" ".join(" ".join(texts).split()) for texts in (sections, sections_before))
    if len(now) < SHORTEST_CLONE or fuzz.ratio(now, before, score_cutoff=CLONED) == 0:
        return None
    return NoteFinding(
        need=Need.SHOULD,
        key="cloned",
        sentence="This note is nearly the same as the one before. Say what was different in this session.",
        fix="note.sections",
    )
