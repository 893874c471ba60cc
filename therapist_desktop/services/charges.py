"""What sessions and absences cost: charging, putting words right, reversing. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.billing import Charge
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import format_cents
from therapist_desktop.models.people import Person
from therapist_desktop.models.place_and_modifiers import modifiers_problem
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.service import Service, ServiceKind
from therapist_desktop.models.session_note import Amendment, AmendmentKind, NoteState, SessionNote
from therapist_desktop.models.superbill import Superbill, SuperbillHold
from therapist_desktop.services.access import require_billing, require_client, visible_clients
from therapist_desktop.services.account import paid_on_charge
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.charge_of_session import Wishes, charge_of_session, fee_of
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.service_catalog import code_problem, load_service, place_form_problem
from therapist_desktop.storage.practice import Practice


class ChargeWords(TypedDict, total=False):
    """What of a charge can be put right without touching money."""

    label: str
    code: str
    modifiers: list[str]
    place_of_service: str
    on_superbill: bool
    override_reason: str


def charge_session(
    practice: Practice,
    person: Person,
    reference: Reference,
    note_id: int,
    *,
    service_id: int | None = None,
    fee_cents: int | None = None,
    units: int = 1,
    modifiers: Sequence[str] | None = None,
    place_of_service: str | None = None,
    override_reason: str = "",
) -> int:
    """Charge a session once with the service of its note, or with an add-on; return the number of the charge.

    The note must be signed unless the practice charges before. Minutes outside the band of the service need
    an ``override_reason``. ``fee_cents`` is for one unit; None takes the fee of the service.
    """
    require_billing(person)
    wishes = Wishes(
        fee_cents=fee_cents,
        units=units,
        modifiers=modifiers,
        place_of_service=place_of_service,
        override_reason=override_reason,
    )
    with practice.writing() as session:
        note = _chargeable_note(session, practice, person, note_id)
        service = _service_for(session, note, service_id)
        charge = charge_of_session(session, reference.billing_rules, note, service, wishes, practice.clock())
        session.add(charge)
        _log(session, practice, person, charge, Action.CREATE)
    return charge.id


def charge_absence(
    practice: Practice,
    person: Person,
    client_id: int,
    service_id: int,
    on_date: date,
    *,
    fee_cents: int | None = None,
) -> int:
    """Charge a missed session or a late cancellation; no superbill shows it, since no plan pays it."""
    require_billing(person)
    with practice.writing() as session:
        require_client(session, person, client_id)
        service = load_service(session, service_id)
        if service.kind is not ServiceKind.ABSENCE_FEE:
            raise UserError("This service is not a fee for an absence. Choose one that is, such as a missed session.")
        _refuse_future(practice, on_date)
        clinician_id = session.scalar(select(Client.clinician_id).where(Client.id == client_id))
        charge = Charge(
            client_id=client_id,
            clinician_id=clinician_id or person.id,
            service_id=service.id,
            created_at=practice.clock(),
            date_of_service=on_date,
            label=service.label,
            fee_cents=fee_of(service, fee_cents),
            on_superbill=False,
        )
        session.add(charge)
        _log(session, practice, person, charge, Action.CREATE)
    return charge.id


def change_charge(practice: Practice, person: Person, charge_id: int, **changes: Unpack[ChargeWords]) -> None:
    """Put the words of a charge right, such as a code that was still empty; money is reversed, never changed."""
    unknown = changes.keys() - ChargeWords.__annotations__.keys()
    if unknown:
        raise ValueError(f"a charge has no words {sorted(unknown)}")
    with practice.writing() as session:
        charge = _standing_charge(session, person, charge_id)
        _refuse_held(session, charge_id)
        if changes.get("on_superbill"):
            service = load_service(session, charge.service_id)
            if not service.on_superbill:
                raise UserError("A fee for an absence cannot stand on a superbill: no plan pays it.")
        for name, value in changes.items():
            setattr(charge, name, value)
        charge.code = charge.code.strip().upper()
        charge.modifiers = [modifier.strip().upper() for modifier in charge.modifiers]
        problem = code_problem(charge.code) or modifiers_problem(charge.modifiers)
        if charge.on_superbill:
            problem = problem or place_form_problem(charge.place_of_service)
        if problem:
            raise UserError(problem)
        _log(session, practice, person, charge, Action.CHANGE, "fields:" + ",".join(sorted(changes)))


def fill_missing_codes(practice: Practice, person: Person, service_id: int) -> int:
    """Give a service’s charges that were made before it had a code the one it has now; return how many."""
    require_billing(person)
    with practice.writing() as session:
        code = load_service(session, service_id).code
        if not code:
            raise UserError("This service has no code yet. Enter it in the list of services.")
        charges = session.scalars(
            select(Charge)
            .join(Client, Client.id == Charge.client_id)
            .where(
                Charge.service_id == service_id,
                Charge.code == "",
                Charge.reversed_at.is_(None),
                Charge.id.not_in(select(SuperbillHold.charge_id)),
                visible_clients(person),
            )
            .order_by(Charge.id)
        ).all()
        for charge in charges:
            charge.code = code
            _log(session, practice, person, charge, Action.CHANGE, "fields:code")
    return len(charges)


def reverse_charge(practice: Practice, person: Person, charge_id: int, reason: str) -> None:
    """Take a charge back. It stays in the account with the reason, and its session can be charged anew."""
    if not reason.strip():
        raise UserError("Say why the charge is taken back; the reason stays in the account.")
    with practice.writing() as session:
        charge = _standing_charge(session, person, charge_id)
        _refuse_held(session, charge_id)
        paid_cents = session.scalar(select(paid_on_charge()).where(Charge.id == charge_id)) or 0
        if paid_cents:
            raise UserError(
                f"{format_cents(paid_cents)} is paid on this charge. "
                "Reverse that payment first; then record it anew for what is really owed."
            )
        charge.reversed_at = practice.clock()
        charge.reversal_reason = reason.strip()
        _log(session, practice, person, charge, Action.REVERSE)


def _chargeable_note(session: Session, practice: Practice, person: Person, note_id: int) -> SessionNote:
    note = session.get(SessionNote, note_id)
    if note is None:
        raise UserError("There is no such note. Choose one from the client’s chart.")
    require_client(session, person, note.client_id)
    facts = session.get_one(PracticeFacts, 1)
    if note.state is not NoteState.SIGNED and not facts.bill_unsigned_notes:
        raise UserError("The note of this session is not signed. Sign it first; then the session can be charged.")
    voided = select(Amendment.id).where(Amendment.note_id == note_id, Amendment.kind == AmendmentKind.VOID)
    if session.scalar(voided) is not None:
        raise UserError("The note of this session was voided, so there is nothing to charge.")
    _refuse_future(practice, note.date_of_service)
    return note


def _service_for(session: Session, note: SessionNote, service_id: int | None) -> Service:
    """Return the service of the note, or the add-on that was asked for, unless it is already charged."""
    if note.service_id is None:
        raise UserError("The note names no service. Enter the service of the session in its note.")
    service = own = load_service(session, note.service_id)
    if service_id is not None and service_id != own.id:
        service = load_service(session, service_id)
        if service.kind is not ServiceKind.ADD_ON or service.label not in own.add_ons:
            raise UserError(
                "Only an add-on of the session’s service can be charged beside it. "
                "Choose one, or add it to that service in the list of services."
            )
    if service.kind is ServiceKind.ABSENCE_FEE:
        raise UserError("An absence has no session. Charge it as an absence instead.")
    charged = select(Charge.id).where(
        Charge.note_id == note.id, Charge.service_id == service.id, Charge.reversed_at.is_(None)
    )
    if session.scalar(charged) is not None:
        raise UserError("This session is already charged with this service. Reverse that charge to replace it.")
    return service


def _standing_charge(session: Session, person: Person, charge_id: int) -> Charge:
    require_billing(person)
    charge = session.get(Charge, charge_id)
    if charge is None:
        raise UserError("There is no such charge. Choose one from the client’s account.")
    require_client(session, person, charge.client_id)
    if charge.reversed_at is not None:
        raise UserError("This charge is already reversed. Charge the session anew instead.")
    return charge


def _refuse_held(session: Session, charge_id: int) -> None:
    number = session.scalar(
        select(Superbill.number)
        .join(SuperbillHold, SuperbillHold.superbill_id == Superbill.id)
        .where(SuperbillHold.charge_id == charge_id)
    )
    if number is not None:
        raise UserError(
            f"This charge stands on superbill {number}. Void that superbill first; "
            "once the charge is right, issue a corrected one."
        )


def _refuse_future(practice: Practice, day: date) -> None:
    if day > practice.clock().date():
        raise UserError("This date lies in the future. Charge it once it has taken place.")


def _log(
    session: Session, practice: Practice, person: Person, charge: Charge, action: Action, detail: str = ""
) -> None:
    session.flush()
    record_event(
        session,
        practice,
        person.id,
        action,
        record_kind="charge",
        record_id=charge.id,
        client_id=charge.client_id,
        detail=detail,
    )
