"""Invents the clients of the large sample: who they are, what they come for, and when their sessions are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from therapist_desktop.models.client import ContactKind
from therapist_desktop.models.client_likeness import folded
from therapist_desktop.sample.calendar import SampleCalendar, is_open, years_before
from therapist_desktop.sample.sources import GroupClientsSource, PayerSource, ThemeShare, address_entry
from therapist_desktop.services.client_record import ClientRecord, ContactEntry, PhoneEntry, PolicyEntry

_SEXES = {"she/her": "F", "he/him": "M"}
_STILL_COMES = 0.22
"""Share of clients whose treatment is under way; with stays of two years it fills four clinicians’ weeks."""
_HOURS = range(8, 19)
_WEEKDAYS = range(5)


@dataclass(frozen=True, kw_only=True)
class InventedClient:
    """A client with all their sessions, the earliest first."""

    record: ClientRecord
    clinician: str
    theme: str
    code: str
    hour: int
    minutes: int
    every_weeks: int
    by_video: bool
    days: tuple[date, ...]
    still_comes: bool


def invent_clients(
    source: GroupClientsSource,
    payers: Sequence[PayerSource],
    clinicians: Sequence[str],
    calendar: SampleCalendar,
    chance: Random,
    *,
    clients: int,
    notes: int,
    years: int,
) -> list[InventedClient]:
    """Return so many clients with so many sessions in all, within the last years."""
    weeks = years * 52
    counts = _shares(chance, clients, notes, most=max(1, weeks * 2 // 3))
    courses = [_course(chance, count, weeks) for count in counts]
    slots = _Slots(clinicians, chance)
    surnames = [f"{one}{other}" for one in source.surname_beginnings for other in source.surname_endings]
    chance.shuffle(surnames)
    themes = chance.choices(source.theme, [one.share for one in source.theme], k=clients)
    invented = []
    for number, course in enumerate(sorted(courses, key=lambda one: one.first_weeks_ago)[::-1]):
        theme = themes[number]
        surname = surnames[number % len(surnames)]
        clinician, weekday, hour = slots.take(course)
        record = _record(source, payers, theme, calendar, chance, number, surname)
        days = tuple(_days(calendar, course, weekday))
        invented.append(
            InventedClient(
                record=replace(record, started_on=days[0]),
                clinician=clinician,
                theme=theme.name,
                code=chance.choice(theme.codes),
                hour=hour,
                minutes=50 if theme.name == "couple" else chance.choice((45, 46, 47, 48, 54, 55, 56)),
                every_weeks=course.every,
                by_video=chance.random() < 0.3,
                days=days,
                still_comes=course.last_weeks_ago <= course.every,
            )
        )
    return invented


@dataclass(frozen=True, kw_only=True)
class _Course:
    sessions: int
    every: int
    last_weeks_ago: int

    @property
    def first_weeks_ago(self) -> int:
        return self.last_weeks_ago + self.sessions * self.every


def _shares(chance: Random, parts: int, total: int, *, most: int) -> list[int]:
    """Divide a number into uneven parts, none empty and none above ``most`` unless there is no other way."""
    weights = [chance.lognormvariate(0, 0.8) for _ in range(parts)]
    shares = [min(most, max(1, int(weight / sum(weights) * total))) for weight in weights]
    place = 0
    while sum(shares) != total:
        step = 1 if sum(shares) < total else -1
        if shares[place] + step >= 1 and (shares[place] + step <= most or all(one >= most for one in shares)):
            shares[place] += step
        place = (place + 1) % parts
    return shares


def _course(chance: Random, sessions: int, weeks: int) -> _Course:
    every = 2 if chance.random() < 0.25 and sessions * 2 < weeks * 0.8 else 1
    latest = max(1, weeks - sessions * every)
    last = chance.randrange(1, every + 1) if chance.random() < _STILL_COMES else chance.randrange(1, latest + 1)
    return _Course(sessions=sessions, every=every, last_weeks_ago=last)


def _days(calendar: SampleCalendar, course: _Course, weekday: int) -> Iterable[date]:
    """Walk back from the last session, past the days on which the practice is closed."""
    days: list[date] = []
    day = calendar.day(course.last_weeks_ago) + timedelta(days=weekday)
    while len(days) < course.sessions:
        if is_open(day):
            days.append(day)
        day -= timedelta(weeks=course.every)
    return reversed(days)


class _Slots:
    """The hours of the clinicians’ weeks; each is one client’s until the last session."""

    def __init__(self, clinicians: Sequence[str], chance: Random) -> None:
        self._chance = chance
        self._free_after = {
            (clinician, weekday, hour): 10_000 for clinician in clinicians for weekday in _WEEKDAYS for hour in _HOURS
        }

    def take(self, course: _Course) -> tuple[str, int, int]:
        """Return clinician, weekday and hour that are free for the whole course, or else all booked twice."""
        # A margin for the weeks by which holidays make a course longer.
        begins = course.first_weeks_ago + course.sessions // 20 + 1
        free = [slot for slot, until in self._free_after.items() if until > begins]
        slot = self._chance.choice(free or list(self._free_after))
        self._free_after[slot] = course.last_weeks_ago
        return slot


def _record(
    source: GroupClientsSource,
    payers: Sequence[PayerSource],
    theme: ThemeShare,
    calendar: SampleCalendar,
    chance: Random,
    number: int,
    surname: str,
) -> ClientRecord:
    first_name = chance.choice(source.first_names)
    pronouns = chance.choice(source.pronouns)
    area_code = source.area_codes[number // 100 % len(source.area_codes)]
    birthday = f"{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    age = chance.randrange(19, 27) if theme.name == "youth" else chance.randrange(22, 78)
    return ClientRecord(
        first_name=first_name,
        last_name=surname,
        pronouns=pronouns,
        born_on=years_before(calendar.today, age, birthday),
        plan_sex=_SEXES.get(pronouns, "U"),
        email=f"{folded(first_name)}.{folded(surname)}{number}@example.com",
        referral_source=chance.choice(source.referrals),
        phones=(PhoneEntry(number=f"{area_code}-555-01{number % 100:02}", may_leave_message=chance.random() < 0.7),),
        addresses=(
            address_entry(
                f"{chance.randrange(1, 400)} {chance.choice(source.streets)}, {chance.choice(source.towns)}"
            ),
        ),
        contacts=(
            ContactEntry(
                kind=ContactKind.EMERGENCY,
                name=f"{chance.choice(source.first_names)} {surname}",
                relation=chance.choice(source.relations),
                phone=f"207-555-01{chance.randrange(100):02}",
                may_contact=True,
            ),
        ),
        policies=(
            PolicyEntry(
                payer_name=chance.choice(payers).name,
                member_id=f"SMP {chance.randrange(10**9):09}",
                group_number=f"G-{chance.randrange(10**4):04}",
                plan_kind="PPO",
            ),
        )
        if chance.random() < 0.9
        else (),
    )
