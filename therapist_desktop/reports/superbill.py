"""The superbill: a statement of services already rendered that a client sends to their own insurer.

What it holds follows clinical.md 1.1 (fields of the CMS-1500, NUCC manual) and field.md 3.
"""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from therapist_desktop.models.letterhead_content import ClinicianContent
from therapist_desktop.models.superbill_content import POINTER_LETTERS, SuperbillContent
from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.figures import dollars, long_date, short_date
from therapist_desktop.reports.kit import Sheet, render
from therapist_desktop.reports.letterhead import address_lines, letterhead, licence_line, practice_name
from therapist_desktop.reports.pieces import BARE, MISSING, paragraphs, rule, side_by_side
from therapist_desktop.reports.printable import bold, label
from therapist_desktop.reports.superbill_lines import line_table

TITLE = "Statement for insurance reimbursement"
NOT_A_BILL = "This is a statement of services already rendered, not a bill."
CERTIFIED = "I certify that the services listed were rendered."
PAID_IN_FULL = "Paid in full by the client. Please reimburse the client directly."
CPT_NOTICE = "CPT is a registered trademark of the American Medical Association."

_TELEHEALTH = {"video", "audio"}


def build(content: SuperbillContent, void_reason: str = "") -> bytes:
    """Return the superbill as a PDF, with VOID across every page if ``void_reason`` is given.

    Without a number it is a preview and says so. What is missing is named in its place: whether a superbill
    may be issued is decided before, not here.
    """
    sheet = _sheet(content, void_reason)
    return render(lambda: _story(content, void_reason, sheet), sheet)


def _story(content: SuperbillContent, void_reason: str, sheet: Sheet) -> list[Flowable]:
    return [
        letterhead(TITLE, _subtitles(content), content.practice, sheet.width, billing=True),
        *(_void_banner(void_reason) if void_reason else []),
        side_by_side([_client(content), _insurance(content), _rendering(content)], sheet.width),
        Spacer(1, 12),
        *_other_providers(content),
        *_diagnoses(content, sheet.width),
        Spacer(1, 14),
        line_table(content, sheet.width),
        Spacer(1, 12),
        *_payments(content, sheet.width),
        KeepTogether([*_settlement(content), *_signature(content)]),
    ]


def _sheet(content: SuperbillContent, void_reason: str) -> Sheet:
    name = f"Superbill {content.number}" if content.number else "Superbill preview"
    void = "VOID · " if void_reason else ""
    return Sheet(
        title=name,
        author=practice_name(content.practice),
        made_on=content.issued_on,
        running_head=f"{void}{name} · {content.client.legal_name} · {practice_name(content.practice)}",
        foot=f"{void}{name} · issued {long_date(content.issued_on)}" if content.number else name,
        watermark="VOID" if void_reason else "" if content.number else "PREVIEW",
    )


def _subtitles(content: SuperbillContent) -> list[str]:
    number = f"Superbill {label(content.number)}" if content.number else "<b>Preview, not issued</b>"
    return [
        f"{number} · {'issued ' if content.number else ''}{long_date(content.issued_on)}",
        f"<b>Corrected: replaces superbill no. {label(content.replaces_number)}</b>"
        if content.replaces_number
        else "",
        NOT_A_BILL,
    ]


def _void_banner(reason: str) -> list[Flowable]:
    return [rule(strong=True), Spacer(1, 4), *paragraphs(f"VOID: {reason}", styles.SMALL_BOLD), Spacer(1, 8)]


def _block(heading: str, lines: list[str]) -> list[Flowable]:
    return [
        Paragraph(heading, styles.SMALL_BOLD),
        *(Paragraph(line, styles.SMALL) for line in lines if line),
    ]


def _client(content: SuperbillContent) -> list[Flowable]:
    client = content.client
    born = short_date(client.born_on) if client.born_on else MISSING
    address = address_lines(client.address) if client.address else [f"Address {MISSING}"]
    return _block(
        "Client",
        [
            label(client.legal_name) or MISSING,
            f"Born {born} · Sex {label(client.plan_sex) or MISSING}",
            *address,
            label(client.phone),
        ],
    )


def _insurance(content: SuperbillContent) -> list[Flowable]:
    policy = content.insurance
    if policy is None:
        return _block("Insurance", [f"Policy {MISSING}"])
    kind = f" ({label(policy.plan_kind)})" if policy.plan_kind else ""
    lines = [
        f"{label(policy.payer_name) or MISSING}{kind}",
        f"Member ID {label(policy.member_id) or MISSING}",
        f"Group {label(policy.group_number)}" if policy.group_number else "",
    ]
    if policy.relationship != "self":
        born = policy.subscriber_born_on
        lines += [
            f"Subscriber {label(policy.subscriber_name) or MISSING}",
            f"Subscriber born {short_date(born) if born else MISSING}",
            f"Client is the subscriber’s {label(policy.relationship) or MISSING}",
        ]
    else:
        lines.append("The client is the subscriber")
    if policy.prior_authorization:
        lines.append(f"Prior authorization {label(policy.prior_authorization)}")
    return _block("Insurance", lines)


