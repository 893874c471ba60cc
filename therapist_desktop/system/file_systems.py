"""Whether a folder lies on another computer: SQLite's locks and syncs cannot be relied on there.

See https://www.sqlite.org/wal.html ("all processes using a database must be on the same host computer") and
https://www.sqlite.org/howtocorrupt.html section 2.1. Only the Linux part has been run; the others are untested.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from pathlib import Path

# Types in /proc/self/mountinfo that reach another host, or the host of a virtual machine.
_REMOTE_TYPES = {
    "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.curlftpfs", "fuse.davfs2",
    "fuse.gcsfuse", "fuse.glusterfs", "fuse.google-drive-ocamlfuse", "fuse.gvfsd-fuse", "fuse.juicefs",
    "fuse.onedriver", "fuse.pcloud", "fuse.rclone", "fuse.s3fs", "fuse.seadrive", "fuse.smbnetfs", "fuse.sshfs",
    "fuse.vmhgfs-fuse", "fuse.kio-fuse", "gfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
    "prl_fs", "smb2", "smb3", "smbfs", "sshfs", "vboxsf", "virtiofs", "vmhgfs",
}  # fmt: skip

_DRIVE_REMOTE = 4  # GetDriveTypeW
_OCTAL = re.compile(r"\\([0-7]{3})")
_MACOS_MOUNT = re.compile(r"^.* on (?P<at>/.*) \((?P<options>[^()]*)\)$")


def is_remote(folder: Path) -> bool:
    """Tell whether ``folder``, or the nearest one above it that exists, is on a network or shared drive."""
    place = folder.resolve()
    if sys.platform == "win32":
        return _is_remote_on_windows(place)
    if sys.platform == "darwin":
        mounts = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=True).stdout
        return is_remote_on_macos(place, mounts)
    return is_remote_on_linux(place, Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape"))


def is_remote_on_linux(place: Path, mountinfo: str) -> bool:
    """Judge by the content of ``/proc/self/mountinfo``, see proc_pid_mountinfo(5)."""
    types = {}
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        if separator:
            # A later mount on the same place hides the earlier one.
            types[_unescaped(before.split(" ")[4])] = after.split(" ")[0]
    return types.get(_mount_point(place, types)) in _REMOTE_TYPES


def is_remote_on_macos(place: Path, mounts: str) -> bool:
    """Judge by the output of ``mount``, which says "local" for disks of this computer. Untested on macOS."""
    options = {
        found["at"]: found["options"].split(", ")
        for found in map(_MACOS_MOUNT.match, mounts.splitlines())
        if found is not None
    }
    return "local" not in options.get(_mount_point(place, options), ["local"])


def _is_remote_on_windows(place: Path) -> bool:
    """Judge by the drive's type or a network path. Untested on Windows."""
    if place.drive.startswith("\\\\"):
        return True
    kernel32 = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined, unused-ignore]
    return bool(kernel32.GetDriveTypeW(place.anchor) == _DRIVE_REMOTE)


def _mount_point(place: Path, known: dict[str, str] | dict[str, list[str]]) -> str:
    return next((str(above) for above in (place, *place.parents) if str(above) in known), "/")


def _unescaped(field: str) -> str:
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), field)
