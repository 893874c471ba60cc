"""Making a backup: one encrypted file, verified as soon as it is written, then put in its place in one step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from therapist_desktop import __version__
from therapist_desktop.models.errors import UserError
from therapist_desktop.models.moment import Clock
from therapist_desktop.storage.atomic_file import move_to_new_name
from therapist_desktop.storage.backup_check import open_checked, summary_of
from therapist_desktop.storage.backup_file import (
    ENDING,
    BackupFile,
    contained,
    drive_errors,
    read_backup,
    unpack,
    write_backup_file,
)
from therapist_desktop.storage.backup_header import (
    BackupHeader,
    DamagedBackupError,
    is_name_within,
    plain_name,
    printable_name,
)
from therapist_desktop.storage.backup_keys import CopyKeys
from therapist_desktop.storage.database import Database
from therapist_desktop.storage.free_space import ensure_room, has_room
from therapist_desktop.storage.progress import Meter, Progress
from therapist_desktop.storage.unfinished import sweep_unfinished
from therapist_desktop.storage.work_folder import work_folder

DATABASE = "practice.db"
PRIVATE_FOLDER = "private"
_NOT_TAKEN = (
    "“{name}” in the folder “{folder}” is no file of this program, so it is not in the backup. "
    "Move it out of the practice if you need it."
)
CHECK_WEIGHT = 3  # checking a database takes about as long as copying it three times


@dataclass(frozen=True)
class MadeBackup:
    """A backup that was written and verified."""

    path: Path
    header: BackupHeader
    sha256: str
    """What the backup is known by: the SHA-256 of its header, which holds those of all files within."""
    size: int
    notices: tuple[str, ...] = ()
    """Sentences for the person who made it, such as that a foreign file was left out."""

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return self.header.made_at


def write_backup(
    database: Database,
    keys: CopyKeys,
    destination: Path,
    practice_name: str,
    clock: Clock,
    *,
    progress: Progress | None = None,
) -> MadeBackup:
    """Copy an open practice into one new file in the folder ``destination``, and verify that file.

    Others may write to the practice meanwhile. Whatever goes wrong, or if ``progress`` raises, nothing is left in
    ``destination``; a kill leaves a hidden folder there that the next backup to it removes. Raises ``UserError``.
    """
    folder = database.connection.path.parent
    _check_destination(destination, folder)
    for place in (folder, destination):
        sweep_unfinished(place)  # before it is asked how much room there is
    # A passphrase copy holds no key of anybody’s private notes, so they would be of no use in it.
    private, foreign = _private_files(folder) if keys.key_file.password_slots else ([], [])
    size = database.size()
    practice_name = plain_name(practice_name)
    whole = size + sum(path.stat().st_size for path in private)
    place = _work_place(folder, destination, whole)
    meter = Meter(size + 2 * whole + CHECK_WEIGHT * size, progress)
    made_at = clock()
    with drive_errors(), work_folder(place) as work, work_folder(destination) as beside:
        copy, part = work / DATABASE, beside / "backup"
        database.copy_to(copy, keys.key, meter.part(size))
        header = _header(copy, private, keys, practice_name, made_at)
        write_backup_file(part, header, keys.key, [copy, *private], meter.add)
        copy.unlink()
        backup = read_backup(part)
        _verify(backup, keys, work, meter)
        target = _put_in_place(part, destination, practice_name, made_at)
    notices = tuple(_NOT_TAKEN.format(name=printable_name(path.name), folder=PRIVATE_FOLDER) for path in foreign)
    return MadeBackup(target, header, backup.sha256, backup.size, notices)


def _header(copy: Path, private: list[Path], keys: CopyKeys, practice_name: str, made_at: datetime) -> BackupHeader:
    database = Database(copy, keys.key)
    try:
        summary = summary_of(database, keys.key_file.vault_id)
    finally:
        database.close()
    anchored = keys.key_file.with_anchor(summary.anchor, keys.key)
    return BackupHeader(
        practice_name=practice_name,
        made_at=made_at,
        program=__version__,
        schema=summary.schema,
        rows=summary.rows,
        key_file=anchored,
        files=(
            contained(DATABASE, copy),
            *(contained(f"{PRIVATE_FOLDER}/{path.name}", path) for path in private),
        ),
    )


def _verify(backup: BackupFile, keys: CopyKeys, work: Path, meter: Meter) -> None:
    """Take the database out of the written file and check it."""
    backup.check_seal(keys.key)
    unpack(backup, work, meter.add)
    try:
        open_checked(work / DATABASE, backup.header, keys.key).close()
    except DamagedBackupError as error:
        raise DamagedBackupError(
            "The backup was not kept, because what it holds is damaged. Try another disk; if that does not help, "
            "the practice itself is damaged: restore the latest good backup into a new folder."
        ) from error
    meter.part(CHECK_WEIGHT * backup.header.files[0].size)(1)


def _check_destination(destination: Path, practice: Path) -> None:
    if not destination.is_dir():
        raise UserError(
            "The folder for the backup does not exist. Connect the drive it is on, or choose another folder."
        )
    if destination.resolve().is_relative_to(practice.resolve()):
        raise UserError("A backup inside the practice is lost together with it. Choose another folder.")


def _work_place(folder: Path, destination: Path, whole: int) -> Path:
    """Return where to put the copy, and then what is taken out of the backup again; see that there is room for all.

    Preferably beside the practice, as the other disk may be slow; but a full disk is just when a backup is needed.
    """
    if has_room(folder, whole):
        ensure_room(destination, whole)
        return folder
    ensure_room(destination, 2 * whole)
    return destination


def _private_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the closed files of private notes, with what their logs still hold, and what only looks like them."""
    ours: list[Path] = []
    foreign: list[Path] = []
    for path in sorted((folder / PRIVATE_FOLDER).glob("*.db*")):
        if not path.name.endswith((".db", ".db-wal")):
            continue
        is_ours = is_name_within(f"{PRIVATE_FOLDER}/{path.name}") and path.is_file() and not path.is_symlink()
        (ours if is_ours else foreign).append(path)
    return ours, foreign


def _put_in_place(part: Path, destination: Path, practice_name: str, made_at: datetime) -> Path:
    """Give the finished backup the first name that nobody has, and return where it is."""
    for name in _names(practice_name, made_at):
        target = destination / f"{name}{ENDING}"
        try:
            move_to_new_name(part, target)
        except FileExistsError:
            continue
        return target
    raise UserError("There are too many backups of this moment in that folder. Choose another folder.")


def _names(practice_name: str, made_at: datetime) -> Iterator[str]:
    """Yield names of a backup: with the day, then with the time too, then with a number."""
    day, time = made_at.strftime("%Y-%m-%d"), made_at.strftime("%H%M%S")
    yield f"{practice_name} {day}"
    yield f"{practice_name} {day} {time}"
    for number in range(2, 1000):
        yield f"{practice_name} {day} {time} ({number})"
