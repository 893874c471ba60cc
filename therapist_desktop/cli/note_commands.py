"""`therapist-desktop note`: session notes, from the first draft to the last addendum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Desk, Setup, at_desk
from therapist_desktop.cli.documents import deliver, delivery_from, delivery_options
from therapist_desktop.cli.note_text import sections_text
from therapist_desktop.cli.note_writing import new, write
from therapist_desktop.cli.parameters import CLIENT, NOTE
from therapist_desktop.cli.printing import say, shown_moment, shown_value, table
from therapist_desktop.cli.questions import ask, at_terminal, confirm, read_text, type_text
from therapist_desktop.reports.figures import time_span

if TYPE_CHECKING:
    from therapist_desktop.models.session_note import AmendmentKind
    from therapist_desktop.services.session_notes import NoteView


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop note new 1 --start "2:30 pm" --stop "3:25 pm" --service 4
  therapist-desktop note new 1 --from note.txt
  therapist-desktop note sign 12
\b
The text comes from the terminal, standard input or a file, each section under its heading:
  # Data
  What happened and was said.
  # Plan
  Next steps.""",
)
def note() -> None:
    """Session notes: new, write, show, sign, amend, print."""


note.add_command(new)
note.add_command(write)


@note.command("list")
@click.argument("client_id", metavar="[CLIENT]", type=CLIENT, required=False)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="At most so many.")
@click.pass_obj
def list_all(setup: Setup, client_id: int | None, limit: int) -> None:
    """List a client’s notes; without CLIENT, drafts to sign."""
    from therapist_desktop.services.note_lists import list_notes, open_drafts

    with at_desk(setup) as desk:
        if client_id is None:
            table(
                ("Note", "Client", "Date", "Template"),
                [
                    (one.note_id, one.client_name, one.date_of_service, one.template)
                    for one in open_drafts(desk.practice, desk.person)
                ],
                empty="No draft is waiting to be signed.",
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
            empty=f"No notes yet. Begin one with “note new {client_id}”.",
        )


@note.command("show")
@click.argument("note_id", metavar="NOTE", type=NOTE)
@click.pass_obj
def show(setup: Setup, note_id: int) -> None:
    """Show a note, its signatures and what stands beside it."""
    from therapist_desktop.services.session_notes import open_note

    with at_desk(setup) as desk:
        view = open_note(desk.practice, desk.person, note_id)
        say(_heading(view))
        say(", ".join(one.code for one in view.content.diagnoses) or "no diagnosis")
        say()
        say(sections_text(view.draft.sections))
        for signature in view.signatures:
            who = f"{signature.name}, {signature.credentials}".removesuffix(", ")
            say(f"Signed by {who} ({signature.meaning}), {shown_moment(signature.signed_at)}")
        for one in view.amendments:
            kind, signed = one.amendment.kind.upper(), one.signature
            say(f"\n{kind} · {signed.name} · {shown_moment(signed.signed_at)}")
            if one.amendment.what_was_wrong:
                say(f"What was wrong: {one.amendment.what_was_wrong}")
            if one.amendment.text:
                say(one.amendment.text)
        if not view.signatures:
            say("Draft, not signed.")


def _heading(view: NoteView) -> str:
    content = view.content
    parts = (
        content.client_name,
        shown_value(content.date_of_service),
        time_span(content.start, content.stop) or "no times",
        content.service_label or "no service",
    )
    return " · ".join(parts)


@note.command("sign")
@click.argument("note_ids", metavar="NOTE…", type=NOTE, nargs=-1, required=True)
@click.pass_obj
def sign(setup: Setup, note_ids: tuple[int, ...]) -> None:
    """Sign notes for good; the password is your signature."""
    from therapist_desktop.services.note_signing import sign_note
    from therapist_desktop.services.session_notes import open_note

    with at_desk(setup) as desk:
        for note_id in note_ids:
            view = open_note(desk.practice, desk.person, note_id)
            say(_heading(view), err=True)
            signed = sign_note(
                desk.practice, desk.person, desk.reference, note_id, desk.password(), revision=view.revision
            )
            late = " It is marked as a late entry." if signed.late_entry else ""
            say(f"Note {note_id} is signed.{late}")


