"""`therapist-desktop tour`: the whole main job on the sample practice."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from therapist_desktop.cli.printing import progress_bar, say
from therapist_desktop.models.errors import UserError


@click.command(short_help="Do the whole main job on a sample practice.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def tour(folder: Path) -> None:
    """Do the main job on a sample practice of invented people and leave documents and backup in FOLDER.

    From a new client over plan, note, safety plan and superbills to a backup that was proven to restore.
    """
    from therapist_desktop.sample.calendar import SampleClock
    from therapist_desktop.sample.making import SAMPLE_NOW, make_sample
    from therapist_desktop.sample.tour import take_tour
    from therapist_desktop.storage.recovery_key import RecoveryKey

    if folder.exists() and any(folder.iterdir()):
        raise UserError("There is something in that folder already. Choose a new one for the tour.")
    folder.mkdir(parents=True, exist_ok=True)
    # Nobody needs to remember it: it is told at the end, and the people are invented.
    password = RecoveryKey.new().text[:17].lower()
    with progress_bar("Making the sample practice") as progress:
        made = make_sample(folder / "Harbor Counseling.practice", password, progress=progress)
    take_tour(folder, made.folder, password, SampleClock(SAMPLE_NOW), say)
    say(f"\nEverything is in {folder.resolve()}. The password of everybody in the sample is {password}")
    say(f'Look around: {Path(sys.argv[0])} --practice "{made.folder}" --as Rosa client list')
