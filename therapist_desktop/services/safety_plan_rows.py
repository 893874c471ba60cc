"""A safety plan between its rows, the draft an editor holds, and the content that is printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from therapist_desktop.models.canonical import canonical_bytes, sha256_hex
from therapist_desktop.models.client import Client
from therapist_desktop.models.safety_plan import MeansItem, MeansPresent, SafetyPlan, SafetyPlanRow
from therapist_desktop.models.safety_plan_content import MeansItemContent, SafetyPlanContent, SafetyPlanRowContent
from therapist_desktop.models.safety_plan_draft import SafetyPlanDraft, SafetyPlanRowDraft
from therapist_desktop.models.search_entry import SearchKind
from therapist_desktop.services.draft_keeping import copy_fields, fit
from therapist_desktop.storage import search_index

_PRINTED_FRAME = ("made_on", "language", "likelihood", "barriers", "kept_where", "copies_held_by")
_FRAME = (*_PRINTED_FRAME, "made_with", "review_on")
_PRINTED_ROW = ("text", "phone", "relation", "hours")
_ROW = (*_PRINTED_ROW, "part", "may_contact")
_MEANS = ("means", "storage", "action", "helper", "by_when", "done_on")


def load_safety_plan(session: Session, plan_id: int) -> SafetyPlan | None:
    """Return a version with all that it holds."""
    return session.scalars(
        select(SafetyPlan)
        .where(SafetyPlan.id == plan_id)
        .options(selectinload(SafetyPlan.rows), selectinload(SafetyPlan.means))
    ).one_or_none()


def draft_of(plan: SafetyPlan) -> SafetyPlanDraft:
    """Return what a loaded version says."""
    return SafetyPlanDraft(
        **{name: getattr(plan, name) for name in _FRAME},
        rows=tuple(
            SafetyPlanRowDraft(
                **{name: getattr(row, name) for name in (*_PRINTED_ROW, "may_contact")}, part=row.named_part
            )
            for row in plan.rows
        ),
        means=tuple(
            MeansItemContent(**{name: getattr(item, name) for name in _MEANS}, present=item.present.value)
            for item in plan.means
        ),
    )


def write_draft(plan: SafetyPlan, draft: SafetyPlanDraft) -> None:
    """Make a loaded or new version say what the draft says. Its revision grows even if only a line changed."""
    copy_fields(draft, plan, _FRAME)
    fit(
        plan.rows,
        draft.rows,
        lambda one: SafetyPlanRow(part=one.part.value, text=one.text),
        lambda row, one: copy_fields(one, row, _ROW),
    )
    fit(
        plan.means,
        draft.means,
        lambda one: MeansItem(means=one.means, present=MeansPresent(one.present)),
        _write_means,
    )
    flag_modified(plan, "version")


def _write_means(row: MeansItem, item: MeansItemContent) -> None:
    copy_fields(item, row, _MEANS)
    row.present = MeansPresent(item.present)


def content_of(plan: SafetyPlan, client: Client, review_on: date | None) -> SafetyPlanContent:
    """Return what is printed, with no more of the client’s name than first name and initial."""
    draft = draft_of(plan)
    return SafetyPlanContent(
        **{name: getattr(draft, name) for name in _PRINTED_FRAME},
        client_id=client.id,
        client_name=client.short_name,
        first_name=client.used_name or client.first_name,
        version=plan.version,
        review_on=review_on,
        rows=tuple(
            SafetyPlanRowContent(part=row.part, **{name: getattr(row, name) for name in _PRINTED_ROW})
            for row in draft.rows
        ),
        means=draft.means,
    )


def seal_of(plan: SafetyPlan) -> str:
    """Return the SHA-256 of what a version says, whatever the client is called: it never changes once in use."""
    return sha256_hex(
        canonical_bytes({"client_id": plan.client_id, "version": plan.version, "content": draft_of(plan)})
    )


def index_safety_plan(session: Session, plan: SafetyPlan, draft: SafetyPlanDraft) -> None:
    """Put the words of a version into the search index."""
    search_index.put(
        session,
        SearchKind.SAFETY_PLAN,
        plan.id,
        client_id=plan.client_id,
        title=f"Safety plan, version {plan.version}",
        body="\n".join(filter(None, _words(draft))),
        on_date=draft.made_on,
    )


def _words(draft: SafetyPlanDraft) -> Iterator[str]:
    yield from (draft.made_with, draft.barriers, draft.kept_where, draft.copies_held_by)
    for row in draft.rows:
        yield from (row.text, row.phone, row.relation, row.hours)
    for item in draft.means:
        yield from (item.means, item.storage, item.action, item.helper)
