"""The check of a superbill before it is numbered: every reason why insurers send one back (field.md 3b)."""

from __future__ import annotations

from collections.abc import Iterator

from therapist_desktop.catalogs.icd10 import Icd10Catalog
from therapist_desktop.models.billing_rules import BillingRules
from therapist_desktop.models.money import format_cents
from therapist_desktop.models.superbill_content import SuperbillContent
from therapist_desktop.models.superbill_preflight_diagnoses import diagnosis_findings
from therapist_desktop.models.superbill_preflight_finding import Finding, PreflightContext, Severity
from therapist_desktop.models.superbill_preflight_lines import line_findings
from therapist_desktop.models.superbill_preflight_parties import party_findings

__all__ = ["Finding", "PreflightContext", "Severity", "preflight"]


def preflight(
    content: SuperbillContent, *, catalog: Icd10Catalog, rules: BillingRules, context: PreflightContext
) -> tuple[Finding, ...]:
    """Return all findings, rejections first; an empty tuple means that nothing is wrong or missing."""
    found = [
        *party_findings(content, context),
        *diagnosis_findings(content, catalog),
        *line_findings(content, rules, context),
        *_total_findings(content),
    ]
    gravest_first = list(Severity)
    return tuple(sorted(found, key=lambda finding: gravest_first.index(finding.severity)))


def _total_findings(content: SuperbillContent) -> Iterator[Finding]:
    received = sum(payment.amount_cents for payment in content.payments)
    if content.payments and received != content.paid_cents:
        yield Finding(
            severity=Severity.REJECTED,
            key="totals",
            sentence=f"The payments come to {format_cents(received)}, but the lines show "
            f"{format_cents(content.paid_cents)} paid. Correct how the payments are allocated.",
            fix="payments",
        )
    if content.paid_cents > 0 and not content.payments:
        yield Finding(
            severity=Severity.ADVICE,
            key="payment dates missing",
            sentence="The superbill shows money paid, but not when and how. Add the payments.",
            fix="payments",
        )
    if content.balance_cents > 0:
        nothing_paid = content.paid_cents == 0
        yield Finding(
            severity=Severity.QUESTIONED if nothing_paid else Severity.ADVICE,
            key="nothing paid" if nothing_paid else "balance due",
            sentence=f"{format_cents(content.balance_cents)} is still due"
            + (" and nothing was paid" if nothing_paid else "")
            + ". Plans pay back what a client has paid: enter the payment first.",
            fix="payments",
        )
