"""The key file outlives a process that is killed while writing it, again and again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.storage.keys_of_harbor import ROSA, ROSAS_PASSWORD, harbor_keys
from therapist_desktop.storage.key_file_store import BACKUP_NAME, NAME, read_key_file, write_key_file

KILLS = 100

# Every kind of change, one after the other, each acknowledged once it is written.
WRITER = """
import secrets, sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tests.storage.keys_of_harbor import CHEAP, KEYRING_SECRET, ROSA, ROSAS_PASSWORD
from therapist_desktop.storage.audit_anchor import Anchor
from therapist_desktop.storage.key_file_store import read_key_file, write_key_file

folder = Path(sys.argv[1])
keys = read_key_file(folder)
bundle = keys.unlock_with_password(ROSA, ROSAS_PASSWORD)
if bundle.pending_key:
    keys = keys.with_rekey_confirmed(bundle.pending_key)
    bundle = bundle.settled_on(bundle.pending_key)


def keep(changed):
    global keys
    write_key_file(changed, folder)
    keys = changed
    print(keys.generation, flush=True)


for number in count():
    keep(keys.with_anchor(Anchor(number, secrets.token_hex(32), datetime.now(UTC)), bundle.practice_key))
    keep(keys.with_keyring_slot(bundle, ROSA, KEYRING_SECRET, CHEAP))
    new_key = secrets.token_bytes(32)
    keep(keys.with_pending_rekey(bundle, new_key))
    keep(keys.with_rekey_confirmed(new_key))
    bundle = bundle.with_pending(new_key).settled_on(new_key)
"""


def write_until_killed(folder: Path, after_seconds: float) -> int:
    """Let a process write generations, kill it, and return the last one it acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline())]
        time.sleep(after_seconds)
        writer.kill()
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    return acknowledged[-1]


@pytest.mark.fault
def test_a_hundred_kills_lose_no_acknowledged_generation(tmp_path: Path) -> None:
    keys = harbor_keys()
    write_key_file(keys.file, tmp_path)
    chance = random.Random(100)
    for _ in range(KILLS):
        acknowledged = write_until_killed(tmp_path, chance.uniform(0, 0.03))
        found = read_key_file(tmp_path)
        # Written but not yet acknowledged is fine; acknowledged but not written is not.
        assert found.generation - acknowledged in (0, 1)
        assert not found.used_backup
        assert found.unlock_with_password(ROSA, ROSAS_PASSWORD).private_key is None
        assert found.unlock_with_recovery_key(keys.recovery_key).practice_keys
    for path in tmp_path.iterdir():
        if path.name not in (NAME, BACKUP_NAME):
            os.utime(path, (0, 0))
    write_key_file(keys.file, tmp_path)
    # What the kills left was swept up once it was old.
    assert {path.name for path in tmp_path.iterdir()} == {NAME, BACKUP_NAME}
