"""The large sample, in miniature: everything is in it that the verbs would have written, and it counts exactly."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from tests.sample.conftest import TINY
from therapist_desktop.models.audit import AuditEvent
from therapist_desktop.models.billing import Charge, Payment, PaymentAllocation
from therapist_desktop.models.client import Client, ClientPhone
from therapist_desktop.models.safety_plan import SafetyPlan
from therapist_desktop.models.session_note import NoteSection, NoteState, SessionNote
from therapist_desktop.models.signature import Signature
from therapist_desktop.models.treatment_plan import PlanState, TreatmentPlan
from therapist_desktop.sample.making import SAMPLE_NOW
from therapist_desktop.services.checking import check_practice
from therapist_desktop.services.clients import list_clients
from therapist_desktop.services.note_lists import list_notes
from therapist_desktop.services.practices import SignedIn
from therapist_desktop.services.searching import search
from therapist_desktop.services.session_notes import open_note
from therapist_desktop.services.superbills import list_superbills
from therapist_desktop.services.treatment_plans import plan_in_force


def test_everything_signed_issued_and_logged_is_whole(saltmarsh: SignedIn) -> None:
    report = check_practice(saltmarsh.practice, saltmarsh.person)
    assert [line for line in report.lines if not line.whole] == []


def test_it_has_as_many_clients_and_notes_as_were_asked_for(saltmarsh: SignedIn) -> None:
    with saltmarsh.practice.reading() as session:
        states = Counter(session.scalars(select(SessionNote.state)))
        days = session.execute(
            select(func.min(SessionNote.date_of_service), func.max(SessionNote.date_of_service))
        ).one()
        clients = session.scalar(select(func.count()).select_from(Client))
    assert clients == TINY.clients
    assert states == {NoteState.SIGNED: TINY.notes}
    assert days[1] <= SAMPLE_NOW.date()
    assert (SAMPLE_NOW.date() - days[0]).days < 366 * TINY.years + 60


def test_every_session_is_charged_and_most_are_paid(saltmarsh: SignedIn) -> None:
    with saltmarsh.practice.reading() as session:
        charged = session.scalars(select(Charge.note_id)).all()
        notes = session.scalars(select(SessionNote.id)).all()
        due = sum(session.scalars(select(Charge.fee_cents)))
        received = sum(session.scalars(select(Payment.amount_cents)))
        given = sum(session.scalars(select(PaymentAllocation.amount_cents)))
    assert sorted(charged, key=int) == sorted(notes)
    assert due * 0.8 < received <= due
    assert given == received


def test_everybody_has_a_signed_plan_that_notes_cite(saltmarsh: SignedIn) -> None:
    with saltmarsh.practice.reading() as session:
        states = session.scalars(select(TreatmentPlan.state)).all()
    assert set(states) == {PlanState.SIGNED}
    for row in list_clients(saltmarsh.practice, saltmarsh.person):
        newest, *_ = list_notes(saltmarsh.practice, saltmarsh.person, row.client_id)
        note = open_note(saltmarsh.practice, saltmarsh.person, newest.note_id)
        plan = plan_in_force(saltmarsh.practice, saltmarsh.person, row.client_id, newest.date_of_service)
        if plan is not None:
            labels = [one.label for one in plan.content.numbered_objectives()]
            assert {one.label for one in note.content.objectives} <= set(labels)
            assert note.content.objectives


def test_somebody_has_a_safety_plan(saltmarsh: SignedIn) -> None:
    with saltmarsh.practice.reading() as session:
        assert session.scalar(select(func.count()).select_from(SafetyPlan))


def test_notes_are_about_two_kilobytes_and_can_be_searched(saltmarsh: SignedIn) -> None:
    with saltmarsh.practice.reading() as session:
        sizes = session.scalars(select(func.sum(func.length(NoteSection.text))).group_by(NoteSection.note_id)).all()
    assert 1500 < sum(sizes) / len(sizes) < 2500
    assert len(search(saltmarsh.practice, saltmarsh.person, "session", limit=TINY.notes * 2)) > TINY.notes / 2


def test_superbills_are_issued_for_the_months_asked_for_and_last_month_is_left(saltmarsh: SignedIn) -> None:
    months = {row.period_from for row in list_superbills(saltmarsh.practice, saltmarsh.person)}
    assert len(months) == TINY.billed_months
    last_month = SAMPLE_NOW.date().replace(day=1, month=SAMPLE_NOW.month - 1)
    assert max(months) < last_month


def test_events_and_signatures_follow_one_another_in_time(saltmarsh: SignedIn) -> None:
    with saltmarsh.practice.reading() as session:
        moments = session.scalars(select(AuditEvent.moment).order_by(AuditEvent.sequence)).all()
        signed = session.scalars(select(Signature.signed_at).order_by(Signature.id)).all()
    assert moments == sorted(moments)
    assert signed == sorted(signed)


def test_every_client_has_a_number_of_their_own_that_is_nobodys(saltmarsh: SignedIn) -> None:
    with saltmarsh.practice.reading() as session:
        numbers = session.scalars(select(ClientPhone.number)).all()
    assert len(set(numbers)) == TINY.clients
    assert all("555-01" in number for number in numbers)
