"""A month of superbills: looked over, issued, and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from benchmarks.bare_paper import draw, strings_of
from benchmarks.comparison import Comparison, Stopwatch, compare, timed, undisturbed
from benchmarks.subject import Subject, Workplace
from therapist_desktop.models.canonical import from_canonical
from therapist_desktop.models.superbill_content import SuperbillContent
from therapist_desktop.reports.superbill import build
from therapist_desktop.services.superbills import issue_month, month_overview

_MONTH_BY_HAND = (
    "SELECT c.*, n.date_of_service, n.state, n.start, n.stop, n.modality, n.client_state FROM charge c "
    "LEFT JOIN session_note n ON n.id = c.note_id WHERE c.date_of_service BETWEEN ? AND ? ORDER BY c.date_of_service",
    "SELECT d.* FROM charge c JOIN note_diagnosis d ON d.note_id = c.note_id WHERE c.date_of_service BETWEEN ? AND ?",
    "SELECT p.*, a.* FROM charge c JOIN payment_allocation a ON a.charge_id = c.id "
    "JOIN payment p ON p.id = a.payment_id WHERE c.date_of_service BETWEEN ? AND ?",
)
_NEWEST_PAPER = "SELECT superbill_id, pdf, content FROM superbill_document ORDER BY superbill_id DESC LIMIT 1"


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure the month that is still to be billed."""
    with subject.open() as desk:
        first, last = desk.last_month
        month = (desk.reference, first.year, first.month)
        yield compare(
            "look a month of superbills over",
            timed(lambda _number: month_overview(desk.practice, desk.person, *month)),
            "its charges, diagnoses and payments by hand",
            timed(lambda _number: [desk.rows(query, str(first), str(last)) for query in _MONTH_BY_HAND]),
            subject.rounds(10),
            remark="every superbill drawn up and checked for what an insurer would reject",
        )
        yield _issuing(desk, first)
        ((_, pdf, content),) = desk.rows(_NEWEST_PAPER)
        superbill, pages = from_canonical(content, SuperbillContent), strings_of(pdf)
        yield compare(
            "draw the paper of a superbill",
            timed(lambda _number: build(superbill)),
            "the same strings on a bare canvas",
            timed(lambda _number: draw(pages)),
            subject.rounds(60),
        )


def _issuing(desk: Workplace, first: date) -> Comparison:
    """Issue the month; after each superbill, draw its very strings on a bare canvas."""
    program: list[float] = []
    bare: list[float] = []
    strings: list[int] = []
    newest = max((row[0] for row in desk.rows(_NEWEST_PAPER)), default=0)
    watch = Stopwatch()

    def after_one(_done: int, _total: int) -> None:
        nonlocal newest
        taken = watch.seconds
        ((superbill_id, pdf, _),) = desk.rows(_NEWEST_PAPER)
        if superbill_id != newest:  # or else an insurer would send it back, and it was not issued
            newest = superbill_id
            pages = strings_of(pdf)
            strings.extend(len(page) for page in pages)
            program.append(taken / len(pages))
            bare.append(timed(lambda _number: draw(pages))(0) / len(pages))
        watch.begin_again()

    with undisturbed():
        watch.begin_again()
        result = issue_month(desk.practice, desk.person, desk.reference, first.year, first.month, progress=after_one)
    return Comparison(
        name="issue a month of superbills, per page",
        bare_name="the same strings on a bare canvas",
        program=tuple(program),
        bare=tuple(bare),
        remark=f"{len(result.issued)} superbills, {len(strings)} pages of {sum(strings) // len(strings)} strings, "
        f"{sum(program):.1f} s in all; each drawn up, checked, numbered, printed and kept on its own",
    )
