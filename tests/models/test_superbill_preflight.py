from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest

from therapist_desktop.catalogs.icd10 import Icd10Catalog
from therapist_desktop.models.billing_rules import BillingRules, load_billing_rules
from therapist_desktop.models.letterhead_content import (
    AddressContent,
    ClinicianContent,
    LicenceContent,
    PracticeContent,
)
from therapist_desktop.models.place_and_modifiers import PayerTelehealthRule
from therapist_desktop.models.superbill_content import (
    SuperbillClient,
    SuperbillContent,
    SuperbillDiagnosis,
    SuperbillInsurance,
    SuperbillLine,
    SuperbillPayment,
)
from therapist_desktop.models.superbill_preflight import Finding, PreflightContext, Severity, preflight

REJECTED, QUESTIONED, ADVICE = Severity.REJECTED, Severity.QUESTIONED, Severity.ADVICE

LINE = SuperbillLine(
    charge_id=1,
    date_of_service=date(2026, 6, 2),
    place_of_service="11",
    code="90834",
    modifiers=(),
    label="Individual therapy 45",
    pointers="A",
    units=1,
    charge_cents=15000,
    paid_cents=15000,
    minutes=45,
    start=time(9),
    stop=time(9, 45),
    note_signed=True,
)
VIDEO = replace(
    LINE,
    charge_id=2,
    date_of_service=date(2026, 6, 9),
    place_of_service="10",
    modifiers=("95",),
    modality="video",
    client_state="ME",
)
ADDRESS = AddressContent(line1="210 Water St, Suite 4", city="Portland", state="ME", postal_code="04101")
ROSA = ClinicianContent(
    name="Rosa Alvarez",
    credentials="LCSW",
    npi="1234567893",
    taxonomy="1041C0700X",
    licence=LicenceContent(kind="LCSW", number="LC-20417", state="ME", expires_on=date(2027, 12, 31)),
)
WHOLE = SuperbillContent(
    number="",
    issued_on=date(2026, 6, 30),
    practice=PracticeContent(
        legal_name="Harbor Counseling LLC",
        npi="1245319599",
        npi_kind=2,
        tax_id="01-2345678",
        tax_id_kind="EIN",
        address=ADDRESS,
        phone="207-555-0101",
    ),
    rendering=ROSA,
    client=SuperbillClient(
        legal_name="Jordan Lee Whitfield",
        born_on=date(1990, 4, 3),
        plan_sex="F",
        address=replace(ADDRESS, line1="18 Pine St"),
    ),
    insurance=SuperbillInsurance(payer_name="Evergreen Mutual", member_id="EM1234567"),
    diagnoses=(SuperbillDiagnosis(code="F41.1", title="Generalized anxiety disorder"),),
    lines=(LINE, VIDEO),
    payments=(SuperbillPayment(received_on=date(2026, 6, 9), method="card", amount_cents=30000),),
)
CONTEXT = PreflightContext(
    today=date(2026, 6, 30),
    client_started_on=date(2026, 5, 1),
    licensed_states=frozenset({"ME"}),
    telehealth_rule=PayerTelehealthRule(),
)


@pytest.fixture(scope="module")
def catalog() -> Iterator[Icd10Catalog]:
    with Icd10Catalog() as icd10:
        yield icd10


@pytest.fixture(scope="module")
def rules() -> BillingRules:
    return load_billing_rules()


class Desk:
    """Checks a superbill with the real catalog and rules."""

    def __init__(self, catalog: Icd10Catalog, rules: BillingRules) -> None:
        self.catalog = catalog
        self.rules = rules

    def check(self, content: SuperbillContent, context: PreflightContext = CONTEXT) -> tuple[Finding, ...]:
        return preflight(content, catalog=self.catalog, rules=self.rules, context=context)

    def keys(self, content: SuperbillContent, context: PreflightContext = CONTEXT) -> set[tuple[Severity, str]]:
        return {(finding.severity, finding.key) for finding in self.check(content, context)}


@pytest.fixture(scope="module")
def desk(catalog: Icd10Catalog, rules: BillingRules) -> Desk:
    return Desk(catalog, rules)


def practice(**changes: object) -> SuperbillContent:
    return replace(WHOLE, practice=replace(WHOLE.practice, **changes))  # type: ignore[arg-type]


def rendering(**changes: object) -> SuperbillContent:
    return replace(WHOLE, rendering=replace(ROSA, **changes))  # type: ignore[arg-type]


def client(**changes: object) -> SuperbillContent:
    return replace(WHOLE, client=replace(WHOLE.client, **changes))  # type: ignore[arg-type]


