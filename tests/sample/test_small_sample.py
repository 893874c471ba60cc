"""The small sample is a practice one could have: whole, believable, with work left to do, and plainly fictional."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from therapist_desktop.models.canonical import from_canonical
from therapist_desktop.models.client import Client, ClientAddress, ClientContact, ClientPhone, ClientStatus
from therapist_desktop.models.diagnosis import Diagnosis
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.identifiers import npi_problem
from therapist_desktop.models.insurance import InsurancePolicy
from therapist_desktop.models.note_content import NoteContent
from therapist_desktop.models.note_likeness import clone_finding
from therapist_desktop.models.people import Person
from therapist_desktop.models.safety_plan import SafetyPlan
from therapist_desktop.models.safety_plan_content import SafetyPlanPart
from therapist_desktop.models.session_note import Amendment, AmendmentKind, NoteSection, NoteState, SessionNote
from therapist_desktop.models.signature import Meaning, Signature, SignedKind
from therapist_desktop.models.superbill_content import SuperbillState
from therapist_desktop.models.treatment_plan import PlanState, TreatmentPlan
from therapist_desktop.sample.making import SAMPLE_NOW
from therapist_desktop.services.account import list_balances, list_payments
from therapist_desktop.services.checking import check_practice
from therapist_desktop.services.clients import list_clients, open_client
from therapist_desktop.services.note_lists import open_drafts
from therapist_desktop.services.note_signing import sign_note
from therapist_desktop.services.practices import SignedIn
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.safety_plans import safety_plan_in_use
from therapist_desktop.services.searching import search
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.services.signing import signed_bytes
from therapist_desktop.services.superbills import (
    MonthState,
    SuperbillRow,
    issue_month,
    list_superbills,
    month_overview,
)
from therapist_desktop.services.treatment_plan_lists import plans_due


def client_id(harbor: SignedIn, name: str) -> int:
    return next(row.client_id for row in list_clients(harbor.practice, harbor.person) if row.name == name)


def notes_by_client(session: Session) -> dict[int, list[NoteContent]]:
    """Every signed session note as it was signed, by client, in the order of its date."""
    by_client: dict[int, list[NoteContent]] = {}
    for signature_id in session.scalars(
        select(Signature.id)
        .join(SessionNote, SessionNote.id == Signature.record_id)
        .where(Signature.record_kind == SignedKind.SESSION_NOTE, Signature.meaning == Meaning.AUTHOR)
        .order_by(SessionNote.date_of_service, SessionNote.id)
    ).all():
        content = from_canonical(signed_bytes(session, signature_id), NoteContent)
        by_client.setdefault(content.client_id, []).append(content)
    return by_client


def test_everything_signed_issued_and_logged_is_whole(harbor: SignedIn) -> None:
    report = check_practice(harbor.practice, harbor.person)
    assert [line for line in report.lines if not line.whole] == []


def test_there_are_twenty_five_clients_in_every_status(harbor: SignedIn) -> None:
    statuses = Counter(row.status for row in list_clients(harbor.practice, harbor.person))
    assert statuses == {
        ClientStatus.ACTIVE: 17,
        ClientStatus.INQUIRY: 3,
        ClientStatus.INACTIVE: 2,
        ClientStatus.DISCHARGED: 3,
    }


def test_in_october_eleven_are_ready_and_two_would_be_rejected(harbor: SignedIn, reference: Reference) -> None:
    rows = {row.client_name: row for row in month_overview(harbor.practice, harbor.person, reference, 2026, 10)}
    ready = {name: row.amount_cents for name, row in rows.items() if row.state is MonthState.READY}
    assert ready == {
        "Maya Okafor": 640_00,
        "Daniel Reyes": 720_00,
        "Jordan Whitfield": 800_00,
        "Priya Lindqvist": 400_00,
        "Ana Sousa": 640_00,
        "Ben Tran": 480_00,
        "Rosa Díaz": 640_00,
        "Noor Haddad": 720_00,
        "Eli Brandt": 180_00,
        "Wren Abernathy": 640_00,
        "Dario Fontaine": 640_00,
    }
    assert all(rows[name].paid_cents == amount_cents for name, amount_cents in ready.items())
    rejected = {name: row.reasons for name, row in rows.items() if row.state is MonthState.NOT_READY}
    assert set(rejected) == {"Sam Carter", "Lena Park"}
    assert "F33 is a heading" in rejected["Sam Carter"][0]
    assert "birth date" in rejected["Lena Park"][0]


def test_the_month_that_is_left_to_do_can_be_issued(harbor: SignedIn, reference: Reference) -> None:
    result = issue_month(harbor.practice, harbor.person, reference, 2026, 10)
    assert (len(result.issued), len(result.not_ready)) == (11, 2)
    report = check_practice(harbor.practice, harbor.person)
    assert [line for line in report.lines if not line.whole] == []


def test_a_superbill_was_voided_and_corrected_after_the_member_id_was_put_right(harbor: SignedIn) -> None:
    rows = list_superbills(harbor.practice, harbor.person, client_id(harbor, "Rosa Díaz"))
    void = [row for row in rows if row.state is SuperbillState.VOID]
    assert [(row.void_reason, row.replaced_by_number) for row in void] == [
        ("The member ID was mistyped.", replacement(rows, void[0]).number)
    ]


def replacement(rows: tuple[SuperbillRow, ...], void: SuperbillRow) -> SuperbillRow:
    return next(row for row in rows if row.replaces_number == void.number)


def test_every_month_but_the_last_is_issued(harbor: SignedIn) -> None:
    months = {row.period_from for row in list_superbills(harbor.practice, harbor.person)}
    assert months == {date(2026, month, 1) for month in range(2, 10)}


def test_some_clients_owe_and_one_payment_bounced(harbor: SignedIn) -> None:
    owing = {balance.client_name for balance in list_balances(harbor.practice, harbor.person)}
    assert {"Sam Carter", "Owen Petrie", "Ruth Calloway", "Lena Park"} <= owing
    payments = list_payments(harbor.practice, harbor.person, client_id(harbor, "Ana Sousa"))
    (taken_back,) = [one for one in payments if one.reverses_id is not None]
    assert taken_back.reversal_reason == "The check was returned by the bank."


def test_a_minor_without_a_guardian_is_pointed_out_and_one_with_is_not(harbor: SignedIn) -> None:
    skye = open_client(harbor.practice, harbor.person, client_id(harbor, "Skye Lindgren"))
    wren = open_client(harbor.practice, harbor.person, client_id(harbor, "Wren Abernathy"))
    assert skye.is_minor
    assert wren.is_minor
    assert next(gap.key for gap in skye.gaps) == "guardian missing"
    assert "guardian missing" not in [gap.key for gap in wren.gaps]


def test_an_inquiry_is_likely_somebody_who_is_known(harbor: SignedIn) -> None:
    inquiry = open_client(harbor.practice, harbor.person, client_id(harbor, "Benjamin Tran"))
    assert [likeness.other_id for likeness in inquiry.duplicates] == [client_id(harbor, "Ben Tran")]


def test_jordan_has_the_safety_plan_of_the_picture_in_its_fourth_version(harbor: SignedIn) -> None:
    plan = safety_plan_in_use(harbor.practice, harbor.person, client_id(harbor, "Jordan Whitfield"))
    assert plan is not None
    assert (plan.version, plan.content.made_on) == (4, SAMPLE_NOW.date())
    lines = {part: [row.text for row in plan.content.part(part)] for part in SafetyPlanPart}
    assert lines[SafetyPlanPart.WARNING_SIGNS] == [
        "Not answering friends’ messages for a day",
        "Pacing at night, can’t stay in my room",
    ]
    assert lines[SafetyPlanPart.WHAT_MATTERS] == ["My sister’s graduation"]
    assert any(item.means == "Firearms" and item.present == "no" for item in plan.content.means)


def test_there_is_a_safety_plan_in_spanish(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        assert "es" in session.scalars(select(SafetyPlan.language)).all()


def test_old_drafts_wait_for_their_authors(harbor: SignedIn) -> None:
    drafts = {row.client_name: row.date_of_service for row in open_drafts(harbor.practice, harbor.person)}
    assert drafts == {
        "Sam Carter": date(2026, 11, 18),
        "Noor Haddad": date(2026, 11, 18),
        "Daniel Reyes": date(2026, 11, 23),
    }


def test_the_note_with_a_heading_for_a_diagnosis_cannot_be_signed_here(
    harbor: SignedIn, reference: Reference
) -> None:
    draft = next(row for row in open_drafts(harbor.practice, harbor.person) if row.client_name == "Sam Carter")
    with pytest.raises(UserError, match="F33 is a heading"):
        sign_note(
            harbor.practice,
            harbor.person,
            reference,
            draft.note_id,
            PASSWORD,
            revision=open_note(harbor.practice, harbor.person, draft.note_id).revision,
        )


def test_notes_were_amended_begun_late_and_co_signed(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        kinds = Counter(session.scalars(select(Amendment.kind)))
        late = session.scalars(select(SessionNote.date_of_service).where(SessionNote.late_entry)).all()
        by_supervisee = session.scalars(
            select(SessionNote.id)
            .join(Person, Person.id == SessionNote.author_id)
            .where(Person.supervisor_id.is_not(None), SessionNote.state == NoteState.SIGNED)
        ).all()
        cosigned = session.scalars(select(Signature.record_id).where(Signature.meaning == Meaning.COSIGNER)).all()
    assert kinds == {AmendmentKind.ADDENDUM: 2, AmendmentKind.CORRECTION: 1}
    assert len(late) == 1
    assert len(set(by_supervisee) - set(cosigned)) == 2


def test_reviews_of_plans_come_due_as_in_the_pictures(harbor: SignedIn) -> None:
    due = {
        row.client_name: row.review_due_on
        for row in plans_due(harbor.practice, harbor.person, SAMPLE_NOW.date() + timedelta(days=20))
    }
    assert due["Maya Okafor"] == due["Priya Lindqvist"] == date(2026, 11, 30)
    assert due["Daniel Reyes"] == date(2026, 12, 12)


def test_plans_have_versions_and_one_is_being_revised(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        versions = session.execute(select(TreatmentPlan.version, TreatmentPlan.state)).all()
    assert max(version for version, _ in versions) >= 3
    assert [state for _, state in versions].count(PlanState.DRAFT) == 1


def test_nobody_is_in_two_sessions_at_once(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        rows = session.execute(
            select(SessionNote.author_id, SessionNote.date_of_service, SessionNote.start, SessionNote.stop)
            .where(SessionNote.start.is_not(None))
            .order_by(SessionNote.author_id, SessionNote.date_of_service, SessionNote.start)
        ).all()
    for one, following in pairwise(rows):
        if (one.author_id, one.date_of_service) == (following.author_id, following.date_of_service):
            assert one.stop <= following.start


def test_no_note_is_a_near_copy_of_the_one_before(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        charts = notes_by_client(session)
    assert len(charts) >= 20
    for notes in charts.values():
        texts = [[section.text for section in note.sections] for note in notes]
        for before, after in pairwise(texts):
            assert clone_finding(after, before) is None


def test_notes_are_in_several_templates_about_two_kilobytes_long_and_without_gaps(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        notes = [note for notes in notes_by_client(session).values() for note in notes]
    assert {note.template for note in notes} >= {"DAP", "SOAP", "BIRP", "GIRP", "PIE"}
    lengths = sorted(sum(len(section.text) for section in note.sections) for note in notes)
    assert 1500 < lengths[len(lengths) // 2] < 2500
    assert not [note for note in notes for section in note.sections if re.search(r"[{}]", section.text)]


def test_progress_notes_cite_objectives_of_the_plan_in_force(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        notes = [note for notes in notes_by_client(session).values() for note in notes if note.kind == "progress"]
    cited = [note for note in notes if note.objectives]
    assert len(cited) > len(notes) * 0.9


def test_search_finds_what_was_written(harbor: SignedIn) -> None:
    found = search(harbor.practice, harbor.person, '"walked with a friend twice"')
    assert [(hit.client_name, hit.on_date) for hit in found] == [("Daniel Reyes", SAMPLE_NOW.date())]


def test_nothing_in_it_belongs_to_anybody(harbor: SignedIn) -> None:
    with harbor.practice.reading() as session:
        phones = [*session.scalars(select(ClientPhone.number)), *session.scalars(select(Person.phone))]
        phones += [phone for phone in session.scalars(select(ClientContact.phone)) if phone]
        emails = [*session.scalars(select(Client.email)), *session.scalars(select(Person.email))]
        npis = [npi for npi in session.scalars(select(Person.npi)) if npi]
        npis += [npi for npi in session.scalars(select(ClientContact.npi)) if npi]
        payers = set(session.scalars(select(InsurancePolicy.payer_name)))
        codes = set(session.scalars(select(Diagnosis.code)))
        texts = session.scalars(select(NoteSection.text)).all()
        assert session.scalars(select(ClientAddress.state)).all() == ["ME"] * 22
    assert all(re.search(r"555-01\d\d$", phone) for phone in phones)
    assert all(email.endswith("example.com") for email in emails)
    assert all(npi_problem(npi) is None and (npi == "1234567893" or npi.startswith("10000000")) for npi in npis)
    assert payers == {"Pine State Health", "Casco Mutual", "Granite Health Plan", "Medicare"}
    assert "F33" in codes
    assert not [text for text in texts if re.search(r"\b(patient|customer|DSM|CPT)\b", text, re.IGNORECASE)]
