"""Checks of a superbill’s lines: code, time, place, modifiers, combinations and money (clinical.md 1.2, 1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from therapist_desktop.models.billing_rules import BillingRules
from therapist_desktop.models.identifiers import state_problem
from therapist_desktop.models.money import format_cents
from therapist_desktop.models.place_and_modifiers import (
    MODIFIERS_BY_MODALITY,
    is_telehealth,
    modality_problem,
    modifiers_problem,
    payer_problem,
    place_problem,
)
from therapist_desktop.models.session_time import day_text
from therapist_desktop.models.superbill_content import SuperbillContent, SuperbillLine
from therapist_desktop.models.superbill_preflight_finding import Finding, PreflightContext, Severity

MOST_LINES = 50
"""An electronic claim (837P) holds no more; a payer’s clerk would have to split a longer superbill."""

REPEAT_MODIFIERS = frozenset({"76", "77"})
"""Say that the same service was meant twice."""


def line_findings(content: SuperbillContent, rules: BillingRules, context: PreflightContext) -> Iterator[Finding]:
    """Yield what is wrong with each line and with lines of the same day."""
    if not content.lines:
        yield Finding(
            severity=Severity.REJECTED,
            key="no lines",
            sentence="There is nothing on this superbill. Choose at least one session.",
            fix="superbill.lines",
        )
    if len(content.lines) > MOST_LINES:
        yield Finding(
            severity=Severity.ADVICE,
            key="many lines",
            sentence=f"There are more than {MOST_LINES} lines. Make a superbill for each month.",
            fix="superbill.lines",
        )
    for line in content.lines:
        yield from _standing(line, content, context)
        yield from _code(line, rules)
        yield from _place(line, context)
        yield from _money(line)
    yield from _days(content, rules, context)
    oldest = min((line.date_of_service for line in content.lines), default=context.today)
    if context.today - oldest > timedelta(days=context.timely_filing_days):
        yield Finding(
            severity=Severity.ADVICE,
            key="timely filing",
            sentence=f"The session of {day_text(oldest)} was more than {context.timely_filing_days} days ago. "
            "Plans have deadlines: the client should send this soon.",
            fix="superbill.lines",
        )


def _standing(line: SuperbillLine, content: SuperbillContent, context: PreflightContext) -> Iterator[Finding]:
    """Whether the line may be on this superbill at all."""
    if line.date_of_service > context.today:
        yield _finding(
            line, Severity.REJECTED, "date in the future", "lies in the future. Take it off.", "line.date_of_service"
        )
    if context.client_started_on is not None and line.date_of_service < context.client_started_on:
        yield _finding(
            line,
            Severity.QUESTIONED,
            "date before start",
            f"lies before the client’s start on {day_text(context.client_started_on)}. Correct one of the dates.",
            "client.started_on",
        )
    if line.charge_id in context.absence_charge_ids:
        yield _finding(
            line,
            Severity.REJECTED,
            "absence fee",
            "is a fee for a missed session. No plan pays it: take it off.",
            "superbill.lines",
        )
    elif not line.note_signed:
        severity = Severity.REJECTED if context.signed_notes_required else Severity.QUESTIONED
        yield _finding(
            line, severity, "note not signed", "has no signed note. Sign the note first.", "note.signature"
        )
    number = context.held_by_number.get(line.charge_id, "")
    if number and number != content.replaces_number:
        yield _finding(
            line,
            Severity.REJECTED,
            "on another superbill",
            f"is already on superbill {number}. Take it off, or correct that superbill.",
            "superbill.lines",
        )


def _code(line: SuperbillLine, rules: BillingRules) -> Iterator[Finding]:
    if not line.code:
        yield _finding(
            line,
            Severity.REJECTED,
            "procedure code missing",
            "has no procedure code. Enter it in the code box of the service.",
            "service.code",
        )
        return
    if not re.fullmatch(r"[0-9A-Z][0-9]{3}[0-9A-Z]", line.code):
        yield _finding(
            line,
            Severity.REJECTED,
            "procedure code wrong",
            "has a procedure code that is not five characters, such as G0560. Correct it.",
            "service.code",
        )
    if not line.override_reason.strip() and (problem := rules.minutes_problem(line.code, line.minutes)):
        severity = Severity.QUESTIONED if line.minutes is None else Severity.REJECTED
        key = "minutes missing" if line.minutes is None else "minutes do not fit"
        yield _about(line, severity, key, problem, "line.minutes")
    if problem := rules.units_problem(line.code, line.units, line.minutes):
        yield _about(line, Severity.REJECTED, "units", problem, "line.units")


def _place(line: SuperbillLine, context: PreflightContext) -> Iterator[Finding]:
    if problem := place_problem(line.place_of_service, line.modality):
        yield _about(line, Severity.REJECTED, "place of service", problem, "line.place_of_service")
    if problem := modifiers_problem(line.modifiers):
        yield _about(line, Severity.REJECTED, "modifiers", problem, "line.modifiers")
    if problem := modality_problem(line.modality, line.modifiers):
        yield _about(line, Severity.REJECTED, "modifier unlike the session", problem, "line.modifiers")
    if not is_telehealth(line.modality):
        return
    if context.telehealth_rule is not None:
        if problem := payer_problem(line.modality, line.modifiers, context.telehealth_rule):
            yield _about(line, Severity.REJECTED, "telehealth modifier", problem, "line.modifiers")
    elif not set(line.modifiers) & MODIFIERS_BY_MODALITY[line.modality]:
        usual = "95" if line.modality == "video" else "93"
        yield _finding(
            line,
            Severity.ADVICE,
            "telehealth modifier",
            f"has no telehealth modifier. Most plans other than Medicare want {usual}: ask the plan.",
            "line.modifiers",
        )
    if state_problem(line.client_state):
        yield _finding(
            line,
            Severity.QUESTIONED,
            "client state missing",
            "was telehealth and does not say in which state the client was. Enter the state.",
            "note.client_state",
        )
    elif context.licensed_states and line.client_state.upper() not in context.licensed_states:
        yield _finding(
            line,
            Severity.QUESTIONED,
            "no licence in client state",
            f"was telehealth with the client in {line.client_state}, where the clinician has no license on "
            "record. Add the license or the compact, or correct the state.",
            "rendering.licence",
        )


def _money(line: SuperbillLine) -> Iterator[Finding]:
    if line.charge_cents <= 0:
        yield _finding(line, Severity.REJECTED, "no charge", "has no charge. Enter the fee.", "line.charge_cents")
    elif line.units > 1 and line.charge_cents % line.units:
        yield _finding(
            line,
            Severity.QUESTIONED,
            "charge is not fee times units",
            f"charges {format_cents(line.charge_cents)} for {line.units} units, which is no whole fee for each. "
            "Correct the fee or the units.",
            "line.charge_cents",
        )
    if line.paid_cents < 0:
        yield _finding(
            line,
            Severity.REJECTED,
            "paid less than nothing",
            "shows a payment below zero. Show a refund as a refund, not on a superbill.",
            "line.paid_cents",
        )
    elif line.paid_cents > line.charge_cents:
        yield _finding(
            line,
            Severity.REJECTED,
            "paid more than charged",
            f"shows {format_cents(line.paid_cents)} paid for a charge of {format_cents(line.charge_cents)}. "
            "Correct the payment.",
            "line.paid_cents",
        )


def _days(content: SuperbillContent, rules: BillingRules, context: PreflightContext) -> Iterator[Finding]:
    """What is wrong between lines of the same date."""
    for line in content.lines:
        same_day = [one.code for one in content.lines if one.date_of_service == line.date_of_service]
        same_day += [code for day, code in context.services_elsewhere if day == line.date_of_service]
        if problem := rules.add_on_problem(line.code, same_day):
            yield _about(line, Severity.REJECTED, "add-on alone", problem, "superbill.lines")
        if line.code and (line.date_of_service, line.code) in context.services_elsewhere:
            yield _duplicate(line, "is charged a second time outside this superbill")
    for one, other in combinations(content.lines, 2):
        if one.charge_id == other.charge_id:
            yield _finding(
                other,
                Severity.REJECTED,
                "charge twice",
                "stands here twice. Take one off.",
                "superbill.lines",
            )
        elif one.date_of_service == other.date_of_service and one.code and other.code:
            modifiers = {*one.modifiers, *other.modifiers}
            if problem := rules.pair_problem(one.code, other.code, modifiers):
                yield _about(other, Severity.REJECTED, "not on the same date", problem, "superbill.lines")
            elif one.code == other.code and not modifiers & {*rules.distinct_modifiers, *REPEAT_MODIFIERS}:
                yield _duplicate(other, f"has {other.code} twice")


def _duplicate(line: SuperbillLine, what: str) -> Finding:
    return _finding(
        line,
        Severity.QUESTIONED,
        "same service twice",
        f"{what}. Remove one, or add modifier 59 or 76 if there were two.",
        "superbill.lines",
    )


def _finding(line: SuperbillLine, severity: Severity, key: str, predicate: str, fix: str) -> Finding:
    """A finding whose sentence begins with the line it is about."""
    sentence = f"The line of {day_text(line.date_of_service)} {predicate}"
    return Finding(severity=severity, key=key, sentence=sentence, fix=fix, charge_id=line.charge_id)


def _about(line: SuperbillLine, severity: Severity, key: str, problem: str, fix: str) -> Finding:
    """A finding with the sentence of a rule, after the date."""
    sentence = f"{day_text(line.date_of_service)}: {problem}"
    return Finding(severity=severity, key=key, sentence=sentence, fix=fix, charge_id=line.charge_id)
