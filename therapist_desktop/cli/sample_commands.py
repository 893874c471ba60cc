"""`therapist-desktop sample`: a practice of invented people, to try the program with."""

from __future__ import annotations

from pathlib import Path

import click

from therapist_desktop.cli.desk import Setup
from therapist_desktop.cli.printing import progress_bar, say


@click.command(short_help="Make a practice of invented people to try things out.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--size",
    type=click.Choice(["small", "group"]),
    default="small",
    show_default=True,
    help="About 25 clients, or ten years of a group with 30,000 notes (takes minutes).",
)
@click.pass_obj
def sample(setup: Setup, folder: Path, size: str) -> None:
    """Make a practice of invented people in FOLDER; everybody in it has the password you choose."""
    from therapist_desktop.sample.making import SampleSize, make_sample

    password = setup.another_secret("Choose a password for the sample", twice=True)
    with progress_bar("Making the sample") as progress:
        made = make_sample(folder, password, size=SampleSize(size), progress=progress)
    say(f"The sample practice is in {made.folder}.")
    for login in made.logins:
        say(f"  {login.person_id}  {login.label}")
    say(f"Recovery key: {made.recovery_key.text}")
