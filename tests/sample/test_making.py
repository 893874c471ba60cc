"""A sample practice is the same each time, opens with its password, and is there whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import CHEAP_KDF, PASSWORD
from tests.sample.conftest import TINY
from tests.sample.fingerprints import fingerprint
from therapist_desktop.models.errors import UserError
from therapist_desktop.sample.calendar import SampleClock
from therapist_desktop.sample.making import SAMPLE_NOW, SampleSize, make_sample
from therapist_desktop.services.practices import enter_with_recovery_key, sign_in
from therapist_desktop.storage.key_derivation import KdfParameters
from therapist_desktop.storage.key_file_store import read_key_file

CLOCK = SampleClock(SAMPLE_NOW)


def fingerprint_of(folder: Path, copy: Path) -> list[str]:
    """Open a copy, so that looking leaves no trace in the original."""
    shutil.copytree(folder, copy)
    signed_in = sign_in(copy, 1, PASSWORD, CLOCK, kdf=CHEAP_KDF)
    found = fingerprint(signed_in.practice)
    signed_in.sign_out()
    return found


def test_the_small_sample_is_the_same_each_time(small_sample: Path, tmp_path: Path) -> None:
    again = make_sample(tmp_path / "Again", PASSWORD, kdf=CHEAP_KDF).folder
    assert fingerprint_of(again, tmp_path / "one") == fingerprint_of(small_sample, tmp_path / "other")


def test_the_large_sample_is_the_same_each_time_and_another_with_another_seed(
    tiny_group: Path, tmp_path: Path
) -> None:
    seeds = {"Again": "harbor", "Other": "another seed"}
    again, other = (
        make_sample(tmp_path / name, PASSWORD, size=SampleSize.GROUP, group=TINY, seed=seed, kdf=CHEAP_KDF).folder
        for name, seed in seeds.items()
    )
    first = fingerprint_of(tiny_group, tmp_path / "first")
    assert fingerprint_of(again, tmp_path / "second") == first
    assert fingerprint_of(other, tmp_path / "third") != first


def test_everybody_signs_in_with_the_password_and_the_recovery_key_opens_it(tmp_path: Path) -> None:
    made = make_sample(tmp_path / "Group", PASSWORD, size=SampleSize.GROUP, group=TINY, kdf=CHEAP_KDF)
    assert made.folder == tmp_path / "Group.practice"
    assert len(made.logins) == 4
    for login in made.logins:
        sign_in(made.folder, login.person_id, PASSWORD, CLOCK, kdf=CHEAP_KDF).sign_out()
    enter_with_recovery_key(made.folder, made.recovery_key, CLOCK, kdf=CHEAP_KDF).sign_out()


def test_passwords_of_the_finished_practice_cost_what_was_asked_for(tmp_path: Path) -> None:
    kdf = KdfParameters(memory_kib=9 * 1024, time=2, lanes=1)
    made = make_sample(tmp_path / "Group", PASSWORD, size=SampleSize.GROUP, group=TINY, kdf=kdf)
    assert {slot.kdf for slot in read_key_file(made.folder).slots} == {kdf}


def test_canceling_leaves_nothing_behind(tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        assert 0 < done <= total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_sample(tmp_path / "Group", PASSWORD, size=SampleSize.GROUP, group=TINY, kdf=CHEAP_KDF, progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    make_sample(
        tmp_path / "Group",
        PASSWORD,
        size=SampleSize.GROUP,
        group=TINY,
        kdf=CHEAP_KDF,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_what_stands_in_its_place_is_not_touched(tmp_path: Path) -> None:
    there = tmp_path / "Harbor Counseling.practice"
    there.mkdir()
    with pytest.raises(UserError, match="already something"):
        make_sample(tmp_path / "Harbor Counseling", PASSWORD, kdf=CHEAP_KDF)
    assert list(tmp_path.iterdir()) == [there]


def test_an_easy_password_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="at least 12"):
        make_sample(tmp_path / "Harbor Counseling", "short", kdf=CHEAP_KDF)
    assert list(tmp_path.iterdir()) == []
