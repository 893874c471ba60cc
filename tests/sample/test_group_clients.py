"""Invented clients have exactly the sessions asked for, at hours that no two share."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.sample.calendar import SampleCalendar, is_open
from therapist_desktop.sample.group_clients import InventedClient, invent_clients
from therapist_desktop.sample.making import SAMPLE_NOW
from therapist_desktop.sample.sources import GroupPracticeSource, SmallPracticeSource, read_source

SOURCE = read_source("group_practice.toml", GroupPracticeSource).clients
PAYERS = read_source("small_practice.toml", SmallPracticeSource).payer
CLINICIANS = ("adair", "boone", "cove", "drake")


def invented(seed: int, *, clients: int, notes: int, years: int) -> list[InventedClient]:
    calendar, chance = SampleCalendar(SAMPLE_NOW), Random(seed)
    return invent_clients(SOURCE, PAYERS, CLINICIANS, calendar, chance, clients=clients, notes=notes, years=years)


@given(st.integers(0, 1000), st.integers(1, 40), st.integers(1, 60))
def test_sessions_add_up_to_what_was_asked_for(seed: int, clients: int, sessions_each: int) -> None:
    everybody = invented(seed, clients=clients, notes=clients * sessions_each, years=2)
    assert len(everybody) == clients
    assert sum(len(one.days) for one in everybody) == clients * sessions_each
    for one in everybody:
        assert one.days
        assert all(before < after for before, after in pairwise(one.days))
        assert all(is_open(day) for day in one.days)
        assert one.days[-1] < SAMPLE_NOW.date()


def test_ten_years_of_a_group_fit_into_the_weeks_of_four_clinicians() -> None:
    everybody = invented(1, clients=300, notes=30_000, years=10)
    taken = [(one.clinician, day, one.hour) for one in everybody for day in one.days]
    assert len(taken) == len(set(taken)) == 30_000
    assert {one.clinician for one in everybody} == set(CLINICIANS)
    assert 40 < sum(one.still_comes for one in everybody) < 100
    assert len({one.record.last_name for one in everybody}) == 300
