"""A plainly fictional practice, its people and a signature."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from therapist_desktop.models.letterhead_content import (
    AddressContent,
    ClinicianContent,
    LicenceContent,
    PracticeContent,
    SignatureContent,
)

EASTERN = timezone(timedelta(hours=-5))

PRACTICE = PracticeContent(
    legal_name="Harbor Counseling LLC",
    trade_name="Harbor Counseling",
    npi="1245319599",
    npi_kind=2,
    tax_id="01-2345678",
    tax_id_kind="EIN",
    address=AddressContent(line1="210 Water St", line2="Suite 4", city="Portland", state="ME", postal_code="04101"),
    phone="207-555-0101",
    fax="207-555-0102",
    email="office@harborcounseling.example",
)
ROSA = ClinicianContent(
    name="Rosa Alvarez",
    credentials="LCSW",
    npi="1234567893",
    taxonomy="1041C0700X",
    licence=LicenceContent(kind="LCSW", number="LC12345", state="ME", expires_on=date(2027, 6, 30)),
    phone="207-555-0101",
)
THEO = ClinicianContent(
    name="Theo Nakamura",
    credentials="MSW, LMSW-CC",
    npi="1558598797",
    taxonomy="104100000X",
    licence=LicenceContent(kind="LMSW-CC", number="MC20455", state="ME"),
)
DR_LINDQVIST = ClinicianContent(name="Priya Lindqvist", credentials="MD", npi="1679576722")


def signature(
    meaning: str = "author", at: datetime = datetime(2026, 11, 16, 15, 4, 31, tzinfo=EASTERN)
) -> SignatureContent:
    """Rosa’s signature."""
    return SignatureContent(
        name="Rosa Alvarez",
        credentials="LCSW",
        licence="ME LCSW LC12345",
        meaning=meaning,
        signed_at=at,
        content_sha256="3f2a9c1b77e0d4a1" + "c0" * 24,
    )
