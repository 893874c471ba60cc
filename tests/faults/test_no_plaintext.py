"""Nothing about a client, and no password, is readable on disk outside the vault."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.day_of_work import SECRETS

pytestmark = pytest.mark.fault
FOLDERS = ("practices", "home", "temporary", "settings", "work")


def readable(word: str, place: Path) -> list[str]:
    """Return the files below ``place`` that hold a word, or a good part of it, in any usual form."""
    parts = {word, word.lower(), word.upper(), word[:8].lower()}
    forms = {part.encode(coding) for part in parts for coding in ("utf-8", "utf-16-le", "utf-16-be")}
    forms |= {form[::-1] for form in forms}
    found = []
    for path in place.rglob("*"):
        if any(form in path.name.encode() for form in forms):
            found.append(path.name)
        if path.is_file():
            data = path.read_bytes()
            if any(form in data or form in data.lower() for form in forms):
                found.append(path.name)
    return found


@pytest.mark.parametrize("end", ["signed out", "killed"])
def test_a_day_of_work_leaves_no_readable_word(tmp_path: Path, end: str) -> None:
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    root = Path(__file__).parents[2]
    home, temporary = str(tmp_path / "home"), str(tmp_path / "temporary")
    surroundings = os.environ | {
        "HOME": home, "USERPROFILE": home, "XDG_DATA_HOME": f"{home}/data", "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_CACHE_HOME": f"{home}/cache", "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary,
        "SQLITE_TMPDIR": temporary, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    day = subprocess.run(
        [sys.executable, "-m", "tests.faults.day_of_work", str(tmp_path / "practices"), end],
        cwd=tmp_path / "work",
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert day.returncode == (-signal.SIGKILL if end == "killed" else 0), day.stderr
    practices = {path.name for path in (tmp_path / "practices").iterdir()}
    assert {"Harbor.practice", "Restored.practice", "shelf"} <= practices
    assert (
        len(list((tmp_path / "practices" / "shelf").iterdir())) == 4
    )  # two made, one as Sam left, one with the new recovery key
    for word in SECRETS:
        assert readable(word, tmp_path) == []
        assert word not in day.stdout + day.stderr
    # What the program wrote outside the practices is nothing at all.
    for name in FOLDERS[1:]:
        assert list((tmp_path / name).iterdir()) == []


def test_the_search_for_words_finds_them_in_every_form(tmp_path: Path) -> None:
    for number, content in enumerate(
        [
            b"my Zephyrine",
            b"ZEPHYRINE",
            b"..zephyrin..",
            "Zephyrine".encode("utf-16-le"),
            "Zephyrine".encode("utf-16-be"),
        ]
    ):
        (tmp_path / str(number)).write_bytes(b"\xff\x00" + content)
    (tmp_path / "of Zephyrine.txt").touch()
    assert len(readable("Zephyrine", tmp_path)) == 6
    assert readable("Quokkalantern", tmp_path) == []
