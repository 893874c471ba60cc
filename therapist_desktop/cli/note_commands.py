"""`therapist-desktop note`: write, read, sign, amend and print session notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import click

from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.documents import Delivery, deliver, delivery_options
from therapist_desktop.cli.printing import DATE, day, read_text, table

_TIME = click.DateTime(formats=["%H:%M", "%I:%M %p", "%I:%M%p"])
_MODALITY = click.Choice(["in_person", "video", "audio"])
_SOURCE = click.option(
    "--from", "source", type=click.Path(path_type=Path), help="Read the text from a file, not standard input."
)


@click.group()
def note() -> None:
    """Session notes: new, write, list, show, sign, amend, print.

    The text is read from standard input or a file: each section under a line “# Heading”.
    """


def _time(value: object) -> time | None:
    return value.time() if isinstance(value, datetime) else None


@note.command("new")
@click.argument("client_id", type=int)
@click.option("--on", "on_date", type=DATE, help="Date of service; today if not given.")
@click.option("--start", type=_TIME)
@click.option("--stop", type=_TIME)
@click.option("--service", help="Number or label of the service; see “service list”.")
@click.option("--template", default="DAP", show_default=True, help="SOAP, DAP, BIRP, GIRP, PIE or free.")
@click.option("--modality", type=_MODALITY)
@click.option("--place", help="Place of service, such as 11, or 10 for telehealth at home.")
@click.option("--client-state", default="", help="State the client was in, for telehealth.")
@click.option("--client-location", default="", help="Where the client was, for telehealth.")
@click.option("--participants", default="")
@click.option("--objective", "objectives", multiple=True, help="Label of an objective worked on, such as 1b.")
@_SOURCE
@click.option("--no-text", is_flag=True, help="Begin the note without any text yet.")
@click.pass_obj
def new(setup: Setup, /, client_id: int, source: Path | None, no_text: bool, **given: object) -> None:
    """Begin a note for a client; it stays a draft until it is signed."""
    from therapist_desktop.models.session_note import Modality
    from therapist_desktop.services.session_notes import start_note

    text = "" if no_text else read_text(source)
    with at_desk(setup) as desk:
        on_date = day(given["on_date"]) or desk.practice.clock().date()
        note_id = start_note(
            desk.practice,
            desk.person,
            client_id,
            on_date,
            template=str(given["template"]),
            service_id=_service_id(desk, given["service"]),
            start=_time(given["start"]),
            stop=_time(given["stop"]),
            modality=Modality(str(given["modality"])) if given["modality"] else None,
            participants=str(given["participants"]),
        )
        changes: dict[str, object] = {
            "client_state": str(given["client_state"]).upper(),
            "client_location": str(given["client_location"]),
        }
        if given["place"]:
            changes["place_of_service"] = str(given["place"])
        labels = given["objectives"] if isinstance(given["objectives"], tuple) else ()
        _write(desk, note_id, text, changes, labels)
        _tell_what_is_missing(desk, note_id)


def _service_id(desk: Desk, named: object) -> int | None:
    from therapist_desktop.cli.billing_commands import find_service

    return find_service(desk, str(named)).service_id if named else None


def _write(
    desk: Desk, note_id: int, text: str, changes: dict[str, object] | None = None, labels: tuple[str, ...] = ()
) -> None:
    from therapist_desktop.cli.note_text import parse_sections
    from therapist_desktop.models.errors import UserError
    from therapist_desktop.models.note_templates import note_template
    from therapist_desktop.services.note_draft import DraftObjective
    from therapist_desktop.services.session_notes import open_note, save_draft
    from therapist_desktop.services.treatment_plan_lists import objectives_in_force

    view = open_note(desk.practice, desk.person, note_id)
    draft = view.draft
    if text.strip():
        draft = replace(draft, sections=parse_sections(text, note_template(draft.template).headings))
    if labels:
        known = {
            one.label: one
            for one in objectives_in_force(desk.practice, desk.person, view.client_id, draft.date_of_service)
        }
        missing = [label for label in labels if label not in known]
        if missing:
            raise UserError(f"The plan in force has no objective {missing[0]}. It has: {', '.join(known) or 'none'}.")
        draft = replace(
            draft,
            objectives=tuple(
                DraftObjective(thread=known[label].thread, label=label, text=known[label].text) for label in labels
            ),
        )
    save_draft(desk.practice, desk.person, note_id, replace(draft, **(changes or {})), view.revision)  # type: ignore[arg-type]


def _tell_what_is_missing(desk: Desk, note_id: int) -> None:
    from therapist_desktop.services.note_signing import readiness

    click.echo(f"Note {note_id} is a draft.")
    for finding in readiness(desk.practice, desk.person, desk.reference, note_id):
        click.echo(f"  {finding.need.value}: {finding.sentence}")


@note.command("write")
@click.argument("note_id", type=int)
@_SOURCE
@click.pass_obj
def write(setup: Setup, note_id: int, source: Path | None) -> None:
    """Replace the text of a draft."""
    text = read_text(source)
    with at_desk(setup) as desk:
        _write(desk, note_id, text)
        _tell_what_is_missing(desk, note_id)


@note.command("list")
@click.argument("client_id", type=int, required=False)
@click.option("--limit", default=50, show_default=True)
@click.pass_obj
def list_all(setup: Setup, client_id: int | None, limit: int) -> None:
    """List a client’s notes, the newest first; without a client, the drafts still to be signed."""
    from therapist_desktop.services.note_lists import list_notes, open_drafts

    with at_desk(setup) as desk:
        if client_id is None:
            table(
                ("Note", "Client", "Date", "Template"),
                [
                    (one.note_id, one.client_name, one.date_of_service, one.template)
                    for one in open_drafts(desk.practice, desk.person)
                ],
            )
            return
        table(
            ("Note", "Date", "Start", "Min", "Service", "State", "By"),
            [
                (
                    one.note_id,
                    one.date_of_service,
                    one.start,
                    one.minutes,
                    one.service,
                    one.state.value,
                    one.author_name,
                )
                for one in list_notes(desk.practice, desk.person, client_id, limit=limit)
            ],
        )


@note.command("show")
@click.argument("note_id", type=int)
@click.pass_obj
def show(setup: Setup, note_id: int) -> None:
    """Show a note, its signatures and what was written beside it."""
    from therapist_desktop.cli.note_text import sections_text
    from therapist_desktop.services.session_notes import open_note

    with at_desk(setup) as desk:
        view = open_note(desk.practice, desk.person, note_id)
        content = view.content
        times = f"{content.start:%H:%M}–{content.stop:%H:%M}" if content.start and content.stop else "no times"
        click.echo(
            f"{content.client_name} · {content.date_of_service} · {times} · {content.service_label or 'no service'}"
        )
        click.echo(", ".join(one.code for one in content.diagnoses) or "no diagnosis")
        click.echo()
        click.echo(sections_text(view.draft.sections))
        for signature in view.signatures:
            who = f"{signature.name}, {signature.credentials}".removesuffix(", ")
            click.echo(f"Signed by {who} ({signature.meaning}), {signature.signed_at:%Y-%m-%d %H:%M %z}")
        for one in view.amendments:
            click.echo(
                f"\n{one.amendment.kind.upper()} · {one.signature.name} · {one.signature.signed_at:%Y-%m-%d %H:%M %z}"
            )
            for text in (one.amendment.what_was_wrong, one.amendment.text):
                if text:
                    click.echo(text)
        if not view.signatures:
            click.echo("Draft, not signed.")


@note.command("sign")
@click.argument("note_ids", type=int, nargs=-1, required=True)
@click.pass_obj
def sign(setup: Setup, note_ids: tuple[int, ...]) -> None:
    """Sign notes for good; the password is your signature."""
    from therapist_desktop.services.note_signing import sign_note

    with at_desk(setup) as desk:
        for note_id in note_ids:
            signed = sign_note(desk.practice, desk.person, desk.reference, note_id, desk.password())
            late = " It is marked as a late entry." if signed.late_entry else ""
            click.echo(f"Note {note_id} is signed.{late}")


@note.command("cosign")
@click.argument("note_id", type=int)
@click.pass_obj
def cosign(setup: Setup, note_id: int) -> None:
    """Co-sign the note of somebody you supervise."""
    from therapist_desktop.services.note_signing import cosign_note

    with at_desk(setup) as desk:
        cosign_note(desk.practice, desk.person, note_id, desk.password())
        click.echo(f"Note {note_id} is co-signed.")


@note.command("amend")
@click.argument("note_id", type=int)
@click.argument("kind", type=click.Choice(["addendum", "correction", "void"]))
@click.option("--wrong", is_flag=True, help="The first paragraph says what was wrong, the rest what is right.")
@_SOURCE
@click.pass_obj
def amend(setup: Setup, note_id: int, kind: str, wrong: bool, source: Path | None) -> None:
    """Write beside a signed note. Of a correction or void the first paragraph says what was wrong."""
    from therapist_desktop.models.session_note import AmendmentKind
    from therapist_desktop.services.note_amendments import amend_note

    text = read_text(source).strip()
    what_was_wrong = ""
    if wrong or kind != "addendum":
        what_was_wrong, _, text = (part.strip() for part in text.partition("\n\n"))
    with at_desk(setup) as desk:
        amend_note(
            desk.practice,
            desk.person,
            note_id,
            AmendmentKind(kind),
            text,
            password=desk.password(),
            what_was_wrong=what_was_wrong,
        )
        click.echo(f"The {kind} is signed and stands beside note {note_id}.")


@note.command("print")
@click.argument("note_id", type=int)
@delivery_options
@click.pass_obj
def print_one(setup: Setup, /, note_id: int, **delivery: object) -> None:
    """Save a note as a PDF with its signature and amendments."""
    from therapist_desktop.services.note_papers import print_note
    from therapist_desktop.services.session_notes import open_note

    with at_desk(setup) as desk:
        client_id = open_note(desk.practice, desk.person, note_id).client_id
        data = print_note(desk.practice, desk.person, note_id)
        deliver(desk, data, Delivery(**delivery), client_id=client_id, what=f"session note {note_id}")  # type: ignore[arg-type]


@note.command("discard")
@click.argument("note_id", type=int)
@click.confirmation_option(prompt="Delete this draft for good?")
@click.pass_obj
def discard(setup: Setup, note_id: int) -> None:
    """Delete a draft of your own. Signed notes are never deleted."""
    from therapist_desktop.services.session_notes import discard_draft

    with at_desk(setup) as desk:
        discard_draft(desk.practice, desk.person, note_id)
        click.echo(f"Draft {note_id} is deleted.")
