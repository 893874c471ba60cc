"""Imports every mapped class, so that the schema is whole wherever ``SCHEMA`` is used."""

from __future__ import annotations

from therapist_desktop.models import (
    audit,
    backup_record,
    billing,
    client,
    diagnosis,
    disclosure,
    insurance,
    people,
    practice_facts,
    safety_plan,
    search_entry,
    service,
    session_note,
    signature,
    superbill,
    treatment_plan,
)
from therapist_desktop.models.record import Record

SCHEMA = Record.metadata

__all__ = [
    "SCHEMA",
    "audit",
    "backup_record",
    "billing",
    "client",
    "diagnosis",
    "disclosure",
    "insurance",
    "people",
    "practice_facts",
    "safety_plan",
    "search_entry",
    "service",
    "session_note",
    "signature",
    "superbill",
    "treatment_plan",
]
