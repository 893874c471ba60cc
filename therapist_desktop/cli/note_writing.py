"""`therapist-desktop note new` and `write`: the text of a draft, from a file or typed section by section."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.note_text import parse_sections
from therapist_desktop.cli.parameters import CLIENT, DATE, NOTE, TIME
from therapist_desktop.cli.printing import say
from therapist_desktop.cli.questions import at_terminal, read_text, type_text
from therapist_desktop.cli.service_commands import find_service
from therapist_desktop.models.errors import UserError

if TYPE_CHECKING:
    from datetime import date, time

    from therapist_desktop.services.note_draft import DraftObjective, NoteDraft

_SOURCE = click.option(
    "--from", "source", type=click.Path(path_type=Path), help="Read the text from a file, not standard input."
)


@click.command("new")
@click.argument("client_id", metavar="CLIENT", type=CLIENT)
@click.option("--on", "on_date", type=DATE, help="Date of service; today if not given.")
@click.option("--start", type=TIME, help="Such as “2:30 pm” or 14:30.")
@click.option("--stop", type=TIME)
@click.option("--service", help="Number or name of the service, as “service list” shows it.")
@click.option("--template", default="DAP", show_default=True, help="SOAP, DAP, BIRP, GIRP, PIE or free.")
@click.option("--modality", type=click.Choice(["in-person", "video", "audio"]), help="As the service if not given.")
@click.option("--place", help="Place of service: 11 for the office, 10 for telehealth at home.")
@click.option("--client-state", default="", help="State the client was in, for telehealth.")
@click.option("--client-location", default="", help="Where the client was, for telehealth.")
@click.option("--participants", default="", help="Who else was there.")
@click.option("--objective", "labels", multiple=True, help="Objective worked on, such as 1b. Can be repeated.")
@_SOURCE
@click.option("--no-text", is_flag=True, help="Begin the note without any text yet.")
@click.pass_obj
def new(
    setup: Setup,
    /,
    client_id: int,
    on_date: date | None,
    start: time | None,
    stop: time | None,
    service: str | None,
    template: str,
    modality: str | None,
    place: str | None,
    client_state: str,
    client_location: str,
    participants: str,
    labels: tuple[str, ...],
    source: Path | None,
    no_text: bool,
) -> None:
    """Begin a note; it stays a draft until it is signed.

    At the terminal the text is asked for section by section and saved after each; otherwise it is read from standard
    input or a file, with a line “# Heading” above each section.
    """
    from therapist_desktop.models.session_note import Modality
    from therapist_desktop.services.session_notes import open_note, save_draft, start_note

    typed = source is None and not no_text and at_terminal()
    with at_desk(setup) as desk:
        headings = _headings(template)
        day = on_date or desk.practice.clock().date()
        service_id = find_service(desk, service).service_id if service else None
        objectives = _objectives(desk, client_id, labels, day)
        if place is not None and not (len(place) == 2 and place.isdecimal()):
            raise UserError("A place of service has two digits, such as 11 for the office. Nothing was written.")
        sections = None if typed or no_text else parse_sections(read_text(source), headings)
        note_id = start_note(
            desk.practice,
            desk.person,
            client_id,
            day,
            template=template,
            service_id=service_id,
            start=start,
            stop=stop,
            modality=Modality(modality.replace("-", "_")) if modality else None,
            participants=participants,
        )
        facts: dict[str, Any] = {
            "client_state": client_state.upper(),
            "client_location": client_location,
            "objectives": objectives,
        }
        if place is not None:
            facts["place_of_service"] = place
        if sections is not None:
            facts["sections"] = sections
        view = open_note(desk.practice, desk.person, note_id)
        draft = replace(view.draft, **facts)
        revision = save_draft(desk.practice, desk.person, note_id, draft, view.revision)
        if typed:
            _type_sections(desk, note_id, draft, revision)
        _tell_what_is_missing(desk, note_id)


@click.command("write")
@click.argument("note_id", metavar="NOTE", type=NOTE)
@_SOURCE
@click.pass_obj
def write(setup: Setup, note_id: int, source: Path | None) -> None:
    """Replace the text of a draft.

    At the terminal a section that is left empty stays as it is.
    """
    from therapist_desktop.services.session_notes import open_note, save_draft

    with at_desk(setup) as desk:
        view = open_note(desk.practice, desk.person, note_id)
        if source is None and at_terminal() and view.may_edit:
            _type_sections(desk, note_id, view.draft, view.revision)
        else:
            sections = parse_sections(read_text(source), _headings(view.draft.template))
            save_draft(desk.practice, desk.person, note_id, replace(view.draft, sections=sections), view.revision)
        _tell_what_is_missing(desk, note_id)


def _headings(template: str) -> tuple[str, ...]:
    from therapist_desktop.models.note_templates import note_template

    return note_template(template).headings


def _objectives(desk: Desk, client_id: int, labels: tuple[str, ...], day: date) -> tuple[DraftObjective, ...]:
    from therapist_desktop.services.note_draft import DraftObjective
    from therapist_desktop.services.treatment_plan_lists import objectives_in_force

    if not labels:
        return ()
    known = {one.label: one for one in objectives_in_force(desk.practice, desk.person, client_id, day)}
    for label in labels:
        if label not in known:
            there = f"It has {', '.join(known)}." if known else "No plan was in force on that day."
            raise UserError(f"The plan in force has no objective {label}. {there}")
    return tuple(DraftObjective(thread=known[one].thread, label=one, text=known[one].text) for one in labels)


def _type_sections(desk: Desk, note_id: int, draft: NoteDraft, revision: int) -> None:
    """Ask for the text under each heading and save each at once, so that nothing typed is lost by a later slip."""
    from therapist_desktop.services.session_notes import save_draft

    say(f"Note {note_id} is a draft. Leave a section empty to write it later.", err=True)
    for heading in [section.heading for section in draft.sections]:
        text = type_text(heading)
        if text:
            sections = (replace(one, text=text) if one.heading == heading else one for one in draft.sections)
            draft = replace(draft, sections=tuple(sections))
            revision = save_draft(desk.practice, desk.person, note_id, draft, revision)


def _tell_what_is_missing(desk: Desk, note_id: int) -> None:
    from therapist_desktop.services.note_signing import readiness

    say(f"Note {note_id} is a draft.")
    findings = readiness(desk.practice, desk.person, desk.reference, note_id)
    for finding in findings:
        say(f"  {finding.need.value}: {finding.sentence}")
    if not findings:
        say(f"Nothing is missing. Sign it with “note sign {note_id}”.")
