"""Safety plans: of an ordinary length, far too long, in Spanish, blank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from therapist_desktop.models.safety_plan_content import (
    CrisisLineContent,
    MeansItemContent,
    SafetyPlanContent,
    SafetyPlanPaper,
    SafetyPlanPart,
    SafetyPlanRowContent,
)

CRISIS_LINES = (
    CrisisLineContent(name="988 Suicide & Crisis Lifeline", how="Call or text 988"),
    CrisisLineContent(name="Veterans Crisis Line", how="Call 988, then press 1, or text 838255"),
    CrisisLineContent(name="Emergency", how="Call 911"),
    CrisisLineContent(name="988 Lifeline in Spanish", how="Call 988, then press 2"),
)


def row(part: int, text: str, phone: str = "", relation: str = "", hours: str = "") -> SafetyPlanRowContent:
    """One line of a safety plan."""
    return SafetyPlanRowContent(part=SafetyPlanPart(part), text=text, phone=phone, relation=relation, hours=hours)


SAFETY_PLAN = SafetyPlanContent(
    client_id=3,
    client_name="Jordan W.",
    first_name="Jordan",
    version=4,
    made_on=date(2026, 11, 23),
    review_on=date(2026, 12, 7),
    language="en",
    rows=(
        row(1, "Not answering friends’ messages for a day"),
        row(1, "Pacing at night, can’t stay in my room"),
        row(2, "Cold water on my face, then the playlist"),
        row(2, "Walk to the river path and back"),
        row(3, "Climbing gym on 4th"),
        row(3, "Alex", "207-555-0142"),
        row(4, "Mom", "207-555-0117"),
        row(4, "Dee", "207-555-0160", "coach", "after 5 pm"),
        row(5, "Rosa Alvarez, LCSW", "207-555-0101", "my therapist", "weekdays 8 to 6"),
        row(5, "County General emergency department, 22 Hill Rd"),
        row(6, "Mom keeps the medication locked"),
        row(7, "My sister’s graduation"),
    ),
    means=(
        MeansItemContent(
            means="Prescription medicine",
            present="yes",
            storage="bathroom cabinet upstairs",
            action="lockbox",
            helper="Mom",
            by_when=date(2026, 11, 24),
        ),
    ),
    likelihood=8,
    barriers="Feels like a burden when calling.",
    kept_where="On the phone and in the desk drawer",
    copies_held_by="Mom",
)
SAFETY_PAPER = SafetyPlanPaper(
    plan=SAFETY_PLAN,
    clinician_name="Rosa Alvarez, LCSW",
    clinician_phone="207-555-0101",
    practice_name="Harbor Counseling",
    crisis_lines=(CRISIS_LINES[0], CRISIS_LINES[2]),
)
BLANK_SAFETY_PAPER = replace(SAFETY_PAPER, plan=None, clinician_name="", clinician_phone="")


def fuller(times: int, words: int = 1) -> SafetyPlanPaper:
    """The same plan with each row ``times`` times and ``words`` times as long."""
    rows = tuple(
        replace(one, text=" ".join([one.text] * words)) for one in SAFETY_PLAN.rows for _time in range(times)
    )
    return replace(SAFETY_PAPER, plan=replace(SAFETY_PLAN, rows=rows), crisis_lines=CRISIS_LINES)


SPANISH_PAPER = replace(
    SAFETY_PAPER,
    plan=replace(
        SAFETY_PLAN,
        language="es",
        client_name="José Á.",
        first_name="José",
        rows=(
            row(1, "No contesto los mensajes de mis amigos"),
            row(2, "Agua fría en la cara; después, mi música"),
            row(3, "Caminar por el río con Íñigo", "207-555-0142"),
            row(4, "Mi mamá", "207-555-0117"),
            row(6, "Mamá guarda las medicinas bajo llave"),
            row(7, "La graduación de mi hermana"),
        ),
    ),
    crisis_lines=(),
)
