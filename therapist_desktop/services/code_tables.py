"""Importing the yearly ICD-10-CM table, and what it changes for the clients of a practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from therapist_desktop import paths
from therapist_desktop.catalogs.errors import CatalogError
from therapist_desktop.catalogs.icd10 import Icd10Catalog, Verdict
from therapist_desktop.catalogs.icd10.importing import keep_release, prepare_release
from therapist_desktop.models.client import Client, ClientStatus
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import visible_clients
from therapist_desktop.services.audit_trail import Action, record_once
from therapist_desktop.services.reference import Reference
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class ImportedRelease:
    """A table that was imported, against the one before it."""

    label: str
    valid_from: date
    valid_to: date
    added: int
    deleted: int
    retitled: int
    billability_changed: int


def import_icd10_release(
    path: Path, *, valid_from: date | None = None, folder: Path | None = None
) -> ImportedRelease:
    """Import a table of CMS for all practices on this computer; a damaged file changes nothing."""
    folder = folder or paths.imported_catalogs()
    try:
        with Icd10Catalog(folder) as catalog:
            prepared = prepare_release(path, catalog, valid_from=valid_from)
            keep_release(prepared, catalog, folder)
    except CatalogError as error:
        raise UserError(str(error)) from error
    changes = prepared.changes
    return ImportedRelease(
        label=prepared.release.label,
        valid_from=prepared.release.valid_from,
        valid_to=prepared.release.valid_to,
        added=len(changes.added),
        deleted=len(changes.deleted),
        retitled=len(changes.retitled),
        billability_changed=len(changes.billability_changed),
    )


@dataclass(frozen=True)
class OutdatedDiagnosis:
    """An open diagnosis that may no longer be billed."""

    client_id: int
    code: str
    problem: str


def outdated_diagnoses(
    practice: Practice, person: Person, reference: Reference, day: date
) -> tuple[OutdatedDiagnosis, ...]:
    """Return the open diagnoses of active clients that the table for a day does not bill.

    The audit trail notes with each client that is named who looked.
    """
    with practice.writing() as session:
        rows = session.execute(
            select(Diagnosis.client_id, Diagnosis.code)
            .join(Client, Client.id == Diagnosis.client_id)
            .where(Diagnosis.resolved_on.is_(None), Client.status == ClientStatus.ACTIVE, visible_clients(person))
            .order_by(Diagnosis.client_id, Diagnosis.position)
        ).all()
        answers = {code: reference.icd10.status(code, day) for code in {row[1] for row in rows}}
        outdated = tuple(
            OutdatedDiagnosis(client_id, code, answers[code].problem)
            for client_id, code in rows
            if answers[code].verdict is not Verdict.BILLABLE
        )
        for client_id in dict.fromkeys(one.client_id for one in outdated):
            record_once(
                session,
                practice,
                person.id,
                Action.VIEW,
                record_kind="diagnosis",
                client_id=client_id,
                detail="outdated",
            )
    return outdated
