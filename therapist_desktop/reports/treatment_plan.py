"""A treatment plan on paper: problem → goal → objective → intervention (clinical.md 7)."""

from __future__ import annotations

from reportlab.platypus import Flowable, Paragraph, Spacer

from therapist_desktop.models.treatment_plan_content import (
    InterventionContent,
    ObjectiveContent,
    ProblemContent,
    TreatmentPlanContent,
    TreatmentPlanPaper,
)
from therapist_desktop.reports import styles
from therapist_desktop.reports.figures import long_date, moment, short_date
from therapist_desktop.reports.kit import Sheet, render
from therapist_desktop.reports.letterhead import letterhead, practice_name
from therapist_desktop.reports.pieces import facts, headed, paragraphs, rule
from therapist_desktop.reports.printable import bold, label
from therapist_desktop.reports.signatures import NOT_SIGNED, line_to_sign, signed

_TOOK_PART = {
    "signed": "The client took part and agrees by signature.",
    "verbal": "The client took part and agrees by word of mouth.",
    "declined": "The client declined to agree.",
}


def build(paper: TreatmentPlanPaper) -> bytes:
    """Return the plan as a PDF, with DRAFT across it while nobody has signed it."""
    plan = paper.plan
    sheet = Sheet(
        title=f"Treatment plan, version {plan.version}",
        author=practice_name(paper.practice),
        made_on=paper.printed_at.date(),
        running_head=f"{plan.client_name} · {_born(plan)} · Treatment plan, version {plan.version}",
        foot=f"Confidential health record · printed {moment(paper.printed_at)}",
        watermark="" if paper.signatures else NOT_SIGNED,
    )
    return render(lambda: _story(paper, sheet.width), sheet)


def _born(plan: TreatmentPlanContent) -> str:
    return f"born {short_date(plan.client_born_on)}" if plan.client_born_on else "birth date missing"


def _story(paper: TreatmentPlanPaper, width: float) -> list[Flowable]:
    plan = paper.plan
    story: list[Flowable] = [
        letterhead("Treatment plan", _subtitles(paper), paper.practice, width),
        *facts(_plan_facts(plan), width, columns=4),
        *headed("Diagnoses", paragraphs(_diagnoses(plan))),
    ]
    for number, problem in enumerate(plan.problems, start=1):
        story += _problem(number, problem)
    story += [Spacer(1, 12), rule(strong=True)]
    for heading, text in (
        ("Strengths", plan.strengths),
        ("Barriers", plan.barriers),
        ("Level of care and why", plan.level_of_care),
        ("Medical necessity", plan.necessity),
        ("When treatment ends", plan.discharge_criteria),
        ("The client’s part", _participation(plan)),
    ):
        story += headed(heading, paragraphs(text))
    return [*signed(story, paper.signatures, width), *_line_for_client(paper)]


def _subtitles(paper: TreatmentPlanPaper) -> list[str]:
    plan = paper.plan
    return [
        f"{bold(plan.client_name)} · {_born(plan)}",
        f"Version {plan.version} · established {long_date(plan.established_on)}",
        f"Review due {long_date(plan.review_due_on)}" if plan.review_due_on else "",
        label(paper.clinician.name_and_credentials),
    ]


def _plan_facts(plan: TreatmentPlanContent) -> list[tuple[str, str]]:
    """Type, amount, frequency and duration, as Medicare wants them stated (NGS, CGS; clinical.md 7)."""
    return [
        ("Type of service", plan.service_type),
        ("Session length", plan.session_length),
        ("Frequency", plan.frequency),
        ("Expected duration", plan.duration),
    ]


def _problem(number: int, problem: ProblemContent) -> list[Flowable]:
    code = f" ({label(problem.diagnosis_code)})" if problem.diagnosis_code else ""
    story: list[Flowable] = [
        Spacer(1, 12),
        rule(strong=True),
        Paragraph(f"Problem {number}{code}", styles.HEADING),
        *paragraphs(problem.text),
    ]
    for name, text in (("Baseline", problem.baseline), ("How it limits daily life", problem.impairment)):
        if text.strip():
            story += [Spacer(1, 4), Paragraph(name, styles.LABEL_WITH_NEXT), *paragraphs(text)]
    for goal in problem.goals:
        story += [Spacer(1, 6), Paragraph("Goal", styles.LABEL_WITH_NEXT)]
        story += paragraphs(goal.text, styles.BODY_BOLD)
        for objective in goal.objectives:
            story += _objective(objective)
    return story


def _objective(objective: ObjectiveContent) -> list[Flowable]:
    due = f" · by {short_date(objective.target_on)}" if objective.target_on else ""
    measured = [
        f"{name}: {value}"
        for name, value in (
            ("Measure", objective.measure),
            ("baseline", objective.baseline),
            ("target", objective.target),
        )
        if value.strip()
    ]
    story: list[Flowable] = [
        Spacer(1, 6),
        Paragraph(f"{bold(f'Objective {objective.label}')} · {label(objective.status)}{due}", styles.STEP),
        *paragraphs(objective.text, styles.INDENTED),
    ]
    if measured:
        story += paragraphs(" · ".join(measured), styles.INDENTED_SMALL)
    if objective.progress.strip():
        story += paragraphs(f"Progress: {objective.progress}", styles.INDENTED_SMALL)
    for intervention in objective.interventions:
        story += paragraphs(_intervention(intervention), styles.INDENTED_SMALL)
    return story


def _intervention(intervention: InterventionContent) -> str:
    details = (intervention.who, intervention.frequency, intervention.duration)
    return "Intervention: " + " · ".join(part for part in (intervention.text, *details) if part.strip())


def _participation(plan: TreatmentPlanContent) -> str:
    parts = (_TOOK_PART.get(plan.participation, plan.participation), plan.participation_note)
    return "\n".join(part for part in parts if part.strip())


def _line_for_client(paper: TreatmentPlanPaper) -> list[Flowable]:
    """Leave room for a signature by hand unless the client has signed, agreed by word or declined."""
    by_client = any(one.meaning in {"client", "guardian"} for one in paper.signatures)
    by_hand = not by_client and paper.plan.participation in {"", "signed"}
    return [line_to_sign("Client or guardian")] if by_hand else []


def _diagnoses(plan: TreatmentPlanContent) -> str:
    if not plan.diagnoses:
        return f"None: {plan.no_diagnosis_reason}" if plan.no_diagnosis_reason else ""
    return "\n".join(f"{one.code}  {one.title}" for one in plan.diagnoses)