def insurance(**changes: object) -> SuperbillContent:
    policy = SuperbillInsurance(payer_name="Evergreen Mutual", member_id="EM1234567")
    return replace(WHOLE, insurance=replace(policy, **changes))  # type: ignore[arg-type]


def lines(*of_them: SuperbillLine) -> SuperbillContent:
    """The superbill with other lines, and paid as these say."""
    paid = sum(line.paid_cents for line in of_them)
    payment = SuperbillPayment(received_on=date(2026, 6, 9), method="card", amount_cents=paid)
    return replace(WHOLE, lines=of_them, payments=(payment,) if paid else ())


def line(**changes: object) -> SuperbillContent:
    return lines(replace(LINE, **changes))  # type: ignore[arg-type]


def video(**changes: object) -> SuperbillContent:
    return lines(replace(VIDEO, **changes))  # type: ignore[arg-type]


def diagnoses(*codes: str, pointers: str = "A", day: date = LINE.date_of_service) -> SuperbillContent:
    listed = tuple(SuperbillDiagnosis(code=code, title="") for code in codes)
    return replace(line(pointers=pointers, date_of_service=day), diagnoses=listed)


def test_a_complete_superbill_has_nothing_to_find(desk: Desk) -> None:
    assert desk.check(WHOLE) == ()


@pytest.mark.parametrize(
    ("content", "severity", "key"),
    [
        (practice(legal_name=" "), REJECTED, "practice name missing"),
        (practice(npi=""), REJECTED, "practice npi"),
        (practice(npi="1245319598"), REJECTED, "practice npi"),
        (practice(npi="1234567893"), QUESTIONED, "practice npi not its own"),
        (practice(tax_id=""), REJECTED, "tax id missing"),
        (practice(tax_id="01-234567"), REJECTED, "tax id wrong"),
        (practice(tax_id_kind=""), REJECTED, "tax id wrong"),
        (practice(tax_id="123-45-6789", tax_id_kind="SSN"), ADVICE, "tax id is an ssn"),
        (practice(tax_id="07-2345678"), QUESTIONED, "ein prefix"),
        (practice(address=None), REJECTED, "practice address missing"),
        (practice(address=replace(ADDRESS, city="")), REJECTED, "practice address missing"),
        (practice(address=replace(ADDRESS, state="Maine")), QUESTIONED, "practice address wrong"),
        (practice(address=replace(ADDRESS, postal_code="4101")), QUESTIONED, "practice address wrong"),
        (practice(address=replace(ADDRESS, line1="P.O. Box 12")), QUESTIONED, "practice address is a po box"),
        (practice(phone=""), ADVICE, "practice phone missing"),
        (rendering(name=""), REJECTED, "rendering name missing"),
        (rendering(npi=""), REJECTED, "rendering npi missing"),
        (rendering(npi="1234567839"), REJECTED, "rendering npi wrong"),
        (rendering(credentials=""), QUESTIONED, "rendering credentials missing"),
        (rendering(taxonomy=""), ADVICE, "taxonomy"),
        (rendering(taxonomy="1041C0700"), QUESTIONED, "taxonomy"),
        (rendering(licence=None), QUESTIONED, "rendering licence missing"),
        (client(legal_name=""), REJECTED, "client name missing"),
        (client(legal_name="Jordan"), QUESTIONED, "client name is one word"),
        (client(born_on=None), REJECTED, "client birth date missing"),
        (client(born_on=date(2026, 6, 5)), REJECTED, "client born after service"),
        (client(plan_sex="U"), ADVICE, "client sex unknown"),
        (client(address=None), QUESTIONED, "client address missing"),
        (replace(WHOLE, insurance=None), ADVICE, "insurance missing"),
        (insurance(member_id=""), ADVICE, "insurance member id missing"),
        (insurance(relationship="child"), ADVICE, "insurance subscriber missing"),
        (insurance(subscriber_name="Maya Okafor"), QUESTIONED, "name unlike the card"),
        (replace(WHOLE, referring=ClinicianContent(name="Dr. Ines Park")), QUESTIONED, "referring npi"),
    ],
)
def test_the_head_of_a_superbill_is_checked(
    desk: Desk, content: SuperbillContent, severity: Severity, key: str
) -> None:
    assert (severity, key) in desk.keys(content)


def test_a_solo_practice_needs_no_npi_of_its_own(desk: Desk) -> None:
    assert desk.check(practice(npi="", npi_kind=1)) == ()
    assert desk.check(practice(npi=ROSA.npi, npi_kind=1)) == ()


