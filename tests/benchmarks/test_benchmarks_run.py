"""Every benchmark runs, on a group that is very small, and yields ratios; how large they are is not tested."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from math import isfinite
from pathlib import Path

import pytest

from benchmarks.__main__ import CHAPTERS
from benchmarks.comparison import Comparison, Unit, as_table, compare
from benchmarks.subject import RunningClock, Subject
from tests.conftest import CHEAP_KDF, PASSWORD
from therapist_desktop.sample.group_practice import GroupSize
from therapist_desktop.sample.making import SAMPLE_NOW, SampleSize, make_sample


@pytest.fixture(scope="module")
def small_group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed group practice with a month that is not billed yet."""
    size = GroupSize(clients=12, notes=300, years=1, billed_months=1)
    folder = tmp_path_factory.mktemp("group") / "Saltmarsh.practice"
    return make_sample(folder, PASSWORD, size=SampleSize.GROUP, group=size, kdf=CHEAP_KDF).folder


@pytest.fixture
def subject(small_group: Path, tmp_path: Path) -> Subject:
    copy = tmp_path / small_group.name
    shutil.copytree(small_group, copy)
    return Subject(copy, 1, PASSWORD, RunningClock(SAMPLE_NOW), pace=0)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_yields_ratios(subject: Subject, chapter: str) -> None:
    found = list(import_module(f"benchmarks.{chapter}").comparisons(subject))
    assert found
    assert all(isfinite(one.ratio) and one.ratio > 0 for one in found)
    assert all(one.name in as_table(found) for one in found)
    assert json.loads(json.dumps([one.to_fields() for one in found]))


def test_both_are_measured_in_turn_and_the_warm_up_is_not_counted() -> None:
    order: list[str] = []

    def program(number: int) -> float:
        order.append(f"program {number}")
        return 6.0 if number >= 2 else 600.0

    def bare(number: int) -> float:
        order.append(f"bare {number}")
        return 2.0 if number >= 2 else 200.0

    found = compare("a verb", program, "what it cannot do without", bare, rounds=3, warm_up=2)
    assert order[:4] == ["bare 0", "program 0", "program 1", "bare 1"]
    assert (found.program, found.bare, found.ratio) == ((6.0,) * 3, (2.0,) * 3, 3.0)


def test_the_95th_percentile_is_what_95_of_100_stay_below() -> None:
    hundred = Comparison(name="", bare_name="", program=tuple(float(n) for n in range(1, 101)), bare=(1.0,))
    assert hundred.p95 == 95
    assert Comparison(name="", bare_name="", program=(3.0, 1.0, 2.0), bare=(1.0,)).p95 == 3


def test_a_table_shows_times_and_sizes_with_the_digits_that_mean_something() -> None:
    save = Comparison(name="save a draft", bare_name="commit", program=(0.001234,), bare=(0.0005,))
    peak = Comparison(name="memory", bare_name="python", program=(139e6,), bare=(58e6,), unit=Unit.BYTES)
    table = [line.split() for line in as_table([save, peak]).splitlines()]
    assert table[1] == ["save", "a", "draft", "1.23", "ms", "1.23", "ms", "0.50", "ms", "2.47", "commit"]
    assert table[2] == ["memory", "139", "MB", "139", "MB", "58", "MB", "2.40", "python"]
