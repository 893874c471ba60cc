"""What is written on the tour, read from ``resources/sample/tour.toml``."""

from __future__ import annotations

import tomllib

import msgspec

from therapist_desktop.paths import resources


class TourNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of the note."""

    data: str
    assessment: str
    plan: str


class TourAmendment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is written beside the note."""

    text: str
    wrong: str = ""


class TourObjective(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An objective with its one intervention."""

    text: str
    measure: str
    baseline: str
    target: str
    intervention: str


class TourPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The treatment plan."""

    problem: str
    baseline: str
    impairment: str
    goal: str
    strengths: str
    barriers: str
    necessity: str
    discharge: str
    objective: tuple[TourObjective, ...]


class TourSafetyPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The safety plan: each row is its part, text, phone and relation."""

    kept_where: str
    copies_held_by: str
    rows: tuple[tuple[int, str, str, str], ...]


class TourScript(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it."""

    note: TourNote
    addendum: TourAmendment
    correction: TourAmendment
    plan: TourPlan
    safety: TourSafetyPlan


def tour_script() -> TourScript:
    """Return what is written on the tour."""
    data = (resources() / "sample" / "tour.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(data), TourScript)
