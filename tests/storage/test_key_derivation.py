"""Argon2id as published, within bounds."""

from __future__ import annotations

import pytest

from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters, password_bytes


def test_the_standard_cost_is_the_second_recommendation_of_rfc_9106() -> None:
    assert (STANDARD_KDF.memory_kib, STANDARD_KDF.time, STANDARD_KDF.lanes) == (64 * 1024, 3, 4)


def test_the_derived_key_is_that_of_the_reference_implementation() -> None:
    # argon2 reference, test.c: version 0x13, Argon2id, t=2, m=2^16, p=1, "password", "somesalt".
    key = KdfParameters(memory_kib=64 * 1024, time=2, lanes=1).derive(b"password", b"somesalt")
    assert key.hex() == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"


@pytest.mark.parametrize(
    ("memory_kib", "time", "lanes"),
    [(8 * 1024 - 1, 3, 4), (512 * 1024 + 1, 3, 4), (65536, 0, 4), (65536, 9, 4), (65536, 3, 0), (65536, 3, 17)],
)
def test_weak_and_absurd_costs_are_refused(memory_kib: int, time: int, lanes: int) -> None:
    with pytest.raises(ValueError, match="is not between"):
        KdfParameters(memory_kib, time, lanes)


def test_a_password_is_the_same_however_an_accent_was_typed() -> None:
    assert password_bytes("Zo\u00eb") == password_bytes("Zoe\u0308") == b"Zo\xc3\xab"
