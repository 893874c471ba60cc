"""Writes charts by the hundred in one transaction, with the same contents, signatures, events and index as the verbs.

The verbs of the services take one transaction each, as a person’s work does; for 30,000 notes that would take half an
hour. What a row says is made by the services’ own functions all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from therapist_desktop.models.billing import Charge, Payment, PaymentAllocation, PaymentMethod
from therapist_desktop.models.client import Client, ClientStatus, ClientStatusChange
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan import SafetyPlan, SafetyPlanState
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.models.service import Service
from therapist_desktop.models.session_note import NoteState
from therapist_desktop.models.session_time import LATE_ENTRY_HOURS
from therapist_desktop.models.signature import Meaning, SignedKind
from therapist_desktop.models.treatment_plan import PlanState, TreatmentPlan
from therapist_desktop.models.treatment_plan_draft import PlanDraft
from therapist_desktop.services import (
    safety_plan_access,
    safety_plan_rows,
    treatment_plan_access,
    treatment_plan_rows,
)
from therapist_desktop.services.audit_trail import Action, ToRecord, record_events
from therapist_desktop.services.client_record import ClientRecord
from therapist_desktop.services.clients import insert_client, load_client
from therapist_desktop.services.note_draft import NoteDraft
from therapist_desktop.services.note_loading import NOTE, NoteSheet, note_content
from therapist_desktop.services.note_rows import StoredNote, add_note, write_signed
from therapist_desktop.services.signing import ToSign, add_signatures
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.search_index import Indexed, put_new


@dataclass(frozen=True, kw_only=True)
class _Event:
    """An event whose record gets its number only when the whole page is written."""

    moment: datetime
    person_id: int
    action: Action
    record_kind: str
    record: int | Charge | Payment
    client_id: int
    detail: str = ""

    def to_record(self) -> ToRecord:
        return ToRecord(
            moment=self.moment,
            person_id=self.person_id,
            action=self.action,
            record_kind=self.record_kind,
            record_id=self.record if isinstance(self.record, int) else self.record.id,
            client_id=self.client_id,
            detail=self.detail,
        )


class ChartPage:
    """What is written in one transaction: rows at once, and at its end the signatures, index and events of all."""

    def __init__(self, session: Session, practice: Practice) -> None:
        self._session = session
        self._practice = practice
        self._to_sign: list[ToSign] = []
        self._to_index: list[Indexed] = []
        self._charges: list[Charge] = []
        self._payments: list[tuple[Payment, Charge]] = []
        self._events: list[_Event] = []

    def add_client(self, clinician: Person, record: ClientRecord, diagnosis: Diagnosis, moment: datetime) -> Client:
        """Add an active client with a diagnosis."""
        client_id = insert_client(self._session, self._practice, clinician, record, ClientStatus.ACTIVE)
        client = load_client(self._session, client_id)
        client.diagnoses.append(diagnosis)
        self._log(moment, clinician, Action.CREATE, "client", client_id, client_id)
        return client

    def discharge(self, clinician: Person, client_id: int, reason: str, moment: datetime) -> None:
        """End a treatment."""
        client = load_client(self._session, client_id)
        client.status = ClientStatus.DISCHARGED
        client.status_changes.append(ClientStatusChange(status=client.status, on_date=moment.date(), reason=reason))
        detail = f"status:{client.status.value}"
        self._log(moment, clinician, Action.CHANGE, "client", client_id, client_id, detail)

    def add_note(
        self, clinician: Person, client: Client, service: Service, draft: NoteDraft, begun: datetime, signed: datetime
    ) -> int:
        """Add a signed note."""
        note_id = add_note(self._session, client.id, clinician.id, draft, begun)
        stored = StoredNote(
            note_id=note_id,
            client_id=client.id,
            author_id=clinician.id,
            created_at=begun,
            updated_at=begun,
            state=NoteState.DRAFT,
            signed_at=None,
            late_entry=False,
            revision=1,
            draft=draft,
            row_ids={},
        )
        content = note_content(NoteSheet(stored, client, service, LATE_ENTRY_HOURS))
        write_signed(self._session, stored, signed, late_entry=content.late_entry)
        self._sign(clinician, SignedKind.SESSION_NOTE, note_id, client.id, content, signed)
        self._to_index.append(
            Indexed(
                kind=SearchKind.SESSION_NOTE,
                record_id=note_id,
                client_id=client.id,
                title=f"{draft.kind.value} note".capitalize(),
                body=draft.words,
                on_date=draft.date_of_service,
            )
        )
        self._log(begun, clinician, Action.CREATE, NOTE, note_id, client.id)
        self._log(signed, clinician, Action.SIGN, NOTE, note_id, client.id, Meaning.AUTHOR.value)
        return note_id

    def charge(self, charge: Charge, paid_cents: int, method: PaymentMethod) -> None:
        """Charge a session, and record what was paid for it on the same day."""
        self._charges.append(charge)
        person_id, moment = charge.clinician_id, charge.created_at
        self._events.append(
            _Event(
                moment=moment,
                person_id=person_id,
                action=Action.CREATE,
                record_kind="charge",
                record=charge,
                client_id=charge.client_id,
            )
        )
        if not paid_cents:
            return
        payment = Payment(
            client_id=charge.client_id,
            received_on=charge.date_of_service,
            method=method,
            amount_cents=paid_cents,
            entered_at=moment,
            entered_by_id=person_id,
        )
        self._payments.append((payment, charge))
        self._events.append(
            _Event(
                moment=moment,
                person_id=person_id,
                action=Action.CREATE,
                record_kind="payment",
                record=payment,
                client_id=charge.client_id,
            )
        )

    def add_treatment_plan(
        self, clinician: Person, client: Client, version: int, draft: PlanDraft, moment: datetime
    ) -> None:
        """Add a signed version of a treatment plan."""
        plan = TreatmentPlan(
            client_id=client.id,
            author_id=clinician.id,
            version=version,
            created_at=moment,
            established_on=draft.established_on,
        )
        treatment_plan_rows.write_draft(plan, draft)
        self._session.add(plan)
        self._session.flush()
        plan.state, plan.signed_at = PlanState.SIGNED, moment
        content = treatment_plan_rows.content_of(plan, draft, client)
        self._sign(clinician, SignedKind.TREATMENT_PLAN, plan.id, client.id, content, moment)
        treatment_plan_rows.index_plan(self._session, plan, draft)
        kind, detail = treatment_plan_access.RECORD_KIND, f"version:{version}"
        self._log(moment, clinician, Action.CREATE, kind, plan.id, client.id, detail)
        self._log(moment, clinician, Action.SIGN, kind, plan.id, client.id, detail)

    def add_safety_plan(
        self, clinician: Person, client: Client, version: int, draft: SafetyPlanDraft, moment: datetime
    ) -> None:
        """Add a version of a safety plan and put it in use."""
        draft = draft.ready_for_use()
        plan = SafetyPlan(
            client_id=client.id, author_id=clinician.id, version=version, created_at=moment, made_on=draft.made_on
        )
        safety_plan_rows.write_draft(plan, draft)
        self._session.add(plan)
        self._session.flush()
        plan.state, plan.in_use_since = SafetyPlanState.IN_USE, moment
        safety_plan_rows.index_safety_plan(self._session, plan, draft)
        kind = safety_plan_access.RECORD_KIND
        self._log(moment, clinician, Action.CREATE, kind, plan.id, client.id, f"version:{version}")
        seal = f"sha256:{safety_plan_rows.seal_of(plan)}"
        self._log(moment, clinician, Action.ISSUE, kind, plan.id, client.id, seal)

    def finish(self) -> None:
        """Write what was collected: the chains are looked up once for the whole page."""
        session = self._session
        session.add_all(self._charges)
        session.flush()
        for payment, charge in self._payments:
            payment.allocations = [PaymentAllocation(charge_id=charge.id, amount_cents=payment.amount_cents)]
            session.add(payment)
        session.flush()
        add_signatures(session, sorted(self._to_sign, key=lambda one: one.moment))
        put_new(session, self._to_index)
        record_events(session, [event.to_record() for event in sorted(self._events, key=lambda one: one.moment)])

    def _sign(
        self, person: Person, kind: SignedKind, record_id: int, client_id: int, content: object, moment: datetime
    ) -> None:
        self._to_sign.append(
            ToSign(
                person=person,
                kind=kind,
                record_id=record_id,
                client_id=client_id,
                content=content,
                meaning=Meaning.AUTHOR,
                moment=moment,
            )
        )

    def _log(
        self,
        moment: datetime,
        person: Person,
        action: Action,
        record_kind: str,
        record_id: int,
        client_id: int,
        detail: str = "",
    ) -> None:
        self._events.append(
            _Event(
                moment=moment,
                person_id=person.id,
                action=action,
                record_kind=record_kind,
                record=record_id,
                client_id=client_id,
                detail=detail,
            )
        )
