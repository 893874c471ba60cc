"""Each row of a CSV as a client, or the reason why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from therapist_desktop.models.client import ClientStatus, ContactKind
from therapist_desktop.models.client_likeness import folded
from therapist_desktop.models.errors import UserError
from therapist_desktop.services.client_csv import CsvTable
from therapist_desktop.services.client_record import (
    AddressEntry,
    ClientRecord,
    ContactEntry,
    PhoneEntry,
    PolicyEntry,
)

_DATE_FORMS = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%m-%d-%Y",
    "%m.%d.%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%Y/%m/%d",
)
_STATUSES = {
    "active": ClientStatus.ACTIVE,
    "current": ClientStatus.ACTIVE,
    "yes": ClientStatus.ACTIVE,
    "true": ClientStatus.ACTIVE,
    "1": ClientStatus.ACTIVE,
    "inactive": ClientStatus.INACTIVE,
    "archived": ClientStatus.INACTIVE,
    "no": ClientStatus.INACTIVE,
    "false": ClientStatus.INACTIVE,
    "0": ClientStatus.INACTIVE,
    "inquiry": ClientStatus.INQUIRY,
    "prospective": ClientStatus.INQUIRY,
    "waitlist": ClientStatus.INQUIRY,
    "lead": ClientStatus.INQUIRY,
    "discharged": ClientStatus.DISCHARGED,
    "terminated": ClientStatus.DISCHARGED,
    "closed": ClientStatus.DISCHARGED,
}
_SEXES = {"m": "M", "male": "M", "man": "M", "f": "F", "female": "F", "woman": "F"}
_LANGUAGES = {"english": "en", "spanish": "es", "espanol": "es", "french": "fr", "portuguese": "pt"}


@dataclass(frozen=True)
class ReadClient:
    """One row, understood."""

    line: int
    record: ClientRecord
    status: ClientStatus
    number: str = field(default="", repr=False)
    """The number the other program gave the client, if the file has one."""


def read_clients(table: CsvTable, columns: Mapping[str, str], today: date) -> Iterator[ReadClient | tuple[int, str]]:
    """Yield each row as a client, or as its line and the reason why it cannot be one."""
    place = {meaning: table.headers.index(header) for meaning, header in columns.items()}
    for line, cells in table.rows:
        if len(cells) > len(table.headers):
            yield line, "The row has more cells than there are columns. A comma or a quotation mark may be misplaced."
            continue
        values = {meaning: cells[at] if at < len(cells) else "" for meaning, at in place.items()}
        try:
            yield _client(line, values, today)
        except UserError as error:
            yield line, error.sentence


def _client(line: int, values: Mapping[str, str], today: date) -> ReadClient:
    def value(meaning: str) -> str:
        return values.get(meaning, "")

    first, last = value("first_name"), value("last_name")
    if not last and value("full_name"):
        first, last = _split_name(value("full_name"))
    sex_cell = value("plan_sex") or value("gender")
    record = ClientRecord(
        first_name=first,
        last_name=last,
        middle_name=value("middle_name"),
        suffix=value("suffix"),
        used_name="" if folded(value("used_name")) == folded(first) else value("used_name"),
        pronouns=value("pronouns"),
        born_on=parse_date(value("born_on"), "birth date", today),
        plan_sex=_SEXES.get(folded(sex_cell), "U"),
        gender=value("gender"),
        email=value("email"),
        language=_LANGUAGES.get(folded(value("language")), "en" if not value("language") else value("language")),
        started_on=parse_date(value("started_on"), "start date", today),
        referral_source=value("referral_source"),
        remarks=value("remarks"),
        phones=_phones(values),
        addresses=_addresses(values),
        contacts=tuple(_contacts(values)),
        policies=_policies(values),
        tags=tuple(dict.fromkeys(tag.strip() for tag in re.split("[;,|]", value("tags")) if tag.strip())),
    )
    record.check(today)
    status = _STATUSES.get(folded(value("status"))) if value("status") else ClientStatus.ACTIVE
    if status is None:
        raise UserError("The status is not one of inquiry, active, inactive or discharged.")
    return ReadClient(line, record, status, value("number"))


def _split_name(name: str) -> tuple[str, str]:
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last.strip()
    first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()


def _phones(values: Mapping[str, str]) -> tuple[PhoneEntry, ...]:
    kinds = {"mobile_phone": "mobile", "phone": "mobile", "home_phone": "home", "work_phone": "work"}
    found = {values[column]: kind for column, kind in kinds.items() if values.get(column)}
    return tuple(PhoneEntry(number=number, kind=kind) for number, kind in found.items())


def _addresses(values: Mapping[str, str]) -> tuple[AddressEntry, ...]:
    address = AddressEntry(
        line1=values.get("address_line1", ""),
        line2=values.get("address_line2", ""),
        city=values.get("city", ""),
        state=values.get("state", ""),
        postal_code=values.get("postal_code", ""),
    )
    return () if address == AddressEntry(line1="") else (address,)


def _contacts(values: Mapping[str, str]) -> Iterator[ContactEntry]:
    if values.get("emergency_name"):
        yield ContactEntry(
            kind=ContactKind.EMERGENCY,
            name=values["emergency_name"],
            phone=values.get("emergency_phone", ""),
            relation=values.get("emergency_relation", ""),
            may_contact=True,
        )
    if values.get("guardian_name"):
        yield ContactEntry(
            kind=ContactKind.GUARDIAN, name=values["guardian_name"], phone=values.get("guardian_phone", "")
        )


def _policies(values: Mapping[str, str]) -> tuple[PolicyEntry, ...]:
    if not values.get("payer_name"):
        return ()
    return (
        PolicyEntry(
            payer_name=values["payer_name"],
            member_id=values.get("member_id", ""),
            group_number=values.get("group_number", ""),
        ),
    )


def parse_date(text: str, what: str, today: date) -> date | None:
    """Read a date as Americans and spreadsheets write it; None if empty, ``UserError`` if it is no date.

    Two digits of a year that would lie in the future mean the century before.
    """
    cleaned = re.sub(r"(?<=\d)(T| 00:00).*", "", text.strip())
    if not cleaned:
        return None
    for form in _DATE_FORMS:
        try:
            day = datetime.strptime(cleaned, form).date()  # noqa: DTZ007  a plain local date has no zone
        except ValueError:
            continue
        if form.endswith("%y") and day > today:
            day = day.replace(year=day.year - 100)
        return day
    raise UserError(f"The {what} is not a date. Write it like 03/14/1992 or 1992-03-14.")
