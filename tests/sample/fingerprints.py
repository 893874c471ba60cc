"""What two samples have in common if they were made alike."""

from __future__ import annotations

from sqlalchemy import select

from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.moment import moment_text
from therapist_desktop.models.signature import Signature
from therapist_desktop.models.superbill import Superbill
from therapist_desktop.storage.practice import Practice


def fingerprint(practice: Practice) -> list[str]:
    """Return the hashes of all that was signed or issued, and every event with its moment.

    Detail of events is left out: it may name the number of a key slot, which is random.
    """
    with practice.reading() as session:
        signed = session.scalars(select(Signature.link_sha256).order_by(Signature.id)).all()
        issued = session.scalars(select(Superbill.content_sha256).order_by(Superbill.id)).all()
        printed = session.scalars(select(Superbill.pdf_sha256).order_by(Superbill.id)).all()
        events = session.execute(
            select(AuditEvent.moment, AuditEvent.action, AuditEvent.record_kind, AuditEvent.record_id).order_by(
                AuditEvent.sequence
            )
        )
        happened = [f"{moment_text(event[0])} {event[1:]}" for event in events]
    return [*signed, *issued, *printed, *happened]
