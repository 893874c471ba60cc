"""Searching names, contacts, notes and plans, as far as somebody may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from therapist_desktop.models.client import Client
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.search_entry import SearchEntry, SearchKind
from therapist_desktop.services.access import may_see_clinical, visible_clients
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class SearchHit:
    """Something that was found: enough to show a line and to open it."""

    kind: SearchKind
    record_id: int
    client_id: int
    client_name: str
    on_date: date | None
    title: str


def search(
    practice: Practice,
    person: Person,
    query: str,
    *,
    kinds: tuple[SearchKind, ...] = (),
    client_id: int | None = None,
    limit: int = 50,
) -> tuple[SearchHit, ...]:
    """Return what has all the words, best first. Opening what was found is what the audit trail notes."""
    conditions: list[ColumnElement[bool]] = []
    if not person.has(Role.OWNER, Role.BILLER):
        conditions.append(SearchEntry.client_id.in_(select(Client.id).where(visible_clients(person))))
    if not may_see_clinical(person):
        conditions.append(SearchEntry.kind.in_([kind for kind in SearchKind if not kind.clinical]))
    if kinds:
        conditions.append(SearchEntry.kind.in_(kinds))
    if client_id is not None:
        conditions.append(SearchEntry.client_id == client_id)
    with practice.reading() as session:
        found = search_index.find(session, query, *conditions, limit=limit)
        ids = {one.client_id for one in found}
        names = {
            row[0]: f"{row[1] or row[2]} {row[3]}".strip()
            for row in session.execute(
                select(Client.id, Client.used_name, Client.first_name, Client.last_name).where(Client.id.in_(ids))
            )
        }
    return tuple(
        SearchHit(one.kind, one.record_id, one.client_id, names[one.client_id], one.on_date, one.title)
        for one in found
    )
