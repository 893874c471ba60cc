"""The backups in a folder, as far as their headers tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.backup_file import ENDING, BackupFile, drive_errors, read_backup


@dataclass(frozen=True)
class ListedBackup:
    """A file that claims to be a backup: its header if that can be read, otherwise what is wrong with it."""

    path: Path
    backup: BackupFile | None
    problem: str = ""
    """One sentence, empty if the header is whole. The content is checked only by verifying."""


def list_backups(folder: Path) -> list[ListedBackup]:
    """Return the backups in a folder, newest first; those that cannot be read come last."""
    if not folder.is_dir():
        raise UserError("There is no such folder. Connect the drive it is on, or choose another folder.")
    with drive_errors():
        paths = [path for path in folder.iterdir() if path.name.endswith(ENDING) and path.is_file()]
    return sorted(_listed(paths), key=_newest_first)


def _listed(paths: Iterable[Path]) -> Iterable[ListedBackup]:
    for path in paths:
        try:
            yield ListedBackup(path, read_backup(path))
        except UserError as error:
            yield ListedBackup(path, None, error.sentence)


def _newest_first(listed: ListedBackup) -> tuple[float, str]:
    made_at = listed.backup.header.made_at if listed.backup else datetime.fromtimestamp(0, UTC)
    return -made_at.timestamp(), listed.path.name
