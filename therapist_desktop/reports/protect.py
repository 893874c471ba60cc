"""A password on a PDF that leaves the house."""

from __future__ import annotations

from io import BytesIO

from therapist_desktop.models.errors import UserError

LONGEST_PASSWORD_BYTES = 127
"""PDF 2.0 (ISO 32000-2, algorithm 2.A) reads no more of a password than this; the rest would not protect."""


def with_password(pdf: bytes, password: str) -> bytes:
    """Return the PDF encrypted with AES-256 (revision 6), so that it opens only with ``password``.

    Raises ``UserError`` for a password that is empty or longer than the format can use.
    """
    if not password:
        raise UserError("Enter a password for this PDF.")
    if len(password.encode()) > LONGEST_PASSWORD_BYTES:
        raise UserError("This password is too long for a PDF. Choose one of at most 40 characters.")
    import pikepdf  # noqa: PLC0415  takes a tenth of a second, and few documents need it

    protected = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        document.save(protected, encryption=pikepdf.Encryption(owner=password, user=password, R=6))
    return protected.getvalue()
