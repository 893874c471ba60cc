"""The services the practice offers, in its own words, with its fees and the codes it typed itself."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TypedDict, Unpack

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import MOST_CENTS, format_cents
from therapist_desktop.models.people import Person, Role
from therapist_desktop.models.place_and_modifiers import modifiers_problem
from therapist_desktop.models.service import Service, ServiceKind
from therapist_desktop.paths import resources
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.storage.practice import Practice

_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
"""The form of procedure codes: CPT and HCPCS Level II have five characters."""


@dataclass(frozen=True, kw_only=True)
class ServiceRow:
    """A line of the list of services; money in cents for one unit."""

    service_id: int
    label: str
    kind: ServiceKind
    code: str
    min_minutes: int | None
    max_minutes: int | None
    fee_cents: int
    place_of_service: str
    modifiers: tuple[str, ...]
    add_ons: tuple[str, ...]
    active: bool


class ServiceFields(TypedDict, total=False):
    """What can be said of a service; see ``models.service``."""

    label: str
    kind: ServiceKind
    code: str
    min_minutes: int | None
    max_minutes: int | None
    fee_cents: int
    place_of_service: str
    modifiers: list[str]
    add_ons: list[str]
    position: int


class StarterService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service a new practice starts with; ``resources/catalogs/starter_services.toml`` explains the fields."""

    label: str
    kind: ServiceKind
    min_minutes: int | None = None
    max_minutes: int | None = None
    place: str = "11"
    add_ons: tuple[str, ...] = ()


class _StarterFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    service: tuple[StarterService, ...]


