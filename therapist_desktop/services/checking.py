"""Checking a whole practice: the file, the audit chain, signatures, notes, superbills and the search index."""

from __future__ import annotations

from dataclasses import dataclass

from therapist_desktop.models.people import Person
from therapist_desktop.services.access import require_owner
from therapist_desktop.services.audit_trail import PROMISE, verify_audit_chain
from therapist_desktop.services.note_verification import verify_notes
from therapist_desktop.services.safety_plan_seals import verify_safety_plans
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.services.superbill_verification import verify_superbills
from therapist_desktop.storage import search_index
from therapist_desktop.storage.practice import Practice


@dataclass(frozen=True)
class CheckLine:
    """One thing that was checked."""

    what: str
    found: str
    """What was found, or in one sentence what is wrong."""
    whole: bool


@dataclass(frozen=True)
class CheckReport:
    """Everything that was checked."""

    lines: tuple[CheckLine, ...]
    promise: str = PROMISE
    """What the audit chain does not promise."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong anywhere."""
        return all(line.whole for line in self.lines)


def check_practice(practice: Practice, person: Person) -> CheckReport:
    """Check all of a practice; only an owner can. Ten years of a group take some seconds."""
    require_owner(person)
    with practice.database.alone() as connection:
        faults = connection.faults()
    if faults:
        # What stands in a damaged file cannot be read with any trust.
        found = f"{len(faults)} faults. Make no more changes; restore the latest proven backup into a new folder."
        return CheckReport((CheckLine("encrypted file", found, whole=False),))
    chain, signatures = verify_audit_chain(practice), verify_signatures(practice)
    notes, safety_plans, superbills = (
        verify_notes(practice),
        verify_safety_plans(practice),
        verify_superbills(practice),
    )
    with practice.reading() as session:
        found_all = search_index.agrees(session)
    return CheckReport(
        (
            CheckLine("encrypted file", "every page and reference", whole=True),
            _line("audit chain", f"{chain.events} entries. {chain.remark}".rstrip(". "), chain.fault),
            _line("signatures", str(signatures.signatures), signatures.fault),
            _line("signed notes", str(notes.notes), notes.fault),
            _line("safety plans in use", str(safety_plans.plans), safety_plans.fault),
            _line("superbills", str(superbills.superbills), superbills.fault),
            _line(
                "search index", "agrees with the records", "" if found_all else "It lacks records or has too many."
            ),
        )
    )


def _line(what: str, found: str, fault: str) -> CheckLine:
    return CheckLine(what, fault or found, whole=not fault)
