"""The most memory this process ever held; imports nothing of the program, so that it can be asked beside nothing."""

from __future__ import annotations

import sys
from pathlib import Path


def peak_bytes() -> int:
    """Return the peak of resident memory, in bytes.

    On Linux not by ``getrusage``: that one begins with what the process held from which this one was started.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def forget_peak() -> None:
    """Count from now on, where the system can do so (Linux, see clear_refs in proc(5)); else nothing is forgotten."""
    switch = Path("/proc/self/clear_refs")
    if switch.exists():
        switch.write_text("5")