def test_a_middle_name_or_accents_on_the_card_are_no_difference(desk: Desk) -> None:
    for name in ("Jordan Whitfield", "WHITFIELD, JORDAN L", "Jórdan Lee Whitfield"):
        assert desk.check(insurance(subscriber_name=name)) == ()


def test_a_licence_that_expired_before_a_session_names_the_first_such_date(desk: Desk) -> None:
    licence = LicenceContent(kind="LCSW", number="LC-20417", state="ME", expires_on=date(2026, 6, 5))
    (finding,) = desk.check(rendering(licence=licence))
    assert (finding.severity, finding.key) == (REJECTED, "rendering licence expired")
    assert "6/5/2026" in finding.sentence
    assert "6/9/2026" in finding.sentence
    good_that_day = replace(licence, expires_on=date(2026, 6, 9))
    assert desk.check(rendering(licence=good_that_day)) == ()


def test_who_works_under_supervision_names_the_supervisor_in_full(desk: Desk) -> None:
    supervised = replace(CONTEXT, supervised=True)
    ines = ClinicianContent(
        name="Ines Park",
        credentials="PhD",
        npi="1558598797",
        licence=LicenceContent(kind="Psychologist", number="PY-118", state="ME"),
    )
    assert desk.keys(WHOLE, supervised) == {(REJECTED, "supervisor missing")}
    assert desk.check(replace(WHOLE, supervising=ines), supervised) == ()
    bare = replace(ines, npi="", licence=None)
    assert desk.keys(replace(WHOLE, supervising=bare), supervised) == {
        (REJECTED, "supervising npi missing"),
        (QUESTIONED, "supervising licence missing"),
    }


@pytest.mark.parametrize(
    ("content", "severity", "key"),
    [
        (replace(WHOLE, diagnoses=()), REJECTED, "diagnosis missing"),
        (diagnoses("anxiety"), REJECTED, "diagnosis in words"),
        (diagnoses("F33"), REJECTED, "diagnosis not billable"),
        (diagnoses("F43.1"), REJECTED, "diagnosis not billable"),
        (diagnoses("F10.A0"), REJECTED, "diagnosis unknown"),
        (diagnoses("F41.1", "F41.1", pointers="AB"), REJECTED, "diagnosis twice"),
        (diagnoses("F41.1", "f411", pointers="AB"), REJECTED, "diagnosis twice"),
        (diagnoses("Z63.0"), QUESTIONED, "weak primary diagnosis"),
        (diagnoses("R45.851"), QUESTIONED, "weak primary diagnosis"),
        (diagnoses("F02.80"), REJECTED, "manifestation first"),
        (diagnoses("Y07.010"), REJECTED, "external cause first"),
        (diagnoses("F32.1", "F33.1", pointers="AB"), QUESTIONED, "excludes1"),
        (diagnoses("F41.1", "F43.10"), ADVICE, "diagnosis not used"),
        (line(pointers=""), REJECTED, "pointers"),
        (line(pointers="B"), REJECTED, "pointers"),
        (line(pointers="AA"), REJECTED, "pointers"),
        (line(pointers="a"), REJECTED, "pointers"),
        (diagnoses("F41.1", "F43.10", "F33.1", "F51.05", "Z63.0", pointers="ABCDE"), REJECTED, "pointers"),
        (diagnoses("F41.1", day=date(2026, 3, 31)), ADVICE, "icd release"),
    ],
)
def test_diagnoses_are_checked_on_the_date_of_service(
    desk: Desk, content: SuperbillContent, severity: Severity, key: str
) -> None:
    assert (severity, key) in desk.keys(content)


def test_a_heading_is_refused_with_codes_to_choose_from_and_the_dates_once(desk: Desk) -> None:
    content = replace(
        lines(LINE, replace(LINE, charge_id=3, date_of_service=date(2026, 6, 16))),
        diagnoses=(SuperbillDiagnosis(code="F33", title=""),),
    )
    (finding,) = (one for one in desk.check(content) if one.severity is REJECTED)
    assert finding.sentence.startswith("6/2/2026 and 1 more: F33 ")
    assert "F33.1" in finding.sentence


def test_a_code_the_last_table_does_not_know_may_be_new_and_is_only_questioned(desk: Desk) -> None:
    later = replace(CONTEXT, today=date(2027, 1, 5))
    keys = desk.keys(diagnoses("F41.4", day=date(2027, 1, 4)), later)
    assert (QUESTIONED, "diagnosis unknown") in keys
    assert (ADVICE, "icd release") in keys


def test_a_diagnosis_in_words_is_not_repeated_in_the_sentence(desk: Desk) -> None:
    for finding in desk.check(diagnoses("trouble with Maya")):
        assert "Maya" not in finding.sentence


