"""Payers, how each wants telehealth marked, and which policy of a client answers for a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.client_likeness import folded
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.insurance import InsurancePolicy, Payer
from therapist_desktop.models.people import Person
from therapist_desktop.models.place_and_modifiers import PayerTelehealthRule, modifiers_problem
from therapist_desktop.services.access import require_billing
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class PayerRow:
    """A payer and the modifiers it wants, empty for none."""

    payer_id: int
    name: str
    video_modifier: str
    audio_modifier: str


def set_payer(
    practice: Practice,
    person: Person,
    name: str,
    *,
    video_modifier: str = "95",
    audio_modifier: str = "93",
    claims_address: str = "",
) -> int:
    """Say how a payer wants telehealth marked, empty for not at all; a known name is changed, not doubled."""
    require_billing(person)
    wanted = [modifier.strip().upper() for modifier in (video_modifier, audio_modifier)]
    problem = modifiers_problem([modifier for modifier in dict.fromkeys(wanted) if modifier])
    if not name.strip():
        problem = "A payer needs its name, as it stands on the insurance card."
    if problem:
        raise UserError(problem)
    with practice.writing() as session:
        payers = payers_by_name(session)
        payer = payers.get(folded(name))
        if payer is None:
            payer = Payer(name=name.strip())
            session.add(payer)
        payer.video_modifier, payer.audio_modifier = wanted
        payer.claims_address = claims_address or payer.claims_address
        session.flush()
        record_event(session, practice, person.id, Action.CHANGE, record_kind="payer", record_id=payer.id)
    return payer.id


def list_payers(practice: Practice) -> tuple[PayerRow, ...]:
    """Return the payers by name."""
    with practice.reading() as session:
        payers = session.scalars(select(Payer).order_by(Payer.name)).all()
    return tuple(
        PayerRow(payer_id=one.id, name=one.name, video_modifier=one.video_modifier, audio_modifier=one.audio_modifier)
        for one in payers
    )


def payers_by_name(session: Session) -> dict[str, Payer]:
    """Return the payers by their folded names, so that case and accents do not matter."""
    return {folded(payer.name): payer for payer in session.scalars(select(Payer))}


def policies_of(session: Session, client_ids: Iterable[int]) -> dict[int, list[InsurancePolicy]]:
    """Return the policies of clients, each client’s in their order."""
    found: dict[int, list[InsurancePolicy]] = {}
    for policy in session.scalars(
        select(InsurancePolicy)
        .where(InsurancePolicy.client_id.in_(set(client_ids)))
        .order_by(InsurancePolicy.position, InsurancePolicy.id)
    ):
        found.setdefault(policy.client_id, []).append(policy)
    return found


def policy_on(policies: Sequence[InsurancePolicy], day: date) -> InsurancePolicy | None:
    """Return the first policy in force on a day."""
    return next((policy for policy in policies if policy.in_force_on(day)), None)


def telehealth_rule(policy: InsurancePolicy | None, payers: dict[str, Payer]) -> PayerTelehealthRule | None:
    """Return what the payer of a policy wants; None if the practice does not know it."""
    payer = payers.get(folded(policy.payer_name)) if policy is not None else None
    if payer is None:
        return None
    return PayerTelehealthRule(video_modifier=payer.video_modifier, audio_modifier=payer.audio_modifier)
