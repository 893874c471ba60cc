"""What is missing in a client’s record before it is needed in a hurry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from therapist_desktop.models.superbill_content import SuperbillInsurance

MAJORITY = 18
"""Years of age. A few states set another age: pass the practice’s own number there."""


@dataclass(frozen=True, kw_only=True)
class ClientFacts:
    """As much of a client’s record as the check needs."""

    born_on: date | None
    has_address: bool
    has_phone: bool
    guardians: int
    emergency_contacts: int
    """Those with a phone number; others do not help in an emergency."""
    policies: Sequence[SuperbillInsurance] = ()


@dataclass(frozen=True, kw_only=True)
class ClientGap:
    """Something missing, in a sentence for a person."""

    key: str
    sentence: str
    fix: str
    """Which part of the record puts it right, such as "client.guardians"."""


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years on a day; somebody born on 29 February is a year older on 1 March.

    Raises ``ValueError`` if the day lies before the birth.
    """
    if day < born_on:
        raise ValueError("the day lies before the birth")
    before_birthday = (day.month, day.day) < (born_on.month, born_on.day)
    return day.year - born_on.year - before_birthday


def is_minor(born_on: date, day: date, majority: int = MAJORITY) -> bool:
    """Whether somebody has not come of age on a day."""
    return day < born_on or age_on(born_on, day) < majority


def client_gaps(client: ClientFacts, today: date, majority: int = MAJORITY) -> tuple[ClientGap, ...]:
    """Return what is missing, the gravest first."""
    gaps = []
    if client.born_on is not None and is_minor(client.born_on, today, majority) and not client.guardians:
        gaps.append(
            ClientGap(
                key="guardian missing",
                sentence="The client is a minor and no guardian is recorded. Add a guardian.",
                fix="client.guardians",
            )
        )
    if client.born_on is None:
        gaps.append(
            ClientGap(
                key="birth date missing",
                sentence="The birth date is missing. Superbills need it, and a minor goes unnoticed. Add it.",
                fix="client.born_on",
            )
        )
    if not client.emergency_contacts:
        gaps.append(
            ClientGap(
                key="emergency contact missing",
                sentence="There is no emergency contact with a phone number. Add one.",
                fix="client.emergency_contacts",
            )
        )
    if not client.has_phone:
        gaps.append(
            ClientGap(
                key="phone missing",
                sentence="There is no phone number for the client. Add one.",
                fix="client.phones",
            )
        )
    if not client.has_address:
        gaps.append(
            ClientGap(
                key="address missing",
                sentence="The address is missing. Superbills and help in an emergency need it. Add it.",
                fix="client.address",
            )
        )
    gaps += [gap for policy in client.policies for gap in insurance_gaps(policy)]
    return tuple(gaps)


def insurance_gaps(policy: SuperbillInsurance) -> tuple[ClientGap, ...]:
    """Return what a plan needs and the policy on record does not have."""
    missing = []
    if not policy.payer_name:
        missing.append(("payer", "the name of the insurer"))
    if not policy.member_id:
        missing.append(("member id", "the member ID"))
    if policy.relationship != "self":
        if not policy.subscriber_name:
            missing.append(("subscriber", "the name of the subscriber"))
        if policy.subscriber_born_on is None:
            missing.append(("subscriber birth date", "the subscriber’s birth date"))
    return tuple(
        ClientGap(
            key=f"insurance {key} missing",
            sentence=f"The insurance lacks {words}. Copy it from the card.",
            fix="client.policies",
        )
        for key, words in missing
    )
