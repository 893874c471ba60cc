"""Session notes: signed, long and late, corrected, voided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from tests.reports.sample_letterhead import EASTERN, PRACTICE, ROSA, signature
from therapist_desktop.models.note_content import (
    AmendmentContent,
    NoteContent,
    NoteDiagnosisContent,
    NoteObjectiveContent,
    NotePaper,
    NoteSectionContent,
    SignedAmendment,
)

NOTE = NoteContent(
    client_id=7,
    client_name="Daniel Reyes",
    client_born_on=date(1992, 3, 14),
    kind="progress",
    template="DAP",
    date_of_service=date(2026, 11, 16),
    start=time(10, 0),
    stop=time(10, 55),
    interruption_minutes=0,
    minutes=55,
    place_of_service="10",
    modality="video",
    client_state="ME",
    client_location="Home, alone",
    participants="Client",
    service_label="Individual therapy",
    service_code="90837",
    risk_today="Denies suicidal ideation, plan or intent. No access to firearms.",
    diagnoses=(NoteDiagnosisContent(code="F33.1", title="Major depressive disorder, recurrent, moderate"),),
    objectives=(
        NoteObjectiveContent(
            label="1a",
            text="Schedule four valued activities a week",
            progress="Five of seven days; walked with a friend twice.",
        ),
        NoteObjectiveContent(label="1b", text="Challenge automatic thoughts, three records a week"),
    ),
    interventions=("Cognitive restructuring", "Behavioral activation"),
    sections=(
        NoteSectionContent(
            heading="Data",
            text="Client reports completing the activity schedule on 5 of 7 days; walked with a friend twice. "
            "Sleep 6 h average. Affect brighter than last session, full range.\n\n"
            "Reviewed thought record on “I am a burden”; client generated two alternatives and rated belief "
            "70 → 40. Denies suicidal ideation, plan or intent.",
        ),
        NoteSectionContent(
            heading="Assessment",
            text="Progressing on objective 1b. Avoidance of family contact maintains low mood.",
        ),
        NoteSectionContent(
            heading="Plan",
            text="Review sleep log.\nIntroduce behavioral experiment about calling his brother:\n"
            "  - write down the prediction\n  - call on Thursday\n  - compare",
        ),
    ),
    late_entry=False,
    begun_at=datetime(2026, 11, 16, 11, 2, tzinfo=EASTERN),
)

NOTE_PAPER = NotePaper(
    practice=PRACTICE,
    author=ROSA,
    note=NOTE,
    signatures=(signature(),),
    amendments=(),
    printed_at=datetime(2026, 11, 23, 16, 10, tzinfo=EASTERN),
)


def amendment(kind: str, text: str, what_was_wrong: str = "") -> SignedAmendment:
    """An amendment to the note above, signed four days later."""
    at = datetime(2026, 11, 20, 9, 30, tzinfo=EASTERN)
    return SignedAmendment(
        amendment=AmendmentContent(
            kind=kind,
            text=text,
            what_was_wrong=what_was_wrong,
            note_id=31,
            note_sha256=signature().content_sha256,
            written_at=at,
        ),
        signature=signature(at=at),
    )


CORRECTION = amendment(
    "correction",
    "The belief rating after the exercise was 70 → 50.",
    "The rating 40 was carried over from the week before.",
)
ADDENDUM = amendment("addendum", "Client called at 5 pm: the call to his brother went well.")
VOIDING = amendment("void", "", "Written in the wrong client’s chart; moved on November 20.")

PARAGRAPH = (
    "Client arrived on time and spoke at length about the week, the argument with the landlord and the two nights "
    "without sleep that followed; we traced the sequence from the first thought to the phone that stayed in the "
    "drawer, and named where a different step would have been possible. "
)
LONG_NOTE_PAPER = replace(
    NOTE_PAPER,
    note=replace(
        NOTE,
        late_entry=True,
        begun_at=datetime(2026, 11, 20, 9, 12, tzinfo=EASTERN),
        client_location="Sister’s house in Bangor, in the spare room. " * 5,
        sections=tuple(
            NoteSectionContent(heading=heading, text="\n\n".join([PARAGRAPH * 4] * 5))
            for heading in ("Data", "Assessment", "Plan")
        ),
    ),
    signatures=(signature(), signature("co-signer")),
    amendments=(ADDENDUM, CORRECTION),
)
