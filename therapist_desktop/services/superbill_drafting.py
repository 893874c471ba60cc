"""Draws up superbills from what is known, without numbering them: who, which lines, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from therapist_desktop.models.client import Client, ContactKind
from therapist_desktop.models.insurance import InsurancePolicy
from therapist_desktop.models.letterhead_content import ClinicianContent
from therapist_desktop.models.money import format_cents
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.session_note import NoteState
from therapist_desktop.models.session_time import day_text
from therapist_desktop.models.superbill_content import (
    MAX_DIAGNOSES,
    MAX_POINTERS,
    POINTER_LETTERS,
    SuperbillClient,
    SuperbillContent,
    SuperbillDiagnosis,
    SuperbillLine,
    SuperbillPayment,
)
from therapist_desktop.models.superbill_preflight import Finding, PreflightContext, Severity, preflight
from therapist_desktop.services.payers import policy_on, telehealth_rule
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.superbill_material import BillableCharge, PaymentPart, SuperbillMaterial


@dataclass(frozen=True, kw_only=True)
class SuperbillDraft:
    """A superbill as it would be issued today, with what an insurer would say about it."""

    client_id: int
    rendering_id: int
    period_from: date
    period_to: date
    content: SuperbillContent
    findings: tuple[Finding, ...]

    @property
    def charge_ids(self) -> frozenset[int]:
        """The charges on it."""
        return frozenset(line.charge_id for line in self.content.lines)

    @property
    def rejections(self) -> tuple[Finding, ...]:
        """The reasons why it cannot be issued."""
        return self._of(Severity.REJECTED)

    @property
    def questions(self) -> tuple[Finding, ...]:
        """The reasons why an insurer may ask back."""
        return self._of(Severity.QUESTIONED)

    def blocking(self, accept_questioned: bool) -> tuple[Finding, ...]:
        """Return what keeps it from being issued."""
        return self.rejections or (() if accept_questioned else self.questions)

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)


def drafts_for(
    material: SuperbillMaterial,
    reference: Reference,
    client_id: int,
    *,
    charge_ids: Collection[int] | None = None,
    replaces_number: str = "",
) -> list[SuperbillDraft]:
    """Draw up what a client can be given: one superbill for each clinician and policy, more if the diagnoses of
    one are too many.

    Without ``charge_ids`` it takes every charge of the period that stands on no live superbill; with them,
    exactly those, and what is wrong with one of them is among the findings.
    """
    chosen = [
        charge
        for charge in material.charges.get(client_id, ())
        if (not charge.held_by if charge_ids is None else charge.charge_id in charge_ids)
    ]
    if not chosen:
        return []
    client = material.clients[client_id]
    groups: dict[tuple[int, int | None], list[BillableCharge]] = {}
    for charge in chosen:
        policy = policy_on(client.policies, charge.date_of_service)
        groups.setdefault((charge.clinician_id, policy.id if policy else None), []).append(charge)
    return [
        _draft(material, reference, client, sheet, replaces_number)
        for group in groups.values()
        for sheet in _sheets(material, group)
    ]


def _pointed(material: SuperbillMaterial, charge: BillableCharge) -> list[SuperbillDiagnosis]:
    """Return the diagnoses a line points to; further ones of its note serve no claim and are not disclosed."""
    found = material.diagnoses.get(charge.note_id, []) if charge.note_id is not None else []
    return list({one.code: one for one in found}.values())[:MAX_POINTERS]


def _sheets(material: SuperbillMaterial, charges: list[BillableCharge]) -> Iterator[list[BillableCharge]]:
    """Divide charges so that no superbill has more diagnoses than there is room for."""
    sheet: list[BillableCharge] = []
    codes: set[str] = set()
    for charge in charges:
        more = {one.code for one in _pointed(material, charge)}
        if sheet and len(codes | more) > MAX_DIAGNOSES:
            yield sheet
            sheet, codes = [], set()
        sheet.append(charge)
        codes |= more
    yield sheet


def _draft(
    material: SuperbillMaterial,
    reference: Reference,
    client: Client,
    charges: list[BillableCharge],
    replaces_number: str,
) -> SuperbillDraft:
    last_day = charges[-1].date_of_service
    clinician = material.people[charges[0].clinician_id]
    policy = policy_on(client.policies, last_day)
    diagnoses: dict[str, SuperbillDiagnosis] = {}
    for charge in charges:
        for one in _pointed(material, charge):
            diagnoses.setdefault(one.code, one)
    letters = dict(zip(diagnoses, POINTER_LETTERS, strict=False))
    content = SuperbillContent(
        number="",
        issued_on=material.today,
        practice=material.facts.content(),
        rendering=clinician.content_on(last_day),
        client=_client(client),
        insurance=policy.content() if policy else None,
        diagnoses=tuple(diagnoses.values()),
        lines=tuple(_line(material, charge, letters) for charge in charges),
        payments=_payments(material, charges),
        supervising=_supervisor(material, clinician, last_day),
        referring=_referrer(client),
        replaces_number=replaces_number,
        show_diagnosis_titles=material.facts.print_diagnosis_titles,
    )
    context = _context(material, client, clinician, policy, charges)
    findings = [
        *preflight(content, catalog=reference.icd10, rules=reference.billing_rules, context=context),
        *_note_findings(charges),
        *_credit_findings(material, client, content),
    ]
    gravest_first = list(Severity)
    return SuperbillDraft(
        client_id=client.id,
        rendering_id=clinician.id,
        period_from=material.period_from,
        period_to=material.period_to,
        content=content,
        findings=tuple(sorted(findings, key=lambda one: gravest_first.index(one.severity))),
    )


def _client(client: Client) -> SuperbillClient:
    return SuperbillClient(
        legal_name=client.legal_name,
        born_on=client.born_on,
        plan_sex=client.plan_sex,
        address=client.addresses[0].content() if client.addresses else None,
        phone=client.phones[0].number if client.phones else "",
    )


def _line(material: SuperbillMaterial, charge: BillableCharge, letters: dict[str, str]) -> SuperbillLine:
    return SuperbillLine(
        charge_id=charge.charge_id,
        date_of_service=charge.date_of_service,
        place_of_service=charge.place_of_service,
        code=charge.code,
        modifiers=tuple(charge.modifiers),
        label=charge.label,
        pointers="".join(letters[one.code] for one in _pointed(material, charge)),
        units=charge.units,
        charge_cents=charge.amount_cents,
        paid_cents=sum(part.amount_cents for part in material.payments.get(charge.charge_id, ())),
        minutes=charge.minutes,
        start=charge.start,
        stop=charge.stop,
        modality=charge.modality.value if charge.modality else "in_person",
        client_state=charge.client_state,
        note_signed=charge.note_state is NoteState.SIGNED,
        override_reason=charge.override_reason,
    )


def _payments(material: SuperbillMaterial, charges: Iterable[BillableCharge]) -> tuple[SuperbillPayment, ...]:
    """Add up what each payment gave to these lines."""
    parts: dict[int, list[PaymentPart]] = {}
    for charge in charges:
        for part in material.payments.get(charge.charge_id, ()):
            parts.setdefault(part.payment_id, []).append(part)
    in_order = sorted(parts.values(), key=lambda some: (some[0].received_on, some[0].payment_id))
    return tuple(
        SuperbillPayment(
            received_on=some[0].received_on,
            method=some[0].method.value,
            amount_cents=sum(part.amount_cents for part in some),
        )
        for some in in_order
    )


def _supervisor(material: SuperbillMaterial, clinician: Person, day: date) -> ClinicianContent | None:
    """Return the supervisor of a supervisee: payers deny services of a supervisee passed off as the licensee’s."""
    if not clinician.has(Role.SUPERVISEE) or clinician.supervisor_id is None:
        return None
    return material.people[clinician.supervisor_id].content_on(day)


def _referrer(client: Client) -> ClinicianContent | None:
    """Return who referred the client, if an insurer could know them by an NPI."""
    for contact in client.contacts:
        if contact.kind is ContactKind.REFERRER and contact.npi:
            return ClinicianContent(name=contact.name, npi=contact.npi, phone=contact.phone)
    return None


def _context(
    material: SuperbillMaterial,
    client: Client,
    clinician: Person,
    policy: InsurancePolicy | None,
    charges: list[BillableCharge],
) -> PreflightContext:
    here = {charge.charge_id for charge in charges}
    elsewhere = [
        charge
        for charge in material.charges[client.id]
        if charge.charge_id not in here and charge.clinician_id == clinician.id and charge.code
    ]
    last_day = charges[-1].date_of_service
    return PreflightContext(
        today=material.today,
        client_started_on=client.started_on,
        supervised=clinician.has(Role.SUPERVISEE),
        licensed_states=frozenset(one.state for one in clinician.licences if one.in_force_on(last_day)),
        telehealth_rule=telehealth_rule(policy, material.payers),
        signed_notes_required=not material.facts.bill_unsigned_notes,
        held_by_number={charge.charge_id: charge.held_by for charge in charges if charge.held_by},
        services_elsewhere=frozenset((charge.date_of_service, charge.code) for charge in elsewhere),
    )


def _note_findings(charges: Iterable[BillableCharge]) -> Iterator[Finding]:
    """What is wrong between a charge and its note, which may have changed since it was charged."""
    for charge in charges:
        day = day_text(charge.date_of_service)
        if charge.note_voided:
            yield Finding(
                severity=Severity.REJECTED,
                key="note void",
                sentence=f"The note of the line of {day} was voided. Reverse the charge.",
                fix="charge",
                charge_id=charge.charge_id,
            )
        elif charge.note_date is not None and charge.note_date != charge.date_of_service:
            yield Finding(
                severity=Severity.REJECTED,
                key="date unlike the note",
                sentence=f"The line of {day} has another date than its note, {day_text(charge.note_date)}. "
                "Reverse the charge and charge the session anew.",
                fix="charge",
                charge_id=charge.charge_id,
            )


def _credit_findings(material: SuperbillMaterial, client: Client, content: SuperbillContent) -> Iterator[Finding]:
    credit_cents = material.credit_cents.get(client.id, 0)
    if content.balance_cents > 0 and credit_cents > 0:
        yield Finding(
            severity=Severity.QUESTIONED,
            key="credit not applied",
            sentence=f"The client has paid {format_cents(credit_cents)} that is given to no session yet. "
            "Apply the credit first, so that the superbill shows it as paid.",
            fix="payments",
        )
