"""`therapist-desktop backup`, `verify` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.desk import Setup, at_desk
from therapist_desktop.cli.printing import progress_bar, table
from therapist_desktop.models.moment import system_clock

if TYPE_CHECKING:
    from therapist_desktop.services.backups import BackupFile, Unlock

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def backup() -> None:
    """Backups: make, list, prove."""


@backup.command("make")
@click.argument("folder", type=_FOLDER)
@click.option("--own-passphrase", is_flag=True, help="A copy that leaves the house: only its passphrase opens it.")
@click.pass_obj
def make(setup: Setup, folder: Path, own_passphrase: bool) -> None:
    """Write a backup into FOLDER and verify it at once. Through a descriptor a passphrase is the second line."""
    from therapist_desktop.services.backups import make_backup

    with at_desk(setup) as desk:
        passphrase = setup.another_secret("Passphrase of the copy", twice=True) if own_passphrase else None
        with progress_bar("Backing up") as progress:
            made = make_backup(desk.practice, desk.person, folder, passphrase=passphrase, progress=progress)
        click.echo(f"Made and verified: {made.path} ({made.size / 1_000_000:.1f} MB)")


@backup.command("list")
@click.argument("folder", type=_FOLDER)
def list_all(folder: Path) -> None:
    """List the backups in FOLDER; no password is needed."""
    from therapist_desktop.services.backups import list_backups

    def line(path: Path, found: BackupFile | None, problem: str) -> tuple[str, ...]:
        if found is None:
            return (path.name, "", "", problem)
        opens = "its passphrase" if found.header.own_passphrase else "a password or the recovery key"
        return (path.name, f"{found.header.made_at:%Y-%m-%d %H:%M}", f"{found.size / 1_000_000:.1f} MB", opens)

    table(
        ("File", "Made", "Size", "Opens with"),
        [line(one.path, one.backup, one.problem) for one in list_backups(folder)],
    )


@backup.command("prove")
@click.argument("path", type=_FILE)
@click.pass_obj
def prove(setup: Setup, path: Path) -> None:
    """Restore a backup as on a new computer, look at all of it, and remove it again."""
    from therapist_desktop.services.backups import prove_backup

    with at_desk(setup) as desk:
        with progress_bar("Proving") as progress:
            proven = prove_backup(desk.practice, desk.person, path, setup.password("Password"), progress=progress)
        click.echo(
            f"The backup of {proven.made_at:%Y-%m-%d %H:%M} restores: {proven.rows} records, "
            f"{proven.signatures} signatures and {proven.events} audit entries are whole."
        )


def _ways_in(setup: Setup, path: Path, *, recovery_key: bool) -> Unlock:
    from therapist_desktop.models.errors import UserError
    from therapist_desktop.services.backups import read_backup, with_passphrase, with_password, with_recovery_key
    from therapist_desktop.storage.recovery_key import RecoveryKey

    key_file = read_backup(path).header.key_file
    if recovery_key:
        return with_recovery_key(RecoveryKey.parse(setup.another_secret("Recovery key")))
    slots = key_file.password_slots
    if not slots:
        return with_passphrase(setup.another_secret("Passphrase of the copy"))
    wanted = (setup.login or "").casefold()
    fitting = [slot for slot in slots if wanted in (slot.label or "").casefold() or wanted == slot.person_id]
    if len(fitting) != 1:
        names = ", ".join(f"{slot.person_id} {slot.label}" for slot in slots)
        raise UserError(f"Several people can open this backup: {names}. Say who with --as.")
    return with_password(int(fitting[0].person_id or 0), setup.password(f"Password of {fitting[0].label}"))


@click.command()
@click.argument("path", type=_FILE)
@click.option("--recovery-key", is_flag=True, help="Open it with the printed recovery key.")
@click.pass_obj
def verify(setup: Setup, path: Path, recovery_key: bool) -> None:
    """Open a backup from its file alone and check all of it. Needs no practice."""
    from therapist_desktop.services.backups import verify_backup

    unlock = _ways_in(setup, path, recovery_key=recovery_key)
    with progress_bar("Verifying") as progress:
        found = verify_backup(path, unlock, progress=progress)
    click.echo(
        f"The backup of {found.header.made_at:%Y-%m-%d %H:%M} is whole: {sum(found.header.rows.values())} records."
    )


@click.command()
@click.argument("path", type=_FILE)
@click.argument("folder", type=_FOLDER)
@click.option("--recovery-key", is_flag=True, help="Open it with the printed recovery key.")
@click.pass_obj
def restore(setup: Setup, path: Path, folder: Path, recovery_key: bool) -> None:
    """Restore a backup to the new FOLDER. Nothing that exists is overwritten."""
    from therapist_desktop.services.backups import restore_backup

    unlock = _ways_in(setup, path, recovery_key=recovery_key)
    with progress_bar("Restoring") as progress:
        restored = restore_backup(path, folder, unlock, system_clock, progress=progress)
    click.echo(f"Restored to {restored}. Sign in as before; a copy with a passphrase needs “person recover” first.")
