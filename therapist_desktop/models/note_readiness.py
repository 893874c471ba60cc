"""What is missing in a note before it is signed for good (clinical.md 6.1: Medicare contractors’ checklist)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from therapist_desktop.catalogs.icd10 import Icd10Catalog, Verdict
from therapist_desktop.models.billing_rules import BillingRules
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.identifiers import state_problem
from therapist_desktop.models.note_content import NoteContent
from therapist_desktop.models.place_and_modifiers import is_telehealth, place_problem
from therapist_desktop.models.session_time import session_minutes

WITH_OTHERS = frozenset({"couple or family", "group"})
"""Kinds of service, as in the service catalogue, whose notes say who was there."""


class Need(StrEnum):
    """Whether a note can be signed without it."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True, kw_only=True)
class NoteFinding:
    """Something a note lacks, in a sentence for its author."""

    need: Need
    key: str
    sentence: str
    fix: str
    """Where to put it right, such as "note.start"."""


@dataclass(frozen=True, kw_only=True)
class NoteContext:
    """What is known beside the note."""

    today: date
    service_kind: str = ""
    """The kind from the service catalogue, such as "couple or family"; empty if no service is chosen."""
    plan_has_objectives: bool = False
    """Whether a treatment plan in force on the date of service has an open objective."""
    is_session: bool = True
    """False for a note of a call, a letter or a missed session: no times, place or diagnosis are wanted."""


def note_findings(
    note: NoteContent, *, catalog: Icd10Catalog, rules: BillingRules, context: NoteContext
) -> tuple[NoteFinding, ...]:
    """Return what is missing or contradictory, first what keeps the note from being signed."""
    found = [*_always(note, context)]
    if context.is_session:
        found += [*_time(note, rules), *_place(note), *_people_and_plan(note, context), *_diagnoses(note, catalog)]
    return tuple(sorted(found, key=lambda finding: finding.need is not Need.MUST))


def _always(note: NoteContent, context: NoteContext) -> Iterator[NoteFinding]:
    if note.date_of_service > context.today:
        yield _must("date in the future", "The date of service lies in the future. Correct it.", "date_of_service")
    if not any(section.text.strip() for section in note.sections):
        yield _must("no text", "The note is empty. Write at least one section.", "sections")


def _time(note: NoteContent, rules: BillingRules) -> Iterator[NoteFinding]:
    minutes = note.minutes
    if note.start is not None and note.stop is not None:
        try:
            minutes = session_minutes(note.start, note.stop, note.interruption_minutes)
        except UserError as error:
            yield _must("times", error.sentence, "start")
            return
    elif note.start is not None or note.stop is not None:
        yield _must("times", "Only one of start and stop is there. Enter both times.", "start")
    elif minutes is None:
        yield _must("times", "Start and stop of the session are missing. Enter both times.", "start")
    if minutes is not None and (problem := rules.minutes_problem(note.service_code, minutes)):
        yield _should("minutes do not fit", problem, "service")


def _place(note: NoteContent) -> Iterator[NoteFinding]:
    if problem := place_problem(note.place_of_service, note.modality):
        yield _must("place of service", problem, "place_of_service")
    if is_telehealth(note.modality):
        if state_problem(note.client_state):
            yield _must(
                "client state",
                "For telehealth the note says in which state the client was. Enter its two letters.",
                "client_state",
            )
        if not note.client_location.strip():
            yield _should(
                "client location",
                "For telehealth the note says where the client was, so that help could be sent. Enter the place.",
                "client_location",
            )


def _people_and_plan(note: NoteContent, context: NoteContext) -> Iterator[NoteFinding]:
    if not note.service_label.strip():
        yield _must("service", "No service is chosen. Choose what the session was.", "service")
    if context.service_kind in WITH_OTHERS and not note.participants.strip():
        yield _must(
            "participants",
            "It is not said who took part. Enter relations or roles, or for a group the number of members.",
            "participants",
        )
    if context.plan_has_objectives and not note.objectives:
        yield _should(
            "objective",
            "The note names no objective of the treatment plan. Insurers look for one in every note.",
            "objectives",
        )
    elif not context.plan_has_objectives and context.service_kind != "intake":
        yield _should(
            "plan",
            "There is no treatment plan with an open objective for this date. Write or revise the plan.",
            "plan",
        )


def _diagnoses(note: NoteContent, catalog: Icd10Catalog) -> Iterator[NoteFinding]:
    if not note.diagnoses:
        yield _should(
            "diagnosis", "The note has no diagnosis, so no superbill can be made of it. Add one.", "diagnoses"
        )
    for diagnosis in note.diagnoses:
        status = catalog.status(diagnosis.code, note.date_of_service)
        if status.verdict is Verdict.BILLABLE:
            continue
        # A code this year’s table does not know may be new, if that table is not the one in force.
        may_be_new = status.verdict is Verdict.UNKNOWN and not status.release_in_force
        yield (_should if may_be_new else _must)("diagnosis not billable", status.problem, "diagnoses")


def _must(key: str, sentence: str, fix: str) -> NoteFinding:
    return NoteFinding(need=Need.MUST, key=key, sentence=sentence, fix=f"note.{fix}")


def _should(key: str, sentence: str, fix: str) -> NoteFinding:
    return NoteFinding(need=Need.SHOULD, key=key, sentence=sentence, fix=f"note.{fix}")
