"""The log of what left the practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from tests.conftest import TestClock
from tests.services.billing_samples import Bench
from therapist_desktop.models.disclosure import Disclosure
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.disclosures import check_disclosure, list_disclosures, log_disclosure
from therapist_desktop.storage.faults import RefusedChangeError
from therapist_desktop.storage.practice import Practice


@pytest.fixture
def bench(practice: Practice, rosa: Person, clock: TestClock) -> Iterator[Bench]:
    bench = Bench(practice, rosa, clock)
    yield bench
    bench.reference.close()


def test_an_accounting_lists_what_must_be_listed_since_a_day(bench: Bench) -> None:
    practice, rosa = bench.practice, bench.person
    jordan = bench.client()
    log_disclosure(practice, rosa, jordan, recipient="the client", what="superbill", purpose="own use")
    log_disclosure(
        practice,
        rosa,
        jordan,
        recipient="Cumberland County Superior Court",
        recipient_address="205 Newbury St, Portland, ME",
        what="dates of sessions",
        purpose="court order",
        method="mail",
        accountable=True,
        when=bench.clock() - timedelta(days=400),
    )
    court, own = list_disclosures(practice, rosa, jordan)
    assert (own.recipient, own.accountable, own.moment) == ("the client", False, bench.clock())
    assert list_disclosures(practice, rosa, jordan, accountable_only=True) == (court,)
    assert list_disclosures(practice, rosa, jordan, since=date(2026, 1, 1)) == (own,)


def test_a_disclosure_needs_recipient_contents_and_purpose_and_has_happened(bench: Bench) -> None:
    jordan = bench.client()
    with pytest.raises(UserError, match="Fill in all three"):
        log_disclosure(bench.practice, bench.person, jordan, recipient=" ", what="superbill", purpose="own use")
    with pytest.raises(UserError, match="in the future"):
        log_disclosure(
            bench.practice,
            bench.person,
            jordan,
            recipient="the client",
            what="superbill",
            purpose="own use",
            when=bench.clock() + timedelta(days=1),
        )
    assert list_disclosures(bench.practice, bench.person, jordan) == ()


def test_what_would_be_refused_is_known_before_anything_leaves_the_practice(bench: Bench) -> None:
    jordan = bench.client()
    ken = bench.colleague("Ken", Role.CLINICIAN)
    with pytest.raises(UserError, match="Fill in all three"):
        check_disclosure(bench.practice, bench.person, jordan, recipient="a court", what="note", purpose=" ")
    with pytest.raises(UserError, match="not open to you"):
        check_disclosure(bench.practice, ken, jordan, recipient="a court", what="note", purpose="order")
    check_disclosure(bench.practice, bench.person, jordan, recipient="a court", what="note", purpose="order")
    assert list_disclosures(bench.practice, bench.person, jordan) == ()


def test_only_who_may_see_a_client_logs_and_reads_disclosures(bench: Bench) -> None:
    jordan = bench.client()
    ken = bench.colleague("Ken", Role.CLINICIAN)
    with pytest.raises(UserError, match="not open to you"):
        log_disclosure(bench.practice, ken, jordan, recipient="a friend", what="note", purpose="gossip")
    with pytest.raises(UserError, match="not open to you"):
        list_disclosures(bench.practice, ken, jordan)


def test_the_log_cannot_be_cut(bench: Bench) -> None:
    jordan = bench.client()
    log_disclosure(bench.practice, bench.person, jordan, recipient="the client", what="note", purpose="own use")
    with pytest.raises(RefusedChangeError, match="permanent log"), bench.practice.writing() as session:
        session.execute(delete(Disclosure))