def _rendering(content: SuperbillContent) -> list[Flowable]:
    clinician = content.rendering
    expires_on = clinician.licence.expires_on if clinician.licence else None
    return _block(
        "Rendering provider",
        [
            label(clinician.name_and_credentials) or MISSING,
            f"NPI {label(clinician.npi) or MISSING}",
            licence_line(clinician.licence),
            f"License expires {short_date(expires_on)}" if expires_on else "",
            f"Taxonomy {label(clinician.taxonomy) or MISSING}",
            label(clinician.phone),
        ],
    )


def _other_providers(content: SuperbillContent) -> list[Flowable]:
    lines = []
    if content.supervising:
        lines.append(
            f"Services rendered by {bold(content.rendering.name_and_credentials)}, under the supervision of "
            f"{bold(content.supervising.name_and_credentials)} ({_identifiers(content.supervising)})."
        )
    if content.referring:
        npi = label(content.referring.npi) or MISSING
        lines.append(f"Referred by {label(content.referring.name_and_credentials)} (NPI {npi}).")
    return [Paragraph(line, styles.SMALL) for line in lines] + ([Spacer(1, 12)] if lines else [])


def _identifiers(clinician: ClinicianContent) -> str:
    licence = licence_line(clinician.licence)
    return f"NPI\N{NO-BREAK SPACE}{label(clinician.npi) or MISSING}, {licence[0].lower()}{licence[1:]}"


def _diagnoses(content: SuperbillContent, width: float) -> list[Flowable]:
    heading = Paragraph("Diagnoses (ICD-10-CM, ICD indicator 0)", styles.SMALL_BOLD)
    if not content.diagnoses:
        return [heading, Paragraph(f"Diagnosis {MISSING}", styles.SMALL)]
    listed = list(zip(POINTER_LETTERS, content.diagnoses, strict=False))
    if not content.show_diagnosis_titles:
        codes = (f"{letter}\N{NO-BREAK SPACE}{bold(one.code) or MISSING}" for letter, one in listed)
        return [heading, Paragraph(" · ".join(codes), styles.SMALL)]
    rows = [
        [letter, Paragraph(bold(one.code) or MISSING, styles.SMALL), Paragraph(label(one.title), styles.SMALL)]
        for letter, one in listed
    ]
    return [
        heading,
        Table(
            rows,
            colWidths=[14, 50, width - 64],
            style=BARE,
        ),
    ]


def _payments(content: SuperbillContent, width: float) -> list[Flowable]:
    """List the payments three in a row, so that a year of them stays short."""
    if not content.payments:
        return []
    cells = [
        Paragraph(label(f"{short_date(one.received_on)} · {one.method} · {dollars(one.amount_cents)}"), styles.SMALL)
        for one in content.payments
    ]
    rows: list[list[Any]] = [list(cells[i : i + 3]) for i in range(0, len(cells), 3)]
    rows[-1] += [""] * (3 - len(rows[-1]))
    return [
        Paragraph("Payments received", styles.SMALL_BOLD),
        Table(rows, colWidths=[width / 3] * 3, style=BARE),
        Spacer(1, 8),
    ]


def _settlement(content: SuperbillContent) -> list[Flowable]:
    lines = _what_is_open(content)
    states = sorted({line.client_state for line in content.lines if line.modality in _TELEHEALTH} - {""})
    if states:
        lines.append(f"Telehealth: the client was located in {label(', '.join(states))}.")
    return [Paragraph(line, styles.SMALL) for line in lines]


def _what_is_open(content: SuperbillContent) -> list[str]:
    """Say truly what was paid: an insurer pays the client back only for what the client has paid."""
    if not content.lines:
        return []
    if not any(line.balance_cents for line in content.lines):
        return [f"<b>{PAID_IN_FULL}</b>"]
    charged, paid, balance = content.charge_cents, content.paid_cents, content.balance_cents
    if balance > 0:
        return [
            f"<b>The client has paid {dollars(paid)} of {dollars(charged)}; {dollars(balance)} is still open.</b>",
            *(["Please reimburse the client directly for what the client has paid."] if paid > 0 else []),
        ]
    if balance < 0:
        return [f"<b>The client has paid {dollars(-balance)} more than was charged; it is due back to them.</b>"]
    return ["<b>The total is paid; the column Balance shows lines that are paid in part or twice.</b>"]


def _signature(content: SuperbillContent) -> list[Flowable]:
    signer = label(content.rendering.name_and_credentials) or MISSING
    if not content.number:
        above, below = "Not signed", f"{signer} · signed when it is issued"
    elif content.signed_by:
        above = f'<font name="{fonts.ITALIC}" size="11">/s/ {label(content.signed_by)}</font>'
        below = f"{label(content.signed_by)} · signed {long_date(content.issued_on)}"
    else:
        above, below = "&nbsp;", f"{signer} · signature and date"
    flowables: list[Flowable] = [
        Spacer(1, 16),
        Paragraph(CERTIFIED, styles.SMALL),
        Spacer(1, 12),
        Paragraph(above, styles.SMALL),
        Spacer(1, 3),
        rule(strong=True, width="45%"),
        Spacer(1, 3),
        Paragraph(below, styles.SMALL),
    ]
    if any(line.code[:1].isdigit() for line in content.lines):
        flowables += [Spacer(1, 10), Paragraph(CPT_NOTICE, styles.FINE)]
    return flowables
