"""What is slow to import is imported when it is needed, and not on the way to the first screen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PASSWORD

LATER = {
    "reportlab",
    "PIL",
    "alembic",
    "mako",
    "keyring",
    "pikepdf",
    "rapidfuzz",
    "sqlalchemy.dialects.postgresql",
}
"""Documents, migrations, the keyring, passwords on documents, likeness of names, other databases."""

LOADED = "import sys, json; print(json.dumps(sorted(sys.modules)))"


def loaded_after(code: str, typed: str = "") -> set[str]:
    """Run code in a process of its own; return the modules that are loaded at its end."""
    done = subprocess.run(
        (sys.executable, "-c", f"{code}\n{LOADED}"),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_signing_in_loads_nothing_that_is_needed_only_later(practice_folder: Path) -> None:
    loaded = loaded_after(
        "from pathlib import Path\n"
        "from therapist_desktop.models.moment import system_clock\n"
        "from therapist_desktop.services.practices import sign_in\n"
        f"sign_in(Path({str(practice_folder)!r}), 1, {PASSWORD!r}, system_clock).sign_out()"
    )
    assert "sqlcipher3" in loaded
    assert loaded.isdisjoint(LATER)


@pytest.mark.parametrize("command", [("client", "list"), ("note", "list"), ("search", "Jordan")])
def test_a_look_at_the_practice_from_the_command_line_loads_nothing_that_is_needed_only_later(
    practice_folder: Path, command: tuple[str, ...]
) -> None:
    arguments = ("--practice", str(practice_folder), "--password-fd", "0", *command)
    loaded = loaded_after(
        f"from therapist_desktop.cli.entry import run\nassert run({arguments!r}) == 0", typed=f"{PASSWORD}\n"
    )
    assert "click" in loaded
    assert loaded.isdisjoint(LATER)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("note", "--help"), ("backup", "--help")])
def test_help_comes_before_the_practice_is_loaded(arguments: tuple[str, ...]) -> None:
    loaded = loaded_after(f"from therapist_desktop.cli.entry import run\nassert run({arguments!r}) == 0")
    assert loaded.isdisjoint(LATER | {"sqlalchemy", "sqlcipher3", "cryptography"})
