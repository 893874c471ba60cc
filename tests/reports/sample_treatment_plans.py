"""A treatment plan of two problems."""

from __future__ import annotations

from datetime import date, datetime

from tests.reports.sample_letterhead import EASTERN, PRACTICE, ROSA, signature
from therapist_desktop.models.treatment_plan_content import (
    GoalContent,
    InterventionContent,
    ObjectiveContent,
    PlanDiagnosisContent,
    ProblemContent,
    TreatmentPlanContent,
    TreatmentPlanPaper,
)

PLAN = TreatmentPlanContent(
    client_id=7,
    client_name="Daniel Reyes",
    client_born_on=date(1992, 3, 14),
    version=2,
    established_on=date(2026, 9, 14),
    review_due_on=date(2026, 12, 12),
    service_type="Individual",
    session_length="53 to 60 minutes",
    frequency="Weekly",
    duration="6 months, to March 2027",
    diagnoses=(PlanDiagnosisContent(code="F33.1", title="Major depressive disorder, recurrent, moderate"),),
    problems=(
        ProblemContent(
            text="“I don’t see anyone anymore and I can’t get going.”",
            diagnosis_code="F33.1",
            baseline="PHQ-9 of 17 on September 14, 2026",
            impairment="Missed nine days of work in August; sees nobody on weekends.",
            goals=(
                GoalContent(
                    text="Mood lifts to PHQ-9 below 10",
                    objectives=(
                        ObjectiveContent(
                            label="1a",
                            text="Schedule four valued activities a week",
                            measure="Activity log",
                            baseline="0 to 1 a week",
                            target="4 a week",
                            target_on=date(2026, 12, 12),
                            status="partly met",
                            progress="Three a week since October.",
                            interventions=(
                                InterventionContent(
                                    text="Behavioral activation",
                                    who="Rosa Alvarez",
                                    frequency="weekly",
                                    duration="12 weeks",
                                ),
                            ),
                        ),
                        ObjectiveContent(
                            label="1b",
                            text="Challenge automatic thoughts, three records a week",
                            measure="Thought records",
                            baseline="none",
                            target="3 a week",
                            target_on=date(2026, 12, 12),
                            interventions=(InterventionContent(text="Cognitive restructuring"),),
                        ),
                    ),
                ),
            ),
        ),
        ProblemContent(
            text="Sleeps four hours a night.",
            goals=(
                GoalContent(
                    text="Sleep 6.5 hours or more",
                    objectives=(ObjectiveContent(label="2a", text="Keep one rising time", status="open"),),
                ),
            ),
        ),
    ),
    strengths="Close to his sister; has kept his job for six years; likes to be outside.",
    barriers="Works shifts; ashamed to call friends after so long.",
    level_of_care="Outpatient, weekly: no ideation, works, has support.",
    necessity="Depressed mood, insomnia and withdrawal keep him from work and from people; weekly treatment is "
    "expected to restore both and is the least intensive care that can.",
    discharge_criteria="PHQ-9 below 5 for two months and back to full weeks at work.",
    participation="signed",
    participation_note="He chose the order of the goals.",
)
PLAN_PAPER = TreatmentPlanPaper(
    practice=PRACTICE,
    clinician=ROSA,
    plan=PLAN,
    signatures=(signature(at=datetime(2026, 9, 14, 12, 0, tzinfo=EASTERN)),),
    printed_at=datetime(2026, 11, 23, 16, 10, tzinfo=EASTERN),
)
