"""`therapist-desktop backup`, `verify` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from therapist_desktop.cli.command_group import CommandGroup
from therapist_desktop.cli.desk import Setup, at_desk, choose_login
from therapist_desktop.cli.printing import count, progress_bar, say, shown_value, table
from therapist_desktop.reports.figures import clock

if TYPE_CHECKING:
    from datetime import datetime

    from therapist_desktop.services.backups import BackupFile, Unlock

_FILE = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path)


@click.group(
    cls=CommandGroup,
    epilog="""\b
Examples:
  therapist-desktop backup make /media/drive
  therapist-desktop backup prove "/media/drive/Harbor Counseling 2026-11-23.tdbackup"
“verify” checks a backup and “restore” brings it back; both need no practice.""",
)
def backup() -> None:
    """Backups: make, list, prove that one restores."""


@backup.command("make")
@click.argument("folder", type=_FOLDER)
@click.option("--own-passphrase", is_flag=True, help="A copy that leaves the house: only its passphrase opens it.")
@click.pass_obj
def make(setup: Setup, folder: Path, own_passphrase: bool) -> None:
    """Write a backup into FOLDER and verify it at once.

    With --password-fd, the passphrase of a copy is the second line.
    """
    from therapist_desktop.services.backups import make_backup

    with at_desk(setup) as desk:
        passphrase = setup.another_secret("Passphrase of the copy", twice=True) if own_passphrase else None
        with progress_bar("Backing up") as progress:
            made = make_backup(desk.practice, desk.person, folder, passphrase=passphrase, progress=progress)
        say(f"Made and verified: {made.path} ({_size(made.size)})")
        if own_passphrase:
            say("Without its passphrase nobody can open it, you included. Keep the passphrase apart from it.")


@backup.command("list")
@click.argument("folder", type=_FOLDER)
def list_all(folder: Path) -> None:
    """List the backups in FOLDER; needs no password."""
    from therapist_desktop.services.backups import list_backups

    def line(path: Path, found: BackupFile | None, problem: str) -> tuple[str, ...]:
        if found is None:
            return (path.name, "", "", problem)
        opens = "its passphrase" if found.header.own_passphrase else "a password or the recovery key"
        return (path.name, _when(found.header.made_at), _size(found.size), opens)

    table(
        ("File", "Made", "Size", "Opens with"),
        [line(one.path, one.backup, one.problem) for one in list_backups(folder)],
        empty="There is no backup in that folder.",
    )


@backup.command("prove")
@click.argument("path", metavar="FILE", type=_FILE)
@click.pass_obj
def prove(setup: Setup, path: Path) -> None:
    """Restore a backup for a trial, and look at all of it.

    The restored copy is encrypted like the practice and removed again. Of a copy with its own passphrase, that is
    asked for; with --password-fd it is the second line.
    """
    from therapist_desktop.services.backups import prove_backup, read_backup

    own_passphrase = read_backup(path).header.own_passphrase
    with at_desk(setup) as desk:
        secret = setup.another_secret("Passphrase of the copy") if own_passphrase else setup.password()
        with progress_bar("Proving") as progress:
            proven = prove_backup(desk.practice, desk.person, path, secret, progress=progress)
        say(
            f"The backup of {_when(proven.made_at)} restores: {count(proven.rows, 'record')}, "
            f"{count(proven.signatures, 'signature')} and {count(proven.events, 'audit entry', 'audit entries')} "
            "are whole."
        )


@click.command()
@click.argument("path", metavar="FILE", type=_FILE)
@click.option("--recovery-key", is_flag=True, help="Open it with the printed recovery key.")
@click.pass_obj
def verify(setup: Setup, path: Path, recovery_key: bool) -> None:
    """Check a backup from its file alone."""
    from therapist_desktop.services.backups import verify_backup

    unlock = _way_in(setup, path, recovery_key=recovery_key)
    with progress_bar("Verifying") as progress:
        found = verify_backup(path, unlock, progress=progress)
    rows = count(sum(found.header.rows.values()), "record")
    say(f"The backup of {_when(found.header.made_at)} is whole: {rows}.")


@click.command()
@click.argument("path", metavar="FILE", type=_FILE)
@click.argument("folder", type=_FOLDER)
@click.option("--recovery-key", is_flag=True, help="Open it with the printed recovery key.")
@click.pass_obj
def restore(setup: Setup, path: Path, folder: Path, recovery_key: bool) -> None:
    """Restore a backup into a new folder; nothing is overwritten."""
    from therapist_desktop.models.moment import system_clock
    from therapist_desktop.services.backups import read_backup, restore_backup

    unlock = _way_in(setup, path, recovery_key=recovery_key)
    with progress_bar("Restoring") as progress:
        restored = restore_backup(path, folder, unlock, system_clock, progress=progress)
    say(f"Restored to {restored.absolute()}")
    if read_backup(path).header.own_passphrase:
        say("Nobody has a password for it yet. Set one with “person recover --passphrase”.")
    else:
        say("Everybody signs in as on the day of the backup.")


def _way_in(setup: Setup, path: Path, *, recovery_key: bool) -> Unlock:
    from therapist_desktop.services.backups import read_backup, with_passphrase, with_password, with_recovery_key
    from therapist_desktop.services.practices import Login
    from therapist_desktop.storage.recovery_key import RecoveryKey

    key_file = read_backup(path).header.key_file
    if recovery_key:
        return with_recovery_key(RecoveryKey.parse(setup.another_secret("Recovery key")))
    people = [Login(int(slot.person_id or 0), slot.label or "") for slot in key_file.password_slots]
    if not people:
        return with_passphrase(setup.another_secret("Passphrase of the copy"))
    who = choose_login(people, setup.login)
    return with_password(who.person_id, setup.password(f"Password of {who.label} on the day of the backup"))


def _size(count_of_bytes: int) -> str:
    return f"{count_of_bytes / 1_000_000:.1f} MB"


def _when(moment: datetime) -> str:
    return f"{shown_value(moment.date())} {clock(moment)}"