def test_a_diagnosis_that_changed_during_the_month_excludes_nothing(desk: Desk) -> None:
    content = replace(
        lines(LINE, replace(LINE, charge_id=3, date_of_service=date(2026, 6, 16), pointers="B")),
        diagnoses=(SuperbillDiagnosis(code="F32.1", title=""), SuperbillDiagnosis(code="F33.1", title="")),
    )
    assert desk.check(content) == ()


def test_a_conditional_code_first_note_does_not_forbid_the_first_place(desk: Desk) -> None:
    assert (REJECTED, "manifestation first") not in desk.keys(diagnoses("F51.05"))


def test_there_is_room_for_twelve_diagnoses(desk: Desk) -> None:
    twelve = [
        "F41.1",
        "F43.10",
        "F33.1",
        "F90.2",
        "F42.2",
        "F84.0",
        "F50.010",
        "F53.0",
        "Z63.0",
        "Z59.00",
        "Z62.820",
        "Z71.1",
    ]
    assert (REJECTED, "too many diagnoses") not in desk.keys(diagnoses(*twelve))
    assert (REJECTED, "too many diagnoses") in desk.keys(diagnoses(*twelve, "Z63.5"))


@pytest.mark.parametrize(
    ("content", "severity", "key"),
    [
        (lines(), REJECTED, "no lines"),
        (line(code=""), REJECTED, "procedure code missing"),
        (line(code="therapy"), REJECTED, "procedure code wrong"),
        (line(minutes=53), REJECTED, "minutes do not fit"),
        (line(minutes=37), REJECTED, "minutes do not fit"),
        (line(minutes=None), QUESTIONED, "minutes missing"),
        (line(units=2), REJECTED, "units"),
        (line(units=0), REJECTED, "units"),
        (
            line(code="H0004", units=4, charge_cents=15001, paid_cents=15001),
            QUESTIONED,
            "charge is not fee times units",
        ),
        (line(date_of_service=date(2026, 7, 1)), REJECTED, "date in the future"),
        (line(date_of_service=date(2026, 4, 30)), QUESTIONED, "date before start"),
        (line(note_signed=False), QUESTIONED, "note not signed"),
        (line(place_of_service=""), REJECTED, "place of service"),
        (line(place_of_service="10"), REJECTED, "place of service"),
        (video(place_of_service="11"), REJECTED, "place of service"),
        (line(modifiers=("95",)), REJECTED, "modifier unlike the session"),
        (video(modifiers=("93",)), REJECTED, "modifier unlike the session"),
        (line(modifiers=("HO", "HO")), REJECTED, "modifiers"),
        (video(modifiers=()), REJECTED, "telehealth modifier"),
        (video(client_state=""), QUESTIONED, "client state missing"),
        (video(client_state="NH"), QUESTIONED, "no licence in client state"),
        (line(charge_cents=0, paid_cents=0), REJECTED, "no charge"),
        (line(charge_cents=-15000, paid_cents=-15000), REJECTED, "no charge"),
        (line(paid_cents=15001), REJECTED, "paid more than charged"),
        (line(paid_cents=-1), REJECTED, "paid less than nothing"),
        (line(paid_cents=0), QUESTIONED, "nothing paid"),
        (line(paid_cents=5000), ADVICE, "balance due"),
        (replace(WHOLE, payments=()), ADVICE, "payment dates missing"),
        (replace(WHOLE, payments=WHOLE.payments * 2), REJECTED, "totals"),
        (lines(LINE, LINE), REJECTED, "charge twice"),
        (lines(LINE, replace(LINE, charge_id=3)), QUESTIONED, "same service twice"),
        (lines(LINE, replace(LINE, charge_id=3, code="90839", minutes=60)), REJECTED, "not on the same date"),
        (lines(LINE, replace(LINE, charge_id=3, code="90847", minutes=50)), REJECTED, "not on the same date"),
        (line(code="90785", minutes=45), REJECTED, "add-on alone"),
        (line(code="90833", minutes=20), REJECTED, "add-on alone"),
        (line(code="90840", minutes=80), REJECTED, "add-on alone"),
    ],
)
def test_lines_are_checked(desk: Desk, content: SuperbillContent, severity: Severity, key: str) -> None:
    assert (severity, key) in desk.keys(content)


