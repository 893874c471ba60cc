"""What the file itself refuses: signed, issued and logged rows never change, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

from therapist_desktop.storage.faults import REFUSAL

_SIGNED_NOTE = "This note is signed and never changes. Write an addendum or a correction instead."
_SIGNED_PLAN = "This version of the treatment plan is signed and never changes. Revise it to make a new version."
_SAFETY_PLAN = "This version of the safety plan is in use and never changes. Revise it to make a new version."
_LOGGED = "This entry is part of the permanent log and never changes."
_ISSUED = "This superbill is issued and never changes. Void it or issue a corrected one."
_MONEY = "Entries of money are never changed or deleted. Reverse this one instead."
_CLIENT = "A client record is not deleted like this; it is kept for the time the law asks."
_PERSON = "Somebody who worked here stays in the records. Remove the login instead."
_VAULT = "A practice never becomes another one."
_HELD = "This charge stands on a superbill. Void that superbill first, or issue a corrected one."

_APPEND_ONLY = {
    "signature": _LOGGED,
    "signed_content": _LOGGED,
    "audit_event": _LOGGED,
    "disclosure": _LOGGED,
    "safety_plan_review": _LOGGED,
    "amendment": _SIGNED_NOTE,
    "superbill": _ISSUED,
    "superbill_document": _ISSUED,
    "superbill_line": _ISSUED,
    "superbill_event": _ISSUED,
    "payment": _MONEY,
    "payment_allocation": _MONEY,
}

# Tables that are frozen while the record at their root is, and how each finds the state of that root.
_NOTE = "SELECT state FROM session_note WHERE id = {row}.note_id"
_PLAN = "SELECT state FROM treatment_plan WHERE id = {row}.plan_id"
_GOAL = "SELECT t.state FROM treatment_plan t JOIN plan_problem p ON p.plan_id = t.id WHERE p.id = {row}.problem_id"
_OBJECTIVE = (
    "SELECT t.state FROM treatment_plan t JOIN plan_problem p ON p.plan_id = t.id "
    "JOIN plan_goal g ON g.problem_id = p.id WHERE g.id = {row}.goal_id"
)
_INTERVENTION = (
    "SELECT t.state FROM treatment_plan t JOIN plan_problem p ON p.plan_id = t.id "
    "JOIN plan_goal g ON g.problem_id = p.id JOIN plan_objective o ON o.goal_id = g.id "
    "WHERE o.id = {row}.objective_id"
)
_SAFETY = "SELECT state FROM safety_plan WHERE id = {row}.plan_id"

_FROZEN_CHILDREN = {
    "note_section": (_NOTE, "signed", _SIGNED_NOTE),
    "note_diagnosis": (_NOTE, "signed", _SIGNED_NOTE),
    "note_objective": (_NOTE, "signed", _SIGNED_NOTE),
    "plan_diagnosis": (_PLAN, "signed", _SIGNED_PLAN),
    "plan_problem": (_PLAN, "signed", _SIGNED_PLAN),
    "plan_goal": (_GOAL, "signed", _SIGNED_PLAN),
    "plan_objective": (_OBJECTIVE, "signed", _SIGNED_PLAN),
    "plan_intervention": (_INTERVENTION, "signed", _SIGNED_PLAN),
    "safety_plan_row": (_SAFETY, "in use", _SAFETY_PLAN),
    "means_item": (_SAFETY, "in use", _SAFETY_PLAN),
}

_FROZEN_ROOTS = {
    "session_note": ("signed", _SIGNED_NOTE),
    "treatment_plan": ("signed", _SIGNED_PLAN),
    "safety_plan": ("in use", _SAFETY_PLAN),
}

# What of a charge never changes, and what may no longer change while a superbill shows it.
_CHARGE_MONEY = "client_id, clinician_id, note_id, service_id, created_at, date_of_service, units, fee_cents, minutes"
_CHARGE_WORDS = "label, code, modifiers, place_of_service, on_superbill, override_reason, reversed_at"


def trigger_statements() -> Iterator[str]:
    """Yield one CREATE TRIGGER statement for each rule."""
    for table, sentence in _APPEND_ONLY.items():
        for verb in ("UPDATE", "DELETE"):
            yield _trigger(f"{table}_keep_{verb.lower()}", f"BEFORE {verb} ON {table}", "", sentence)
    for table, (state, sentence) in _FROZEN_ROOTS.items():
        for verb in ("UPDATE", "DELETE"):
            yield _trigger(
                f"{table}_frozen_{verb.lower()}",
                f"BEFORE {verb} ON {table}",
                f"OLD.state = '{state}'",
                sentence,
            )
    for table, (query, state, sentence) in _FROZEN_CHILDREN.items():
        for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            frozen = " OR ".join(f"({query.format(row=row)}) = '{state}'" for row in rows)
            yield _trigger(f"{table}_frozen_{verb.lower()}", f"BEFORE {verb} ON {table}", frozen, sentence)
    yield _trigger("client_keep", "BEFORE DELETE ON client", "", _CLIENT)
    yield _trigger("person_keep", "BEFORE DELETE ON person", "", _PERSON)
    yield _trigger("person_number_keep", "BEFORE UPDATE OF id ON person", "", _PERSON)
    for verb in ("INSERT", "UPDATE", "DELETE"):
        yield _trigger(f"vault_keep_{verb.lower()}", f"BEFORE {verb} ON vault", "", _VAULT)
    yield _trigger("charge_keep", "BEFORE DELETE ON charge", "", _MONEY)
    yield _trigger("charge_money_keep", f"BEFORE UPDATE OF {_CHARGE_MONEY} ON charge", "", _MONEY)
    yield _trigger("charge_reversed_keep", "BEFORE UPDATE ON charge", "OLD.reversed_at IS NOT NULL", _MONEY)
    yield _trigger(
        "charge_held",
        f"BEFORE UPDATE OF {_CHARGE_WORDS} ON charge",
        "EXISTS (SELECT 1 FROM superbill_hold WHERE charge_id = OLD.id)",
        _HELD,
    )
    yield _trigger("superbill_hold_keep", "BEFORE UPDATE ON superbill_hold", "", _ISSUED)
    yield _trigger(
        "superbill_hold_release",
        "BEFORE DELETE ON superbill_hold",
        "NOT EXISTS (SELECT 1 FROM superbill_event WHERE superbill_id = OLD.superbill_id AND kind = 'voided')",
        _ISSUED,
    )
    yield _trigger("number_sequence_grows", "BEFORE UPDATE ON number_sequence", "NEW.last <= OLD.last", _ISSUED)
    yield _trigger("number_sequence_keep", "BEFORE DELETE ON number_sequence", "", _ISSUED)


def _trigger(name: str, event: str, condition: str, sentence: str) -> str:
    when = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} {event} FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}{sentence}'); END"
