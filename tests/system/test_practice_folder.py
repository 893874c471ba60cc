"""Where a practice may lie."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from therapist_desktop.models.errors import UserError
from therapist_desktop.system.file_systems import is_remote, is_remote_on_linux, is_remote_on_macos
from therapist_desktop.system.practice_folder import check_place, ensure_free_space, free_bytes, make_private
from therapist_desktop.system.sync_folders import sync_program_of

HOME = Path("/home/rosa")

MOUNTINFO = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
25 22 0:23 / /dev/shm rw,nosuid - tmpfs tmpfs rw
40 22 0:40 / /mnt/office rw,relatime shared:7 - cifs //server/share rw,vers=3.1.1
41 22 0:41 / /mnt/old rw,relatime - nfs server:/export rw
42 22 0:42 / /home/rosa/far\040away rw,nosuid - fuse.sshfs rosa@server:/ rw
43 22 0:43 / /media/usb rw,nosuid - fuseblk /dev/sdb1 rw
44 22 0:44 / /mnt/auto rw - autofs systemd-1 rw
45 44 0:45 / /mnt/auto rw - nfs4 server:/home rw
46 40 0:46 / /mnt/office/local rw shared:9 master:2 - ext4 /dev/sdc1 rw
47 22 0:47 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
48 22 0:48 / /mnt/c rw,noatime - 9p drvfs rw
49 22 0:49 / /vault rw - fuse.gocryptfs /home/rosa/cipher rw
"""

