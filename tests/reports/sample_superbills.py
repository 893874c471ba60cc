"""Superbills: paid in full, supervised and half paid, a year of sessions, incomplete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from tests.reports.sample_letterhead import DR_LINDQVIST, PRACTICE, ROSA, THEO
from therapist_desktop.models.letterhead_content import AddressContent, ClinicianContent, PracticeContent
from therapist_desktop.models.superbill_content import (
    SuperbillClient,
    SuperbillContent,
    SuperbillDiagnosis,
    SuperbillInsurance,
    SuperbillLine,
    SuperbillPayment,
)


def line(number: int, **changes: object) -> SuperbillLine:
    """A weekly session by video, paid in full."""
    weekly = SuperbillLine(
        charge_id=number,
        date_of_service=date(2026, 10, 5) + timedelta(days=7 * (number - 1)),
        place_of_service="10",
        code="90837",
        modifiers=("95",),
        label="Individual therapy",
        pointers="A",
        units=1,
        charge_cents=18000,
        paid_cents=18000,
        minutes=55,
        start=time(10, 0),
        stop=time(10, 55),
        modality="video",
        client_state="ME",
        note_signed=True,
    )
    return replace(weekly, **changes)  # type: ignore[arg-type]


SUPERBILL = SuperbillContent(
    number="2026-10-0147",
    issued_on=date(2026, 11, 2),
    signed_by="Rosa Alvarez, LCSW",
    practice=PRACTICE,
    rendering=ROSA,
    client=SuperbillClient(
        legal_name="Daniel Reyes",
        born_on=date(1992, 3, 14),
        plan_sex="M",
        address=AddressContent(line1="18 Elm St", city="Portland", state="ME", postal_code="04103"),
        phone="207-555-0133",
    ),
    insurance=SuperbillInsurance(
        payer_name="Northern Mutual Health",
        member_id="XHP 883 201 774",
        group_number="70021",
        plan_kind="PPO",
    ),
    diagnoses=(SuperbillDiagnosis(code="F33.1", title="Major depressive disorder, recurrent, moderate"),),
    lines=tuple(line(number) for number in range(1, 5)),
    payments=tuple(
        SuperbillPayment(received_on=date(2026, 10, 5) + timedelta(days=7 * week), method="card", amount_cents=18000)
        for week in range(4)
    ),
)

SUPERVISED = replace(
    SUPERBILL,
    number="2026-10-0152",
    rendering=THEO,
    supervising=ROSA,
    referring=DR_LINDQVIST,
    replaces_number="2026-10-0149",
    insurance=SuperbillInsurance(
        payer_name="Northern Mutual Health",
        member_id="XHP 883 201 774",
        group_number="70021",
        plan_kind="PPO",
        subscriber_name="Elena Reyes",
        subscriber_born_on=date(1990, 7, 1),
        relationship="spouse",
        prior_authorization="PA-20931",
    ),
    diagnoses=(
        SuperbillDiagnosis(code="F33.1", title="Major depressive disorder, recurrent, moderate"),
        SuperbillDiagnosis(code="F41.1", title="Generalized anxiety disorder"),
        SuperbillDiagnosis(code="Z63.0", title="Problems in relationship with spouse or partner"),
    ),
    lines=(
        line(1, pointers="AB", paid_cents=18000),
        line(2, pointers="ABC", modifiers=("95", "HQ", "U1", "XE"), paid_cents=10000),
        line(3, label="Family session, client present", code="90847", pointers="AC", paid_cents=0, minutes=50),
        line(4, label="Interactive complexity", code="90785", minutes=None, charge_cents=1500, paid_cents=0),
    ),
    payments=(
        SuperbillPayment(received_on=date(2026, 10, 5), method="HSA", amount_cents=18000),
        SuperbillPayment(received_on=date(2026, 10, 20), method="check", amount_cents=10000),
    ),
)

LONG_SUPERBILL = replace(
    SUPERVISED,
    number="2026-12-0001",
    replaces_number="",
    lines=tuple(line(number, date_of_service=date(2026, 1, 2) + timedelta(days=5 * number)) for number in range(60)),
    payments=tuple(
        SuperbillPayment(received_on=date(2026, 1, 2) + timedelta(days=5 * number), method="card", amount_cents=18000)
        for number in range(60)
    ),
    diagnoses=tuple(
        SuperbillDiagnosis(code=f"F4{n % 10}.{n}", title="Other specified disorder of a long and wordy title " * 2)
        for n in range(12)
    ),
)

INCOMPLETE_SUPERBILL = SuperbillContent(
    number="",
    issued_on=date(2026, 11, 2),
    practice=PracticeContent(legal_name=""),
    rendering=ClinicianContent(name=""),
    client=SuperbillClient(legal_name="", born_on=None, plan_sex="", address=None),
    insurance=None,
    diagnoses=(),
    lines=(line(1, code="", place_of_service="", pointers="", modifiers=(), minutes=None, label=""),),
)
