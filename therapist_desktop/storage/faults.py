"""What can go wrong with a file on disk, in sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from therapist_desktop.models.errors import UserError

REFUSAL = "refused: "
"""Triggers begin their message with this; what follows is a sentence for a person."""


class DamagedPracticeError(UserError):
    """The file is not, or no longer, a practice that can be read."""


class NewerPracticeError(UserError):
    """The file was written by a newer program."""


class UnusableLibraryError(UserError):
    """The encryption library cannot be trusted with a practice."""


class DiskFullError(UserError):
    """Nothing could be written; what was saved before is safe."""


class PracticeInUseError(UserError):
    """Somebody else has the file open."""


class RefusedChangeError(UserError):
    """A rule of the record refuses the change."""


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn what the disk or a rule of the file did into a sentence; everything else stays a bug."""
    try:
        yield
    except StaleDataError as error:
        raise RefusedChangeError(
            "Somebody else changed this record in the meantime. Open it again and repeat the change."
        ) from error
    except DBAPIError as error:
        raise sentence_for(error.orig) or error from error
    except sqlcipher.DatabaseError as error:
        raise sentence_for(error) or error from error


def sentence_for(error: BaseException | None) -> UserError | None:
    """Return what an error of the database means for a person, or None if it is a bug of the program."""
    text = str(error)
    if text.startswith(REFUSAL):
        return RefusedChangeError(text.removeprefix(REFUSAL))
    if "disk is full" in text or "disk I/O error" in text:
        return DiskFullError(
            "The disk is full or cannot be written, so nothing of this change was saved. "
            "Free some space and try again; everything saved before is safe."
        )
    # A page that fails its check closes SQLCipher to everything after it; only the first error names the reason.
    if any(words in text for words in ("malformed", "not a database", "corrupt", "vtable constructor failed")):
        return DamagedPracticeError(
            "The practice file is damaged. Make no more changes; restore the latest backup into a new folder."
        )
    if "database is locked" in text:
        return PracticeInUseError("This practice is already open in another window. Use that one, or close it first.")
    if "readonly database" in text or "unable to open database file" in text:
        return DiskFullError(
            "The practice file cannot be written, so nothing of this change was saved. Check that its folder belongs "
            "to you and is not read-only; then close the practice and open it again."
        )
    return None
