"""What was signed of a note, read back from the signed bytes themselves and checked against their hash."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.canonical import from_canonical, sha256_hex
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.letterhead_content import SignatureContent
from therapist_desktop.models.note_content import AmendmentContent, NoteContent, SignedAmendment
from therapist_desktop.models.session_note import Amendment
from therapist_desktop.models.signature import Signature, SignedKind
from therapist_desktop.services.signing import signatures_of, signed_bytes

BROKEN = (
    "What is stored of this note is not what was signed. Do not use it: "
    "check the practice, and compare with the latest backup."
)


@dataclass(frozen=True)
class SignedNote:
    """The content of a note as it was signed, and who signed it, the author first."""

    content: NoteContent
    signatures: tuple[SignatureContent, ...]

    @property
    def sha256(self) -> str:
        """The hash by which amendments refer to it."""
        return self.signatures[0].content_sha256


def signed_note(session: Session, note_id: int) -> SignedNote:
    """Return a signed note; raises ``UserError`` if its bytes are missing or were changed."""
    signatures = signatures_of(session, SignedKind.SESSION_NOTE, note_id)
    if len({signature.content_sha256 for signature in signatures}) != 1:
        raise UserError(BROKEN)
    content = from_canonical(_sealed_bytes(session, signatures[0]), NoteContent)
    return SignedNote(content, tuple(signature.content() for signature in signatures))


def signed_amendments(session: Session, note_id: int) -> tuple[SignedAmendment, ...]:
    """Return what was written beside a note, oldest first; raises ``UserError`` if something was changed."""
    signatures = session.scalars(
        select(Signature)
        .where(
            Signature.record_kind == SignedKind.AMENDMENT,
            Signature.record_id.in_(select(Amendment.id).where(Amendment.note_id == note_id)),
        )
        .order_by(Signature.id)
    ).all()
    return tuple(
        SignedAmendment(
            amendment=from_canonical(_sealed_bytes(session, signature), AmendmentContent),
            signature=signature.content(),
        )
        for signature in signatures
    )


def _sealed_bytes(session: Session, signature: Signature) -> bytes:
    try:
        data = signed_bytes(session, signature.id)
    except (LookupError, zlib.error) as error:
        raise UserError(BROKEN) from error
    if sha256_hex(data) != signature.content_sha256:
        raise UserError(BROKEN)
    return data
