"""What a backup says of itself before it is opened: whose it is, when and by what it was made, what is in it."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from therapist_desktop.models.canonical import canonical_bytes
from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.audit_anchor import Anchor
from therapist_desktop.storage.key_file import KeyFile
from therapist_desktop.storage.key_file_store import from_json, to_json
from therapist_desktop.storage.key_json import KeyFileTooNewError

FORMAT = 1
_LONGEST_NAME = 150
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]')  # of files that Windows must read too
_FILE_NAME = re.compile(r"practice\.db|private/[0-9A-Za-z_-]{1,64}\.db(-wal)?")
_SEAL_DOMAIN = b"therapist-desktop backup header 1\0"


class DamagedBackupError(UserError):
    """The file is not what was once written as a backup."""

    @classmethod
    def standard(cls) -> DamagedBackupError:
        return cls("This backup is damaged or cut short, and nothing of it was used. Choose another backup.")


class NewerBackupError(UserError):
    """The backup was written by a newer program."""

    @classmethod
    def standard(cls) -> NewerBackupError:
        return cls("This backup was made by a newer Therapist Desktop. Install the newest version to open it.")


@dataclass(frozen=True, kw_only=True)
class ContainedFile:
    """A file within the backup; ``size`` in bytes, ``sha256`` in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class BackupHeader:
    """Everything that can be known of a backup without opening it; nothing in it is about a client."""

    practice_name: str
    made_at: datetime
    program: str
    schema: str
    rows: dict[str, int]
    """How many rows each table holds."""
    key_file: KeyFile
    """Who can open it; its anchor is the end of the audit chain in the copy."""
    files: tuple[ContainedFile, ...]

    @property
    def anchor(self) -> Anchor:
        """Where the audit chain in the copy ends."""
        return self.key_file.anchor

    @property
    def own_passphrase(self) -> bool:
        """Whether a passphrase of its own opens it, and no password of the practice."""
        return not self.key_file.password_slots

    def to_bytes(self) -> bytes:
        """Return the one spelling of this header."""
        return canonical_bytes(
            _Written(
                format=FORMAT,
                practice_name=self.practice_name,
                made_at=self.made_at.isoformat(),
                program=self.program,
                schema=self.schema,
                rows=self.rows,
                keys=to_json(self.key_file),
                files=self.files,
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> BackupHeader:
        """Read what ``to_bytes`` wrote; raises ``DamagedBackupError`` or ``NewerBackupError``."""
        try:
            if msgspec.json.decode(data, type=_Format).format > FORMAT:
                raise NewerBackupError.standard()
            written = msgspec.json.decode(data, type=_Written)
            header = cls(
                practice_name=plain_name(written.practice_name),
                made_at=datetime.fromisoformat(written.made_at),
                program=written.program,
                schema=written.schema,
                rows=written.rows,
                key_file=from_json(written.keys),
                files=written.files,
            )
        except KeyFileTooNewError:
            raise NewerBackupError.standard() from None
        except NewerBackupError:
            raise
        except (msgspec.DecodeError, ValueError, RecursionError, UserError):
            raise DamagedBackupError.standard() from None
        if header.made_at.tzinfo is None or not _are_sound(header.files):
            raise DamagedBackupError.standard()
        return header


def plain_name(practice_name: str) -> str:
    """Return the name of a practice as every disk can hold it, in at most 150 bytes of UTF-8."""
    name = printable_name(practice_name)
    return name.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .") or "Practice"


def printable_name(file_name: str) -> str:
    """Return the name of a file without what a terminal or another system would take for something else."""
    return _NOT_IN_NAMES.sub("-", file_name)


def is_name_within(name: str) -> bool:
    """Whether a backup can contain a file of this name."""
    return _FILE_NAME.fullmatch(name) is not None


def identity(header_bytes: bytes) -> str:
    """Return the SHA-256 of a header in hex.

    As the header holds the SHA-256 of every file within, this stands for the whole backup; a list of backups needs no
    more than the headers to tell which is which.
    """
    return hashlib.sha256(header_bytes).hexdigest()


def seal_of(header_bytes: bytes, key: bytes) -> bytes:
    """Return the HMAC-SHA-256 that only somebody who can open the backup could make over its header."""
    return hmac.digest(key, _SEAL_DOMAIN + header_bytes, "sha256")


def path_within(folder: Path, contained: ContainedFile) -> Path:
    """Return where a contained file goes in the folder of a practice."""
    return folder.joinpath(*contained.name.split("/"))


@dataclass(frozen=True, kw_only=True)
class _Format:
    format: int


@dataclass(frozen=True, kw_only=True)
class _Written:
    format: int
    practice_name: str
    made_at: str
    program: str
    schema: str
    rows: dict[str, int]
    keys: str
    files: tuple[ContainedFile, ...]


def _are_sound(files: tuple[ContainedFile, ...]) -> bool:
    """Whether no name leads out of the folder, none comes twice, and the practice itself is there."""
    names = [file.name for file in files]
    return (
        names[:1] == ["practice.db"]
        and len(set(names)) == len(names)
        and all(is_name_within(file.name) and file.size >= 0 for file in files)
    )
