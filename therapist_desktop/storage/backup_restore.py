"""Verifying a backup, restoring it to a new folder, and restoring it for a moment to prove that it can be done."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.moment import Clock
from therapist_desktop.storage.atomic_file import plain_disk_errors, sync_file, sync_folder
from therapist_desktop.storage.backup import CHECK_WEIGHT, DATABASE
from therapist_desktop.storage.backup_check import open_checked
from therapist_desktop.storage.backup_file import BackupFile, drive_errors, read_backup, unpack
from therapist_desktop.storage.backup_header import NewerBackupError
from therapist_desktop.storage.faults import NewerPracticeError
from therapist_desktop.storage.free_space import ensure_room
from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters
from therapist_desktop.storage.key_file_store import write_key_file
from therapist_desktop.storage.practice import Practice
from therapist_desktop.storage.progress import Meter, Progress
from therapist_desktop.storage.schema import RELEASED, Migrations, is_behind, migrate
from therapist_desktop.storage.unlocking import Unlock
from therapist_desktop.storage.work_folder import work_folder


def verify_backup(path: Path, unlock: Unlock, *, progress: Progress | None = None) -> BackupFile:
    """Open a backup from its file alone and check all of it; raises ``UserError`` if it could not be restored.

    Needs no practice. What is taken out of it for a moment is encrypted and lies in the system’s temporary folder.
    """
    backup = _restorable(path)
    key = unlock(backup.header.key_file).practice_key
    backup.check_seal(key)
    place = Path(tempfile.gettempdir())
    ensure_room(place, backup.size)
    meter = _meter(backup, progress)
    with drive_errors(), work_folder(place) as work:
        unpack(backup, work, meter.add)
        open_checked(work / DATABASE, backup.header, key).close()
    _checked(backup, meter)
    return backup


def restore_backup(
    path: Path,
    folder: Path,
    unlock: Unlock,
    clock: Clock,
    *,
    kdf: KdfParameters = STANDARD_KDF,
    migrations: Migrations = RELEASED,
    progress: Progress | None = None,
    before_in_place: Callable[[Practice], None] = lambda _: None,
) -> None:
    """Restore a backup to a new folder; an existing one is never touched.

    It is built beside its place, verified, brought to this version, encrypted under a new key, handed to
    ``before_in_place``, closed, and moved. Its key is neither that of the practice the backup was made of nor that of
    the backup, so that files of the three cannot be mixed up and the key in the backup does not open what is written
    from now on. Raises ``UserError``; then, and after a kill, there is no such folder.
    """
    if folder.exists():
        raise UserError("There is already something with that name. Restore the backup to a new folder.")
    backup = _restorable(path, migrations)
    with plain_disk_errors():
        folder.parent.mkdir(parents=True, exist_ok=True)
    with _restored(backup, folder.parent, unlock, clock, kdf, migrations, _meter(backup, progress)) as practice:
        practice.rekey()
        before_in_place(practice)
        practice.close()
        _sync_all(practice.folder)
        if folder.exists():  # made by somebody meanwhile
            raise UserError("There is already something with that name. Restore the backup to a new folder.")
        practice.folder.rename(folder)
        sync_folder(folder.parent)


@contextmanager
def restored_for_a_moment(
    path: Path,
    place: Path,
    unlock: Unlock,
    clock: Clock,
    *,
    progress: Progress | None = None,
) -> Iterator[Practice]:
    """Restore a backup below the folder ``place``, as ``restore_backup`` does, and remove it after the block."""
    backup = _restorable(path)
    with _restored(backup, place, unlock, clock, STANDARD_KDF, RELEASED, _meter(backup, progress)) as practice:
        yield practice


@contextmanager
def _restored(
    backup: BackupFile,
    place: Path,
    unlock: Unlock,
    clock: Clock,
    kdf: KdfParameters,
    migrations: Migrations,
    meter: Meter,
) -> Iterator[Practice]:
    header = backup.header
    bundle = unlock(header.key_file)
    backup.check_seal(bundle.practice_key)
    ensure_room(place, backup.size)
    with drive_errors(), work_folder(place) as work:
        folder = work / f"{header.practice_name.replace('/', '-')}.practice"
        folder.mkdir(mode=0o700)
        unpack(backup, folder, meter.add)
        database = open_checked(folder / DATABASE, header, bundle.practice_key)
        try:
            _checked(backup, meter)
            if is_behind(header.schema, migrations):
                migrate(database, migrations)  # the backup itself is the backup before it
            write_key_file(header.key_file, folder)
            yield Practice(folder, database, header.key_file, bundle, clock, kdf=kdf)
        finally:
            database.close()


def _restorable(path: Path, migrations: Migrations = RELEASED) -> BackupFile:
    backup = read_backup(path)
    try:
        is_behind(backup.header.schema, migrations)
    except NewerPracticeError:
        raise NewerBackupError.standard() from None
    return backup


def _meter(backup: BackupFile, progress: Progress | None) -> Meter:
    packed = sum(file.size for file in backup.header.files)
    return Meter(packed + CHECK_WEIGHT * backup.header.files[0].size, progress)


def _checked(backup: BackupFile, meter: Meter) -> None:
    meter.part(CHECK_WEIGHT * backup.header.files[0].size)(1)


def _sync_all(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            sync_file(path)
    for sub in (path for path in folder.rglob("*") if path.is_dir()):
        sync_folder(sub)
    sync_folder(folder)
