"""Clients come from another program’s CSV: good rows are kept, bad ones named, nothing twice."""

from __future__ import annotations

import os
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from tests.services.plan_samples import audit_details, colleague
from therapist_desktop.models.client import ClientStatus, ContactKind
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person, Role
from therapist_desktop.services.client_csv import guess_columns, read_table
from therapist_desktop.services.client_csv_rows import parse_date
from therapist_desktop.services.client_duplicates import WITH_COLLEAGUE
from therapist_desktop.services.client_import import import_clients
from therapist_desktop.services.clients import list_clients, open_client
from therapist_desktop.services.searching import search
from therapist_desktop.storage.practice import Practice

TODAY = date(2026, 11, 23)
EXPORT = """\
First Name,Last Name,Preferred Name,Date of Birth,Email,Mobile Phone,Address,City,State,Zip Code,Status,\
Emergency Contact Name,Emergency Contact Phone,Insurance,Member ID,Favourite Colour
Jordan,Whitfield,Jo,03/14/2007,jo@example.com,(207) 555-0142,18 Elm St,Portland,ME,04103,Active,\
Alex Whitfield,207-555-0117,Anthem PPO,XHP883201774,green
Maya,Okafor,,1988-07-02,maya@example.com,207-555-0150,,,,,Archived,,,,,
Élise,Ábel,,2/30/1990,,,,,,,Active,,,,,
Daniel,Reyes,,1992-03-14,not an address,,,,,,Active,,,,,
"""


def written(tmp_path: Path, text: str | bytes, name: str = "clients.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_good_rows_are_kept_and_bad_ones_reported_with_line_and_reason(
    practice: Practice, rosa: Person, tmp_path: Path
) -> None:
    report = import_clients(practice, rosa, written(tmp_path, EXPORT))
    assert report.added == 2
    assert [(one.line, one.reason.split(".")[0]) for one in report.problems] == [
        (4, "The birth date is not a date"),
        (5, report.problems[1].reason.split(".")[0]),
    ]
    assert "e-mail" in report.problems[1].reason
    assert report.unused == ("Favourite Colour",)
    okafor, whitfield = list_clients(practice, rosa)
    assert (okafor.name, okafor.status) == ("Maya Okafor", ClientStatus.INACTIVE)
    record = open_client(practice, rosa, whitfield.client_id).record
    assert (record.used_name, record.born_on, record.clinician_id) == ("Jo", date(2007, 3, 14), rosa.id)
    assert record.addresses[0].postal_code == "04103"
    assert [(one.kind, one.name) for one in record.contacts] == [(ContactKind.EMERGENCY, "Alex Whitfield")]
    assert record.policies[0].member_id == "XHP883201774"
    assert search(practice, rosa, "okafor")[0].client_id == okafor.client_id


def test_importing_the_same_file_again_adds_nothing(practice: Practice, rosa: Person, tmp_path: Path) -> None:
    path = written(tmp_path, EXPORT + EXPORT.splitlines()[1] + "\n")
    assert import_clients(practice, rosa, path).added == 2
    again = import_clients(practice, rosa, path)
    assert (again.added, again.already_there) == (0, (2, 3, 6))
    assert len(list_clients(practice, rosa)) == 2


def test_a_rehearsal_says_what_would_happen_and_writes_nothing(
    practice: Practice, rosa: Person, tmp_path: Path
) -> None:
    rehearsal = import_clients(practice, rosa, written(tmp_path, EXPORT), dry_run=True)
    assert list_clients(practice, rosa) == ()
    assert rehearsal == import_clients(practice, rosa, written(tmp_path, EXPORT))


def test_a_column_can_be_named_by_hand(practice: Practice, rosa: Person, tmp_path: Path) -> None:
    path = written(tmp_path, "Vorname;Nachname;geboren\nAna;Sousa;1990-01-31\n")
    with pytest.raises(UserError, match="No column holds the client’s name"):
        import_clients(practice, rosa, path)
    columns = {"first_name": "Vorname", "last_name": "Nachname", "born_on": "geboren"}
    assert import_clients(practice, rosa, path, columns=columns).added == 1
    with pytest.raises(UserError, match="no column “Surname”"):
        import_clients(practice, rosa, path, columns={"last_name": "Surname"})
    with pytest.raises(UserError, match="no field “shoe_size”"):
        import_clients(practice, rosa, path, columns={"shoe_size": "Vorname"})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("First Name,Last Name\nJosÃ©,Reyes\n".encode("cp1252") + b"\xff\xfe,\x81\n", "line 3"),
        ("First Name,Last Name\nJosé,Díaz\n".encode() + b"Ana\xc3,Sousa\n", "line 3"),
        (b'First Name,Last Name\nAna,Sousa\nBen,"Tran\nEli,Brandt\n', "begins on line 3"),
        (b'First Name,Last Name\nAna,"Sou"sa\n', "begins on line 2"),
        (b"", "empty"),
        (b"\x00\x01\x02binary", "not a text file"),
        (b"Last Name\nSousa\n", "first line with the names"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(
    practice: Practice, rosa: Person, tmp_path: Path, data: bytes, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        import_clients(practice, rosa, written(tmp_path, data))
    assert list_clients(practice, rosa) == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"First Name,Last Name\n" + b"Ana,Sousa\n" * 100_001, "more than 100,000 rows"),
        (b"First Name,Last Name\n" + b"," * 5_000_000 + b"\n", "line 2 has more than 1,000 cells"),
        (b"," * 5_000_000 + b"\nAna,Sousa\n", "line 1 has more than 1,000 cells"),
        (b"First Name,Last Name\n" + b"Ana,Sousa\n" * 2_000_000, "larger than 20 MB"),
    ],
    ids=["rows", "cells", "columns", "bytes"],
)
def test_what_is_no_list_of_clients_is_refused_before_it_fills_the_memory(
    tmp_path: Path, data: bytes, words: str
) -> None:
    path = written(tmp_path, data)
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match=words):
            read_table(path)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_the_longest_list_of_clients_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"First Name,Last Name\n" + b"Ana,Sousa\n" * 100_000)
    assert len(read_table(path).rows) == 100_000


