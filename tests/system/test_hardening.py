"""No secret of this process ends up in a core dump or a file that others may read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="core dumps are looked at on Linux only")

CHILD = """
import ctypes, json, os, resource, sys
from therapist_desktop.system.hardening import harden_process

if os.geteuid() == 0:
    os.setuid(65534)  # root may read any process
harden_process()
dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)  # PR_GET_DUMPABLE
umask = os.umask(0)
print(json.dumps([resource.getrlimit(resource.RLIMIT_CORE), dumpable, umask]), flush=True)
sys.stdin.read()
"""


def test_a_hardened_process_dumps_no_core_and_makes_private_files() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        assert child.stdout is not None
        core, dumpable, umask = json.loads(child.stdout.readline())
        # What the kernel does to an undumpable process: its memory belongs to root.
        owner = Path(f"/proc/{child.pid}/mem").stat().st_uid
        child.kill()
    assert core == [0, 0]
    assert dumpable == 0
    assert umask == 0o077
    assert owner == 0
