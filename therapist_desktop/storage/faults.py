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
        raise _translated(error.orig) or error from error
    except sqlcipher.DatabaseError as error:
        raise _translated(error) or error from error


def _translated(error: BaseException | None) -> UserError | None:
    text = str(error)
    if text.startswith(REFUSAL):
        return RefusedChangeError(text.removeprefix(REFUSAL))
    if "disk is full" in text or "disk I/O error" in text:
        return DiskFullError(
            "The disk is full or cannot be written, so nothing of this change was saved. "
            "Free some space and try again; everything saved before is safe."
        )
    if "malformed" in text or "not a database" in text:
        return DamagedPracticeError(
            "The practice file is damaged. Make no more changes; restore the latest backup into a new folder."
        )
    return None