@note.command("cosign")
@click.argument("note_id", metavar="NOTE", type=NOTE)
@click.pass_obj
def cosign(setup: Setup, note_id: int) -> None:
    """Co-sign the note of somebody you supervise."""
    from therapist_desktop.services.note_signing import cosign_note

    with at_desk(setup) as desk:
        cosign_note(desk.practice, desk.person, note_id, desk.password())
        say(f"Note {note_id} is co-signed.")


@note.command("amend")
@click.argument("note_id", metavar="NOTE", type=NOTE)
@click.argument("kind", metavar="KIND", type=click.Choice(["addendum", "correction", "void"]))
@click.option("--from", "source", type=click.Path(path_type=Path), help="Read from a file, not standard input.")
@click.option("--yes", is_flag=True, help="Void the note without asking.")
@click.pass_obj
def amend(setup: Setup, note_id: int, kind: str, source: Path | None, yes: bool) -> None:
    """Write an addendum, correction or void beside a note.

    KIND is addendum, correction or void. In a text that is read, the first paragraph of a correction or void says
    what was wrong, and what comes after an empty line what is right. The password signs it.
    """
    from therapist_desktop.models.session_note import AmendmentKind
    from therapist_desktop.services.note_amendments import amend_note
    from therapist_desktop.services.session_notes import open_note

    with at_desk(setup) as desk:
        say(_heading(open_note(desk.practice, desk.person, note_id)), err=True)
        what_was_wrong, text = _amendment_text(AmendmentKind(kind), source)
        if kind == "void":
            _confirm_void(desk, note_id, yes=yes, typed=source is None)
        amend_note(
            desk.practice,
            desk.person,
            note_id,
            AmendmentKind(kind),
            text,
            password=desk.password(),
            what_was_wrong=what_was_wrong,
        )
        say(f"The {kind} is signed and stands beside note {note_id}.")


def _amendment_text(kind: AmendmentKind, source: Path | None) -> tuple[str, str]:
    """Return what was wrong and what is right, or what is added."""
    if source is None and at_terminal():
        if kind.value == "void":
            return ask("Why does the note not count?"), ""
        wrong = ask("What was wrong?") if kind.value == "correction" else ""
        return wrong, type_text("What is right" if wrong else "Addendum")
    text = read_text(source).strip()
    if kind.value == "addendum":
        return "", text
    wrong, _, right = text.partition("\n\n")
    return wrong.strip(), right.strip()


def _confirm_void(desk: Desk, note_id: int, *, yes: bool, typed: bool) -> None:
    if typed and not at_terminal() and not yes:
        raise click.UsageError("The text took all of standard input. Add --yes to void the note without being asked.")
    confirm(f"Void note {note_id}? It stays in the chart, struck through.", yes=yes)


@note.command("print")
@click.argument("note_id", metavar="NOTE", type=NOTE)
@delivery_options
@click.pass_obj
def print_one(setup: Setup, /, note_id: int, **options: Any) -> None:
    """Save a note as a PDF with signatures and amendments."""
    from therapist_desktop.services.note_papers import print_note
    from therapist_desktop.services.session_notes import open_note

    delivery = delivery_from(options)
    with at_desk(setup) as desk:
        client_id = open_note(desk.practice, desk.person, note_id).client_id
        data = print_note(desk.practice, desk.person, note_id)
        deliver(desk, data, delivery, client_id=client_id, what=f"session note {note_id}")


@note.command("discard")
@click.argument("note_id", metavar="NOTE", type=NOTE)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def discard(setup: Setup, note_id: int, yes: bool) -> None:
    """Delete a draft of your own. Signed notes stay for ever."""
    from therapist_desktop.services.session_notes import discard_draft, open_note

    with at_desk(setup) as desk:
        view = open_note(desk.practice, desk.person, note_id)
        if not yes:
            say(_heading(view), err=True)
        confirm(f"Delete draft {note_id} for good?", yes=yes)
        discard_draft(desk.practice, desk.person, note_id, view.revision)
        say(f"Draft {note_id} is deleted.")
