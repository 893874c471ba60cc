"""What is missing in a treatment plan before it is signed for good, and until when it must be reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from therapist_desktop.models.note_readiness import Need
from therapist_desktop.models.treatment_plan import Participation
from therapist_desktop.models.treatment_plan_draft import PlanDraft


@dataclass(frozen=True, kw_only=True)
class PlanFinding:
    """Something a plan lacks, in a sentence for its author."""

    need: Need
    key: str
    sentence: str
    fix: str
    """Where to put it right: the name of a field of ``PlanDraft``."""


def one_year_after(day: date) -> date:
    """Return the last day on which a plan of that day is not older than a year (Medicare; clinical.md 7)."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # February 29
        return date(day.year + 1, 2, 28)


def review_day(established_on: date, review_days: int) -> date:
    """Return when a plan is due for review: after the practice’s cycle, and within a year at the latest."""
    return min(established_on + timedelta(days=review_days), one_year_after(established_on))


def plan_findings(plan: PlanDraft, *, today: date, previous_on: date | None = None) -> tuple[PlanFinding, ...]:
    """Return what is missing or contradictory, first what keeps the plan from being signed.

    ``previous_on`` is the day the version before was established.
    """
    found = [*_dates(plan, today, previous_on), *_thread(plan), *_diagnoses(plan), *_client(plan), *_details(plan)]
    return tuple(sorted(found, key=lambda finding: finding.need is not Need.MUST))


def _dates(plan: PlanDraft, today: date, previous_on: date | None) -> Iterator[PlanFinding]:
    established, review = plan.established_on, plan.review_due_on
    if established > today:
        yield _must("established", "The plan is dated in the future. Correct the date.", "established_on")
    if previous_on is not None and established < previous_on:
        yield _must(
            "established",
            "The plan is dated before the version it replaces. Correct the date.",
            "established_on",
        )
    if review is not None and review <= established:
        yield _must("review", "The review is due before the plan begins. Choose a later day.", "review_due_on")
    if review is not None and review > one_year_after(established):
        yield _must(
            "review", "A plan is reviewed within a year at the latest. Choose an earlier day.", "review_due_on"
        )


def _thread(plan: PlanDraft) -> Iterator[PlanFinding]:
    """From problem to goal to objective, with no link missing and none without words."""
    goals = list(plan.goals())
    objectives = [one.objective for one in plan.numbered_objectives()]
    for name, texts in (
        ("problem", [problem.text for problem in plan.problems]),
        ("goal", [goal.text for goal in goals]),
        ("objective", [objective.text for objective in objectives]),
    ):
        if not texts:
            yield _must(f"no {name}", f"The plan has no {name}. Add at least one.", "problems")
        elif not all(text.strip() for text in texts):
            yield _must(f"empty {name}", f"There is a {name} without words. Write it or remove it.", "problems")
    for objective in objectives:
        if objective.text.strip() and not (objective.measure.strip() and objective.target.strip()):
            yield _should(
                "measure", "There is an objective without a measure and a target. Say how you will know.", "problems"
            )
            return


def _diagnoses(plan: PlanDraft) -> Iterator[PlanFinding]:
    codes = {diagnosis.code for diagnosis in plan.diagnoses}
    addressed = {problem.diagnosis_code for problem in plan.problems} - {""}
    if not codes and not plan.no_diagnosis_reason.strip():
        yield _must("diagnosis", "The plan has no diagnosis. Add one, or say why there is none.", "diagnoses")
    if addressed - codes:
        yield _must(
            "diagnosis of a problem",
            "A problem names a diagnosis that is not on the plan. Add it to the plan, or choose another.",
            "problems",
        )
    if codes - addressed:
        yield _should(
            "diagnosis not addressed",
            "There is a diagnosis that no problem addresses. Insurers look for each of them.",
            "problems",
        )


def _client(plan: PlanDraft) -> Iterator[PlanFinding]:
    if plan.participation is Participation.NOT_RECORDED:
        yield _must(
            "participation",
            "It is not recorded how the client took part. Choose signed, verbal or declined.",
            "participation",
        )
    elif plan.participation is Participation.DECLINED and not plan.participation_note.strip():
        yield _must("participation note", "The client declined. Write down why.", "participation_note")


def _details(plan: PlanDraft) -> Iterator[PlanFinding]:
    """The elements Medicare contractors name beside diagnoses and goals, and medical necessity (clinical.md 7)."""
    for name, words in (
        ("service_type", "the type of service"),
        ("session_length", "the length of a session"),
        ("frequency", "how often you meet"),
        ("duration", "how long treatment is expected to last"),
        ("necessity", "why treatment is medically necessary"),
    ):
        if not getattr(plan, name).strip():
            yield _should(name.replace("_", " "), f"The plan does not say {words}. Insurers look for it.", name)


def _must(key: str, sentence: str, fix: str) -> PlanFinding:
    return PlanFinding(need=Need.MUST, key=key, sentence=sentence, fix=fix)


def _should(key: str, sentence: str, fix: str) -> PlanFinding:
    return PlanFinding(need=Need.SHOULD, key=key, sentence=sentence, fix=fix)
