"""One window at a time, whoever asks and however the first one ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import CHEAP_KDF, PASSWORD, TestClock
from tests.faults.conftest import Victims
from tests.faults.workers import stay_signed_in
from therapist_desktop.models.errors import UserError
from therapist_desktop.services.practices import sign_in

pytestmark = pytest.mark.fault


def test_a_second_window_is_refused_in_another_process_and_let_in_after_a_kill(
    practice_folder: Path, victims: Victims, clock: TestClock
) -> None:
    with victims.at_work(stay_signed_in, practice_folder) as said:
        assert said == ("signed in", "Rosa Alvarez")
        before = {path.name for path in practice_folder.iterdir()}
        for _ in range(3):
            with pytest.raises(UserError, match="already open in another window"):
                sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
        assert {path.name for path in practice_folder.iterdir()} == before
    signed_in = sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
    with pytest.raises(UserError, match="already open in another window"):
        sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF)
    signed_in.sign_out()
    sign_in(practice_folder, 1, PASSWORD, clock, kdf=CHEAP_KDF).sign_out()