MACOS_MOUNTS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//rosa@server._smb._tcp.local/office on /Volumes/office (smbfs, nodev, nosuid, mounted by rosa)
server:/export on /Volumes/old files (nfs)
/dev/disk4s1 on /Volumes/Stick (1) (exfat, local, nodev, nosuid, noowners)
"""


@pytest.mark.parametrize(
    ("place", "remote"),
    [
        ("/home/rosa/Documents/Harbor Counseling.practice", False),
        ("/mnt/office/Harbor Counseling.practice", True),
        ("/mnt/office/local/Harbor Counseling.practice", False),
        ("/mnt/officer/Harbor Counseling.practice", False),
        ("/mnt/old", True),
        ("/home/rosa/far away/practice", True),
        ("/media/usb/practice", False),
        ("/mnt/auto/practice", True),
        ("/run/user/1000/gvfs/smb-share:server=office/practice", True),
        ("/mnt/c/Users/rosa/practice", True),
        ("/vault/practice", False),
        ("/", False),
    ],
)
def test_network_and_shared_drives_are_known_on_linux(place: str, remote: bool) -> None:
    assert is_remote_on_linux(Path(place), MOUNTINFO) is remote


@pytest.mark.parametrize(
    ("place", "remote"),
    [
        ("/Users/rosa/Documents/practice", False),
        ("/Volumes/office/practice", True),
        ("/Volumes/old files/practice", True),
        ("/Volumes/Stick (1)/practice", False),
    ],
)
def test_network_drives_are_known_by_what_macos_says_of_them(place: str, remote: bool) -> None:
    assert is_remote_on_macos(Path(place), MACOS_MOUNTS) is remote


def test_the_disk_of_this_computer_is_not_remote(tmp_path: Path) -> None:
    assert not is_remote(tmp_path / "not there yet" / "Harbor Counseling.practice")


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("/home/rosa/Dropbox/practice", "Dropbox"),
        ("/home/rosa/Dropbox (Harbor Counseling)/practice", "Dropbox"),
        ("/Users/rosa/Library/CloudStorage/GoogleDrive-rosa@harbor.example/My Drive/p", "a cloud drive"),
        ("/Users/rosa/Library/Mobile Documents/com~apple~CloudDocs/practice", "iCloud Drive"),
        ("/mnt/c/Users/rosa/OneDrive/Documents/practice", "OneDrive"),
        ("/mnt/c/Users/rosa/OneDrive - Harbor Counseling/practice", "OneDrive"),
        ("/home/rosa/Google Drive/practice", "Google Drive"),
        ("/home/rosa/Nextcloud/practice", "Nextcloud"),
        ("/home/rosa/Nextcloud2/practice", "Nextcloud"),
        ("/home/rosa/ownCloud/practice", "ownCloud"),
        ("/home/rosa/pCloudDrive/practice", "pCloud"),
        ("/home/rosa/Box/practice", "Box"),
        ("/home/rosa/Box Sync/practice", "Box"),
        ("/home/rosa/MEGA", "MEGA"),
        ("/home/rosa/Sync/practice", "Sync.com"),
        ("/home/rosa/Documents/practice", None),
        ("/home/rosa/Documents/Box/practice", None),
        ("/home/rosa/Dropbox-free notes/practice", None),
        ("/home/rosa/onedrivers club/practice", None),
        ("/home/rosa", None),
    ],
)
def test_a_synchronized_folder_is_known_by_the_name_its_program_gives_it(folder: str, program: str | None) -> None:
    assert sync_program_of(Path(folder), HOME, {}) == program


def make_file(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()


@pytest.mark.parametrize(
    ("marker", "make", "program"),
    [
        (".stfolder", Path.mkdir, "Syncthing"),
        (".dropbox", make_file, "Dropbox"),
        (".849C9593-D756-4E56-8D6E-42412F2A707B", make_file, "OneDrive"),
        (".tmp.driveupload", Path.mkdir, "Google Drive"),
        (".sync_0a1b2c3d4e5f.db", make_file, "Nextcloud"),
        (".owncloudsync.log", make_file, "ownCloud"),
        (".sync/ID", make_file, "Resilio Sync"),
    ],
)
def test_a_synchronized_folder_of_any_name_is_known_by_what_its_program_leaves_there(
    tmp_path: Path, marker: str, make: Callable[[Path], None], program: str
) -> None:
    practice = tmp_path / "my things" / "Harbor Counseling.practice"
    assert sync_program_of(practice, HOME, {}) is None
    (tmp_path / "my things").mkdir()
    make(tmp_path / "my things" / marker)
    assert sync_program_of(practice, HOME, {}) == program


def test_dropboxs_own_settings_in_the_home_folder_are_no_sign(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    assert sync_program_of(tmp_path / "Documents" / "practice", tmp_path, {}) is None


def test_a_folder_that_onedrive_names_in_the_environment_is_known(tmp_path: Path) -> None:
    environment = {"OneDriveCommercial": str(tmp_path / "Work")}
    assert sync_program_of(tmp_path / "Work" / "practice", HOME, environment) == "OneDrive"
    assert sync_program_of(tmp_path / "Home" / "practice", HOME, environment) is None


def test_a_link_into_a_synchronized_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox" / "practices").mkdir(parents=True)
    (tmp_path / "practices").symlink_to(tmp_path / "Dropbox" / "practices")
    assert sync_program_of(tmp_path / "practices" / "Harbor Counseling.practice", HOME, {}) == "Dropbox"


def test_an_ordinary_folder_is_taken_and_a_synchronized_one_refused_with_its_name(tmp_path: Path) -> None:
    check_place(tmp_path / "Harbor Counseling.practice")
    with pytest.raises(UserError, match="synchronized by Dropbox"):
        check_place(tmp_path / "Dropbox" / "Harbor Counseling.practice")


def test_free_space_is_that_of_the_disk_the_folder_will_be_on(tmp_path: Path) -> None:
    there, not_there_yet = free_bytes(tmp_path), free_bytes(tmp_path / "not" / "there" / "yet")
    assert there > 0
    assert abs(there - not_there_yet) < 1_000_000_000
    ensure_free_space(tmp_path, 1)
    with pytest.raises(UserError, match=r"are needed and [\d,]+ MB are free"):
        ensure_free_space(tmp_path, 10**18)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can make a small disk")
def test_a_small_disk_has_little_room(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this system does not let even root mount a disk")
    try:
        ensure_free_space(tmp_path, 4_000_000)
        with pytest.raises(UserError, match="6 MB are needed and 5 MB are free"):
            ensure_free_space(tmp_path / "later", 6_000_000)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "Harbor Counseling.practice"
    folder.mkdir(mode=0o755)
    make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
