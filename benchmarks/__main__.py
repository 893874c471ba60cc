"""`python -m benchmarks`: measures the program on ten years of a group practice, each verb as a ratio."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.comparison import Comparison, as_table
from benchmarks.surroundings import surroundings
from benchmarks.ten_years import ten_years

CHAPTERS = ("signing_in", "writing", "reading", "finding", "memory", "billing", "keeping", "starting")


@click.command()
@click.option("--only", multiple=True, type=click.Choice(CHAPTERS), help="Measure only this; can be given again.")
@click.option("--pace", default=1.0, show_default=True, help="How much of the usual repetitions to do.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Keep every value here.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/benchmarks"),
    envvar="THERAPIST_DESKTOP_BENCHMARKS",
    show_default=True,
    help="Folder that keeps the ten-year practice from one run to the next. [env: THERAPIST_DESKTOP_BENCHMARKS]",
)
def benchmarks(only: tuple[str, ...], pace: float, json_file: Path | None, cache: Path) -> None:
    """Measure the verbs of the program against the bare operations they cannot do without, in the same run.

    They work on a copy of the practice; the first run makes it, which takes a minute or two.
    """
    made = ten_years(cache)
    known: dict[str, str] = {}
    measured: list[Comparison] = []
    for chapter in only or CHAPTERS:
        with TemporaryDirectory(dir=cache) as scratch:
            subject = made.copied_to(Path(scratch), pace)
            if not known:
                known = surroundings(subject)
                click.echo("\n".join(f"{name + ':':10} {value}" for name, value in known.items()))
            found = list(import_module(f"benchmarks.{chapter}").comparisons(subject))
        click.echo(f"\n{as_table(found)}")
        for one in found:
            if one.remark:
                click.echo(f"  {one.name}: {one.remark}")
        measured += found
    if json_file is not None:
        json_file.write_text(
            json.dumps({**known, "comparisons": [one.to_fields() for one in measured]}, indent=1) + "\n"
        )


if __name__ == "__main__":
    benchmarks()
