"""Signatures as they are printed under clinical documents (clinical.md 6.4)."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from therapist_desktop.models.letterhead_content import SignatureContent
from therapist_desktop.reports import fonts, styles
from therapist_desktop.reports.figures import moment
from therapist_desktop.reports.pieces import rule
from therapist_desktop.reports.printable import bold, label

HASH_DIGITS = 16
"""Digits of the content’s SHA-256 that are printed: enough to tell two contents apart by eye."""

NOT_SIGNED = "DRAFT – not signed"

_FEW_LINES = 14.0
_TOO_TALL = 240.0
"""Points: a longer last paragraph is not moved to the next page for the sake of the signature."""


def signed(story: Sequence[Flowable], signatures: Sequence[SignatureContent], width: float) -> list[Flowable]:
    """Return the story with its signatures, or the word DRAFT; no first signature opens a page by itself."""
    if not signatures:
        return [*story, KeepTogether([Spacer(1, 14), Paragraph(f"<b>{NOT_SIGNED}</b>", styles.BODY)])]
    before, last_words = _parted(list(story), width)
    first, *others = (signature_block(signature) for signature in signatures)
    return [*before, KeepTogether([*last_words, *first]), *(KeepTogether(block) for block in others)]


def _parted(story: list[Flowable], width: float) -> tuple[list[Flowable], list[Flowable]]:
    """Part the last few lines from a story, a heading with what it heads."""
    last_words: list[Flowable] = []
    height = 0.0
    while story and height < _FEW_LINES:
        height += story[-1].wrap(width, styles.PAGE_HEIGHT * 100)[1]
        if height > _TOO_TALL:
            break
        last_words.insert(0, story.pop())
    while last_words and story and story[-1].getKeepWithNext():
        last_words.insert(0, story.pop())
    return story, last_words


def signature_block(signature: SignatureContent) -> list[Flowable]:
    """Return who signed, as what, when and over which content."""
    signer = ", ".join(part for part in (signature.name, signature.credentials) if part)
    lines = [
        bold(signer),
        f"License {label(signature.licence)}" if signature.licence else "",
        f"Signed electronically as {label(signature.meaning)}, {moment(signature.signed_at)}",
        f'Content <font name="{fonts.MONO}">{label(signature.content_sha256[:HASH_DIGITS])}</font>',
    ]
    return [
        Spacer(1, 18),
        rule(strong=True, width="45%"),
        Spacer(1, 4),
        *(Paragraph(line, styles.SMALL) for line in lines if line),
    ]


def line_to_sign(who: str) -> Flowable:
    """Return an empty line for a signature by hand and its date."""
    return KeepTogether(
        [
            Spacer(1, 34),
            rule(strong=True, width="45%"),
            Spacer(1, 4),
            Paragraph(f"{label(who)}, date", styles.SMALL),
        ]
    )
