"""A backup as one file: a line that says what it is, the header, its checksum and seal, then the files one by one."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.atomic_file import NEW_FILE, plain_disk_errors, sync_file
from therapist_desktop.storage.backup_header import (
    BackupHeader,
    ContainedFile,
    DamagedBackupError,
    identity,
    path_within,
    seal_of,
)

ENDING = ".tdbackup"
_FIRST_LINE = b"Therapist Desktop backup\n"
_LENGTH = struct.Struct(">I")
_HASH_BYTES = 32
_LARGEST_HEADER = 4_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True)
class BackupFile:
    """A backup whose header was read; what comes after it was only counted."""

    path: Path
    header: BackupHeader
    header_bytes: bytes
    seal: bytes
    begins_at: int
    """Where the first contained file begins, in bytes."""
    size: int

    @property
    def sha256(self) -> str:
        """What this backup is known by, see ``identity``."""
        return identity(self.header_bytes)

    def check_seal(self, key: bytes) -> None:
        """Raise unless the header was written by somebody who could open the backup."""
        if seal_of(self.header_bytes, key) != self.seal:
            raise DamagedBackupError.standard()


@contextmanager
def drive_errors() -> Iterator[None]:
    """Turn whatever a disk does into a ``UserError``: backups lie on drives that are unplugged and wear out."""
    try:
        with plain_disk_errors():
            yield
    except OSError as error:
        raise UserError(
            "A disk failed or was unplugged, so this was not done and nothing was changed. "
            "Connect it again, or choose another disk."
        ) from error


def contained(name: str, path: Path) -> ContainedFile:
    """Describe a file that is to go into a backup."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return ContainedFile(name=name, size=file.tell(), sha256=digest.hexdigest())


def write_backup_file(
    path: Path, header: BackupHeader, key: bytes, sources: Sequence[Path], written: Callable[[int], None]
) -> None:
    """Write the whole file, and wait until it is on the disk; ``written`` is told each number of bytes."""
    head = header.to_bytes()
    with os.fdopen(os.open(path, NEW_FILE, 0o600), "wb") as file:
        file.write(_FIRST_LINE + _LENGTH.pack(len(head)) + head + bytes.fromhex(identity(head)) + seal_of(head, key))
        for source, described in zip(sources, header.files, strict=True):
            with source.open("rb") as content:
                if _copy(content, file, described.size, written) != described.sha256:
                    raise RuntimeError(f"{described.name} was written to while it was copied")
    sync_file(path)
    _forget_cached(path)


def read_backup(path: Path) -> BackupFile:
    """Read the header of a backup and see that the file is as long as it says.

    Raises ``UserError``: not a backup, damaged, cut short, or from a newer program.
    """
    if not path.is_file():
        raise UserError("There is no such backup file. Connect the drive it is on, or choose another.")
    with drive_errors(), path.open("rb") as file:
        if file.read(len(_FIRST_LINE)) != _FIRST_LINE:
            raise DamagedBackupError("This file is not a backup of Therapist Desktop, or its beginning is damaged.")
        length = file.read(_LENGTH.size)
        head_bytes = _LENGTH.unpack(length)[0] if len(length) == _LENGTH.size else 0
        if not 0 < head_bytes <= _LARGEST_HEADER:
            raise DamagedBackupError.standard()
        head, digest, seal = file.read(head_bytes), file.read(_HASH_BYTES), file.read(_HASH_BYTES)
        begins_at = file.tell()
        size = file.seek(0, os.SEEK_END)
    if hashlib.sha256(head).digest() != digest or len(seal) != _HASH_BYTES:
        raise DamagedBackupError.standard()
    header = BackupHeader.from_bytes(head)
    if size != begins_at + sum(file.size for file in header.files):
        raise DamagedBackupError.standard()
    return BackupFile(path, header, head, seal, begins_at, size)


def unpack(backup: BackupFile, folder: Path, unpacked: Callable[[int], None]) -> None:
    """Take every file out of a backup into ``folder``, each compared with its checksum."""
    with backup.path.open("rb") as file:
        file.seek(backup.begins_at)
        for described in backup.header.files:
            target = path_within(folder, described)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(target, NEW_FILE, 0o600), "wb") as content:
                if _copy(file, content, described.size, unpacked) != described.sha256:
                    raise DamagedBackupError.standard()


def _copy(source: BinaryIO, target: BinaryIO, size: int, copied: Callable[[int], None]) -> str:
    """Copy ``size`` bytes, or what there is of them, and return their SHA-256."""
    digest = hashlib.sha256()
    while chunk := source.read(min(_CHUNK, size)):
        digest.update(chunk)
        target.write(chunk)
        size -= len(chunk)
        copied(len(chunk))
    return digest.hexdigest()


def _forget_cached(path: Path) -> None:
    """Let what reads the file next read the disk and not the memory, where the system can do so."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
