"""The list of superbills: which stand, which are void, what was delivered, and whose paid column is outdated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased

from therapist_desktop.models.billing import PaymentAllocation
from therapist_desktop.models.client import Client
from therapist_desktop.models.people import Person
from therapist_desktop.models.superbill import Superbill, SuperbillEvent, SuperbillEventKind, SuperbillLineRecord
from therapist_desktop.models.superbill_content import SuperbillState
from therapist_desktop.services.access import require_billing, require_client, visible_clients
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True, kw_only=True)
class SuperbillRow:
    """A line of the list of superbills; money in cents."""

    superbill_id: int
    number: str
    client_id: int
    client_name: str
    issued_on: date
    period_from: date
    period_to: date
    charge_cents: int
    paid_cents: int
    """Paid as it is printed."""
    paid_now_cents: int
    """Paid for the same charges by now."""
    state: SuperbillState
    void_reason: str
    replaces_number: str
    replaced_by_number: str
    delivered_at: datetime | None
    delivered_how: str

    @property
    def outdated(self) -> bool:
        """Whether the paid column no longer says what is true, so that a corrected copy would help."""
        return self.state is SuperbillState.ISSUED and self.paid_now_cents != self.paid_cents


def list_superbills(practice: Practice, person: Person, client_id: int | None = None) -> tuple[SuperbillRow, ...]:
    """Return the superbills of a client, or of every client the person may see, the newest first."""
    require_billing(person)
    replaced, replacing = aliased(Superbill), aliased(Superbill)
    statement = (
        select(
            Superbill,
            Client.first_name,
            Client.used_name,
            Client.last_name,
            _paid_now(),
            replaced.number,
            replacing.number,
        )
        .join(Client, Client.id == Superbill.client_id)
        .outerjoin(replaced, replaced.id == Superbill.replaces_id)
        .outerjoin(replacing, replacing.replaces_id == Superbill.id)
        .where(visible_clients(person))
        .order_by(Superbill.id.desc())
    )
    events = select(SuperbillEvent).order_by(SuperbillEvent.id)
    if client_id is not None:
        statement = statement.where(Superbill.client_id == client_id)
        events = events.join(Superbill, Superbill.id == SuperbillEvent.superbill_id).where(
            Superbill.client_id == client_id
        )
    with practice.writing() as session:
        if client_id is not None:
            require_client(session, person, client_id)
        last_event = {(one.superbill_id, one.kind): one for one in session.scalars(events)}
        found = session.execute(statement).all()
        record_event(session, practice, person.id, Action.VIEW, record_kind="superbills", client_id=client_id)
    rows = []
    for superbill, first_name, used_name, last_name, paid_now_cents, replaces, replaced_by in found:
        voided = last_event.get((superbill.id, SuperbillEventKind.VOIDED))
        delivered = last_event.get((superbill.id, SuperbillEventKind.DELIVERED))
        rows.append(
            SuperbillRow(
                superbill_id=superbill.id,
                number=superbill.number,
                client_id=superbill.client_id,
                client_name=f"{used_name or first_name} {last_name}".strip(),
                issued_on=superbill.issued_on,
                period_from=superbill.period_from,
                period_to=superbill.period_to,
                charge_cents=superbill.charge_cents,
                paid_cents=superbill.paid_cents,
                paid_now_cents=paid_now_cents,
                state=SuperbillState.VOID if voided else SuperbillState.ISSUED,
                void_reason=voided.text if voided else "",
                replaces_number=replaces or "",
                replaced_by_number=replaced_by or "",
                delivered_at=delivered.moment if delivered else None,
                delivered_how=delivered.text if delivered else "",
            )
        )
    return tuple(rows)


def _paid_now() -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(PaymentAllocation.amount_cents), 0))
        .join(SuperbillLineRecord, SuperbillLineRecord.charge_id == PaymentAllocation.charge_id)
        .where(SuperbillLineRecord.superbill_id == Superbill.id)
        .correlate(Superbill)
        .scalar_subquery()
    )
