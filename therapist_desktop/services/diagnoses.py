"""A client’s diagnoses: chosen from the table in force, with onset, resolution and order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.catalogs.icd10 import Verdict, canonical_code
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_client
from therapist_desktop.services.audit_trail import Action, record_event, record_once
from therapist_desktop.services.clients import load_client
from therapist_desktop.services.reference import Reference
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class DiagnosisRow:
    """A diagnosis of a client."""

    diagnosis_id: int
    code: str
    title: str
    alias: str
    onset_on: date | None
    resolved_on: date | None


def add_diagnosis(
    practice: Practice,
    person: Person,
    reference: Reference,
    client_id: int,
    code: str,
    *,
    onset_on: date | None = None,
    alias: str = "",
    specifiers: str = "",
    title: str = "",
) -> int:
    """Add a diagnosis at the end of the list. The code must be billable on its onset, or today if none is given.

    If the table in force on that day is not at hand, a code that is newer than the tables at hand can be added with
    its ``title``; superbills then say that it was not checked.
    """
    day = onset_on or practice.clock().date()
    status = reference.icd10.status(code, day)
    may_be_newer = status.verdict is Verdict.UNKNOWN and not status.release_in_force and canonical_code(code)
    if status.verdict is not Verdict.BILLABLE and not (title.strip() and may_be_newer):
        raise UserError(status.problem)
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        client = load_client(session, client_id)
        if any(one.code == status.code and one.active_on(day) for one in client.diagnoses):
            raise UserError(f"{status.code} is already on the list of this client.")
        diagnosis = Diagnosis(
            code=status.code,
            title=status.title or title.strip(),
            release=status.release.label if status.title else "",
            alias=alias,
            specifiers=specifiers,
            onset_on=onset_on,
            position=len(client.diagnoses),
        )
        client.diagnoses.append(diagnosis)
        session.flush()
        _log(session, practice, person, client_id, diagnosis.id, Action.CREATE)
    return diagnosis.id


def resolve_diagnosis(practice: Practice, person: Person, client_id: int, diagnosis_id: int, on_date: date) -> None:
    """Say from which day a diagnosis no longer holds. Notes signed before keep it."""
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        diagnosis = session.get(Diagnosis, diagnosis_id)
        if diagnosis is None or diagnosis.client_id != client_id:
            raise UserError("There is no such diagnosis for this client. Open the list again.")
        if diagnosis.onset_on is not None and on_date < diagnosis.onset_on:
            raise UserError("A diagnosis cannot end before its onset. Enter a later date.")
        diagnosis.resolved_on = on_date
        _log(session, practice, person, client_id, diagnosis_id, Action.CHANGE)


def order_diagnoses(practice: Practice, person: Person, client_id: int, order: list[int]) -> None:
    """Put the diagnoses into an order, the primary one first."""
    with practice.writing() as session:
        require_client(session, person, client_id, clinical=True)
        client = load_client(session, client_id)
        by_id = {one.id: one for one in client.diagnoses}
        if set(by_id) != set(order) or len(order) != len(by_id):
            raise UserError("The list of diagnoses has changed meanwhile. Open it again.")
        for place, diagnosis_id in enumerate(order):
            by_id[diagnosis_id].position = place
        _log(session, practice, person, client_id, None, Action.CHANGE)


def list_diagnoses(practice: Practice, person: Person, client_id: int) -> tuple[DiagnosisRow, ...]:
    """Return the diagnoses of a client in their order, resolved ones too. A biller sees codes for the superbill.

    The audit trail notes who looked.
    """
    with practice.writing() as session:
        require_client(session, person, client_id)
        rows = session.execute(
            select(
                Diagnosis.id,
                Diagnosis.code,
                Diagnosis.title,
                Diagnosis.alias,
                Diagnosis.onset_on,
                Diagnosis.resolved_on,
            )
            .where(Diagnosis.client_id == client_id)
            .order_by(Diagnosis.position, Diagnosis.id)
        ).all()
        record_once(
            session, practice, person.id, Action.VIEW, record_kind="diagnosis", client_id=client_id, detail="list"
        )
    return tuple(DiagnosisRow(*row) for row in rows)


def _log(
    session: Session, practice: Practice, person: Person, client_id: int, diagnosis_id: int | None, action: Action
) -> None:
    record_event(
        session,
        practice,
        person.id,
        action,
        record_kind="diagnosis",
        record_id=diagnosis_id,
        client_id=client_id,
    )
