"""Whether a folder is kept in step with another computer by a sync program."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

# Folder names the programs choose themselves, anywhere in a path.
_NAMES: dict[str, re.Pattern[str]] = {
    "Dropbox": re.compile(r"dropbox( \(.*\))?"),
    "OneDrive": re.compile(r"onedrive( - .*)?"),
    "Google Drive": re.compile(r"google ?drive|my drive"),
    "iCloud Drive": re.compile(r"mobile documents|com~apple~clouddocs|icloud ?drive"),
    "a cloud drive": re.compile(r"cloudstorage"),  # ~/Library/CloudStorage holds every macOS File Provider
    "Nextcloud": re.compile(r"nextcloud\d*"),
    "ownCloud": re.compile(r"owncloud\d*"),
    "pCloud": re.compile(r"pcloud ?(drive|sync)"),
    "Box": re.compile(r"box sync|box-box"),
    "MEGA": re.compile(r"megasync( downloads)?"),
    "Proton Drive": re.compile(r"proton ?drive"),
}

# Names so ordinary that they only tell something right under the home folder.
_NAMES_AT_HOME: dict[str, str] = {
    "box": "Box",
    "mega": "MEGA",
    "sync": "Sync.com",
    "seafile": "Seafile",
    "pcloud": "pCloud",
    "resilio sync": "Resilio Sync",
    "tresorit": "Tresorit",
}

# What the programs leave at the top of a folder, wherever the user has put it. ~/.dropbox as a folder is only
# Dropbox's configuration; in a synced folder it is a file.
_MARKERS: tuple[tuple[str, str, Callable[[Path], bool]], ...] = (
    ("Dropbox", ".dropbox", Path.is_file),
    ("Dropbox", ".dropbox.cache", Path.is_dir),
    ("OneDrive", ".849C9593-D756-4E56-8D6E-42412F2A707B", Path.exists),
    ("Google Drive", ".tmp.drivedownload", Path.exists),
    ("Google Drive", ".tmp.driveupload", Path.exists),
    ("Syncthing", ".stfolder", Path.exists),
    ("Nextcloud", ".nextcloudsync.log", Path.is_file),
    ("ownCloud", ".owncloudsync.log", Path.is_file),
    ("ownCloud", ".csync_journal.db", Path.is_file),
    ("Resilio Sync", ".sync/ID", Path.is_file),
)

# Set by OneDrive on Windows to the folders it syncs, which may be called anything.
_ONEDRIVE_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")


def sync_program_of(folder: Path, home: Path, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the name of the program that seems to sync ``folder``, or None.

    It cannot know every program: a folder chosen by hand that carries no marker is not noticed, nor are a Mac's
    desktop and documents when iCloud keeps them.
    """
    # A link may lead into a synced folder, and a synced folder may show its contents through a link.
    for path in dict.fromkeys((folder.absolute(), folder.resolve())):
        found = _by_name(path, home) or _by_marker(path) or _by_environment(path, environment)
        if found is not None:
            return found
    return None


def _by_name(path: Path, home: Path) -> str | None:
    for part in path.parts:
        for program, pattern in _NAMES.items():
            if pattern.fullmatch(part.casefold()):
                return program
    for root in (home, home.resolve()):
        if path.is_relative_to(root) and path != root:
            return _NAMES_AT_HOME.get(path.relative_to(root).parts[0].casefold())
    return None


def _by_marker(path: Path) -> str | None:
    for place in (path, *path.parents):
        for program, name, is_there in _MARKERS:
            if is_there(place / name):
                return program
        if any(place.glob(".sync_*.db")) or any(place.glob("._sync_*.db")):
            return "Nextcloud"
    return None


def _by_environment(path: Path, environment: Mapping[str, str]) -> str | None:
    roots = (environment.get(name) for name in _ONEDRIVE_VARIABLES)
    return "OneDrive" if any(root and path.is_relative_to(root) for root in roots) else None
