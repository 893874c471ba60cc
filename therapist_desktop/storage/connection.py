"""The one connection to an encrypted file, with the profile that was measured to lose nothing (security.md 1, 4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher

from therapist_desktop.storage.atomic_file import make_private_file
from therapist_desktop.storage.faults import DamagedPracticeError, UnusableLibraryError, sentence_for

PAGE_SIZE = 4096
APPLICATION_ID = 0x54445031  # "TDP1"
_PAGES_A_STEP = 512  # 2 MiB, some 20 ms: how long a save waits for a backup under way
_OLDEST_SQLITE = (3, 51, 3)  # older ones can lose a committed WAL frame: sqlite.org/wal.html#walresetbug
_RAW_KEY = re.compile(r"[0-9a-f]{64}")
_PATIENCE_SECONDS = 1.0  # for a virus scanner or a process just ending; two windows are told at once by the lock file

# sqlite3.h; the module does not export them.
_DENY, _OK = 1, 0
_ATTACH, _PRAGMA, _ALTER_TABLE = 24, 19, 26
_DROPS = frozenset({10, 11, 12, 13, 14, 15, 16, 17, 30})
"""SQLITE_DROP_INDEX … SQLITE_DROP_VIEW and SQLITE_DROP_VTABLE."""


class EncryptedConnection:
    """An open SQLCipher file. Only ``create=True`` makes a file; a missing or cut one is refused."""

    def __init__(self, path: Path, key: bytes, *, create: bool = False) -> None:
        _check_file(path, create=create)
        self.path = path
        self._schema_may_change = create
        self._key_may_change = False
        self.raw = sqlcipher.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=_PATIENCE_SECONDS
        )
        try:
            self._apply_profile(key)
            if create:
                self.raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            elif self.pragma("application_id") != APPLICATION_ID:
                raise DamagedPracticeError("That file is not a practice of this program.")
        except sqlcipher.DatabaseError as error:
            self.raw.close()
            # A page that cannot be deciphered is “not a database”, with a wrong key just as after damage.
            meaning = sentence_for(error)
            if not isinstance(meaning, DamagedPracticeError):
                raise meaning or error from error
            raise DamagedPracticeError(
                "The practice file cannot be read: it is damaged or belongs to another practice. "
                "Restore the latest backup into a new folder."
            ) from error
        except BaseException:
            self.raw.close()
            raise

    def _apply_profile(self, key: bytes) -> None:
        run = self.raw.execute
        _set_key(self.raw, key)
        if not self.pragma("cipher_version") or sqlcipher.sqlite_version_info < _OLDEST_SQLITE:
            raise UnusableLibraryError(
                "The encryption library of this installation is missing or too old. "
                "Install the program again; nothing was changed."
            )
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA temp_store = 2")  # 1 writes plaintext to the temp folder
        run("PRAGMA mmap_size = 0")
        run("PRAGMA cache_size = -16000")
        run("PRAGMA secure_delete = ON")
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA recursive_triggers = ON")  # without it INSERT OR REPLACE walks around the triggers
        run("PRAGMA trusted_schema = OFF")
        run("SELECT count(*) FROM sqlite_master").fetchone()
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA wal_autocheckpoint = 1000")
        self.raw.set_authorizer(self._authorize)

    def _authorize(
        self, action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
    ) -> int:
        if action == _PRAGMA and _changes_encryption((first or "").lower(), second):
            return _OK if self._key_may_change else _DENY
        if self._schema_may_change:
            return _OK
        if action in _DROPS or action in (_ATTACH, _ALTER_TABLE):
            return _DENY
        if action == _PRAGMA and second is not None and (first or "").lower() in _FIXED_PRAGMAS:
            return _DENY
        return _OK

    @contextmanager
    def schema_changes(self) -> Iterator[None]:
        """Let a migration drop and rebuild tables."""
        self._schema_may_change = True
        try:
            yield
        finally:
            self._schema_may_change = False

    @contextmanager
    def unsynced(self, *, thrown_away_on_failure: bool) -> Iterator[None]:
        """Wait for the disk at the end of the block and not at each commit; a power cut meanwhile ruins the file.

        Only for a file that nobody has yet; the caller says that it is thrown away if the block fails.
        """
        if not thrown_away_on_failure:
            raise ValueError("a practice that somebody has is synced at each commit")
        self._set_synchronous("OFF")
        try:
            yield
        finally:
            self._set_synchronous("FULL")
        self.checkpoint()

    def _set_synchronous(self, level: str) -> None:
        with self.schema_changes():
            self.raw.execute(f"PRAGMA synchronous = {level}")

    def pragma(self, name: str) -> object:
        """Return the single value of a pragma, or None."""
        row = self.raw.execute(f"PRAGMA {name}").fetchone()
        return None if row is None else row[0]

    def checkpoint(self) -> None:
        """Move everything from the write-ahead log into the file."""
        self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def rekey(self, key: bytes) -> None:
        """Encrypt the whole file anew under another key; after a kill exactly one of the two opens it.

        SQLCipher answers “ok” even where the disk was too full, and this connection is then of no more use. Whether
        it succeeded is known only from opening the file again, see ``Database.rekey``.
        """
        statement = f"PRAGMA rekey = \"x'{_raw_key(key)}'\""
        self.checkpoint()
        self._key_may_change = True
        try:
            self.raw.execute(statement)
        finally:
            self._key_may_change = False

    def copy_to(self, path: Path, key: bytes, after_step: Callable[[int, int], None]) -> None:
        """Copy every page into a new file under another key; ``after_step`` is told the pages left and all pages.

        An exception from ``after_step`` ends the copying. The new file is not synced: it is on its way elsewhere.
        """
        make_private_file(path)
        target = sqlcipher.connect(str(path), isolation_level=None)
        try:
            _set_key(target, key)
            for pragma in ("locking_mode = EXCLUSIVE", "temp_store = 2", "journal_mode = OFF", "synchronous = OFF"):
                target.execute(f"PRAGMA {pragma}")
            self.raw.backup(
                target, pages=_PAGES_A_STEP, progress=lambda _status, left, pages: after_step(left, pages)
            )
        finally:
            target.close()

    def faults(self) -> tuple[str, ...]:
        """Return what the integrity checks find, empty if all is well.

        The check of the cipher does not look at the write-ahead log: without a checkpoint it cries wolf.
        """
        try:
            self.checkpoint()
            found = [str(row[0]) for row in self.raw.execute("PRAGMA cipher_integrity_check")]
            if not found:
                rows = self.raw.execute("PRAGMA integrity_check").fetchall()
                found += [str(row[0]) for row in rows if row[0] != "ok"]
                found += [f"{row[0]}: broken reference" for row in self.raw.execute("PRAGMA foreign_key_check")]
        except sqlcipher.DatabaseError as error:
            found = [str(error)]
        return tuple(found)

    def close(self) -> None:
        """Close the file; the last act is a checkpoint by SQLite itself."""
        self.raw.close()


_FIXED_PRAGMAS = frozenset(
    {
        "writable_schema",
        "temp_store",
        "temp_store_directory",
        "recursive_triggers",
        "foreign_keys",
        "synchronous",
        "journal_mode",
        "locking_mode",
        "secure_delete",
        "trusted_schema",
        "ignore_check_constraints",
    }
)


def _changes_encryption(pragma: str, value: str | None) -> bool:
    """Whether a pragma sets a key or how the file is encrypted; the others of SQLCipher only ask."""
    if pragma.endswith("key") or pragma == "cipher_migrate":
        return True
    return pragma.startswith("cipher_") and value is not None


def _set_key(connection: sqlcipher.Connection, key: bytes) -> None:
    connection.execute(
        "PRAGMA cipher_log_level = NONE"
    )  # a wrong key is an ordinary event, not a line on the terminal
    connection.execute(f"PRAGMA key = \"x'{_raw_key(key)}'\"")
    connection.execute("PRAGMA cipher_compatibility = 4")
    connection.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")


def _raw_key(key: bytes) -> str:
    text = key.hex()
    if not _RAW_KEY.fullmatch(text):
        # SQLCipher silently takes a malformed raw key as a passphrase.
        raise ValueError("a practice key has 32 bytes")
    return text


def _check_file(path: Path, *, create: bool) -> None:
    if create:
        make_private_file(path)
        return
    if not path.is_file():
        raise DamagedPracticeError(
            "The practice file is missing from this folder. Restore the latest backup into a new folder."
        )
    # SQLCipher opens a file of 0 or 1 bytes as a new, empty database. One that was ever closed has its first page.
    if path.stat().st_size < PAGE_SIZE:
        raise DamagedPracticeError(
            "The practice file is empty or cut short. Restore the latest backup into a new folder."
        )
    for file in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):  # it is not there, or belongs to another user who let this one in
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)
