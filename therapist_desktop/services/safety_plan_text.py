"""A safety plan as plain text, to be copied into a phone."""

from __future__ import annotations

from collections.abc import Iterator

from therapist_desktop.models.safety_plan_content import SafetyPlanPaper, SafetyPlanPart, SafetyPlanRowContent
from therapist_desktop.reports.safety_plan_texts import SafetyPlanTexts, safety_plan_texts


def safety_plan_text(paper: SafetyPlanPaper) -> str:
    """Return the plan in the client’s language, in short lines; of the name only first name and initial.

    Parts in which nothing is written are left out. Like the paper, it says nothing of means of harm.
    """
    words = safety_plan_texts(paper.plan.language if paper.plan else "")
    return "\n".join(_lines(paper, words)).strip() + "\n"


def _lines(paper: SafetyPlanPaper, words: SafetyPlanTexts) -> Iterator[str]:
    yield words.title
    if paper.plan is not None:
        yield f"{paper.plan.client_name} · {words.long_date(paper.plan.made_on)}"
    yield from ("", words.call_now(paper.crisis_lines))
    yield from (f"{line.name}: {line.how}" for line in words.other_lines(paper.crisis_lines))
    for part in SafetyPlanPart:
        rows = paper.rows(part)
        if rows:
            yield from ("", f"{part.value}. {words.parts[part]}")
            yield from (f"- {_row(row)}" for row in rows)
    clinician = " ".join(filter(None, (paper.clinician_name, paper.clinician_phone)))
    yield ""
    if clinician:
        yield f"{words.made_with} {clinician}"
    if paper.plan is not None and paper.plan.review_on is not None:
        yield f"{words.review} {words.long_date(paper.plan.review_on)}."


def _row(row: SafetyPlanRowContent) -> str:
    """A line breaks nowhere, so that a phone shows it whole and makes the number one to tap."""
    who = ", ".join(" ".join(part.split()) for part in (row.text, row.relation) if part.strip())
    return " ".join(part for part in (who, row.phone.strip(), row.hours.strip()) if part)
