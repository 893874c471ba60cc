"""The main job on the sample practice, from a new client to a proven backup; every step is a real verb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path

from therapist_desktop.models.billing import PaymentMethod
from therapist_desktop.models.client import ContactKind
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import format_cents
from therapist_desktop.models.safety_plan_content import SafetyPlanPart
from therapist_desktop.models.safety_plan_draft import SafetyPlanRowDraft
from therapist_desktop.models.session_note import AmendmentKind
from therapist_desktop.models.treatment_plan import Participation
from therapist_desktop.models.treatment_plan_content import InterventionContent
from therapist_desktop.models.treatment_plan_draft import GoalDraft, ObjectiveDraft, PlanDraft, ProblemDraft
from therapist_desktop.sample.calendar import SampleClock
from therapist_desktop.sample.tour_script import TourPlan, tour_script
from therapist_desktop.services.backups import make_backup, prove_backup, restore_backup, with_password
from therapist_desktop.services.charges import charge_session
from therapist_desktop.services.checking import check_practice
from therapist_desktop.services.client_record import (
    AddressEntry,
    ClientRecord,
    ContactEntry,
    PhoneEntry,
    PolicyEntry,
)
from therapist_desktop.services.clients import add_client, open_client
from therapist_desktop.services.diagnoses import add_diagnosis
from therapist_desktop.services.note_amendments import amend_note
from therapist_desktop.services.note_draft import DraftObjective, DraftSection
from therapist_desktop.services.note_papers import print_note
from therapist_desktop.services.note_signing import readiness, sign_note
from therapist_desktop.services.payments import record_payment
from therapist_desktop.services.practices import SignedIn, sign_in
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.safety_plan_documents import (
    print_blank_safety_plan,
    print_safety_plan,
    print_wallet_card,
)
from therapist_desktop.services.safety_plans import put_in_use, save_safety_plan_draft, start_safety_plan
from therapist_desktop.services.searching import search
from therapist_desktop.services.service_catalog import list_services
from therapist_desktop.services.session_notes import open_note, save_draft, start_note
from therapist_desktop.services.superbill_batch import issue_month, month_overview
from therapist_desktop.services.superbills import correct_superbill, draft_superbill, issue_superbill, superbill_pdf
from therapist_desktop.services.treatment_plan_documents import print_plan
from therapist_desktop.services.treatment_plan_lists import objectives_in_force
from therapist_desktop.services.treatment_plans import save_plan_draft, sign_plan, start_plan
from therapist_desktop.storage.atomic_file import write_atomically

SERVICE = "Individual therapy 45"
_CLIENT = ClientRecord(
    first_name="Robin",
    last_name="Fairweather",
    pronouns="she/her",
    born_on=date(1994, 5, 9),
    plan_sex="F",
    phones=(PhoneEntry(number="207-555-0161", may_leave_message=True),),
    addresses=(AddressEntry(line1="44 Lantern Ln", city="Portland", state="ME", postal_code="04103"),),
    contacts=(
        ContactEntry(
            kind=ContactKind.EMERGENCY,
            name="June Fairweather",
            relation="sister",
            phone="207-555-0162",
            may_contact=True,
        ),
    ),
    policies=(PolicyEntry(payer_name="Casco Mutual", member_id="CM 118 204 556", group_number="70021"),),
)


@dataclass
class Tour:
    """A walk through the main job. ``say`` gets one sentence for each step."""

    folder: Path
    """Where the documents go."""
    signed_in: SignedIn
    clock: SampleClock
    password: str
    reference: Reference
    say: Callable[[str], None]

    def _save(self, name: str, data: bytes) -> None:
        write_atomically(self.folder / name, data)
        self.say(f"   saved {name}")

    def walk(self) -> None:
        """Do the whole main job."""
        client_id = self._welcome()
        self._plan_treatment(client_id)
        self._plan_for_safety(client_id)
        note_id = self._write_note(client_id)
        self._bill(client_id, note_id)
        self._bill_october()
        self._back_up()

    def _welcome(self) -> int:
        practice, rosa = self.signed_in.practice, self.signed_in.person
        client_id = add_client(practice, rosa, _CLIENT)
        self.say(f"1  A new client is added: {_CLIENT.first_name} {_CLIENT.last_name}.")
        try:
            add_diagnosis(practice, rosa, self.reference, client_id, "F41", onset_on=self.clock().date())
        except UserError as error:
            self.say(f"   F41 is refused: {error.sentence}")
        add_diagnosis(practice, rosa, self.reference, client_id, "F41.0", onset_on=self.clock().date())
        gaps = open_client(practice, rosa, client_id).gaps
        self.say(f"   F41.0 is added. Gaps in the record: {len(gaps)}.")
        return client_id

    def _plan_treatment(self, client_id: int) -> None:
        practice, rosa = self.signed_in.practice, self.signed_in.person
        opened = start_plan(practice, rosa, client_id)
        draft = _treatment(opened.content, tour_script().plan, self.clock().date())
        revision = save_plan_draft(practice, rosa, opened.plan_id, draft, opened.revision)
        signed = sign_plan(practice, rosa, opened.plan_id, self.password, revision=revision)
        self.say(f"2  The treatment plan is signed; its review is due {signed.review_due_on}.")
        self._save("treatment-plan.pdf", print_plan(practice, rosa, opened.plan_id))

    def _plan_for_safety(self, client_id: int) -> None:
        practice, rosa, script = self.signed_in.practice, self.signed_in.person, tour_script().safety
        opened = start_safety_plan(practice, rosa, client_id)
        rows = tuple(
            SafetyPlanRowDraft(part=SafetyPlanPart(part), text=text, phone=phone, relation=relation)
            for part, text, phone, relation in script.rows
        )
        draft = replace(
            opened.content,
            rows=rows,
            likelihood=8,
            kept_where=script.kept_where,
            copies_held_by=script.copies_held_by,
        )
        revision = save_safety_plan_draft(practice, rosa, opened.plan_id, draft, opened.revision)
        put_in_use(practice, rosa, opened.plan_id, revision)
        self.say("3  The safety plan is in use.")
        self._save("safety-plan.pdf", print_safety_plan(practice, rosa, client_id))
        self._save("wallet-card.pdf", print_wallet_card(practice, rosa, client_id))
        self._save("safety-plan-blank.pdf", print_blank_safety_plan())

    def _write_note(self, client_id: int) -> int:
        practice, rosa, script = self.signed_in.practice, self.signed_in.person, tour_script()
        service = next(one for one in list_services(practice) if one.label == SERVICE)
        note_id = start_note(
            practice,
            rosa,
            client_id,
            self.clock().date(),
            service_id=service.service_id,
            start=time(10, 0),
            stop=time(10, 47),
        )
        self.clock.now += timedelta(minutes=12)
        view = open_note(practice, rosa, note_id)
        texts = (script.note.data, script.note.assessment, script.note.plan)
        objectives = objectives_in_force(practice, rosa, client_id, self.clock().date())
        draft = replace(
            view.draft,
            sections=tuple(
                DraftSection(heading=section.heading, text=text.strip())
                for section, text in zip(view.draft.sections, texts, strict=True)
            ),
            objectives=tuple(DraftObjective(thread=one.thread, label=one.label, text=one.text) for one in objectives),
            interventions=("Breathing retraining", "Graded exposure"),
        )
        revision = save_draft(practice, rosa, note_id, draft, view.revision)
        findings = readiness(practice, rosa, self.reference, note_id)
        sign_note(practice, rosa, self.reference, note_id, self.password, revision=revision)
        self.say(f"4  The note was a draft in the vault, had {len(findings)} open points, and is signed.")
        self.clock.now += timedelta(hours=6)
        for kind, amendment in (
            (AmendmentKind.ADDENDUM, script.addendum),
            (AmendmentKind.CORRECTION, script.correction),
        ):
            amend_note(
                practice,
                rosa,
                note_id,
                kind,
                amendment.text,
                password=self.password,
                what_was_wrong=amendment.wrong,
            )
        self.say("   An addendum and a correction stand beside it; the note itself did not change.")
        self._save("session-note.pdf", print_note(practice, rosa, note_id))
        return note_id

    def _bill(self, client_id: int, note_id: int) -> None:
        practice, rosa, today = self.signed_in.practice, self.signed_in.person, self.clock().date()
        charge_session(practice, rosa, self.reference, note_id)
        record_payment(practice, rosa, client_id, today, PaymentMethod.CARD, 10_000)
        (draft,) = draft_superbill(practice, rosa, self.reference, client_id, today.replace(day=1), today)
        for finding in draft.findings:
            self.say(f"   {finding.severity.value}: {finding.sentence}")
        first = issue_superbill(practice, rosa, self.reference, draft)
        self.say(
            f"5  Superbill {first.number} is issued: charged {format_cents(first.charge_cents)}, "
            f"paid {format_cents(first.paid_cents)}."
        )
        self._save("superbill.pdf", superbill_pdf(practice, rosa, first.superbill_id))
        rest = first.charge_cents - first.paid_cents
        record_payment(practice, rosa, client_id, today, PaymentMethod.CHECK, rest, reference="1042")
        second = correct_superbill(
            practice, rosa, self.reference, first.superbill_id, "the rest was paid the same day"
        )
        self.say(f"   The rest is paid, so superbill {second.number} replaces it; the first is void.")
        self._save("superbill-corrected.pdf", superbill_pdf(practice, rosa, second.superbill_id))
        self._save("superbill-void.pdf", superbill_pdf(practice, rosa, first.superbill_id))

    def _bill_october(self) -> None:
        practice, rosa = self.signed_in.practice, self.signed_in.person
        rows = month_overview(practice, rosa, self.reference, 2026, 10)
        states = [row.state.value for row in rows]
        self.say("6  October 2026: " + ", ".join(f"{states.count(one)} {one}" for one in dict.fromkeys(states)) + ".")
        result = issue_month(practice, rosa, self.reference, 2026, 10)
        for row in result.not_ready:
            self.say(f"   would be rejected: {row.client_name}: {row.reasons[0]}")
        folder = self.folder / "october"
        folder.mkdir()
        for one in result.issued:
            write_atomically(folder / f"superbill-{one.number}.pdf", superbill_pdf(practice, rosa, one.superbill_id))
        self.say(f"   saved {len(result.issued)} superbills in october/")

    def _back_up(self) -> None:
        practice, rosa = self.signed_in.practice, self.signed_in.person
        hits = search(practice, rosa, "bus breath")
        self.say(f"7  Searching “bus breath” finds {len(hits)} records.")
        made = make_backup(practice, rosa, self.folder)
        proven = prove_backup(practice, rosa, made.path, self.password)
        self.say(f"8  The backup {made.path.name} is verified and was proven to restore: {proven.rows} records.")
        restored = restore_backup(
            made.path, self.folder / "Restored.practice", with_password(rosa.id, self.password), self.clock
        )
        self.say(f"   It is also restored to {restored.name}.")
        report = check_practice(practice, rosa)
        for line in report.lines:
            self.say(f"   {'whole' if line.whole else 'FAULT'}: {line.what}, {line.found}")
        if not report.whole:
            raise UserError("The check found a fault in the practice of the tour.")


def _treatment(empty: PlanDraft, script: TourPlan, today: date) -> PlanDraft:
    return replace(
        empty,
        session_length="45 minutes",
        frequency="weekly",
        duration="six months",
        problems=(
            ProblemDraft(
                text=script.problem,
                diagnosis_code="F41.0",
                baseline=script.baseline,
                impairment=script.impairment,
                goals=(GoalDraft(text=script.goal, objectives=tuple(_objectives(script, today))),),
            ),
        ),
        strengths=script.strengths,
        barriers=script.barriers,
        necessity=script.necessity,
        discharge_criteria=script.discharge,
        level_of_care="Outpatient, weekly.",
        participation=Participation.VERBAL,
        participation_note="Went through it together and agreed.",
    )


def _objectives(script: TourPlan, today: date) -> Iterator[ObjectiveDraft]:
    for one in script.objective:
        yield ObjectiveDraft(
            text=one.text,
            measure=one.measure,
            baseline=one.baseline,
            target=one.target,
            target_on=today + timedelta(days=90),
            interventions=(
                InterventionContent(
                    text=one.intervention, who="Rosa Alvarez", frequency="weekly", duration="3 months"
                ),
            ),
        )


def take_tour(
    folder: Path, practice_folder: Path, password: str, clock: SampleClock, say: Callable[[str], None]
) -> None:
    """Walk through the main job in a sample practice and leave its documents and backup in ``folder``."""
    reference = Reference()
    signed_in = sign_in(practice_folder, 1, password, clock)
    try:
        Tour(folder, signed_in, clock, password, reference, say).walk()
    except BaseException:
        signed_in.abandon()
        raise
    finally:
        reference.close()
    signed_in.sign_out()
