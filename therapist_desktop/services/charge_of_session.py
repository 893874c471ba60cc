"""Turns the facts of a session into a charge: band of minutes, place, modifiers and fee as they are that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from therapist_desktop.models.billing import Charge
from therapist_desktop.models.billing_rules import BillingRules
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import MOST_CENTS, format_cents
from therapist_desktop.models.place_and_modifiers import (
    MODIFIERS_BY_MODALITY,
    TELEHEALTH_PLACES,
    PayerTelehealthRule,
    is_telehealth,
    modality_problem,
    modifiers_problem,
    place_problem,
)
from therapist_desktop.models.service import Service
from therapist_desktop.models.session_note import SessionNote
from therapist_desktop.models.session_time import session_minutes
from therapist_desktop.services.payers import payers_by_name, policies_of, policy_on, telehealth_rule

_ANY_TELEHEALTH = frozenset().union(*MODIFIERS_BY_MODALITY.values())


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What somebody decided about a charge; None leaves it to the service and the session."""

    fee_cents: int | None = None
    units: int = 1
    modifiers: Sequence[str] | None = None
    place_of_service: str | None = None
    override_reason: str = ""


def charge_of_session(
    session: Session, rules: BillingRules, note: SessionNote, service: Service, wishes: Wishes, now: datetime
) -> Charge:
    """Return the charge, not yet saved; raises ``UserError`` for what no insurer and no client could accept."""
    minutes = minutes_of(note)
    place = _place(note, service, wishes)
    modifiers = _modifiers(session, note, service, wishes)
    fee_cents = fee_of(service, wishes.fee_cents)
    problem = (
        place_problem(place, note.modality.value)
        or modifiers_problem(modifiers)
        or modality_problem(note.modality.value, modifiers)
        or rules.units_problem(service.code, wishes.units, minutes)
    )
    if not problem and not wishes.override_reason.strip():
        problem = _band_problem(service, minutes) or rules.minutes_problem(service.code, minutes)
    if problem:
        raise UserError(problem)
    return Charge(
        client_id=note.client_id,
        clinician_id=note.author_id,
        note_id=note.id,
        service_id=service.id,
        created_at=now,
        date_of_service=note.date_of_service,
        label=service.label,
        code=service.code,
        modifiers=modifiers,
        place_of_service=place,
        units=wishes.units,
        fee_cents=fee_cents,
        minutes=minutes,
        on_superbill=service.on_superbill,
        override_reason=wishes.override_reason.strip(),
    )


def minutes_of(note: SessionNote) -> int | None:
    """Return the minutes of a session, None if its start or stop was not noted."""
    if note.start is None or note.stop is None:
        return None
    return session_minutes(note.start, note.stop, note.interruption_minutes)


def fee_of(service: Service, wished_cents: int | None) -> int:
    """Return the fee of one unit; a service whose fee was never entered is not charged as free by accident."""
    if wished_cents is None and service.fee_cents == 0:
        raise UserError("This service has no fee yet. Enter it in the list of services, or give the fee here.")
    fee_cents = service.fee_cents if wished_cents is None else wished_cents
    if not 0 <= fee_cents <= MOST_CENTS:
        raise UserError(f"A fee is between $0.00 and {format_cents(MOST_CENTS)}. Correct it.")
    return fee_cents


def _place(note: SessionNote, service: Service, wishes: Wishes) -> str:
    """Return the place of the session; of a telehealth session the program does not guess it."""
    if wishes.place_of_service is not None:
        return wishes.place_of_service.strip()
    if note.place_of_service:
        return note.place_of_service
    by_default = service.place_of_service
    if is_telehealth(note.modality.value) and by_default not in TELEHEALTH_PLACES:
        raise UserError("The note does not say where the client was. Give the place: 10 if at home, 02 if elsewhere.")
    return by_default


def _modifiers(session: Session, note: SessionNote, service: Service, wishes: Wishes) -> list[str]:
    """Return the service’s modifiers and, for telehealth, the one the client’s payer wants (clinical.md 0.9)."""
    if wishes.modifiers is not None:
        return [modifier.strip().upper() for modifier in wishes.modifiers]
    modifiers = [modifier for modifier in service.modifiers if modifier not in _ANY_TELEHEALTH]
    if is_telehealth(note.modality.value):
        policies = policies_of(session, [note.client_id]).get(note.client_id, [])
        policy = policy_on(policies, note.date_of_service)
        rule = telehealth_rule(policy, payers_by_name(session)) or PayerTelehealthRule()
        if wanted := rule.wanted(note.modality.value):
            modifiers.append(wanted)
    return modifiers


def _band_problem(service: Service, minutes: int | None) -> str | None:
    """Say why a session is not this service by the practice’s own limits."""
    least, most = service.min_minutes, service.max_minutes
    if least is None and most is None:
        return None
    if minutes is None:
        return "This service depends on time. Enter the start and stop of the session, or give a reason."
    if service.fits(minutes):
        return None
    band = f"{least or 0} to {most} minutes" if most is not None else f"{least} minutes or more"
    return (
        f"This service is for {band}, and the session had {minutes}. "
        "Choose another service, or give a reason for departing from the time."
    )
