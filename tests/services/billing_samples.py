"""A bench for the tests of billing: fictional colleagues and clients, sessions that are signed and charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pypdfium2
from sqlalchemy import select

from tests.conftest import TestClock
from therapist_desktop.models.billing import PaymentMethod
from therapist_desktop.models.client import ContactKind
from therapist_desktop.models.people import Licence, Person, Role
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.service import ServiceKind
from therapist_desktop.models.session_note import (
    Amendment,
    AmendmentKind,
    Modality,
    NoteDiagnosis,
    NoteState,
    SessionNote,
)
from therapist_desktop.models.signature import SignedKind
from therapist_desktop.models.superbill import SuperbillHold
from therapist_desktop.services.charges import charge_session
from therapist_desktop.services.client_record import AddressEntry, ClientRecord, ContactEntry, PhoneEntry, PolicyEntry
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.payments import PaymentChange, record_payment
from therapist_desktop.services.people import add_person
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.service_catalog import add_service
from therapist_desktop.services.signing import add_signature
from therapist_desktop.services.superbills import (
    IssuedSuperbill,
    SuperbillDraft,
    draft_superbill,
    issue_superbill,
)
from therapist_desktop.storage.practice import Practice

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
FEE = 180_00

JORDAN = ClientRecord(
    first_name="Jordan",
    last_name="Whitfield",
    used_name="Jo",
    born_on=date(1994, 3, 14),
    plan_sex="F",
    started_on=date(2026, 1, 5),
    addresses=(AddressEntry(line1="18 Pine St", city="Portland", state="ME", postal_code="04102"),),
    phones=(PhoneEntry(number="207-555-0118"),),
    contacts=(
        ContactEntry(kind=ContactKind.PRIMARY_CARE, name="Dr. Hahn", npi="1679576722"),
        ContactEntry(kind=ContactKind.REFERRER, name="Priya Lindqvist", npi="1679576722"),
    ),
    policies=(PolicyEntry(payer_name="Northern Light Health Plan", member_id="NLH-4471-02"),),
)
MAYA = replace(JORDAN, first_name="Maya", last_name="Okafor", used_name="", contacts=())

GENERALIZED_ANXIETY = "F41.1"
TITLES = {
    GENERALIZED_ANXIETY: "Generalized anxiety disorder",
    "F33.1": "Major depressive disorder, recurrent, moderate",
    "F33": "Major depressive disorder, recurrent",
}


class Bench:
    """A practice with coded services, and short words for what every billing test does."""

    def __init__(self, practice: Practice, person: Person, clock: TestClock) -> None:
        self.practice = practice
        self.person = person
        self.clock = clock
        self.reference = Reference()
        self.hour = add_service(
            practice,
            person,
            label="Individual therapy 60",
            code="90837",
            min_minutes=53,
            fee_cents=FEE,
        )
        self.missed = add_service(
            practice, person, label="Missed session", kind=ServiceKind.ABSENCE_FEE, fee_cents=90_00
        )

    def client(self, record: ClientRecord = JORDAN, **changes: Any) -> int:
        return add_client(self.practice, self.person, replace(record, **changes))

    def colleague(self, first_name: str, *roles: Role, supervisor_id: int | None = None, **facts: Any) -> Person:
        licences = [] if roles == (Role.BILLER,) else [Licence(kind="LCSW", number="LC9", state="ME")]
        person = Person(
            first_name=first_name,
            last_name="Osei",
            roles=[role.value for role in roles],
            supervisor_id=supervisor_id,
            licences=licences,
            **{"credentials": "LCSW", "npi": "1558598797", "taxonomy": "1041C0700X"} | facts,
        )
        return add_person(self.practice, self.person, person, "paper lanterns on the bay")

    def set(self, **facts: object) -> None:
        """Change facts and rules of the practice."""
        with self.practice.writing() as session:
            row = session.get_one(PracticeFacts, 1)
            for name, value in facts.items():
                setattr(row, name, value)

    def note(
        self,
        client_id: int,
        day: date,
        *,
        author: Person | None = None,
        codes: tuple[str, ...] = (GENERALIZED_ANXIETY,),
        signed: bool = True,
        **facts: Any,
    ) -> int:
        """A note of 55 minutes in the office, signed unless said otherwise."""
        author = author or self.person
        given: dict[str, Any] = {"start": time(9, 0), "stop": time(9, 55), "place_of_service": "11"} | facts
        with self.practice.writing() as session:
            note = SessionNote(
                client_id=client_id,
                author_id=author.id,
                created_at=self.clock(),
                updated_at=self.clock(),
                date_of_service=day,
                **{"service_id": self.hour} | given,
                diagnoses=[
                    NoteDiagnosis(code=code, title=TITLES.get(code, f"Title of {code}"), position=place)
                    for place, code in enumerate(codes)
                ],
            )
            session.add(note)
            session.flush()
        if signed:
            self.sign(note.id, author)
        return note.id

    def sign(self, note_id: int, author: Person | None = None) -> None:
        with self.practice.writing() as session:
            note = session.get_one(SessionNote, note_id)
            note.state, note.signed_at = NoteState.SIGNED, self.clock()
            add_signature(
                session,
                self.practice,
                author or self.person,
                kind=SignedKind.SESSION_NOTE,
                record_id=note_id,
                client_id=note.client_id,
                content={"note": note_id},
            )

    def void_note(self, note_id: int) -> None:
        with self.practice.writing() as session:
            note = session.get_one(SessionNote, note_id)
            session.add(
                Amendment(
                    note_id=note_id,
                    client_id=note.client_id,
                    author_id=note.author_id,
                    kind=AmendmentKind.VOID,
                    written_at=self.clock(),
                    text="Wrong chart.",
                )
            )

    def charge(self, note_id: int, **wishes: Any) -> int:
        return charge_session(self.practice, self.person, self.reference, note_id, **wishes)

    def session(self, client_id: int, day: date, *, author: Person | None = None, **facts: Any) -> int:
        """A signed session that is charged; returns the charge."""
        return self.charge(self.note(client_id, day, author=author, **facts))

    def telehealth(self, client_id: int, day: date, modality: Modality = Modality.VIDEO) -> int:
        """A signed session with the client at home in Maine, charged."""
        return self.session(client_id, day, modality=modality, place_of_service="10", client_state="ME")

    def pay(self, client_id: int, cents: int, on: date = date(2026, 11, 20), **how: Any) -> PaymentChange:
        return record_payment(self.practice, self.person, client_id, on, PaymentMethod.CARD, cents, **how)

    def drafts(self, client_id: int, **choice: Any) -> list[SuperbillDraft]:
        """What the client can be given for November."""
        return draft_superbill(self.practice, self.person, self.reference, client_id, *NOVEMBER, **choice)

    def draft(self, client_id: int, **choice: Any) -> SuperbillDraft:
        (draft,) = self.drafts(client_id, **choice)
        return draft

    def issue(self, client_id: int) -> IssuedSuperbill:
        """Issue the one superbill the client can be given for November."""
        return issue_superbill(self.practice, self.person, self.reference, self.draft(client_id))

    def held(self) -> dict[int, int]:
        """Every charge on a live superbill, and which."""
        with self.practice.reading() as session:
            holds = session.scalars(select(SuperbillHold)).all()
        return {hold.charge_id: hold.superbill_id for hold in holds}


def november(day: int) -> date:
    """A day of the month before which the clock of the tests stands."""
    return date(2026, 11, day)


def keys(draft: SuperbillDraft) -> set[str]:
    """Which rules have something to say."""
    return {finding.key for finding in draft.findings}


def pdf_text(pdf: bytes) -> str:
    """Everything a document says, with single spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[number] for number in range(len(document))]
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)
    finally:
        document.close()
