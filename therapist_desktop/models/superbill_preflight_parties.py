"""Checks of a superbill’s head: practice, clinicians, client and insurance (clinical.md 1.2, field.md 3b)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from therapist_desktop.models.client_gaps import insurance_gaps
from therapist_desktop.models.client_likeness import folded
from therapist_desktop.models.identifiers import (
    ein_warning,
    npi_problem,
    state_problem,
    tax_id_problem,
    taxonomy_problem,
    zip_problem,
)
from therapist_desktop.models.letterhead_content import AddressContent, ClinicianContent, PracticeContent
from therapist_desktop.models.session_time import day_text
from therapist_desktop.models.superbill_content import SuperbillContent
from therapist_desktop.models.superbill_preflight_finding import Finding, PreflightContext, Severity

ORGANIZATION = 2

_PO_BOX = re.compile(r"\bp\.?\s*o\.?\s*box\b", re.IGNORECASE)


def party_findings(content: SuperbillContent, context: PreflightContext) -> Iterator[Finding]:
    """Yield what is wrong with everybody named on the superbill."""
    days = sorted({line.date_of_service for line in content.lines})
    yield from _practice(content.practice)
    yield from _clinician(content.rendering, "rendering", "rendering clinician", days)
    is_organization = content.practice.npi_kind == ORGANIZATION
    if is_organization and content.practice.npi and content.practice.npi == content.rendering.npi:
        yield _finding(
            Severity.QUESTIONED,
            "practice npi not its own",
            "Practice and clinician have the same NPI, but the practice is entered as an organization. "
            "Enter the organization’s own NPI or say that it is a person’s.",
            "practice.npi",
        )
    if content.supervising is not None:
        yield from _clinician(content.supervising, "supervising", "supervisor", days)
    elif context.supervised:
        yield _finding(
            Severity.REJECTED,
            "supervisor missing",
            "The clinician works under supervision and no supervisor is named. "
            "Add the supervisor with license and NPI.",
            "supervising",
        )
    if content.referring is not None and (problem := npi_problem(content.referring.npi)):
        yield _finding(Severity.QUESTIONED, "referring npi", f"Referring clinician: {problem}", "referring.npi")
    yield from _client(content)
    yield from _insurance(content)


def _practice(practice: PracticeContent) -> Iterator[Finding]:
    if not practice.legal_name.strip():
        yield _finding(
            Severity.REJECTED,
            "practice name missing",
            "The practice has no legal name. Enter it as it stands in the NPI registry.",
            "practice.legal_name",
        )
    needs_npi = practice.npi or practice.npi_kind == ORGANIZATION
    if needs_npi and (problem := npi_problem(practice.npi)):
        yield _finding(Severity.REJECTED, "practice npi", f"Practice: {problem}", "practice.npi")
    if not practice.tax_id:
        yield _finding(
            Severity.REJECTED,
            "tax id missing",
            "The practice has no tax id. Enter its EIN.",
            "practice.tax_id",
        )
    elif problem := tax_id_problem(practice.tax_id, practice.tax_id_kind):
        yield _finding(Severity.REJECTED, "tax id wrong", problem, "practice.tax_id")
    elif practice.tax_id_kind == "SSN":
        yield _finding(
            Severity.ADVICE,
            "tax id is an ssn",
            "A Social Security number on a superbill invites identity theft. The IRS gives out EINs for free.",
            "practice.tax_id",
        )
    elif problem := ein_warning(practice.tax_id):
        yield _finding(Severity.QUESTIONED, "ein prefix", problem, "practice.tax_id")
    yield from _address(practice.address, "practice", "practice", Severity.REJECTED)
    if practice.address is not None and any(map(_PO_BOX.search, practice.address.lines)):
        yield _finding(
            Severity.QUESTIONED,
            "practice address is a po box",
            "The address of the practice is a PO box. Insurers want the street address where services are given.",
            "practice.address",
        )
    if not practice.phone:
        yield _finding(
            Severity.ADVICE,
            "practice phone missing",
            "The practice has no phone number. Insurers call when something is unclear.",
            "practice.phone",
        )


def _clinician(who: ClinicianContent, fix: str, called: str, days: list[date]) -> Iterator[Finding]:
    opening = called.capitalize()
    if not who.name.strip():
        yield _finding(
            Severity.REJECTED, f"{fix} name missing", f"The {called} has no name. Enter it.", f"{fix}.name"
        )
    if problem := npi_problem(who.npi):
        missing = "missing" if not who.npi else "wrong"
        yield _finding(Severity.REJECTED, f"{fix} npi {missing}", f"{opening}: {problem}", f"{fix}.npi")
    if not who.credentials:
        yield _finding(
            Severity.QUESTIONED,
            f"{fix} credentials missing",
            f"The {called} has no credentials. Enter them as they follow the name, such as LCSW.",
            f"{fix}.credentials",
        )
    if fix == "rendering" and (problem := taxonomy_problem(who.taxonomy)):
        severity = Severity.QUESTIONED if who.taxonomy else Severity.ADVICE
        yield _finding(severity, "taxonomy", f"{opening}: {problem}", "rendering.taxonomy")
    licence = who.licence
    if licence is None or not licence.number or not licence.state:
        yield _finding(
            Severity.QUESTIONED,
            f"{fix} licence missing",
            f"The {called} has no license with number and state. Enter it.",
            f"{fix}.licence",
        )
    elif licence.expires_on is not None and (late := [day for day in days if day > licence.expires_on]):
        yield _finding(
            Severity.REJECTED,
            f"{fix} licence expired",
            f"The license of the {called} expired on {day_text(licence.expires_on)}, before the session of "
            f"{day_text(late[0])}{_and_more(len(late) - 1)}. Enter the renewed license or take off the lines.",
            f"{fix}.licence",
        )


def _client(content: SuperbillContent) -> Iterator[Finding]:
    client = content.client
    words = client.legal_name.split()
    if not words:
        yield _finding(
            Severity.REJECTED,
            "client name missing",
            "The client’s legal name is missing. Enter it as it stands on the insurance card.",
            "client.legal_name",
        )
    elif len(words) == 1:
        yield _finding(
            Severity.QUESTIONED,
            "client name is one word",
            "The client’s legal name has only one word. Enter first and last name as on the insurance card.",
            "client.legal_name",
        )
    if client.born_on is None:
        yield _finding(
            Severity.REJECTED,
            "client birth date missing",
            "The client’s birth date is missing. Enter it.",
            "client.born_on",
        )
    elif any(line.date_of_service < client.born_on for line in content.lines):
        yield _finding(
            Severity.REJECTED,
            "client born after service",
            "The client’s birth date lies after a date of service. Correct one of the two.",
            "client.born_on",
        )
    if client.plan_sex not in ("M", "F"):
        yield _finding(
            Severity.ADVICE,
            "client sex unknown",
            "The client’s sex as the insurance plan holds it is unknown. Some plans want M or F.",
            "client.plan_sex",
        )
    yield from _address(client.address, "client", "client", Severity.QUESTIONED)


def _insurance(content: SuperbillContent) -> Iterator[Finding]:
    insurance = content.insurance
    if insurance is None:
        yield _finding(
            Severity.ADVICE,
            "insurance missing",
            "No insurance is recorded. The client must write insurer and member ID on the superbill by hand.",
            "client.policies",
        )
        return
    for gap in insurance_gaps(insurance):
        yield _finding(Severity.ADVICE, gap.key, gap.sentence, gap.fix)
    is_self = insurance.relationship == "self"
    if is_self and insurance.subscriber_name and not _same_name(insurance.subscriber_name, content):
        yield _finding(
            Severity.QUESTIONED,
            "name unlike the card",
            "The client is the subscriber, but the subscriber’s name on the card differs from the legal name. "
            "Make the legal name what stands on the card.",
            "client.legal_name",
        )


def _address(address: AddressContent | None, fix: str, called: str, severity: Severity) -> Iterator[Finding]:
    if address is None or not (address.line1 and address.city):
        yield _finding(
            severity,
            f"{fix} address missing",
            f"The address of the {called} is incomplete. Enter street, city, state and ZIP code.",
            f"{fix}.address",
        )
        return
    for problem in (state_problem(address.state), zip_problem(address.postal_code)):
        if problem:
            yield _finding(
                Severity.QUESTIONED,
                f"{fix} address wrong",
                f"Address of the {called}: {problem}",
                f"{fix}.address",
            )


def _same_name(subscriber: str, content: SuperbillContent) -> bool:
    """Whether first and last word agree; a middle name or initial is often left out."""
    words, legal = (folded(name.replace(",", " ")).split() for name in (subscriber, content.client.legal_name))
    if not words or not legal:
        return True
    return {words[0], words[-1]} <= set(legal) or {legal[0], legal[-1]} <= set(words)


def _and_more(count: int) -> str:
    return f" and {count} more" if count else ""


def _finding(severity: Severity, key: str, sentence: str, fix: str) -> Finding:
    return Finding(severity=severity, key=key, sentence=sentence, fix=fix)
