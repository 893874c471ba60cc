"""Sets up the practice of a sample: its people with their passwords, its prices and payers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import select

from therapist_desktop.models.people import Licence, Person, Role
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.service import Service
from therapist_desktop.sample.calendar import SampleClock, next_on
from therapist_desktop.sample.sources import FactsSource, LicenceSource, PayerSource, PersonSource, ServiceSource
from therapist_desktop.services.payers import set_payer
from therapist_desktop.services.people import add_person
from therapist_desktop.services.practices import SignedIn, set_up_practice
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.service_catalog import change_service, list_services
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.practice import Practice

WHILE_MAKING = KdfParameters(memory_kib=8 * 1024, time=1, lanes=1)
"""What a password costs while a sample signs hundreds of notes with it; the finished practice has its own."""


@dataclass(frozen=True, kw_only=True)
class Staff:
    """An open practice that has just been set up, and everybody who works in it."""

    signed_in: SignedIn
    clock: SampleClock
    reference: Reference
    password: str
    people: dict[str, Person]
    sources: dict[str, PersonSource]
    services: dict[str, Service]

    @property
    def practice(self) -> Practice:
        """The open practice."""
        return self.signed_in.practice

    @property
    def owner(self) -> Person:
        """Who leads it."""
        return next(person for person in self.people.values() if person.has(Role.OWNER))

    @property
    def biller(self) -> Person:
        """Who writes superbills: the biller if there is one."""
        return next((person for person in self.people.values() if person.has(Role.BILLER)), self.owner)


def found_practice(
    folder: Path,
    password: str,
    founded_at: datetime,
    today: date,
    *,
    facts: FactsSource,
    people: tuple[PersonSource, ...],
    services: tuple[ServiceSource, ...],
    payers: tuple[PayerSource, ...],
) -> Staff:
    """Set the practice up, as its owner would on the first day; everybody gets the same password.

    Licences are in force on ``today``, the last day of the sample.
    """
    clock = SampleClock(founded_at)
    owner_source, *others = people
    signed_in, _ = set_up_practice(
        folder,
        PracticeFacts(created_at=founded_at, **msgspec.structs.asdict(facts)),
        _person(owner_source, {}, today),
        password,
        clock,
        kdf=WHILE_MAKING,
    )
    try:
        practice, owner = signed_in.practice, signed_in.person
        hired = {owner_source.key: owner}
        for source in others:
            hired[source.key] = add_person(practice, owner, _person(source, hired, today), password)
        _set_prices(practice, owner, services)
        for payer in payers:
            set_payer(
                practice,
                owner,
                payer.name,
                video_modifier=payer.video_modifier,
                audio_modifier=payer.audio_modifier,
            )
        with practice.reading() as session:
            by_label = {service.label: service for service in session.scalars(select(Service))}
    except BaseException:
        signed_in.abandon()
        raise
    return Staff(
        signed_in=signed_in,
        clock=clock,
        reference=Reference(),
        password=password,
        people=hired,
        sources={source.key: source for source in people},
        services=by_label,
    )


def _person(source: PersonSource, hired: dict[str, Person], today: date) -> Person:
    return Person(
        first_name=source.first_name,
        last_name=source.last_name,
        credentials=source.credentials,
        roles=[role.value for role in source.roles],
        npi=source.npi,
        taxonomy=source.taxonomy,
        phone=source.phone,
        email=source.email,
        supervisor_id=hired[source.supervisor].id if source.supervisor else None,
        licences=[_licence(licence, today) for licence in source.licences],
    )


def _licence(source: LicenceSource, today: date) -> Licence:
    expires_on = next_on(today, source.expires)
    return Licence(
        kind=source.kind,
        number=source.number,
        state=source.state,
        issued_on=expires_on.replace(year=expires_on.year - source.years_old) + timedelta(days=1),
        expires_on=expires_on,
    )


def _set_prices(practice: Practice, owner: Person, services: tuple[ServiceSource, ...]) -> None:
    known = {service.label: service.service_id for service in list_services(practice)}
    for source in services:
        change_service(practice, owner, known[source.label], code=source.code, fee_cents=100 * source.fee_dollars)
