"""Which passwords are too easy to guess for a file that somebody may carry away."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MINIMUM_LENGTH = 12

# Words that, with digits and signs around them, make up many of the long passwords people pick. NIST SP 800-63B
# asks for a check against common values and against the context, not for kinds of characters.
_OBVIOUS = (
    "password", "passwort", "passphrase", "qwertyuiop", "qwerty", "asdfghjkl", "letmein", "welcome", "iloveyou",
    "administrator", "admin", "changeme", "secret", "sunshine", "princess", "football", "baseball", "dragon",
    "monkey", "therapist", "therapistdesktop", "therapy", "psychotherapy", "psychotherapist", "counselor",
    "counseling", "correcthorsebatterystaple",
)  # fmt: skip
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")


def password_problem(password: str, names: Iterable[str] = ()) -> str | None:
    """Return a sentence that says why this password should not be taken, or None.

    ``names`` are those of the practice and its people, which anybody would try first.
    """
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(folded) < MINIMUM_LENGTH:
        return (
            f"A password needs at least {MINIMUM_LENGTH} characters. "
            "Four or more unrelated words are easy to remember and hard to guess."
        )
    core = _letters(folded)
    if _is_repetition(folded) or _is_row(folded) or any(_is_made_of(core, word) for word in _OBVIOUS):
        return "This password is among the first that are tried. Choose four or more unrelated words."
    if any(_letters(name.casefold()) and _is_made_of(core, _letters(name.casefold())) for name in names):
        return "A name from the practice is too easy to guess. Choose four or more unrelated words."
    return None


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())


def _is_made_of(core: str, word: str) -> bool:
    """Whether nothing but repetitions of ``word`` is left once digits and signs are taken away."""
    return bool(core) and not core.replace(word, "")


def _is_repetition(text: str) -> bool:
    """Whether up to four characters are repeated to fill the length."""
    return any(len(text.replace(text[:size], "")) < size for size in range(1, 5))


def _is_row(text: str) -> bool:
    return any(text in row or text in row[::-1] for row in _ROWS)
