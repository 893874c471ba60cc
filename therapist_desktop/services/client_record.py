"""A client’s record as a plain value: what a form edits, an import reads and ``save_client`` takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from therapist_desktop.models.client import (
    Client,
    ClientAddress,
    ClientContact,
    ClientPhone,
    ClientTag,
    ContactKind,
)
from therapist_desktop.models.client_gaps import ClientFacts, ClientGap, client_gaps
from therapist_desktop.models.client_likeness import LikenessRow, folded, likeness_key
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.identifiers import (
    email_problem,
    format_phone,
    npi_problem,
    phone_digits,
    phone_problem,
    state_problem,
    zip_problem,
)
from therapist_desktop.models.insurance import InsurancePolicy
from therapist_desktop.models.superbill_content import SuperbillInsurance

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R")
E = TypeVar("E", bound="DataclassInstance")

PLAN_SEXES = ("M", "F", "U")


@dataclass(frozen=True, kw_only=True)
class PhoneEntry:
    """A phone number, and whether a message may be left there."""

    number: str
    kind: str = "mobile"
    may_leave_message: bool = False


@dataclass(frozen=True, kw_only=True)
class AddressEntry:
    """A postal address."""

    line1: str
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    kind: str = "home"
    may_send_mail: bool = True


@dataclass(frozen=True, kw_only=True)
class ContactEntry:
    """Somebody around the client."""

    kind: ContactKind
    name: str
    relation: str = ""
    organization: str = ""
    phone: str = ""
    email: str = ""
    npi: str = ""
    may_contact: bool = False
    remarks: str = ""


@dataclass(frozen=True, kw_only=True)
class PolicyEntry:
    """An insurance policy as it stands on the card."""

    payer_name: str
    member_id: str = ""
    group_number: str = ""
    plan_kind: str = ""
    relationship_to_subscriber: str = "self"
    subscriber_name: str = ""
    subscriber_born_on: date | None = None
    claims_address: str = ""
    prior_authorization: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class ClientRecord:
    """Everything of a client’s record that is edited as a whole; status and diagnoses have verbs of their own."""

    first_name: str
    last_name: str
    middle_name: str = ""
    suffix: str = ""
    used_name: str = ""
    pronouns: str = ""
    born_on: date | None = None
    plan_sex: str = "U"
    gender: str = ""
    email: str = ""
    language: str = "en"
    started_on: date | None = None
    referral_source: str = ""
    clinician_id: int | None = None
    remarks: str = ""
    phones: tuple[PhoneEntry, ...] = ()
    addresses: tuple[AddressEntry, ...] = ()
    contacts: tuple[ContactEntry, ...] = ()
    policies: tuple[PolicyEntry, ...] = ()
    tags: tuple[str, ...] = ()

    def problem(self) -> str | None:
        """Return what cannot be right, in a sentence; what is merely missing is a gap, not a problem."""
        if not self.last_name.strip() and not self.first_name.strip():
            return "A client needs a name. Enter at least the last name."
        if self.plan_sex not in PLAN_SEXES:
            return "The sex the insurance plan holds is M, F or U (unknown)."
        if self.born_on is not None and self.born_on.year < 1900:
            return "The year of birth is before 1900. Check the birth date."
        checks = [email_problem(self.email) if self.email else None]
        checks += [phone_problem(phone.number) for phone in self.phones]
        for address in self.addresses:
            checks.append(zip_problem(address.postal_code) if address.postal_code else None)
            checks.append(state_problem(address.state) if address.state else None)
        for contact in self.contacts:
            checks.append(None if contact.name.strip() else "Every contact needs a name.")
            checks.append(phone_problem(contact.phone) if contact.phone else None)
            checks.append(npi_problem(contact.npi) if contact.npi else None)
        checks += [None if p.payer_name.strip() else "Every insurance policy needs its payer." for p in self.policies]
        return next((problem for problem in checks if problem), None)

    def check(self, today: date) -> None:
        """Raise ``UserError`` if something cannot be right."""
        problem = self.problem()
        if problem:
            raise UserError(problem)
        if self.born_on is not None and self.born_on > today:
            raise UserError("The birth date lies in the future. Correct it.")

    def likeness_row(self, client_id: int | None = None) -> LikenessRow:
        """Return what is compared to find duplicates."""
        return LikenessRow(
            client_id=client_id,
            first_name=self.first_name,
            last_name=self.last_name,
            used_name=self.used_name,
            born_on=self.born_on,
            phones=tuple(phone.number for phone in self.phones),
            email=self.email,
            member_ids=tuple(policy.member_id for policy in self.policies if policy.member_id),
        )

    def gaps(self, today: date) -> tuple[ClientGap, ...]:
        """Return what is missing, the gravest first: a minor without a guardian before all."""
        facts = ClientFacts(
            born_on=self.born_on,
            has_address=bool(self.addresses),
            has_phone=bool(self.phones),
            guardians=sum(contact.kind is ContactKind.GUARDIAN for contact in self.contacts),
            emergency_contacts=sum(
                contact.kind is ContactKind.EMERGENCY and bool(contact.phone) for contact in self.contacts
            ),
            policies=[
                SuperbillInsurance(
                    payer_name=policy.payer_name,
                    member_id=policy.member_id,
                    subscriber_name=policy.subscriber_name,
                    subscriber_born_on=policy.subscriber_born_on,
                    relationship=policy.relationship_to_subscriber,
                )
                for policy in self.policies
            ],
        )
        return client_gaps(facts, today)


_NESTED = ("phones", "addresses", "contacts", "policies", "tags")
_PLAIN = tuple(one.name for one in fields(ClientRecord) if one.name not in _NESTED)


def sort_name(record: ClientRecord) -> str:
    """Return what lists are ordered by: folded last name, then the name in use."""
    return folded(f"{record.last_name}, {record.used_name or record.first_name}")


def record_of(client: Client) -> ClientRecord:
    """Return the record of a loaded client."""
    return ClientRecord(
        **{name: getattr(client, name) for name in _PLAIN},
        phones=_entries(PhoneEntry, client.phones),
        addresses=_entries(AddressEntry, client.addresses),
        contacts=_entries(ContactEntry, client.contacts),
        policies=_entries(PolicyEntry, client.policies),
        tags=tuple(tag.tag for tag in client.tags),
    )


def apply_record(record: ClientRecord, client: Client, before: ClientRecord) -> tuple[str, ...]:
    """Write what differs from ``before`` into the client; return the names of the fields that changed."""
    changed = [name for name in (*_PLAIN, *_NESTED) if getattr(record, name) != getattr(before, name)]
    for name in changed:
        if name in _PLAIN:
            setattr(client, name, getattr(record, name))
    if "phones" in changed:
        client.phones = [
            ClientPhone(
                number=format_phone(entry.number),
                digits=phone_digits(entry.number),
                kind=entry.kind,
                may_leave_message=entry.may_leave_message,
                position=place,
            )
            for place, entry in enumerate(record.phones)
        ]
    if "addresses" in changed:
        client.addresses = _rows(ClientAddress, record.addresses)
    if "contacts" in changed:
        client.contacts = _rows(ClientContact, record.contacts)
    if "policies" in changed:
        client.policies = _rows(InsurancePolicy, record.policies)
    if "tags" in changed:
        kept = {tag.tag: tag for tag in client.tags}
        client.tags = [kept.get(tag) or ClientTag(tag=tag) for tag in dict.fromkeys(record.tags)]
    client.sort_name = sort_name(record)
    client.likeness_key = likeness_key(record.last_name)
    return tuple(changed)


def new_client_of(record: ClientRecord, **given: Any) -> Client:
    """Return a client, not yet saved, with what the record holds."""
    client = Client(first_name=record.first_name, last_name=record.last_name, **given)
    apply_record(record, client, ClientRecord(first_name=record.first_name, last_name=record.last_name))
    return client


def _entries(kind: type[E], rows: Iterable[object]) -> tuple[E, ...]:
    names = [one.name for one in fields(kind)]
    return tuple(kind(**{name: getattr(row, name) for name in names}) for row in rows)


def _rows(kind: Callable[..., R], entries: Iterable[DataclassInstance]) -> list[R]:
    return [
        kind(**{one.name: getattr(entry, one.name) for one in fields(entry)}, position=place)
        for place, entry in enumerate(entries)
    ]
