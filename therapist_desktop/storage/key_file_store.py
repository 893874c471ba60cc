"""The key file as text, and its two copies on disk, of which at least one is whole at every instant."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from therapist_desktop.models.errors import UserError
from therapist_desktop.storage.atomic_file import write_copies
from therapist_desktop.storage.audit_anchor import Anchor, AnchorTag
from therapist_desktop.storage.cipher_profile import CipherProfile
from therapist_desktop.storage.key_file import VAULT_ID_BYTES, KeyFile
from therapist_desktop.storage.key_json import Fields, KeyFileDamagedError, KeyFileTooNewError, canonical
from therapist_desktop.storage.key_sealing import KEY_ID_BYTES
from therapist_desktop.storage.key_slots import Slot

FORMAT = 1
NAME = "practice.keys"
BACKUP_NAME = "practice.keys.bak"

_LARGEST_FILE = 1 << 20


def read_key_file(folder: Path) -> KeyFile:
    """Return the newest whole key file of the practice in ``folder``.

    ``used_backup`` is set if that was ``practice.keys.bak`` because the first copy is missing, damaged or
    older; ``needs_repair`` if the copies differ. Writing puts both right. Raises ``UserError`` if no copy is
    whole, if they belong to different practices, or if a newer program wrote them.
    """
    main, backup = _read_copy(folder / NAME), _read_copy(folder / BACKUP_NAME)
    if main is not None and backup is not None and main.vault_id != backup.vault_id:
        raise UserError(
            f"The files {NAME} and {BACKUP_NAME} in this folder belong to different practices. "
            "Move the one that does not belong here to another folder."
        )
    if backup is not None and (main is None or backup.generation > main.generation):
        return replace(backup, used_backup=True, needs_repair=True)
    if main is not None:
        return replace(main, needs_repair=main != backup)
    if (folder / NAME).exists() or (folder / BACKUP_NAME).exists():
        raise KeyFileDamagedError.standard()
    raise UserError(
        f"There is no key file ({NAME}) in this folder. Choose the folder of a practice, "
        "or restore the practice from a backup."
    )


def write_key_file(key_file: KeyFile, folder: Path) -> None:
    """Write both copies, one after the other; on return both are on the disk itself.

    Raises ``UserError`` when the disk is full or the folder read-only; both copies are then as they were.
    """
    text = to_json(key_file)
    if from_json(text) != key_file:  # what could not be read again would lock everybody out
        raise ValueError("the key file would not be read as it was written")
    write_copies((folder / NAME, folder / BACKUP_NAME), text.encode("ascii"))


def to_json(key_file: KeyFile) -> str:
    """Return the whole key file as text; also what a backup carries in its header."""
    content: dict[str, object] = {
        "format": FORMAT,
        "vault_id": key_file.vault_id,
        "generation": key_file.generation,
        "key_id": key_file.key_id,
        "pending_key_id": key_file.pending_key_id,
        "cipher": key_file.cipher.to_fields(),
        "anchor": key_file.anchor.to_fields(),
        "anchor_tags": [tag.to_fields() for tag in key_file.anchor_tags],
        "slots": [slot.to_fields() for slot in key_file.slots],
    }
    return json.dumps(content | {"checksum": _checksum(content)}, indent=1) + "\n"


def from_json(text: str) -> KeyFile:
    """Read what ``to_json`` wrote; raises ``KeyFileDamagedError`` or ``KeyFileTooNewError``."""
    try:
        content = json.loads(text)
        # The checksum comes first and is made alike in every format: damage never passes for a newer file.
        whole = isinstance(content, dict) and content.pop("checksum", None) == _checksum(content)
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        raise KeyFileDamagedError.standard()
    if type(content.get("format")) is int and content["format"] > FORMAT:
        raise KeyFileTooNewError.standard()
    names = {"format", "vault_id", "generation", "key_id", "pending_key_id", "cipher"}
    fields = Fields(content, names | {"anchor", "anchor_tags", "slots"})
    fields.number("format", FORMAT, FORMAT)
    vault_id = fields.hex_bytes("vault_id", VAULT_ID_BYTES).hex()
    key_file = KeyFile(
        vault_id=vault_id,
        generation=fields.number("generation", least=1),
        key_id=fields.hex_bytes("key_id", KEY_ID_BYTES).hex(),
        pending_key_id=fields.one_or_none("pending_key_id", _key_id),
        anchor=fields.one("anchor", Anchor.from_fields),
        anchor_tags=fields.many("anchor_tags", AnchorTag.from_fields),
        slots=fields.many("slots", lambda value: Slot.from_fields(vault_id, value)),
        cipher=fields.one("cipher", CipherProfile.from_fields),
    )
    if not key_file.is_consistent:
        raise KeyFileDamagedError.standard()
    return key_file


def _read_copy(path: Path) -> KeyFile | None:
    """Return the key file at ``path``, or None if it is missing, unreadable or damaged."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
        return from_json(content.decode("ascii")) if len(content) <= _LARGEST_FILE else None
    except (OSError, UnicodeDecodeError, KeyFileDamagedError):
        return None


def _key_id(value: object) -> str:
    return Fields({"key_id": value}, {"key_id"}).hex_bytes("key_id", KEY_ID_BYTES).hex()


def _checksum(content: dict[str, object]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
