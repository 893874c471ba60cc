"""One client’s treatment in the large sample, written session by session."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from therapist_desktop.models.billing import Charge, PaymentMethod
from therapist_desktop.models.client import Client
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.note_templates import NoteKind
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan_content import MeansItemContent, SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft, SafetyPlanRowDraft
from therapist_desktop.models.service import Service
from therapist_desktop.models.session_note import Modality
from therapist_desktop.models.treatment_plan_content import PlanDiagnosisContent
from therapist_desktop.models.treatment_plan_draft import PlanDraft
from therapist_desktop.sample.calendar import eastern
from therapist_desktop.sample.founding import Staff
from therapist_desktop.sample.group_clients import InventedClient
from therapist_desktop.sample.group_writing import ChartPage
from therapist_desktop.sample.narrator import Chapter, Library, Narrator
from therapist_desktop.sample.sources import GroupPracticeSource
from therapist_desktop.sample.treatment import Setting, first_plan, reviewed_plan, worked_on
from therapist_desktop.services.note_draft import DraftDiagnosis, NoteDraft

_REVIEW_EVERY = timedelta(weeks=26)
_WITH_SAFETY_PLAN = 0.2
_SAFETY_REVIEW_EVERY = timedelta(weeks=13)
_VIDEO_SINCE = date(2020, 3, 16)
_RAISE_CENTS = 500
"""Fees rose by this much every year."""


class Treatment:
    """A client’s treatment as far as it has come."""

    def __init__(
        self,
        invented: InventedClient,
        staff: Staff,
        library: Library,
        source: GroupPracticeSource,
        modifiers: dict[str, str],
        today: date,
        chance: random.Random,
    ) -> None:
        self.invented = invented
        self.clinician: Person = staff.people[invented.clinician]
        self._staff = staff
        self._library = library
        self._source = source
        self._modifiers = modifiers
        self._today = today
        self._chance = chance
        self._template = staff.sources[invented.clinician].template
        self._client: Client | None = None
        self._diagnosis: DraftDiagnosis | None = None
        self._held = 0
        self._plan: PlanDraft | None = None
        self._reviews = 0
        self._safety_plans = 0
        self._safety_plan_on: date | None = None
        self._has_safety_plan = chance.random() < _WITH_SAFETY_PLAN
        self._narrator = Narrator(library, invented.theme, chance, watched=self._has_safety_plan)

    def hold_session(self, page: ChartPage, day: date) -> None:
        """Write everything of one session, and what it brought with it."""
        start = time(self.invented.hour)
        begins_at = eastern(day, start)
        if self._client is None:
            self._admit(page, begins_at - timedelta(minutes=30))
        is_intake = self._held == 0
        if not is_intake:
            self._keep_plans(page, begins_at)
        minutes = 55 if is_intake else self.invented.minutes
        ended_at = begins_at + timedelta(minutes=minutes)
        service = self._service(minutes, is_intake)
        draft = self._note(day, start, ended_at.time(), service, is_intake)
        begun_at = ended_at + timedelta(minutes=self._chance.randrange(1, 4))
        signed_at = begun_at + timedelta(minutes=self._chance.randrange(5, 30))
        client = self.client
        note_id = page.add_note(self.clinician, client, service, draft, begun_at, signed_at)
        self._charge(page, note_id, draft, service, minutes, signed_at + timedelta(minutes=1))
        self._held += 1
        if self._held == len(self.invented.days) and not self.invented.still_comes:
            reason = self._chance.choice(self._source.clients.discharge_reasons)
            self._staff.clock.now = signed_at
            page.discharge(self.clinician, client.id, reason, signed_at + timedelta(minutes=5))

    @property
    def client(self) -> Client:
        """The client, once admitted."""
        assert self._client is not None
        return self._client

    def _admit(self, page: ChartPage, moment: datetime) -> None:
        self._staff.clock.now = moment
        status = self._staff.reference.icd10.status(self.invented.code, moment.date())
        self._diagnosis = DraftDiagnosis(code=status.code, title=status.title, release=status.release.label)
        diagnosis = Diagnosis(
            code=status.code, title=status.title, release=status.release.label, onset_on=moment.date()
        )
        record = replace(self.invented.record, clinician_id=self.clinician.id)
        self._client = page.add_client(self.clinician, record, diagnosis, moment)

    def _keep_plans(self, page: ChartPage, begins_at: datetime) -> None:
        """Write the plan in the second session, and review it twice a year."""
        day, at, words = begins_at.date(), begins_at + timedelta(minutes=20), self._library.narrative.plan
        if self._plan is None:
            assert self._diagnosis is not None
            self._plan = first_plan(
                self._chance.choice(self._library.theme(self.invented.theme).problem),
                words,
                self._chance,
                Setting(
                    service_type="couple" if self.invented.theme == "couple" else "individual",
                    minutes=self.invented.minutes,
                    every_weeks=self.invented.every_weeks,
                    clinician=self.clinician.name_and_credentials,
                ),
                established_on=day,
                diagnoses=[PlanDiagnosisContent(code=self._diagnosis.code, title=self._diagnosis.title)],
            )
        elif day - self._plan.established_on >= _REVIEW_EVERY:
            self._reviews += 1
            self._plan = reviewed_plan(self._plan, words, self._chance, self._reviews, day)
        if self._plan.established_on == day:
            self._plan = replace(self._plan, review_due_on=day + _REVIEW_EVERY)
            page.add_treatment_plan(self.clinician, self.client, self._reviews + 1, self._plan, at)
        if self._has_safety_plan and (
            self._safety_plan_on is None or day - self._safety_plan_on >= _SAFETY_REVIEW_EVERY * self._safety_plans
        ):
            self._safety_plans += 1
            self._safety_plan_on = day
            plan = self._safety_plan(day)
            page.add_safety_plan(self.clinician, self.client, self._safety_plans, plan, at + timedelta(minutes=10))

    def _service(self, minutes: int, is_intake: bool) -> Service:
        if is_intake:
            label = "Intake evaluation"
        elif self.invented.theme == "couple":
            label = "Couple or family session, client present"
        else:
            label = "Individual therapy 45" if minutes < 53 else "Individual therapy 60"
        return self._staff.services[label]

    def _note(self, day: date, start: time, stop: time, service: Service, is_intake: bool) -> NoteDraft:
        video = self.invented.by_video and day >= _VIDEO_SINCE
        words = self._narrator.write(
            Chapter(
                share=self._held / max(12, len(self.invented.days)),
                template=self._template,
                objectives=worked_on(self._plan),
                next_on=day + timedelta(weeks=self.invented.every_weeks),
                is_intake=is_intake,
            )
        )
        assert self._diagnosis is not None
        couple = self.invented.theme == "couple"
        return NoteDraft(
            date_of_service=day,
            kind=NoteKind.INTAKE if is_intake else NoteKind.PROGRESS,
            template=self._template,
            start=start,
            stop=stop,
            place_of_service="10" if video else "11",
            modality=Modality.VIDEO if video else Modality.IN_PERSON,
            client_state="ME" if video else "",
            client_location="at home" if video else "",
            participants="client and partner" if couple else "",
            service_id=service.id,
            risk_today=words.risk,
            interventions=words.interventions,
            sections=words.sections,
            diagnoses=(self._diagnosis,),
            objectives=words.objectives,
        )

    def _charge(
        self, page: ChartPage, note_id: int, draft: NoteDraft, service: Service, minutes: int, moment: datetime
    ) -> None:
        years_ago = (self._today - draft.date_of_service).days // 365
        fee_cents = max(service.fee_cents // 2, service.fee_cents - _RAISE_CENTS * years_ago)
        paid = self._chance.random()
        charge = Charge(
            client_id=self.client.id,
            clinician_id=self.clinician.id,
            note_id=note_id,
            service_id=service.id,
            created_at=moment,
            date_of_service=draft.date_of_service,
            label=service.label,
            code=service.code,
            modifiers=self._telehealth(draft),
            place_of_service=draft.place_of_service,
            fee_cents=fee_cents,
            minutes=minutes,
        )
        paid_cents = fee_cents if paid < 0.93 else fee_cents // 2 if paid < 0.97 else 0
        page.charge(charge, paid_cents, PaymentMethod.CARD if paid < 0.7 else PaymentMethod.CHECK)

    def _telehealth(self, draft: NoteDraft) -> list[str]:
        if draft.modality is not Modality.VIDEO:
            return []
        policies = self.invented.record.policies
        wanted = self._modifiers[policies[0].payer_name] if policies else "95"
        return [wanted] if wanted else []

    def _safety_plan(self, day: date) -> SafetyPlanDraft:
        lines, chance = self._source.safety_plan, self._chance
        return SafetyPlanDraft(
            made_on=day,
            made_with=f"client and {self.clinician.name_and_credentials}",
            likelihood=chance.randrange(5, 11),
            kept_where="on the phone and in a drawer",
            rows=tuple(
                SafetyPlanRowDraft(
                    part=part,
                    text=text,
                    phone=f"207-555-01{chance.randrange(100):02}"
                    if part in (SafetyPlanPart.PEOPLE, SafetyPlanPart.PROFESSIONALS)
                    else "",
                )
                for part in SafetyPlanPart
                for text in _some(lines[str(part.value)], chance)
            ),
            means=(
                MeansItemContent(
                    means=chance.choice(lines["means"]), present="yes", action=chance.choice(lines["actions"])
                ),
                MeansItemContent(means="Firearms", present="no"),
            ),
        )


def _some(lines: Sequence[str], chance: random.Random) -> list[str]:
    return chance.sample(lines, min(len(lines), chance.choice((1, 2, 3))))
