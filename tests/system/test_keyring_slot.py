"""The operating system's keyring: a real one, and none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

REMEMBERING = """
from therapist_desktop.system.keyring_slot import forget, is_available, recall, remember

assert is_available()
assert recall("vault", "rosa") is None
forget("vault", "rosa")  # nothing there, nothing to say

first = remember("vault", "rosa")
assert len(first) == 32
assert recall("vault", "rosa") == first
assert recall("vault", "sam") is None
assert recall("another vault", "rosa") is None

second = remember("vault", "rosa")
assert second != first
assert recall("vault", "rosa") == second

forget("vault", "rosa")
assert recall("vault", "rosa") is None

import keyring
keyring.set_password("Therapist Desktop", "vault/rosa", "not what we stored")
assert recall("vault", "rosa") is None
print("remembered and forgotten")
"""

SHARING = """
from therapist_desktop.system.keyring_slot import recall, remember
import sys
print(remember("vault", "rosa").hex() if sys.argv[1] == "remember" else recall("vault", "rosa").hex())
"""

UNLOCKED_SESSION = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "$@"'

ONE_AFTER_THE_OTHER = """
import json, subprocess, sys

for command in json.loads(sys.argv[1]):
    subprocess.run(command, check=True)
"""

REFUSING = """
from therapist_desktop.models.errors import UserError
from therapist_desktop.system.keyring_slot import forget, is_available, recall, remember

assert not is_available()
for attempt in (remember, recall, forget):
    try:
        attempt("vault", "rosa")
    except UserError as error:
        assert "no keyring that can be trusted" in str(error), error
    else:
        raise AssertionError("a keyring that cannot be trusted was used")
print("refused")
"""

PLAINTEXT_BACKEND = """
from keyring.backend import KeyringBackend


class PlaintextKeyring(KeyringBackend):
    priority = 9
    stored = {}

    def get_password(self, service, username):
        return self.stored.get((service, username))

    def set_password(self, service, username, password):
        self.stored[service, username] = password

    def delete_password(self, service, username):
        del self.stored[service, username]
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    """The surroundings of a fresh account, without the keyring or the bus of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    return kept | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_RUNTIME_DIR": str(home),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(home), *sys.path]),
        "PYTHONWARNINGS": "ignore",
        **more,
    }


def run(command: list[str], surroundings: dict[str, str]) -> str:
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def in_a_session(home: Path, *commands: list[str]) -> list[str]:
    """Run commands one after the other in a desktop session with an unlocked GNOME keyring of its own."""
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: apt install dbus gnome-keyring)")
    surroundings = environment(home, PYTHON_KEYRING_BACKEND="keyring.backends.SecretService.Keyring")
    inside = [sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(commands)]
    command = ["dbus-run-session", "--", "sh", "-c", UNLOCKED_SESSION, "sh", *inside]
    return run(command, surroundings).splitlines()


def test_a_real_keyring_remembers_replaces_and_forgets(home: Path) -> None:
    assert in_a_session(home, [sys.executable, "-c", REMEMBERING]) == ["remembered and forgotten"]


def test_what_one_run_remembers_the_next_one_recalls(home: Path) -> None:
    remember = [sys.executable, "-c", SHARING, "remember"]
    recall = [sys.executable, "-c", SHARING, "recall"]
    stored, found = in_a_session(home, remember, recall)
    assert len(bytes.fromhex(stored)) == 32
    assert found == stored


@pytest.mark.parametrize(
    "backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "plain_text.PlaintextKeyring"]
)
def test_a_keyring_that_keeps_nothing_or_keeps_it_openly_is_refused(home: Path, backend: str) -> None:
    (home / "plain_text.py").write_text(PLAINTEXT_BACKEND)
    surroundings = environment(home, PYTHON_KEYRING_BACKEND=backend)
    assert run([sys.executable, "-c", REFUSING], surroundings) == "refused"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has sessions without a keyring")
def test_a_computer_without_a_keyring_says_so(home: Path) -> None:
    surroundings = environment(home, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
    assert run([sys.executable, "-c", REFUSING], surroundings) == "refused"


def test_the_keyring_is_not_even_loaded_until_it_is_asked(home: Path) -> None:
    program = "import sys, therapist_desktop.system.keyring_slot as k; print('keyring' in sys.modules)"
    assert run([sys.executable, "-c", program], environment(home)) == "False"
