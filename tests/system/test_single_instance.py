"""One process at a time, also after a kill."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from therapist_desktop.models.errors import UserError
from therapist_desktop.system.single_instance import LOCK_NAME, PracticeLock

HOLDER = """
import sys
from pathlib import Path
from therapist_desktop.system.single_instance import PracticeLock

lock = PracticeLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process_in(folder: Path, program: str = HOLDER) -> Iterator[subprocess.Popen[str]]:
    """Let a second process hold the practice until its input is closed or it is killed."""
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_a_practice_that_another_process_has_open_is_refused(tmp_path: Path) -> None:
    with another_process_in(tmp_path):
        with pytest.raises(UserError, match="already open"):
            PracticeLock(tmp_path).acquire()
        with pytest.raises(UserError, match="already open"):
            PracticeLock(tmp_path).acquire()


def test_the_practice_is_free_again_once_the_other_process_ends(tmp_path: Path) -> None:
    with another_process_in(tmp_path) as holder:
        assert holder.stdin is not None
        holder.stdin.close()
        assert holder.wait(timeout=20) == 0
        with PracticeLock(tmp_path):
            pass


@pytest.mark.fault
def test_a_killed_holder_leaves_the_practice_free(tmp_path: Path) -> None:
    for _ in range(3):
        with another_process_in(tmp_path) as holder:
            holder.kill()
            holder.wait(timeout=20)
            assert (tmp_path / LOCK_NAME).exists()
            with PracticeLock(tmp_path):
                pass


def test_the_same_process_cannot_open_a_practice_twice(tmp_path: Path) -> None:
    with PracticeLock(tmp_path), pytest.raises(UserError, match="already open"):
        PracticeLock(tmp_path).acquire()
    with PracticeLock(tmp_path):
        pass


def test_a_lock_is_taken_once_and_given_back_any_number_of_times(tmp_path: Path) -> None:
    lock = PracticeLock(tmp_path)
    lock.release()
    lock.acquire()
    with pytest.raises(RuntimeError, match="already held"):
        lock.acquire()
    lock.release()
    lock.release()
    with PracticeLock(tmp_path):
        pass


def test_two_practices_are_open_side_by_side(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with PracticeLock(tmp_path / "one"), PracticeLock(tmp_path / "two"):
        pass


def test_a_program_that_starts_itself_anew_can_take_the_lock_again(tmp_path: Path) -> None:
    again = HOLDER.replace('"held"', '"held again"')
    program = HOLDER.replace(
        "sys.stdin.read()", "import os; os.execv(sys.executable, [sys.executable, '-c', *sys.argv[2:]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), again, str(tmp_path)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert done.stdout.splitlines() == ["held", "held again"]


@pytest.mark.fault
def test_a_printer_started_by_a_killed_holder_does_not_keep_the_practice(tmp_path: Path) -> None:
    start = "import subprocess\nsubprocess.Popen(['sleep', '3'], close_fds=False, stdout=subprocess.DEVNULL)\nprint("
    with another_process_in(tmp_path, HOLDER.replace("print(", start)) as holder:
        holder.kill()
        holder.wait(timeout=20)
        with PracticeLock(tmp_path):
            pass


def test_the_lock_file_says_nothing_about_anybody(tmp_path: Path) -> None:
    with PracticeLock(tmp_path):
        assert (tmp_path / LOCK_NAME).read_bytes() == b""
        if os.name != "nt":
            assert stat.S_IMODE((tmp_path / LOCK_NAME).stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no practice folder"):
        PracticeLock(tmp_path / "nowhere").acquire()
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_locked_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).mkdir()
    with pytest.raises(UserError, match="cannot be locked"):
        PracticeLock(tmp_path).acquire()
