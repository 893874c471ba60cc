"""Checks of a superbill’s diagnoses: valid on each date of service, in order, and pointed to by every line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from therapist_desktop.catalogs.icd10 import (
    CodeStatus,
    Icd10Catalog,
    Verdict,
    canonical_code,
    is_external_cause,
)
from therapist_desktop.models.session_time import day_text
from therapist_desktop.models.superbill_content import (
    MAX_DIAGNOSES,
    MAX_POINTERS,
    POINTER_LETTERS,
    SuperbillContent,
    SuperbillLine,
)
from therapist_desktop.models.superbill_preflight_finding import Finding, Severity

WEAK_ALONE = "R45.851"
"""A symptom that, like every Z code, seldom gets paid as the primary diagnosis (clinical.md 1.2)."""


def diagnosis_findings(content: SuperbillContent, catalog: Icd10Catalog) -> Iterator[Finding]:
    """Yield what is wrong with the diagnoses and with the letters that point to them."""
    if not content.diagnoses:
        yield _finding(
            Severity.REJECTED,
            "diagnosis missing",
            "There is no diagnosis. Add one to the notes of these sessions.",
        )
        return
    if len(content.diagnoses) > MAX_DIAGNOSES:
        yield _finding(
            Severity.REJECTED,
            "too many diagnoses",
            f"There are {len(content.diagnoses)} diagnoses and room for {MAX_DIAGNOSES}. "
            "Make two superbills or leave some out.",
        )
    codes = [_code(one.code) for one in content.diagnoses]
    for letter, code in zip(POINTER_LETTERS, codes, strict=False):
        if not code:
            yield _finding(
                Severity.REJECTED,
                "diagnosis in words",
                f"Diagnosis {letter} is not an ICD-10-CM code. Choose the code from the list.",
            )
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        yield _finding(Severity.REJECTED, "diagnosis twice", f"{code} is listed twice. Remove one of the two.")
    for line in content.lines:
        yield from _pointer_findings(line, len(codes))
    used = _days_of_codes(content, codes)
    yield from _validity_findings(used, catalog)
    yield from _order_findings(content, codes, catalog)
    yield from _excludes1_findings(content, codes, catalog)
    pointed = {letter for line in content.lines for letter in line.pointers}
    for letter, code in zip(POINTER_LETTERS, codes, strict=False):
        if content.lines and code and letter not in pointed:
            yield _finding(
                Severity.ADVICE,
                "diagnosis not used",
                f"No line points to {letter}, {code}. Point a line to it or leave it out.",
            )


def _code(text: str) -> str:
    """Return the canonical code, empty if it is words; a word of seven letters looks like a code without digits."""
    code = canonical_code(text) or ""
    return code if any(letter.isdigit() for letter in code) else ""


def _pointer_findings(line: SuperbillLine, count: int) -> Iterator[Finding]:
    letters = line.pointers
    resolving = POINTER_LETTERS[: min(count, MAX_DIAGNOSES)]
    if not letters:
        sentence = "points to no diagnosis. Enter the letter of at least one."
    elif len(letters) > MAX_POINTERS:
        sentence = f"points to more than {MAX_POINTERS} diagnoses. Keep the most important."
    elif len(set(letters)) < len(letters):
        sentence = "points to a diagnosis twice. Remove one of the letters."
    elif not set(letters) <= set(resolving):
        allowed = "the letter A" if len(resolving) == 1 else f"the letters A to {resolving[-1]}"
        sentence = f"points to a diagnosis that is not listed. Use {allowed}."
    else:
        return
    yield Finding(
        severity=Severity.REJECTED,
        key="pointers",
        sentence=f"The line of {day_text(line.date_of_service)} {sentence}",
        fix="line.pointers",
        charge_id=line.charge_id,
    )


def _days_of_codes(content: SuperbillContent, codes: list[str]) -> dict[str, list[date]]:
    """For each code the dates it must be valid on; one no line points to, on all of them."""
    used: dict[str, list[date]] = {}
    all_days = {line.date_of_service for line in content.lines} or {content.issued_on}
    for place, code in enumerate(codes[:MAX_DIAGNOSES]):
        letter = POINTER_LETTERS[place]
        days = {line.date_of_service for line in content.lines if letter in line.pointers}
        if code:
            used[code] = sorted({*used.get(code, ()), *(days or all_days)})
    return used


def _validity_findings(used: dict[str, list[date]], catalog: Icd10Catalog) -> Iterator[Finding]:
    unsure: CodeStatus | None = None
    for code, days in used.items():
        by_problem: dict[str, list[CodeStatus]] = {}
        for status in (catalog.status(code, day) for day in days):
            if status.verdict is not Verdict.BILLABLE:
                by_problem.setdefault(status.problem, []).append(status)
            if not status.release_in_force:
                unsure = unsure or status
        for problem, found in by_problem.items():
            first = found[0]
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            # A code this year’s table does not know may be new, if that table is not the one in force.
            may_be_new = first.verdict is Verdict.UNKNOWN and not first.release_in_force
            yield _finding(
                Severity.QUESTIONED if may_be_new else Severity.REJECTED,
                "diagnosis not billable" if first.verdict is Verdict.NOT_BILLABLE else "diagnosis unknown",
                f"{day_text(first.date_of_service)}{more}: {problem}",
            )
    if unsure is not None:
        age = "older" if unsure.release.valid_to < unsure.date_of_service else "newer"
        yield _finding(
            Severity.ADVICE,
            "icd release",
            f"The diagnoses were checked against the {unsure.release.label} table, which is {age} than the one "
            f"in force on {day_text(unsure.date_of_service)}. Import that year’s table to be sure.",
            fix="catalog.icd10",
        )


def _order_findings(content: SuperbillContent, codes: list[str], catalog: Icd10Catalog) -> Iterator[Finding]:
    """A primary diagnosis is the first on the list, and the first of any line’s letters."""
    day_of: dict[str, date] = {}
    for line in content.lines:
        first = POINTER_LETTERS.find(line.pointers[:1]) if line.pointers else -1
        if 0 <= first < len(codes) and codes[first]:
            day_of.setdefault(codes[first], line.date_of_service)
    if codes[0]:
        day_of.setdefault(codes[0], content.issued_on)
    for code, day in day_of.items():
        first_note = catalog.code_first(code, day)
        if is_external_cause(code):
            yield _finding(
                Severity.REJECTED,
                "external cause first",
                f"{code} names an external cause and cannot come first. Put the disorder before it.",
            )
        elif first_note is not None and not first_note.conditional:
            yield _finding(
                Severity.REJECTED,
                "manifestation first",
                f"{code} cannot come first: the ICD-10-CM wants the underlying condition coded before it.",
            )
        elif code.startswith("Z") or code == WEAK_ALONE:
            yield _finding(
                Severity.QUESTIONED,
                "weak primary diagnosis",
                f"Many plans do not pay for {code} as the primary diagnosis. If there is a disorder, put it first.",
            )


def _excludes1_findings(content: SuperbillContent, codes: list[str], catalog: Icd10Catalog) -> Iterator[Finding]:
    """Only codes of the same date exclude each other: a diagnosis may change during a month."""
    together: dict[date, list[str]] = {}
    for line in content.lines:
        on_day = together.setdefault(line.date_of_service, [])
        places = map(POINTER_LETTERS.find, line.pointers)
        on_day += [codes[place] for place in places if 0 <= place < len(codes) and codes[place]]
    told: set[frozenset[str]] = set()
    for day, on_day in sorted(together.items()):
        for conflict in catalog.excludes1(on_day, day):
            pair = frozenset((conflict.code, conflict.excluded))
            if pair not in told:
                told.add(pair)
                yield _finding(
                    Severity.QUESTIONED,
                    "excludes1",
                    f"{conflict.code} and {conflict.excluded} are not coded together (Excludes1 at "
                    f"{conflict.stated_at}), but both stand on {day_text(day)}. Keep the one that applies.",
                )


def _finding(severity: Severity, key: str, sentence: str, fix: str = "note.diagnoses") -> Finding:
    return Finding(severity=severity, key=key, sentence=sentence, fix=fix)
