"""The files under ``resources/sample`` that a sample practice is made of, read strictly."""

from __future__ import annotations

import tomllib
from typing import Literal, TypeVar

import msgspec

from therapist_desktop.models.people import Role
from therapist_desktop.paths import resources
from therapist_desktop.services.client_record import AddressEntry

S = TypeVar("S", bound=msgspec.Struct)

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri"]
WEEKDAYS: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri")


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of one of the files; the files themselves explain their fields."""


class FactsSource(Source, frozen=True):
    """The practice itself."""

    legal_name: str
    trade_name: str
    npi: str
    npi_kind: int
    tax_id: str
    tax_id_kind: str
    address_line1: str
    city: str
    state: str
    postal_code: str
    phone: str
    email: str
    fax: str = ""
    bill_unsigned_notes: bool = False
    plan_review_days: int = 90


class LicenceSource(Source, frozen=True):
    """A licence of somebody in the practice."""

    kind: str
    number: str
    state: str
    years_old: int
    expires: str
    """Month and day, such as “03-31”."""


class PersonSource(Source, frozen=True):
    """Somebody who works in the practice."""

    key: str
    first_name: str
    last_name: str
    roles: tuple[Role, ...]
    credentials: str = ""
    supervisor: str = ""
    npi: str = ""
    taxonomy: str = ""
    phone: str = ""
    email: str = ""
    licences: tuple[LicenceSource, ...] = ()
    template: str = "DAP"
    away: tuple[int, ...] = ()
    """Weeks of vacation, counted back from the sample’s week 0."""


class ServiceSource(Source, frozen=True):
    """Code and fee of a service the practice starts with, by its label."""

    label: str
    fee_dollars: int
    code: str = ""


class PayerSource(Source, frozen=True):
    """How a payer wants telehealth marked."""

    name: str
    video_modifier: str = "95"
    audio_modifier: str = "93"


class SmallPracticeSource(Source, frozen=True):
    """``small_practice.toml``."""

    facts: FactsSource
    person: tuple[PersonSource, ...]
    service: tuple[ServiceSource, ...]
    payer: tuple[PayerSource, ...]


class ThemeShare(Source, frozen=True):
    """How many of the invented clients come for one theme, and with which diagnoses."""

    name: str
    share: int
    codes: tuple[str, ...]


class GroupClientsSource(Source, frozen=True):
    """What invented clients are put together from."""

    first_names: tuple[str, ...]
    surname_beginnings: tuple[str, ...]
    surname_endings: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    area_codes: tuple[str, ...]
    pronouns: tuple[str, ...]
    referrals: tuple[str, ...]
    relations: tuple[str, ...]
    discharge_reasons: tuple[str, ...]
    theme: tuple[ThemeShare, ...]


class GroupPracticeSource(Source, frozen=True):
    """``group_practice.toml``."""

    facts: FactsSource
    person: tuple[PersonSource, ...]
    clients: GroupClientsSource
    safety_plan: dict[str, tuple[str, ...]]
    """Lines by the number of their part, and besides "means" and "actions"."""


def read_source(name: str, kind: type[S]) -> S:
    """Read a file of ``resources/sample``; a slip in it raises ``msgspec.ValidationError``."""
    data = (resources() / "sample" / name).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(data), kind)


def address_entry(text: str) -> AddressEntry:
    """Read an address in one line, such as “80 Foundry St, Apt 3, Biddeford, ME 04005”."""
    line1, *line2, city, state_and_zip = text.split(", ")
    state, postal_code = state_and_zip.split()
    return AddressEntry(line1=line1, line2=", ".join(line2), city=city, state=state, postal_code=postal_code)
