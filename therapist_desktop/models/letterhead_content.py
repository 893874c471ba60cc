"""Who appears at the head and foot of a document, as they were on the day it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class AddressContent:
    """A postal address."""

    line1: str
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as printed, one string a line, empty lines left out."""
        town = ", ".join(part for part in (self.city, f"{self.state} {self.postal_code}".strip()) if part)
        return tuple(line for line in (self.line1, self.line2, town) if line)


@dataclass(frozen=True, kw_only=True)
class PracticeContent:
    """The practice as a document names it."""

    legal_name: str
    trade_name: str = ""
    npi: str = ""
    npi_kind: int | None = None
    """1 for a person, 2 for an organisation; it cannot be told from the number."""
    tax_id: str = ""
    tax_id_kind: str = ""
    """"EIN" or "SSN"."""
    address: AddressContent | None = None
    pay_to_address: AddressContent | None = None
    phone: str = ""
    fax: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class LicenceContent:
    """A licence as it was on the day."""

    kind: str
    number: str
    state: str
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ClinicianContent:
    """A clinician as a document names them."""

    name: str
    credentials: str = ""
    npi: str = ""
    taxonomy: str = ""
    licence: LicenceContent | None = None
    phone: str = ""

    @property
    def name_and_credentials(self) -> str:
        """The printed name, such as “Rosa Alvarez, LCSW”."""
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


@dataclass(frozen=True, kw_only=True)
class SignatureContent:
    """A signature as it is printed: who, as what, when, over which content."""

    name: str
    credentials: str
    licence: str
    """Kind, state and number in one string, empty if the signer holds none."""
    meaning: str
    """"author", "co-signer", "client" or "guardian"."""
    signed_at: datetime
    content_sha256: str
