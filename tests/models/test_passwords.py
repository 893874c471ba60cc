"""Passwords that would be guessed are turned away, and others are not."""

from __future__ import annotations

import pytest

from therapist_desktop.models.passwords import password_problem

NAMES = ["Harbor Counseling", "Rosa Alvarez", "Ann"]


@pytest.mark.parametrize(
    "password",
    ["harbor lantern seven boats", "x9$kQ2!mWz7#", "ein Käfer im Gras", "тихая река под камнем", "1957 rosa's boat"],
)
def test_a_long_and_uncommon_password_is_taken(password: str) -> None:
    assert password_problem(password, NAMES) is None


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "rosa's boat"])
def test_fewer_than_twelve_characters_are_too_few(password: str) -> None:
    assert "at least 12 characters" in (password_problem(password) or "")


def test_characters_are_counted_as_they_are_stored_and_not_as_they_were_typed() -> None:
    decomposed = "e\u0301" * 2 + "xk7#mw2qz"  # 13 code points typed, 11 characters
    assert "at least 12 characters" in (password_problem(decomposed) or "")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Passwordpassword!",
        "P a s s w o r d 2026",
        "qwertyuiopas",
        "123456789012",
        "210987654321",
        "aaaaaaaaaaaa",
        "abcabcabcabcab",
        "Therapist2026!",
        "correct horse battery staple",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert "first that are tried" in (password_problem(password) or "")


@pytest.mark.parametrize("password", ["Harbor Counseling", "harborcounseling2026", "ROSA.ALVAREZ.1", "Ann 1957 2026"])
def test_the_names_of_the_practice_and_its_people_are_refused(password: str) -> None:
    assert "name from the practice" in (password_problem(password, NAMES) or "")


def test_a_name_among_other_words_is_fine() -> None:
    assert password_problem("rosa alvarez feeds nine gulls", NAMES) is None
