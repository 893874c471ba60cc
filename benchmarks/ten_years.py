"""The ten-year practice of a group: made once, kept in a folder, copied for each run."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import click

import therapist_desktop
from benchmarks.subject import RunningClock, Subject
from therapist_desktop import paths
from therapist_desktop.sample.making import SAMPLE_NOW, SampleSize, make_sample
from therapist_desktop.services.practices import SUFFIX, logins

PASSWORD = "ten years of quiet work"


@dataclass(frozen=True)
class TenYears:
    """The practice as it was made; nothing works on it but a copy."""

    folder: Path

    def copied_to(self, place: Path, pace: float) -> Subject:
        """Copy the practice, and return it with the way in of its owner."""
        copy = place / self.folder.name
        shutil.copytree(self.folder, copy)
        owner, *_ = logins(copy)
        return Subject(copy, owner.person_id, PASSWORD, RunningClock(SAMPLE_NOW), pace)


def ten_years(cache: Path) -> TenYears:
    """Return the practice kept in ``cache``; it is made if there is none, or only one of an older program."""
    folder = cache / f"ten years {_fingerprint()}{SUFFIX}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for older in cache.glob(f"ten years *{SUFFIX}"):
            shutil.rmtree(older)
        begun = monotonic()
        with click.progressbar(length=100, label="Making the ten-year practice, once") as bar:
            make_sample(
                folder,
                PASSWORD,
                size=SampleSize.GROUP,
                progress=lambda done, total: bar.update(100 * done // max(total, 1) - bar.pos),
            )
        click.echo(f"It took {monotonic() - begun:.0f} seconds and is kept in {folder}.")
    return TenYears(folder)


def _fingerprint() -> str:
    """Return what changes with what a practice consists of and with what the sample is made of."""
    package = Path(therapist_desktop.__file__).parent
    folders = (package / "models", package / "sample", paths.resources() / "sample")
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".toml"}]
    files += [package / "storage" / name for name in ("schema.py", "search_index.py", "triggers.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
