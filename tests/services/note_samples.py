"""A desk for the tests of session notes: a fictional client with diagnoses, a service, short words for the steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pypdfium2

from tests.conftest import PASSWORD, TestClock
from therapist_desktop.models.client import ClientAccess
from therapist_desktop.models.people import Licence, Person, Role
from therapist_desktop.services.client_record import ClientRecord
from therapist_desktop.services.clients import add_client
from therapist_desktop.services.diagnoses import add_diagnosis
from therapist_desktop.services.note_draft import NoteDraft
from therapist_desktop.services.note_signing import Signed, sign_note
from therapist_desktop.services.people import add_person
from therapist_desktop.services.reference import Reference
from therapist_desktop.services.service_catalog import add_service
from therapist_desktop.services.session_notes import open_note, save_draft, start_note
from therapist_desktop.storage.practice import Practice

TODAY = date(2026, 11, 23)
ANXIETY = "F41.1"
DEPRESSION = "F33.1"
JORDAN = ClientRecord(first_name="Jordan", last_name="Whitfield", used_name="Jo", born_on=date(1994, 3, 14))
DATA = "Slept six hours a night and walked with a friend twice."


def colleague_password(first_name: str) -> str:
    """The password of somebody else of the practice."""
    return f"{first_name} walks the pier slowly"


class Desk:
    """Rosa’s desk on a Monday morning, with one client on the other chair."""

    def __init__(self, practice: Practice, person: Person, clock: TestClock) -> None:
        self.practice, self.person, self.clock = practice, person, clock
        self.reference = Reference()
        self.client_id = add_client(practice, person, JORDAN)
        for code in (ANXIETY, DEPRESSION):
            add_diagnosis(practice, person, self.reference, self.client_id, code, onset_on=date(2025, 1, 6))
        self.service_id = add_service(practice, person, label="Individual therapy 45", code="90834")

    def start(self, day: date = TODAY, **facts: Any) -> int:
        """Begin a note of fifty minutes."""
        given = {"service_id": self.service_id, "start": time(9, 0), "stop": time(9, 50)} | facts
        return start_note(self.practice, self.person, self.client_id, day, **given)

    def draft(self, note_id: int) -> NoteDraft:
        return open_note(self.practice, self.person, note_id).draft

    def save(self, note_id: int, text: str = DATA, **changes: Any) -> int:
        """Write a text under the first heading, and whatever else changes."""
        view = open_note(self.practice, self.person, note_id)
        first, *rest = view.draft.sections
        changed = replace(view.draft, sections=(replace(first, text=text), *rest), **changes)
        return save_draft(self.practice, self.person, note_id, changed, view.revision)

    def sign(self, note_id: int, password: str = PASSWORD) -> Signed:
        return sign_note(
            self.practice, self.person, self.reference, note_id, password, revision=self.revision(note_id)
        )

    def revision(self, note_id: int) -> int:
        return open_note(self.practice, self.person, note_id).revision

    def signed(self, day: date = TODAY, text: str = DATA, **facts: Any) -> int:
        """A signed note."""
        note_id = self.start(day, **facts)
        self.save(note_id, text)
        self.sign(note_id)
        return note_id

    def colleague(self, first_name: str, role: Role, **fields: Any) -> Person:
        """Add somebody else of the practice."""
        licence = Licence(kind="LMSW", number="MC777", state="ME")
        person = Person(
            first_name=first_name,
            last_name="Osei",
            credentials="LMSW",
            roles=[role.value],
            licences=[] if role is Role.BILLER else [licence],
            **fields,
        )
        return add_person(self.practice, self.person, person, colleague_password(first_name))

    def share_with(self, person: Person) -> None:
        """Open the chart to a colleague."""
        with self.practice.writing() as session:
            session.add(ClientAccess(client_id=self.client_id, person_id=person.id))

    def as_seen_by(self, person: Person) -> Desk:
        """The same desk with somebody else behind it."""
        other = object.__new__(Desk)
        other.__dict__ = self.__dict__ | {"person": person}
        return other

    def trail(self) -> list[tuple[str, str]]:
        """Action and detail of every event about notes, oldest first."""
        with self.practice.database.alone() as connection:
            rows = connection.raw.execute(
                "SELECT action, detail FROM audit_event WHERE record_kind = 'session note' ORDER BY sequence"
            )
            return [(str(action), str(detail)) for action, detail in rows]

    def count(self, table: str) -> int:
        with self.practice.database.alone() as connection:
            return int(connection.raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def behind_its_back(self, statement: str, *values: object) -> None:
        """Change the file as a forger with the key would: without the triggers."""
        with self.practice.database.schema_changes() as connection:
            names = (
                connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            )
            for name in names:
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
            connection.exec_driver_sql(statement, values)


def pdf_text(data: bytes) -> str:
    """Return the words of a PDF on one line."""
    with pypdfium2.PdfDocument(data) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).split())