def starter_services() -> tuple[StarterService, ...]:
    """Return the services that ship with the program: plain names, no codes, no fees."""
    data = (resources() / "catalogs" / "starter_services.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(data), _StarterFile).service


def add_starter_services(practice: Practice, person: Person) -> int:
    """Add the starter services the practice does not have yet, by label; return how many were added."""
    _require_price_setter(person)
    with practice.writing() as session:
        known = set(session.scalars(select(Service.label)))
        added = [
            Service(
                label=one.label,
                kind=one.kind,
                min_minutes=one.min_minutes,
                max_minutes=one.max_minutes,
                place_of_service=one.place,
                add_ons=list(one.add_ons),
                position=place,
            )
            for place, one in enumerate(starter_services())
            if one.label not in known
        ]
        session.add_all(added)
        if added:
            record_event(
                session, practice, person.id, Action.CREATE, record_kind="service", detail=f"starter:{len(added)}"
            )
    return len(added)


def list_services(practice: Practice, *, include_retired: bool = False) -> tuple[ServiceRow, ...]:
    """Return the services in the practice’s order."""
    with practice.reading() as session:
        services = session.scalars(select(Service).order_by(Service.position, Service.id)).all()
    return tuple(_row(one) for one in services if one.active or include_retired)


def suggest_service(practice: Practice, minutes: int, kind: ServiceKind) -> ServiceRow | None:
    """Return the first service of a kind that so many minutes make, None if there is none."""
    with practice.reading() as session:
        services = session.scalars(
            select(Service)
            .where(Service.kind == kind, Service.active.is_(True))
            .order_by(Service.position, Service.id)
        ).all()
    return next((_row(one) for one in services if one.fits(minutes)), None)


def add_service(practice: Practice, person: Person, **given: Unpack[ServiceFields]) -> int:
    """Add a service at the end of the list, or where ``position`` says; return its number."""
    _require_price_setter(person)
    with practice.writing() as session:
        last = session.scalar(select(func.max(Service.position)))
        service = Service(label="", position=0 if last is None else last + 1)
        _apply(session, service, given)
        session.add(service)
        session.flush()
        record_event(session, practice, person.id, Action.CREATE, record_kind="service", record_id=service.id)
    return service.id


def change_service(practice: Practice, person: Person, service_id: int, **changes: Unpack[ServiceFields]) -> None:
    """Change a service for charges to come; charges already made keep what they were made with."""
    _require_price_setter(person)
    with practice.writing() as session:
        service = load_service(session, service_id)
        old_label = service.label
        _apply(session, service, changes)
        if service.label != old_label:
            _rename_add_on(session, old_label, service.label)
        detail = "fields:" + ",".join(sorted(changes))
        record_event(
            session, practice, person.id, Action.CHANGE, record_kind="service", record_id=service_id, detail=detail
        )


def retire_service(practice: Practice, person: Person, service_id: int) -> None:
    """Offer a service no longer. What was charged with it stays."""
    _set_active(practice, person, service_id, active=False)


def restore_service(practice: Practice, person: Person, service_id: int) -> None:
    """Offer a retired service again."""
    _set_active(practice, person, service_id, active=True)


def code_problem(code: str) -> str | None:
    """Say what is wrong with the form of a procedure code; an empty box is no problem until a superbill."""
    if code and not _CODE.fullmatch(code):
        return "A procedure code has five characters, such as G0560. Correct it or leave it empty."
    return None


def place_form_problem(place: str) -> str | None:
    """Say what is wrong with the form of a place of service."""
    if not re.fullmatch(r"[0-9]{2}", place):
        return "A place of service has two digits, such as 11 for the office. Correct it."
    return None


def load_service(session: Session, service_id: int) -> Service:
    """Return a service, retired or not."""
    service = session.get(Service, service_id)
    if service is None:
        raise UserError("There is no such service. Choose one from the list of services.")
    return service


def _set_active(practice: Practice, person: Person, service_id: int, *, active: bool) -> None:
    _require_price_setter(person)
    with practice.writing() as session:
        load_service(session, service_id).active = active
        record_event(
            session,
            practice,
            person.id,
            Action.CHANGE,
            record_kind="service",
            record_id=service_id,
            detail="restored" if active else "retired",
        )


def _require_price_setter(person: Person) -> None:
    if not person.has(Role.OWNER, Role.BILLER):
        raise UserError("Services and fees are set by the owner or the biller of the practice. Ask one of them.")


def _apply(session: Session, service: Service, given: ServiceFields) -> None:
    for name, value in given.items():
        setattr(service, name, value)
    service.label = service.label.strip()
    service.code = service.code.strip().upper()
    service.modifiers = [modifier.strip().upper() for modifier in service.modifiers]
    with session.no_autoflush:
        taken = session.scalar(select(Service.id).where(Service.label == service.label, Service.id != service.id))
        known = set(session.scalars(select(Service.label).where(Service.kind == ServiceKind.ADD_ON)))
    problem = _problem(service)
    if taken is not None:
        problem = "There is already a service with this name. Choose another name."
    elif set(service.add_ons) - known:
        problem = "An add-on must itself be in the list, as a service of the kind add-on. Add it there first."
    if problem:
        raise UserError(problem)


def _problem(service: Service) -> str | None:
    """Say what cannot be right about a service by itself."""
    least, most = service.min_minutes, service.max_minutes
    if not service.label:
        return "A service needs a name. Use your own words; the code has a box of its own."
    if not 0 <= service.fee_cents <= MOST_CENTS:
        return f"A fee is between $0.00 and {format_cents(MOST_CENTS)}. Correct it."
    if (least is not None and least < 0) or (most is not None and most < (least or 0)):
        return "The most minutes of a service cannot be fewer than the least. Correct the minutes."
    return (
        code_problem(service.code)
        or place_form_problem(service.place_of_service)
        or modifiers_problem(service.modifiers)
    )


def _rename_add_on(session: Session, old: str, new: str) -> None:
    for service in session.scalars(select(Service)):
        if old in service.add_ons:
            service.add_ons = [new if label == old else label for label in service.add_ons]


def _row(service: Service) -> ServiceRow:
    return ServiceRow(
        service_id=service.id,
        label=service.label,
        kind=service.kind,
        code=service.code,
        min_minutes=service.min_minutes,
        max_minutes=service.max_minutes,
        fee_cents=service.fee_cents,
        place_of_service=service.place_of_service,
        modifiers=tuple(service.modifiers),
        add_ons=tuple(service.add_ons),
        active=service.active,
    )
