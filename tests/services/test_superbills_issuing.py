"""Superbills are numbered once and frozen; what is wrong with one is voided or corrected beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from tests.conftest import TestClock
from tests.services.billing_samples import FEE, MAYA, Bench, november, pdf_text
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.canonical import canonical_bytes, from_canonical, sha256_hex
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.superbill import (
    NumberSequence,
    Superbill,
    SuperbillDocument,
    SuperbillEvent,
    SuperbillHold,
    SuperbillLineRecord,
)
from therapist_desktop.models.superbill_content import SuperbillContent, SuperbillState
from therapist_desktop.services.charges import change_charge, reverse_charge
from therapist_desktop.services.client_record import PolicyEntry
from therapist_desktop.services.clients import open_client, save_client
from therapist_desktop.services.superbills import (
    SuperbillNotReadyError,
    correct_superbill,
    deliver_superbill,
    draft_superbill,
    issue_superbill,
    list_superbills,
    superbill_pdf,
    verify_superbills,
    void_superbill,
)
from therapist_desktop.storage.faults import DamagedPracticeError, RefusedChangeError
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def bench(practice: Practice, rosa: Person, clock: TestClock) -> Iterator[Bench]:
    bench = Bench(practice, rosa, clock)
    yield bench
    bench.reference.close()


@pytest.fixture
def jordan(bench: Bench) -> int:
    return bench.client()


def sequence(bench: Bench) -> int:
    with bench.practice.reading() as session:
        return session.scalar(select(NumberSequence.last)) or 0


def correct(bench: Bench, superbill_id: int, reason: str = "A wrong modifier") -> str:
    return correct_superbill(bench.practice, bench.person, bench.reference, superbill_id, reason).number


def void(bench: Bench, superbill_id: int, reason: str = "Wrong month") -> None:
    void_superbill(bench.practice, bench.person, superbill_id, reason)


def test_numbers_count_on_through_months_and_name_the_month_of_issue(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    assert bench.issue(jordan).number == "2026-11-0001"
    bench.session(jordan, november(4))
    bench.clock.move(days=30)
    assert bench.issue(jordan).number == "2026-12-0002"


def test_what_is_stored_is_what_was_looked_at_with_its_number(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    draft = bench.draft(jordan)
    issued = issue_superbill(bench.practice, bench.person, bench.reference, draft)
    with bench.practice.reading() as session:
        superbill = session.get_one(Superbill, issued.superbill_id)
        document = session.get_one(SuperbillDocument, issued.superbill_id)
    content = from_canonical(document.content, SuperbillContent)
    assert content.number == issued.number
    assert content.lines == draft.content.lines
    assert canonical_bytes(content) == document.content
    assert sha256_hex(document.content) == superbill.content_sha256
    assert superbill_pdf(bench.practice, bench.person, issued.superbill_id) == document.pdf
    paper = pdf_text(document.pdf)
    for words in (issued.number, "Jordan Whitfield", "F41.1", "90837", "NPI 1234567893", "EIN 01-2345678"):
        assert words in paper


def test_what_changed_since_it_was_looked_at_is_looked_at_again(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    draft = bench.draft(jordan)
    bench.pay(jordan, FEE)
    with pytest.raises(UserError, match="Look at it again"):
        issue_superbill(bench.practice, bench.person, bench.reference, draft)
    bench.clock.move(hours=20)
    assert bench.issue(jordan).paid_cents == FEE


def test_a_draft_of_yesterday_is_issued_today(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    draft = bench.draft(jordan)
    bench.clock.move(days=1)
    issue_superbill(bench.practice, bench.person, bench.reference, draft)
    (row,) = list_superbills(bench.practice, bench.person, jordan)
    assert row.issued_on == november(24)


def test_a_session_cannot_stand_on_two_superbills(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    draft = bench.draft(jordan)
    first = issue_superbill(bench.practice, bench.person, bench.reference, draft)
    with pytest.raises(SuperbillNotReadyError, match=f"already on superbill {first.number}"):
        issue_superbill(bench.practice, bench.person, bench.reference, draft)
    assert bench.drafts(jordan) == []
    again = bench.draft(jordan, charge_ids=[charge_id])
    assert "on another superbill" in {finding.key for finding in again.rejections}
    assert bench.held() == {charge_id: first.superbill_id}
    assert sequence(bench) == 1, "a superbill that was refused has used no number"


def test_the_file_itself_lets_no_charge_stand_on_two_superbills(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    first = bench.issue(jordan)
    with pytest.raises(IntegrityError), bench.practice.writing() as session:
        session.add(SuperbillHold(charge_id=charge_id, superbill_id=first.superbill_id))


def test_an_issued_superbill_is_frozen(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    bench.issue(jordan)
    for statement in (
        update(Superbill).values(paid_cents=FEE),
        delete(Superbill),
        update(SuperbillDocument).values(pdf=b""),
        delete(SuperbillDocument),
        delete(SuperbillLineRecord),
        update(SuperbillHold).values(superbill_id=2),
        delete(SuperbillHold),
        update(NumberSequence).values(last=0),
        delete(NumberSequence),
    ):
        with pytest.raises(RefusedChangeError, match="never changes"), bench.practice.writing() as session:
            session.execute(statement)
    assert verify_superbills(bench.practice).fault == ""


def test_a_void_superbill_lets_its_sessions_go_and_its_number_stays_used(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    first = bench.issue(jordan)
    void(bench, first.superbill_id, " Wrong month ")
    assert bench.held() == {}
    second = bench.issue(jordan)
    assert second.number == "2026-11-0002"
    assert bench.held() == {charge_id: second.superbill_id}
    rows = list_superbills(bench.practice, bench.person, jordan)
    assert [(row.number, row.state, row.void_reason) for row in rows] == [
        ("2026-11-0002", SuperbillState.ISSUED, ""),
        ("2026-11-0001", SuperbillState.VOID, "Wrong month"),
    ]


def test_a_void_copy_says_so_and_why(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    original = superbill_pdf(bench.practice, bench.person, issued.superbill_id)
    void(bench, issued.superbill_id)
    copy = pdf_text(superbill_pdf(bench.practice, bench.person, issued.superbill_id))
    assert "VOID: Wrong month" in copy
    assert "VOID" not in pdf_text(original)
    with bench.practice.reading() as session:
        assert session.get_one(SuperbillDocument, issued.superbill_id).pdf == original


def test_voiding_needs_a_reason_and_happens_once(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    with pytest.raises(UserError, match="Say why"):
        void(bench, issued.superbill_id, " ")
    void(bench, issued.superbill_id)
    with pytest.raises(UserError, match="already void"):
        void(bench, issued.superbill_id)


def test_a_correction_names_the_one_it_replaces_and_shows_todays_facts(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    opened = open_client(bench.practice, bench.person, jordan)
    record = replace(opened.record, policies=(PolicyEntry(payer_name="Casco Mutual", member_id="CM-77"),))
    save_client(bench.practice, bench.person, jordan, record, opened.revision)
    corrected = correct_superbill(
        bench.practice, bench.person, bench.reference, issued.superbill_id, "The insurance had changed"
    )
    paper = pdf_text(superbill_pdf(bench.practice, bench.person, corrected.superbill_id))
    assert f"replaces superbill no. {issued.number}" in paper
    assert "Member ID CM-77" in paper
    assert "NLH-4471-02" not in paper


def test_a_correction_that_is_not_ready_leaves_the_old_superbill_standing(bench: Bench, jordan: int) -> None:
    note_id = bench.note(jordan, november(3))
    charge_id = bench.charge(note_id)
    issued = bench.issue(jordan)
    bench.void_note(note_id)
    with pytest.raises(SuperbillNotReadyError, match="was voided"):
        correct(bench, issued.superbill_id)
    assert bench.held() == {charge_id: issued.superbill_id}
    assert sequence(bench) == 1
    (row,) = list_superbills(bench.practice, bench.person, jordan)
    assert row.state is SuperbillState.ISSUED


def test_a_charge_is_put_right_between_voiding_and_correcting(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    void(bench, issued.superbill_id, "The plan wants AJ")
    change_charge(bench.practice, bench.person, charge_id, modifiers=["AJ"])
    corrected = correct_superbill(bench.practice, bench.person, bench.reference, issued.superbill_id)
    paper = pdf_text(superbill_pdf(bench.practice, bench.person, corrected.superbill_id))
    assert "AJ" in paper
    assert f"replaces superbill no. {issued.number}" in paper


def test_a_superbill_is_replaced_once(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    follower = correct(bench, issued.superbill_id)
    with pytest.raises(UserError, match=f"already replaced by {follower}"):
        correct(bench, issued.superbill_id)


def test_a_void_superbill_whose_sessions_stand_elsewhere_is_not_corrected(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    void(bench, issued.superbill_id)
    again = bench.issue(jordan)
    with pytest.raises(SuperbillNotReadyError, match=f"already on superbill {again.number}"):
        correct(bench, issued.superbill_id)


def test_nothing_is_left_to_correct_when_every_charge_was_reversed(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    void(bench, issued.superbill_id)
    reverse_charge(bench.practice, bench.person, charge_id, "Wrong client")
    with pytest.raises(UserError, match="Nothing of this superbill is left"):
        correct(bench, issued.superbill_id)


def test_delivery_to_a_payer_is_logged_with_its_recipient_and_a_void_one_is_not_delivered(
    bench: Bench, jordan: int
) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    when = bench.clock() - timedelta(hours=1)
    deliver_superbill(
        bench.practice,
        bench.person,
        issued.superbill_id,
        "mail",
        recipient="Northern Light Health Plan",
        when=when,
    )
    (row,) = list_superbills(bench.practice, bench.person, jordan)
    assert (row.delivered_at, row.delivered_how) == (when, "mail, to Northern Light Health Plan")
    void(bench, issued.superbill_id)
    with pytest.raises(UserError, match="This superbill is void"):
        deliver_superbill(bench.practice, bench.person, issued.superbill_id, "mail")


def test_a_stored_superbill_that_was_tampered_with_is_found_and_not_handed_out(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    with bench.practice.database.alone() as connection, connection.schema_changes():
        connection.raw.execute("DROP TRIGGER superbill_document_keep_update")
        connection.raw.execute("UPDATE superbill_document SET pdf = CAST('%PDF-1.4 forged' AS BLOB)")
    report = verify_superbills(bench.practice)
    assert report.fault == f"The paper of superbill {issued.number} was changed after it was issued."
    with pytest.raises(DamagedPracticeError, match="no longer as it was issued"):
        superbill_pdf(bench.practice, bench.person, issued.superbill_id)


def test_every_act_is_in_the_audit_trail(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    issued = bench.issue(jordan)
    superbill_pdf(bench.practice, bench.person, issued.superbill_id)
    deliver_superbill(bench.practice, bench.person, issued.superbill_id, "by hand")
    void(bench, issued.superbill_id)
    with bench.practice.reading() as session:
        actions = session.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.record_kind.in_(["superbill", "disclosure"]))
            .order_by(AuditEvent.sequence)
        ).all()
    assert actions == ["issue", "print", "disclose", "void"]


def test_a_biller_issues_for_every_client_and_a_clinician_for_their_own(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    ken, bea = bench.colleague("Ken", Role.CLINICIAN), bench.colleague("Bea", Role.BILLER)
    with pytest.raises(UserError, match="not open to you"):
        issue_superbill(bench.practice, ken, bench.reference, bench.draft(jordan))
    issued = issue_superbill(bench.practice, bea, bench.reference, bench.draft(jordan))
    assert superbill_pdf(bench.practice, bea, issued.superbill_id).startswith(b"%PDF")
    for verb in (superbill_pdf, lambda *them: void_superbill(*them, "Not mine")):
        with pytest.raises(UserError, match="not open to you"):
            verb(bench.practice, ken, issued.superbill_id)
    assert list_superbills(bench.practice, ken) == ()
    assert [row.number for row in list_superbills(bench.practice, bea)] == [issued.number]


def test_a_clinician_signs_by_issuing_and_nobody_signs_for_them(bench: Bench, jordan: int) -> None:
    bench.session(jordan, november(3))
    own = issue_superbill(bench.practice, bench.person, bench.reference, bench.draft(jordan))
    assert "/s/ Rosa Alvarez, LCSW" in pdf_text(superbill_pdf(bench.practice, bench.person, own.superbill_id))
    bench.session(jordan, november(4))
    bea = bench.colleague("Bea", Role.BILLER)
    hers = issue_superbill(bench.practice, bea, bench.reference, bench.draft(jordan))
    paper = pdf_text(superbill_pdf(bench.practice, bea, hers.superbill_id))
    assert "/s/" not in paper
    assert "signature and date" in paper


def test_the_list_of_a_client_holds_no_superbill_of_another(bench: Bench, jordan: int) -> None:
    maya = bench.client(MAYA)
    for client_id in (jordan, maya):
        bench.session(client_id, november(3))
        bench.issue(client_id)
    (row,) = list_superbills(bench.practice, bench.person, maya)
    assert row.client_name == "Maya Okafor"
    assert len(list_superbills(bench.practice, bench.person)) == 2


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(["issue", "void", "correct", "refused"]), min_size=3, max_size=7))
def test_no_number_is_used_twice_whatever_is_issued_voided_and_corrected(bench: Bench, acts: list[str]) -> None:
    """One client an example; the numbers of all examples are one row without a gap."""
    client_id = bench.client()
    bench.session(client_id, november(3))
    live: int | None = None
    for act in acts:
        before = sequence(bench)
        if act == "issue" and live is None:
            live = bench.issue(client_id).superbill_id
        elif act == "void" and live is not None:
            void(bench, live)
            live = None
        elif act == "correct" and live is not None:
            done = correct_superbill(bench.practice, bench.person, bench.reference, live, "Another try")
            live = done.superbill_id
        elif act == "refused" and live is not None:
            with pytest.raises(UserError):
                correct_superbill(bench.practice, bench.person, bench.reference, live, " ")
        assert sequence(bench) - before <= 1
    with bench.practice.reading() as session:
        numbers = session.scalars(select(Superbill.number).order_by(Superbill.id)).all()
        voided = len(session.scalars(select(SuperbillEvent.id)).all())
    assert numbers == [f"2026-11-{count:04}" for count in range(1, len(numbers) + 1)]
    assert sequence(bench) == len(numbers)
    assert len(numbers) - voided == len(set(bench.held().values()))
    assert verify_superbills(bench.practice).fault == ""


def test_the_ten_thousandth_number_is_longer_and_no_other_is_touched(bench: Bench, jordan: int) -> None:
    with bench.practice.writing() as session:
        session.add(NumberSequence(name="superbill", last=9999))
    bench.session(jordan, november(3))
    assert bench.issue(jordan).number == "2026-11-10000"


def test_issuing_that_fails_in_the_middle_uses_no_number(bench: Bench, jordan: int) -> None:
    """A head with the number that comes next stands in the way, so that the last step of issuing fails."""
    bench.session(jordan, november(3))
    with bench.practice.writing() as session:
        in_the_way = Superbill(
            number="2026-11-0001",
            client_id=jordan,
            rendering_id=bench.person.id,
            issued_on=november(1),
            issued_at=bench.clock(),
            issued_by_id=bench.person.id,
            period_from=november(1),
            period_to=november(1),
            charge_cents=0,
            paid_cents=0,
            content_sha256="",
            pdf_sha256="",
        )
        session.add(in_the_way)
    with pytest.raises(IntegrityError):
        bench.issue(jordan)
    assert sequence(bench) == 0
    assert bench.held() == {}
    assert verify_superbills(bench.practice).fault == "The paper of superbill 2026-11-0001 is missing."


def test_a_superbill_can_be_drawn_up_for_one_day(bench: Bench, jordan: int) -> None:
    charge_id = bench.session(jordan, november(3))
    bench.session(jordan, november(4))
    (draft,) = draft_superbill(bench.practice, bench.person, bench.reference, jordan, november(3), november(3))
    assert draft.charge_ids == {charge_id}
