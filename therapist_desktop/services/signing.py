"""Signing: who, as whom, when, over which exact content, chained to the signature before (clinical.md 6.4)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from therapist_desktop.models.canonical import canonical_bytes, sha256_hex
from therapist_desktop.models.people import Person
from therapist_desktop.models.signature import (
    FIRST_LINK,
    Meaning,
    Signature,
    SignedContent,
    SignedKind,
    licence_text,
)
from therapist_desktop.services.audit_trail import Action, record_event
from therapist_desktop.storage.key_file import WrongSecretError
from therapist_desktop.storage.practice import Practice


def confirm_signer(practice: Practice, person: Person, password: str, *, at: str = "signature") -> None:
    """Raise ``UserError`` unless the password is the signer’s own; a wrong one is noted in the audit trail.

    ``at`` is the machine word for what it was asked for.
    """
    with wrong_secret_noted(practice, person, at=at):
        practice.check_password(person.id, password)


@contextmanager
def wrong_secret_noted(practice: Practice, person: Person, *, at: str) -> Iterator[None]:
    """Write to the audit trail that what somebody typed in the block opened nothing; the error goes on its way."""
    try:
        yield
    except WrongSecretError:
        with practice.writing() as session:
            record_event(
                session,
                practice,
                person.id,
                Action.FAILED_SIGN_IN,
                record_kind="person",
                record_id=person.id,
                detail=f"at:{at}",
            )
        raise


@dataclass(frozen=True, kw_only=True)
class ToSign:
    """One record about to be signed. The caller has checked the password and the rules of the record."""

    person: Person
    kind: SignedKind
    record_id: int
    client_id: int
    content: object
    meaning: Meaning
    moment: datetime


def add_signature(
    session: Session,
    practice: Practice,
    person: Person,
    *,
    kind: SignedKind,
    record_id: int,
    client_id: int,
    content: object,
    meaning: Meaning = Meaning.AUTHOR,
) -> Signature:
    """Sign the canonical bytes of ``content``. The caller has checked the password and the rules of the record."""
    wish = ToSign(
        person=person,
        kind=kind,
        record_id=record_id,
        client_id=client_id,
        content=content,
        meaning=meaning,
        moment=practice.clock(),
    )
    return add_signatures(session, [wish])[0]


def add_signatures(session: Session, wishes: Iterable[ToSign]) -> list[Signature]:
    """Sign many records in their order, as an import does, at a fraction of the cost of one after the other."""
    previous = session.scalar(select(Signature.link_sha256).order_by(Signature.id.desc()).limit(1)) or FIRST_LINK
    signatures: list[Signature] = []
    signed: list[bytes] = []
    for wish in wishes:
        data = canonical_bytes(wish.content)
        signature = _signature(wish, sha256_hex(data), previous)
        previous = signature.link_sha256
        signatures.append(signature)
        signed.append(data)
    session.add_all(signatures)
    session.flush()
    session.add_all(
        SignedContent(signature_id=signature.id, compressed=zlib.compress(data, 6))
        for signature, data in zip(signatures, signed, strict=True)
    )
    return signatures


def _signature(wish: ToSign, content_sha256: str, previous: str) -> Signature:
    person = wish.person
    licence = person.licence_on(wish.moment.date())
    signature = Signature(
        record_kind=wish.kind,
        record_id=wish.record_id,
        client_id=wish.client_id,
        person_id=person.id,
        meaning=wish.meaning,
        name=person.name,
        credentials=person.credentials,
        licence=licence_text(licence.kind, licence.number, licence.state, licence.expires_on) if licence else "",
        signed_at=wish.moment,
        content_sha256=content_sha256,
        previous_sha256=previous,
    )
    signature.link_sha256 = signature.link()
    return signature


def signatures_of(session: Session, kind: SignedKind, record_id: int) -> list[Signature]:
    """Return the signatures of a record, oldest first."""
    return list(
        session.scalars(
            select(Signature)
            .where(Signature.record_kind == kind, Signature.record_id == record_id)
            .order_by(Signature.id)
        )
    )


def signed_bytes(session: Session, signature_id: int) -> bytes:
    """Return the exact canonical bytes that were signed."""
    compressed = session.scalar(select(SignedContent.compressed).where(SignedContent.signature_id == signature_id))
    if compressed is None:
        raise LookupError("a signature without its content")
    return zlib.decompress(compressed)


@dataclass(frozen=True)
class SignatureReport:
    """What verifying the signatures found."""

    signatures: int
    fault: str = ""


def verify_signatures(practice: Practice) -> SignatureReport:
    """Recompute every signature’s link and compare every signed content with its hash."""
    count, previous = 0, FIRST_LINK
    with practice.reading() as session:
        rows = session.execute(
            select(Signature, SignedContent.compressed)
            .outerjoin(SignedContent, SignedContent.signature_id == Signature.id)
            .order_by(Signature.id)
            .execution_options(yield_per=500)
        )
        for signature, compressed in rows:
            count += 1
            if signature.previous_sha256 != previous or signature.link() != signature.link_sha256:
                return SignatureReport(count, f"Signature {count} was changed, or one before it was removed.")
            if not compressed or sha256_hex(zlib.decompress(compressed)) != signature.content_sha256:
                return SignatureReport(count, f"The content under signature {count} is not what was signed.")
            previous = signature.link_sha256
    return SignatureReport(count)
