"""The head of a document: what it is on the left, whose it is on the right."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from therapist_desktop.models.letterhead_content import AddressContent, LicenceContent, PracticeContent
from therapist_desktop.reports import styles
from therapist_desktop.reports.pieces import BARE, MISSING
from therapist_desktop.reports.printable import bold, label

_NPI_KINDS = {1: "NPI", 2: "NPI (organization)"}


def practice_name(practice: PracticeContent) -> str:
    """Return the name by which clients know the practice."""
    return practice.trade_name or practice.legal_name


def letterhead(
    title: str, subtitles: Sequence[str], practice: PracticeContent, width: float, *, billing: bool = False
) -> Flowable:
    """Return the head; ``subtitles`` are markup, ``billing`` adds what an insurer needs of the practice."""
    left: list[Flowable] = [Paragraph(label(title), styles.TITLE), Spacer(1, 3)]
    left += [Paragraph(line, styles.SUBTITLE) for line in subtitles if line]
    right = [Paragraph(bold(practice_name(practice)) or MISSING, styles.SMALL_RIGHT)]
    right += [Paragraph(line, styles.SMALL_RIGHT) for line in _practice_lines(practice, billing=billing)]
    return Table(
        [[left, right]],
        colWidths=[width * 0.62, width * 0.38],
        splitInRow=1,
        style=[
            *BARE,
            ("TOPPADDING", (1, 0), (1, 0), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 12),
        ],
    )


def _practice_lines(practice: PracticeContent, *, billing: bool) -> list[str]:
    lines = []
    if practice.trade_name and practice.trade_name != practice.legal_name:
        lines.append(label(practice.legal_name))
    if practice.address:
        lines += address_lines(practice.address)
    elif billing:
        lines.append(f"Address {MISSING}")
    numbers = [part for part in (practice.phone, practice.fax and f"fax {practice.fax}") if part]
    lines += [label(line) for line in (" · ".join(numbers), practice.email) if line]
    if billing:
        lines.append(f"{_NPI_KINDS.get(practice.npi_kind or 0, 'NPI')} {label(practice.npi) or MISSING}")
        lines.append(f"{label(practice.tax_id_kind) or 'Tax ID'} {label(practice.tax_id) or MISSING}")
        if practice.pay_to_address and practice.pay_to_address != practice.address:
            lines.append("Pay to: " + ", ".join(address_lines(practice.pay_to_address)))
    return lines


def address_lines(address: AddressContent) -> list[str]:
    """Return the street and the town as markup, one line each."""
    street = ", ".join(part for part in (address.line1, address.line2) if part)
    town = address.lines[-1] if address.city or address.state or address.postal_code else ""
    return [label(line) for line in (street, town) if line]


def licence_line(licence: LicenceContent | None) -> str:
    """Return “License ME LCSW LC12345” as markup."""
    known = licence and " ".join(part for part in (licence.state, licence.kind, licence.number) if part)
    return f"License {label(known) if known else MISSING}"
