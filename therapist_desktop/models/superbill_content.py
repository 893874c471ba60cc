"""What a superbill says: the frozen content that is checked, numbered, hashed and printed.

Fields follow clinical.md 1.1, which models them on the CMS-1500, so that a payer can key them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from therapist_desktop.models.letterhead_content import AddressContent, ClinicianContent, PracticeContent

MAX_DIAGNOSES = 12
MAX_POINTERS = 4
MAX_MODIFIERS = 4
POINTER_LETTERS = "ABCDEFGHIJKL"


class SuperbillState(StrEnum):
    """Whether a superbill stands."""

    ISSUED = "issued"
    VOID = "void"


@dataclass(frozen=True, kw_only=True)
class SuperbillClient:
    """The client as the plan holds them, not as they are called in the room."""

    legal_name: str
    born_on: date | None
    plan_sex: str
    """"M", "F" or "U"."""
    address: AddressContent | None
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class SuperbillInsurance:
    """The policy from which the client asks to be paid back."""

    payer_name: str
    member_id: str
    group_number: str = ""
    plan_kind: str = ""
    subscriber_name: str = ""
    subscriber_born_on: date | None = None
    relationship: str = "self"
    prior_authorization: str = ""


@dataclass(frozen=True, kw_only=True)
class SuperbillDiagnosis:
    """One diagnosis; its place in the list is its letter, A to L."""

    code: str
    title: str
    release: str = ""


@dataclass(frozen=True, kw_only=True)
class SuperbillLine:
    """One service on one date; money in cents, ``paid_cents`` what was really paid for this very line."""

    charge_id: int
    date_of_service: date
    place_of_service: str
    code: str
    modifiers: tuple[str, ...]
    label: str
    """The practice’s own name of the service; never a CPT descriptor."""
    pointers: str
    """Letters of the diagnoses, first the primary: “A” or “AB”."""
    units: int
    charge_cents: int
    paid_cents: int
    minutes: int | None = None
    start: time | None = None
    stop: time | None = None
    modality: str = "in_person"
    """"in_person", "video" or "audio"."""
    client_state: str = ""
    """Where the client was, for telehealth: the two letters of the state."""
    note_signed: bool = False
    override_reason: str = ""
    """Why the code departs from the minutes, written by the clinician."""

    @property
    def balance_cents(self) -> int:
        """What is still open on this line."""
        return self.charge_cents - self.paid_cents


@dataclass(frozen=True, kw_only=True)
class SuperbillPayment:
    """A payment as far as it went to lines of this superbill."""

    received_on: date
    method: str
    amount_cents: int


@dataclass(frozen=True, kw_only=True)
class SuperbillContent:
    """Everything a superbill prints."""

    number: str
    """Empty while it is only a preview."""
    issued_on: date
    practice: PracticeContent
    rendering: ClinicianContent
    client: SuperbillClient
    insurance: SuperbillInsurance | None
    diagnoses: tuple[SuperbillDiagnosis, ...]
    lines: tuple[SuperbillLine, ...]
    payments: tuple[SuperbillPayment, ...] = ()
    supervising: ClinicianContent | None = None
    referring: ClinicianContent | None = None
    replaces_number: str = ""
    """The number of the superbill that this corrected one replaces."""
    show_diagnosis_titles: bool = True
    signed_by: str = ""
    """Name and credentials of the clinician who issued it and so signed it; empty leaves a line to sign by hand."""

    @property
    def charge_cents(self) -> int:
        """Sum of the charges."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        """Sum of what was paid for these lines."""
        return sum(line.paid_cents for line in self.lines)

    @property
    def balance_cents(self) -> int:
        """What is still open."""
        return self.charge_cents - self.paid_cents
