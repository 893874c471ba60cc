"""A safety plan on paper: the client’s page, the card for the wallet, and a blank plan that needs no practice."""

from __future__ import annotations

from sqlalchemy.orm import Session

from therapist_desktop.catalogs.crisis_lines import CrisisLine, CrisisLines, Way
from therapist_desktop.models.client import Client
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.people import Person
from therapist_desktop.models.practice_facts import PracticeFacts
from therapist_desktop.models.safety_plan_content import CrisisLineContent, SafetyPlanPaper
from therapist_desktop.services.audit_trail import Action
from therapist_desktop.services.safety_plan_access import (
    EmergencyReason,
    allow_reading,
    current_safety_plan,
    log_safety_plan,
)
from therapist_desktop.services.safety_plan_rows import content_of
from therapist_desktop.services.safety_plans import next_review
from therapist_desktop.storage.practice import Practice

_NONE_IN_USE = (
    "There is no safety plan in use for this client. Put the draft in use, or print a blank one and fill it in."
)


def safety_plan_paper(
    practice: Practice,
    person: Person,
    client_id: int,
    *,
    break_glass: EmergencyReason | None = None,
    crisis_lines: CrisisLines | None = None,
) -> SafetyPlanPaper:
    """Return the plan in use as it is printed, to be looked at or copied into a phone."""
    return _paper(practice, person, client_id, Action.VIEW, "", break_glass, crisis_lines)


def print_safety_plan(
    practice: Practice,
    person: Person,
    client_id: int,
    *,
    large_print: bool = False,
    break_glass: EmergencyReason | None = None,
    crisis_lines: CrisisLines | None = None,
) -> bytes:
    """Return the client’s page as a PDF; the audit trail notes that it was printed."""
    from therapist_desktop.reports import safety_plan  # noqa: PLC0415  (slow to load)

    paper = _paper(practice, person, client_id, Action.PRINT, "page", break_glass, crisis_lines)
    return safety_plan.build(paper, large_print=large_print)


def print_wallet_card(
    practice: Practice,
    person: Person,
    client_id: int,
    *,
    break_glass: EmergencyReason | None = None,
    crisis_lines: CrisisLines | None = None,
) -> bytes:
    """Return the card for the wallet as a PDF; the audit trail notes that it was printed."""
    from therapist_desktop.reports import wallet_card  # noqa: PLC0415  (slow to load)

    paper = _paper(practice, person, client_id, Action.PRINT, "wallet-card", break_glass, crisis_lines)
    return wallet_card.build(paper)


def print_blank_safety_plan(
    *,
    practice_name: str = "",
    clinician_name: str = "",
    clinician_phone: str = "",
    language: str = "en",
    crisis_lines: CrisisLines | None = None,
) -> bytes:
    """Return a plan to be filled in by hand. It needs no open practice and no password, and logs nothing."""
    from therapist_desktop.reports import safety_plan  # noqa: PLC0415  (slow to load)

    paper = SafetyPlanPaper(
        plan=None,
        clinician_name=clinician_name,
        clinician_phone=clinician_phone,
        practice_name=practice_name,
        crisis_lines=printed_crisis_lines(crisis_lines),
    )
    return safety_plan.build(paper, language=language)


def printed_crisis_lines(crisis_lines: CrisisLines | None = None) -> tuple[CrisisLineContent, ...]:
    """Return the verified lines as a document prints them, most general first."""
    lines = CrisisLines() if crisis_lines is None else crisis_lines
    return tuple(CrisisLineContent(name=line.name, how=how_to_reach(line)) for line in lines.verified())


def how_to_reach(line: CrisisLine) -> str:
    """Return in a few words how to call or text a line, such as “Call or text 988”; other ways if it has neither."""
    call, text = _first(line, "call"), _first(line, "text")
    if call is None or text is None:
        return (call or text or line.ways[0]).instruction
    if (call.contact, call.then) == (text.contact, text.then):
        return f"Call or {_lower_first(text.instruction)}"
    return f"{call.instruction}, or {_lower_first(text.instruction)}"


def _first(line: CrisisLine, channel: str) -> Way | None:
    return next((way for way in line.ways if way.channel == channel), None)


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def _paper(
    practice: Practice,
    person: Person,
    client_id: int,
    action: Action,
    what: str,
    break_glass: EmergencyReason | None,
    crisis_lines: CrisisLines | None,
) -> SafetyPlanPaper:
    with practice.writing() as session:
        emergency = allow_reading(session, person, client_id, break_glass)
        plan = current_safety_plan(session, client_id)
        if plan is None:
            raise UserError(_NONE_IN_USE)
        client = session.get_one(Client, client_id)
        name, phone = _clinician(session, client.clinician_id or plan.author_id)
        facts = session.get_one(PracticeFacts, 1)
        paper = SafetyPlanPaper(
            plan=content_of(plan, client, next_review(session, plan)),
            clinician_name=name,
            clinician_phone=phone or facts.phone,
            practice_name=facts.trade_name or facts.legal_name,
            crisis_lines=printed_crisis_lines(crisis_lines),
        )
        log_safety_plan(
            session,
            practice,
            person,
            action,
            client_id=client_id,
            plan_id=plan.id,
            detail=" ".join(filter(None, (what, emergency))),
        )
    return paper


def _clinician(session: Session, person_id: int) -> tuple[str, str]:
    """Return whom the client calls: their clinician today, not whoever wrote or prints the plan."""
    clinician = session.get_one(Person, person_id)
    return clinician.name_and_credentials, clinician.phone