@pytest.mark.parametrize(
    "content",
    [
        line(minutes=60, override_reason="Client arrived late; therapy time was 45 minutes."),
        lines(LINE, replace(LINE, charge_id=3, code="90785")),
        lines(LINE, replace(LINE, charge_id=3, code="90847", minutes=50, modifiers=("59",))),
        lines(LINE, replace(LINE, charge_id=3, modifiers=("76",))),
        lines(
            replace(LINE, code="90839", minutes=110), replace(LINE, charge_id=3, code="90840", units=2, minutes=110)
        ),
        line(code="90853", minutes=90),
        line(code="G0560", minutes=20),
        video(modality="audio", modifiers=("93",), place_of_service="02"),
    ],
)
def test_what_is_right_is_let_through(desk: Desk, content: SuperbillContent) -> None:
    assert desk.check(content) == ()


def test_an_unsigned_note_holds_the_superbill_back_if_the_practice_says_so(desk: Desk) -> None:
    strict = replace(CONTEXT, signed_notes_required=True)
    assert desk.keys(line(note_signed=False), strict) == {(REJECTED, "note not signed")}


def test_medicare_does_not_want_95_and_an_unknown_payer_gets_advice(desk: Desk) -> None:
    medicare = replace(CONTEXT, telehealth_rule=PayerTelehealthRule(video_modifier=""))
    unknown = replace(CONTEXT, telehealth_rule=None)
    assert desk.keys(video(), medicare) == {(REJECTED, "telehealth modifier")}
    assert desk.check(video(modifiers=()), medicare) == ()
    assert desk.keys(video(modifiers=()), unknown) == {(ADVICE, "telehealth modifier")}
    assert desk.check(video(), unknown) == ()


def test_a_fee_for_a_missed_session_never_gets_on_a_superbill(desk: Desk) -> None:
    context = replace(CONTEXT, absence_charge_ids=frozenset({1}))
    missed = line(code="", minutes=None, note_signed=False)
    assert (REJECTED, "absence fee") in desk.keys(missed, context)


def test_a_line_stands_on_one_live_superbill_only(desk: Desk) -> None:
    context = replace(CONTEXT, held_by_number={1: "2026-0007"})
    (finding,) = desk.check(line(), context)
    assert (finding.severity, finding.key, finding.charge_id) == (REJECTED, "on another superbill", 1)
    assert "2026-0007" in finding.sentence
    assert desk.check(replace(line(), replaces_number="2026-0007"), context) == ()


def test_a_service_charged_elsewhere_on_the_same_date_is_a_duplicate_or_the_base_of_an_add_on(desk: Desk) -> None:
    elsewhere = replace(CONTEXT, services_elsewhere=frozenset({(LINE.date_of_service, "90834")}))
    assert desk.keys(line(), elsewhere) == {(QUESTIONED, "same service twice")}
    assert desk.check(line(code="90785"), elsewhere) == ()


def test_an_old_session_reminds_of_the_plans_deadline(desk: Desk) -> None:
    late = replace(CONTEXT, today=date(2026, 9, 1))
    assert desk.keys(line(), late) == {(ADVICE, "timely filing")}
    assert desk.check(line(), replace(CONTEXT, today=date(2026, 8, 31))) == ()


def test_a_year_of_sessions_is_too_much_for_one_superbill(desk: Desk) -> None:
    many = [replace(LINE, charge_id=i, date_of_service=date(2026, 5, 1 + i % 31), code="H0004") for i in range(51)]
    assert (ADVICE, "many lines") in desk.keys(lines(*many))


def test_rejections_come_first_and_advice_last(desk: Desk) -> None:
    content = replace(practice(npi="", phone=""), lines=(replace(LINE, note_signed=False),), payments=())
    order = [finding.severity for finding in desk.check(content)]
    assert order == sorted(order, key=[REJECTED, QUESTIONED, ADVICE].index)
    assert {REJECTED, QUESTIONED, ADVICE} <= set(order)


def test_the_worst_superbill_is_told_everything_without_naming_the_client(desk: Desk) -> None:
    worst = SuperbillContent(
        number="",
        issued_on=CONTEXT.today,
        practice=PracticeContent(legal_name=""),
        rendering=ClinicianContent(name=""),
        client=SuperbillClient(legal_name="Whitfield", born_on=None, plan_sex="", address=None),
        insurance=None,
        diagnoses=(),
        lines=(
            replace(LINE, code="", place_of_service="", units=0, charge_cents=0, note_signed=False, minutes=None),
        ),
    )
    found = desk.check(worst)
    assert {
        "practice name missing",
        "tax id missing",
        "practice address missing",
        "rendering npi missing",
        "rendering licence missing",
        "client birth date missing",
        "client address missing",
        "insurance missing",
        "diagnosis missing",
        "procedure code missing",
        "place of service",
        "no charge",
        "note not signed",
    } <= {finding.key for finding in found}
    for finding in found:
        assert finding.sentence.endswith(".")
        assert finding.fix
        assert "Whitfield" not in finding.sentence
