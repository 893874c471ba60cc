"""Makes a sample practice in a folder: small for trying out and pictures, or ten years of a group for measuring."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.sample.calendar import SampleClock, eastern
from therapist_desktop.sample.founding import WHILE_MAKING
from therapist_desktop.sample.group_practice import TEN_YEARS, GroupSize, found_group_practice, live_group_practice
from therapist_desktop.sample.small_practice import found_small_practice, live_small_practice
from therapist_desktop.services.people import list_people
from therapist_desktop.services.practices import SUFFIX, Login, logins, sign_in
from therapist_desktop.storage import search_index
from therapist_desktop.storage.key_derivation import STANDARD_KDF, KdfParameters
from therapist_desktop.storage.progress import Progress
from therapist_desktop.storage.recovery_key import RecoveryKey
from therapist_desktop.system.practice_folder import check_place

SEED = "harbor"
SAMPLE_NOW = eastern(date(2026, 11, 23), time(11, 5))
"""The Monday as of which the sample is what the pictures of it show."""


class SampleSize(StrEnum):
    """How much there is in a sample practice."""

    SMALL = "small"
    GROUP = "group"


@dataclass(frozen=True, kw_only=True)
class SampleMade:
    """A sample practice on disk, closed. Everybody has the same password."""

    folder: Path
    logins: tuple[Login, ...]
    recovery_key: RecoveryKey


def make_sample(
    folder: Path,
    password: str,
    *,
    now: datetime = SAMPLE_NOW,
    size: SampleSize = SampleSize.SMALL,
    group: GroupSize = TEN_YEARS,
    seed: str = SEED,
    progress: Progress | None = None,
    kdf: KdfParameters = STANDARD_KDF,
) -> SampleMade:
    """Make a sample practice as of ``now``, the same for the same seed but for keys and salts.

    ``kdf`` is what the passwords of the finished practice cost. It is made beside its place and moved there when it
    is whole; any exception, also one from ``progress`` to cancel it, leaves nothing behind. Raises ``UserError`` if
    something stands in its place or the password is too easy.
    """
    folder = folder if folder.name.endswith(SUFFIX) else folder.with_name(folder.name + SUFFIX)
    check_place(folder)
    if folder.exists():
        raise UserError("There is already something with that name. Choose another name or folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    under_way = Path(tempfile.mkdtemp(prefix=".sample-", dir=folder.parent))
    try:
        made = under_way / folder.name
        _make(made, password, now, size, group, seed, progress)
        recovery_key = _harden(made, password, now, kdf)
        made.rename(folder)
    finally:
        shutil.rmtree(under_way)
    return SampleMade(folder=folder, logins=tuple(logins(folder)), recovery_key=recovery_key)


def _make(
    folder: Path,
    password: str,
    now: datetime,
    size: SampleSize,
    group: GroupSize,
    seed: str,
    progress: Progress | None,
) -> None:
    if size is SampleSize.SMALL:
        staff = found_small_practice(folder, password, now)
    else:
        staff = found_group_practice(folder, password, now, group)
    try:
        with staff.practice.database.connection.unsynced(thrown_away_on_failure=True):
            if size is SampleSize.SMALL:
                live_small_practice(staff, now, seed, progress)
            else:
                live_group_practice(staff, now, group, seed, progress)
                with staff.practice.writing() as session:
                    search_index.merge(session)
    except BaseException:
        staff.signed_in.abandon()
        raise
    finally:
        staff.reference.close()
    staff.signed_in.sign_out()


def _harden(folder: Path, password: str, now: datetime, kdf: KdfParameters) -> RecoveryKey:
    """Give every way in its real strength, which would have cost minutes while hundreds of notes were signed."""
    clock = SampleClock(now)
    owner = logins(folder)[0]
    signed_in = sign_in(folder, owner.person_id, password, clock, kdf=kdf)
    try:
        practice = signed_in.practice
        if kdf != WHILE_MAKING:
            for person in list_people(practice):
                practice.keep(practice.ways_in.with_password_changed(person.id, password, password))
        recovery_key = RecoveryKey.new()
        practice.keep(practice.ways_in.with_recovery_key(recovery_key))
    except BaseException:
        signed_in.abandon()
        raise
    signed_in.sign_out()
    return recovery_key
