"""What keeps secrets in memory from ending up in files: no core dumps, no debugger, private new files."""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def harden_process() -> None:
    """Call once at the start. On Windows nothing is done: it has neither core dumps nor a umask."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (Windows has no such module)

    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # RLIMIT_CORE does not bind a core pattern that pipes to a program, see core(5); this does.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
