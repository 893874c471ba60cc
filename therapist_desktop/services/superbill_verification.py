"""Comparing every stored superbill with its hashes, its head and the count of numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from therapist_desktop.models.canonical import from_canonical, sha256_hex
from therapist_desktop.models.superbill import NumberSequence, Superbill, SuperbillDocument
from therapist_desktop.models.superbill_content import SuperbillContent
from therapist_desktop.services.superbill_issuing import SEQUENCE
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class SuperbillReport:
    """What verifying the stored superbills found."""

    superbills: int
    fault: str = ""
    """Empty if every one is as it was issued; otherwise one sentence."""


def verify_superbills(practice: Practice) -> SuperbillReport:
    """Compare every stored superbill with its hashes, its head with its content, and its number with the count."""
    count, highest = 0, 0
    with practice.reading() as session:
        last = session.scalar(select(NumberSequence.last).where(NumberSequence.name == SEQUENCE)) or 0
        for superbill, document in session.execute(
            select(Superbill, SuperbillDocument)
            .outerjoin(SuperbillDocument, SuperbillDocument.superbill_id == Superbill.id)
            .order_by(Superbill.id)
            .execution_options(yield_per=100)
        ):
            count += 1
            fault = superbill_fault(superbill, document)
            if fault:
                return SuperbillReport(count, fault)
            highest = max(highest, int(superbill.number.rsplit("-", 1)[1]))
    if highest > last:
        return SuperbillReport(count, "The count of superbill numbers was set back, so a number could be used twice.")
    return SuperbillReport(count)


def superbill_fault(superbill: Superbill, document: SuperbillDocument | None) -> str:
    """Say in what a superbill differs from what was issued; empty if in nothing."""
    if document is None:
        return f"The paper of superbill {superbill.number} is missing."
    if sha256_hex(document.content) != superbill.content_sha256:
        return f"The content of superbill {superbill.number} was changed after it was issued."
    if sha256_hex(document.pdf) != superbill.pdf_sha256:
        return f"The paper of superbill {superbill.number} was changed after it was issued."
    content = from_canonical(document.content, SuperbillContent)
    head = (superbill.number, superbill.issued_on, superbill.charge_cents, superbill.paid_cents)
    if head != (content.number, content.issued_on, content.charge_cents, content.paid_cents):
        return f"The head of superbill {superbill.number} was changed after it was issued."
    return ""