@pytest.mark.parametrize("kind", ["folder", "pipe", "missing"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "clients.csv"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
    with pytest.raises(UserError, match=r"Choose the file|cannot be read"):
        read_table(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_write_is_read(practice: Practice, rosa: Person, tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "Name\tDOB\nSousa, Zoë\t3/4/90\n".encode(encoding))
    assert import_clients(practice, rosa, path).added == 1
    (row,) = list_clients(practice, rosa)
    assert (row.name, row.born_on) == ("Zoë Sousa", date(1990, 3, 4))


def test_line_breaks_inside_quotes_keep_the_line_numbers_right(
    practice: Practice, rosa: Person, tmp_path: Path
) -> None:
    path = written(tmp_path, 'First,Last,Notes,DOB\nAna,Sousa,"two\nlines",\nBen,Tran,,someday\n')
    report = import_clients(practice, rosa, path)
    assert (report.added, [one.line for one in report.problems]) == (1, [4])


def test_a_client_who_is_there_already_is_not_added_again(practice: Practice, rosa: Person, tmp_path: Path) -> None:
    import_clients(practice, rosa, written(tmp_path, "First,Last,DOB\nMaya,Okafor,1988-07-02\n"))
    other = written(tmp_path, "Client ID,Name,Birthday\n77,Maya Okafor,7/2/1988\n", "other.csv")
    assert import_clients(practice, rosa, other).already_there == (2,)


def test_a_row_that_is_likely_a_colleagues_client_is_not_added_and_tells_no_more_than_that(
    practice: Practice, rosa: Person, tmp_path: Path
) -> None:
    nia = colleague(practice, rosa, "Nia", Role.CLINICIAN)
    import_clients(practice, rosa, written(tmp_path, EXPORT))
    asked = written(tmp_path, "Name,Date of Birth\nJordan Whitfield,3/14/2007\nLee Park,5/1/1990\n")
    for dry_run in (True, False):
        report = import_clients(practice, nia, asked, dry_run=dry_run)
        assert (report.added, report.already_there) == (1, ())
        assert [(one.line, one.reason) for one in report.problems] == [(2, WITH_COLLEAGUE)]
        hints = [detail for _, detail in audit_details(practice, "client")]
        assert hints.count("duplicate-hinted") == 1
    assert [row.name for row in list_clients(practice, nia)] == ["Lee Park"]


def test_the_headers_of_practice_managers_are_known() -> None:
    simple = ("First name", "Last name", "Preferred name", "Date of birth", "Email", "Phone", "Zip code", "Status")
    assert guess_columns(simple) == {
        "first_name": "First name",
        "last_name": "Last name",
        "used_name": "Preferred name",
        "born_on": "Date of birth",
        "email": "Email",
        "phone": "Phone",
        "postal_code": "Zip code",
        "status": "Status",
    }
    other = ("Patient_Name", "DOB", "E-mail", "Cell_Phone", "Home_Phone", "Street_Address", "Insurance_Company")
    assert set(guess_columns(other)) == {
        "full_name",
        "born_on",
        "email",
        "mobile_phone",
        "home_phone",
        "address_line1",
        "payer_name",
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", None),
        ("1992-03-14", date(1992, 3, 14)),
        ("03/14/1992", date(1992, 3, 14)),
        ("3/14/92", date(1992, 3, 14)),
        ("1/1/26", date(2026, 1, 1)),
        ("12/31/26", date(1926, 12, 31)),
        ("Mar 14, 1992", date(1992, 3, 14)),
        ("1992-03-14T00:00:00Z", date(1992, 3, 14)),
        ("1992-03-14 00:00:00", date(1992, 3, 14)),
    ],
)
def test_dates_are_read_as_americans_write_them(text: str, day: date | None) -> None:
    assert parse_date(text, "birth date", TODAY) == day
