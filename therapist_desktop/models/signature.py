"""Signatures: who signed what, as whom, when; each chained to the one before (clinical.md 6.4)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from therapist_desktop.models.canonical import canonical_bytes, sha256_hex
from therapist_desktop.models.letterhead_content import SignatureContent
from therapist_desktop.models.moment import moment_text
from therapist_desktop.models.record import Numbered

FIRST_LINK = "0" * 64


class SignedKind(StrEnum):
    """What can be signed."""

    SESSION_NOTE = "session note"
    AMENDMENT = "amendment"
    TREATMENT_PLAN = "treatment plan"
    SAFETY_PLAN = "safety plan"
    SUPERBILL = "superbill"


class Meaning(StrEnum):
    """In which capacity somebody signs."""

    AUTHOR = "author"
    COSIGNER = "co-signer"


class Signature(Numbered, kw_only=True):
    """A signature over the canonical content of one record. It is never changed or deleted."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("record_kind", "record_id", "person_id", "meaning"),)

    record_kind: Mapped[SignedKind]
    record_id: Mapped[int]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    meaning: Mapped[Meaning]
    name: Mapped[str]
    credentials: Mapped[str]
    licence: Mapped[str]
    signed_at: Mapped[datetime]
    content_sha256: Mapped[str]
    previous_sha256: Mapped[str]
    link_sha256: Mapped[str] = mapped_column(default="")

    def link(self) -> str:
        """Return the hash that binds this signature to its content and to the one before."""
        return sha256_hex(
            canonical_bytes(
                {
                    "record_kind": self.record_kind.value,
                    "record_id": self.record_id,
                    "client_id": self.client_id,
                    "person_id": self.person_id,
                    "meaning": self.meaning.value,
                    "name": self.name,
                    "credentials": self.credentials,
                    "licence": self.licence,
                    "signed_at": moment_text(self.signed_at),
                    "content_sha256": self.content_sha256,
                    "previous_sha256": self.previous_sha256,
                }
            )
        )

    def content(self) -> SignatureContent:
        """Return what a document prints of it."""
        return SignatureContent(
            name=self.name,
            credentials=self.credentials,
            licence=self.licence,
            meaning=self.meaning.value,
            signed_at=self.signed_at,
            content_sha256=self.content_sha256,
        )


class SignedContent(Numbered, kw_only=True):
    """The canonical bytes that were signed, compressed with zlib; apart, so that lists do not load them."""

    __tablename__ = "signed_content"

    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"), unique=True)
    compressed: Mapped[bytes] = mapped_column(LargeBinary)


def licence_text(kind: str, number: str, state: str, expires_on: date | None = None) -> str:
    """Return a licence in one string, as it is printed under a signature."""
    text = " ".join(part for part in (state, kind, number) if part)
    return f"{text}, expires {expires_on.isoformat()}" if text and expires_on else text
