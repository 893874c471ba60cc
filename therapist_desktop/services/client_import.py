"""Importing clients from another program’s CSV: good rows are kept, bad ones reported, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.canonical import canonical_bytes, sha256_hex
from therapist_desktop.models.client import Client
from therapist_desktop.models.client_likeness import LikenessStrength, folded, likeness_key
from therapist_desktop.models.identifiers import phone_digits
from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_billing
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.services.client_csv import CsvTable, check_columns, guess_columns, read_table
from therapist_desktop.services.client_csv_rows import ReadClient, read_clients
from therapist_desktop.services.client_duplicates import WITH_COLLEAGUE, find_duplicates, log_hidden
from therapist_desktop.services.clients import insert_client
from therapist_desktop.storage.practice import Practice

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RowProblem:
    """A row that was not imported, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do."""

    columns: Mapping[str, str]
    unused: tuple[str, ...]
    """Columns of the file that no field takes."""
    added: int
    already_there: tuple[int, ...]
    """Lines of clients who were imported before or are likely in the practice already."""
    problems: tuple[RowProblem, ...]


def import_clients(
    practice: Practice,
    person: Person,
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import the clients of a CSV file in one transaction.

    ``columns`` says which header holds which field, in place of or beside what is guessed. A file whose encoding or
    quotes are broken is refused as a whole. With ``dry_run`` no client is written. A row that is likely a colleague’s
    client is a problem that does not say whose; that it was told is noted, in a rehearsal too.
    """
    require_billing(person)
    table = read_table(path)
    chosen = {**guess_columns(table.headers), **(columns or {})}
    check_columns(chosen, table.headers)
    # As reading is a transaction of its own that is never kept, it serves for the rehearsal.
    with practice.reading() if dry_run else practice.writing() as session:
        taken = _take(session, practice, person, table, chosen, progress)
        if taken.added and not dry_run:
            detail = f"added:{taken.added}"
            record_event(session, practice, person.id, Action.IMPORT, record_kind="client", detail=detail)
    if taken.hidden:
        with practice.writing() as session:
            log_hidden(session, practice, person, taken.hidden)
    return ImportReport(
        columns=chosen,
        unused=tuple(header for header in table.headers if header not in chosen.values()),
        added=taken.added,
        already_there=tuple(taken.there),
        problems=tuple(taken.problems),
    )


@dataclass
class _Taken:
    """What became of the rows so far."""

    added: int = 0
    there: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    """Clients of colleagues that a row is likely the same as."""


def _take(
    session: Session,
    practice: Practice,
    person: Person,
    table: CsvTable,
    columns: Mapping[str, str],
    progress: Progress | None,
) -> _Taken:
    known = set(session.scalars(select(Client.import_key).where(Client.import_key.is_not(None))))
    taken = _Taken()
    for done, row in enumerate(read_clients(table, columns, practice.clock().date()), 1):
        if isinstance(row, tuple):
            taken.problems.append(RowProblem(*row))
        else:
            _take_client(session, practice, person, row, known, taken)
        if progress is not None:
            progress(done, len(table.rows))
    return taken


def _take_client(
    session: Session, practice: Practice, person: Person, row: ReadClient, known: set[str | None], taken: _Taken
) -> None:
    key = _import_key(row)
    found = find_duplicates(session, person, row.record, None)
    if any(one.strength is LikenessStrength.LIKELY for one in found.shown):
        taken.there.append(row.line)
    elif found.hidden:
        taken.hidden.extend(found.hidden)
        taken.problems.append(RowProblem(row.line, WITH_COLLEAGUE))
    elif key in known:
        taken.there.append(row.line)
    else:
        insert_client(session, practice, person, row.record, row.status, import_key=key)
        known.add(key)
        taken.added += 1


def _import_key(row: ReadClient) -> str:
    """Return what a row is known by when it is imported again: the other program’s number, or who it describes."""
    record = row.record
    if row.number:
        return f"number {sha256_hex(canonical_bytes([row.number, likeness_key(record.last_name)]))}"
    who = [
        folded(f"{record.first_name} {record.middle_name} {record.last_name}"),
        record.born_on.isoformat() if record.born_on else "",
        folded(record.email),
        sorted(phone_digits(phone.number) for phone in record.phones),
    ]
    return f"person {sha256_hex(canonical_bytes(who))}"
