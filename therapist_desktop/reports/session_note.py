"""A session note on paper, with its signatures and everything written beside it since.

CMS Program Integrity Manual ch. 3, 3.3.2.5 (clinical.md 6.4): amendments, corrections and late entries are
named as such, dated and signed; the original content is kept.
"""

from __future__ import annotations

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer

from therapist_desktop.models.note_content import NoteContent, NotePaper, SignedAmendment
from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.figures import long_date, moment, short_date, time_span
from therapist_desktop.reports.kit import Sheet, render
from therapist_desktop.reports.letterhead import letterhead, practice_name
from therapist_desktop.reports.pieces import facts, headed, paragraphs, rule
from therapist_desktop.reports.printable import bold, label
from therapist_desktop.reports.signatures import HASH_DIGITS, NOT_SIGNED, signature_block, signed

VOID = "void"
_ROOM_TO_BEGIN = 130.0
"""Points that must be left on a page for a long amendment to begin there."""
_SHORT_AMENDMENT = 1500
"""Characters; up to this length an amendment and its signature stay on one page."""
_MODALITY = {"in_person": "In person", "video": "Video", "audio": "Audio only"}


def build(paper: NotePaper) -> bytes:
    """Return the note as a PDF: DRAFT across it without a signature, struck through if it was voided."""
    note = paper.note
    title = _title(note)
    sheet = Sheet(
        title=title,
        author=practice_name(paper.practice),
        made_on=paper.printed_at.date(),
        running_head=f"{note.client_name} · {_born(note)} · {title} · {long_date(note.date_of_service)}",
        foot=f"Confidential health record · printed {moment(paper.printed_at)}",
        watermark="VOID" if _void(paper) else "" if paper.signatures else NOT_SIGNED,
    )
    return render(lambda: _story(paper, sheet.width), sheet)


def _title(note: NoteContent) -> str:
    words = note.kind.replace("_", " ").strip() or "session"
    return (words if words.endswith(("note", "summary")) else f"{words} note").capitalize()


def _born(note: NoteContent) -> str:
    return f"born {short_date(note.client_born_on)}" if note.client_born_on else "birth date missing"


def _void(paper: NotePaper) -> SignedAmendment | None:
    voids = [one for one in paper.amendments if one.amendment.kind == VOID]
    return voids[-1] if voids else None


def _story(paper: NotePaper, width: float) -> list[Flowable]:
    note = paper.note
    void = _void(paper)
    story = [
        letterhead(_title(note), _subtitles(paper), paper.practice, width),
        *(_void_banner(void) if void else []),
        *facts(_session_facts(note), width),
        *_narrative(note, struck=void is not None),
    ]
    return [*signed(story, paper.signatures, width), *_amendments(paper, width)]


def _subtitles(paper: NotePaper) -> list[str]:
    note = paper.note
    late = ""
    if note.late_entry:
        late = (
            f"<b>LATE ENTRY</b>: begun {moment(note.begun_at)}, for the session of {long_date(note.date_of_service)}"
        )
    return [
        f"{bold(note.client_name)} · {_born(note)}",
        f"Session of {long_date(note.date_of_service)} · {label(paper.author.name_and_credentials)}",
        late,
    ]


def _void_banner(void: SignedAmendment) -> list[Flowable]:
    signer = ", ".join(part for part in (void.signature.name, void.signature.credentials) if part)
    reason = void.amendment.what_was_wrong or void.amendment.text
    return [
        rule(strong=True),
        Spacer(1, 4),
        Paragraph(
            f"<b>VOID</b> since {moment(void.signature.signed_at)}, by {label(signer)}. "
            "The original is kept below, struck through.",
            styles.BODY,
        ),
        *paragraphs(f"Reason: {reason}"),
        Spacer(1, 10),
    ]


def _session_facts(note: NoteContent) -> list[tuple[str, str]]:
    minutes = f"{note.minutes} min" if note.minutes is not None else ""
    if note.interruption_minutes:
        minutes += f" ({note.interruption_minutes} min interruption not counted)"
    place = " · ".join(part for part in (note.client_location, note.client_state) if part)
    known = [
        ("Start and stop", time_span(note.start, note.stop)),
        ("Length", minutes),
        ("Modality", _MODALITY.get(note.modality, note.modality)),
        ("Place of service", note.place_of_service),
        ("Client’s location", place),
        ("Present", note.participants),
        ("Service", note.service_label),
        ("Code", note.service_code),
        ("Format", note.template),
    ]
    return [(label, value) for label, value in known if value.strip()]


def _narrative(note: NoteContent, *, struck: bool) -> list[Flowable]:
    """Return what the author wrote, part by part; empty parts are left out."""
    parts = [
        *(headed(section.heading, paragraphs(section.text, struck=struck)) for section in note.sections),
        headed("Risk today", paragraphs(note.risk_today, struck=struck)),
        headed("Objectives worked on", _objectives(note, struck=struck)),
        headed("Interventions", paragraphs("; ".join(note.interventions), struck=struck)),
        headed(
            "Diagnoses on the date of service",
            paragraphs("\n".join(f"{one.code}  {one.title}" for one in note.diagnoses), struck=struck),
        ),
    ]
    return [flowable for part in parts for flowable in part]


def _objectives(note: NoteContent, *, struck: bool) -> list[Flowable]:
    story: list[Flowable] = []
    for objective in note.objectives:
        story += paragraphs(f"{objective.label}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{objective.text}", struck=struck)
        if objective.progress.strip():
            story += paragraphs(f"Progress: {objective.progress}", styles.INDENTED, struck=struck)
    return story


def _amendments(paper: NotePaper, width: float) -> list[Flowable]:
    if not paper.amendments:
        return []
    story: list[Flowable] = []
    for number, amended in enumerate(paper.amendments):
        above = [Spacer(1, 16), rule(), Spacer(1, 6)] if number else _amendments_head()
        story += _amendment(above, amended, width)
    return story


def _amendments_head() -> list[Flowable]:
    heading = Paragraph("Written after signing; the note above is unchanged", styles.HEADING)
    return [Spacer(1, 22), rule(strong=True), heading, Spacer(1, 4)]


def _amendment(above: list[Flowable], amended: SignedAmendment, width: float) -> list[Flowable]:
    amendment = amended.amendment
    refers_to = f'<font name="{fonts.MONO}">{label(amendment.note_sha256[:HASH_DIGITS])}</font>'
    head: list[Flowable] = [
        *above,
        Paragraph(f"<b>{label(amendment.kind.upper())}</b> · written {moment(amendment.written_at)}", styles.BODY),
        Paragraph(f"To the note with content {refers_to}", styles.LABEL),
        Spacer(1, 3),
    ]
    body: list[Flowable] = []
    if amendment.what_was_wrong.strip():
        body += [Paragraph("What was wrong", styles.LABEL), *paragraphs(amendment.what_was_wrong), Spacer(1, 4)]
    body += paragraphs(amendment.text)
    if len(amendment.what_was_wrong) + len(amendment.text) <= _SHORT_AMENDMENT:
        return [KeepTogether([*head, *body, *signature_block(amended.signature)])]
    return [CondPageBreak(_ROOM_TO_BEGIN), *head, *signed(body, [amended.signature], width)]
