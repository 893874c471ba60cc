"""A protected PDF opens with its password and not without it."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from tests.reports.paper import Paper
from tests.reports.sample_superbills import SUPERBILL
from therapist_desktop.models.errors import UserError
from therapist_desktop.reports import superbill
from therapist_desktop.reports.protect import with_password

PASSWORD = "Straße über dem Fluß 7"


@pytest.fixture(scope="module")
def protected() -> bytes:
    return with_password(superbill.build(SUPERBILL), PASSWORD)


def test_it_opens_with_its_password_and_reads_as_before(protected: bytes) -> None:
    assert "Superbill 2026-10-0147" in Paper(protected, PASSWORD).text


@pytest.mark.parametrize("wrong", [None, "", "straße über dem fluß 7"])
def test_it_does_not_open_with_another_password(protected: bytes, wrong: str | None) -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        Paper(protected, wrong)


def test_it_is_aes_256_of_revision_6(protected: bytes) -> None:
    with pikepdf.open(BytesIO(protected), password=PASSWORD) as document:
        assert document.encryption.R == 6
        assert document.encryption.bits == 256
        assert document.encryption.stream_method == pikepdf.models.encryption.EncryptionMethod.aesv3


def test_neither_words_nor_properties_can_be_read_in_the_file(protected: bytes) -> None:
    assert b"Harbor" not in protected
    assert b"Reyes" not in protected


@pytest.mark.parametrize("password", ["", "ß" * 64])
def test_a_password_that_would_not_protect_is_refused(password: str) -> None:
    with pytest.raises(UserError):
        with_password(superbill.build(SUPERBILL), password)


def test_a_password_of_the_greatest_length_counts_to_its_last_letter() -> None:
    longest = "p" * 126
    pdf = with_password(superbill.build(SUPERBILL), longest + "a")
    assert Paper(pdf, longest + "a").pages
    with pytest.raises(pypdfium2.PdfiumError):
        Paper(pdf, longest + "b")
