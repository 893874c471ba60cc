"""Keeping what was written: backups, and proof that nothing was changed."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import Comparison, Stopwatch, compare, timed
from benchmarks.signing_in import argon2id
from benchmarks.subject import Subject, Workplace
from therapist_desktop.services.audit_trail import verify_audit_chain
from therapist_desktop.services.backups import make_backup, verify_backup, with_password
from therapist_desktop.services.note_verification import verify_notes
from therapist_desktop.services.signing import verify_signatures
from therapist_desktop.storage.connection import EncryptedConnection
from therapist_desktop.storage.key_sealing import KEY_BYTES


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure making and verifying a backup, and verifying the audit chain and the signatures."""
    with subject.open() as desk, TemporaryDirectory(dir=subject.scratch) as folder:
        place = Path(folder)
        size = f"{desk.practice.database.size() / 1e6:.0f} MB"
        rounds = subject.rounds(4)

        def back_up(_number: int) -> float:
            watch = Stopwatch()
            made = make_backup(desk.practice, desk.person, place)
            taken = watch.seconds
            made.path.unlink()
            return taken

        yield compare(
            f"make and verify a backup of {size}",
            back_up,
            "the backup API alone, not verified, not synced",
            lambda _number: _copy(desk, place, check=False),
            rounds,
            remark="copied, sealed, written, synced, read back, deciphered, every page and reference checked",
            warm_up=1,
        )
        yield compare(
            f"make and verify a backup of {size}",
            back_up,
            "the backup API, and SQLite’s own three checks",
            lambda _number: _copy(desk, place, check=True),
            rounds,
            warm_up=1,
        )
        made = make_backup(desk.practice, desk.person, place)
        derive = argon2id(subject)
        copy, key = place / "bare.db", secrets.token_bytes(KEY_BYTES)
        _copy_to(desk, copy, key)
        yield compare(
            "verify a backup",
            timed(lambda _number: verify_backup(made.path, with_password(subject.person_id, subject.password))),
            "Argon2id, and SQLite’s own three checks",
            lambda number: derive(number) + timed(lambda _number: _check(copy, key))(number),
            rounds,
            remark="from the file alone: password, seal, checksum, every page and reference, counts of all rows",
            warm_up=1,
        )
        yield from _proofs(subject, desk)


def _proofs(subject: Subject, desk: Workplace) -> Iterator[Comparison]:
    rounds = subject.rounds(5)
    chain, signed = verify_audit_chain(desk.practice), verify_signatures(desk.practice)
    notes = verify_notes(desk.practice)
    fault = chain.fault or signed.fault or notes.fault
    if fault:
        raise AssertionError(f"{fault} Remove the folder of the ten-year practice.")
    yield compare(
        f"verify {chain.events:,} audit events",
        timed(lambda _number: verify_audit_chain(desk.practice)),
        "their rows and hashes by hand",
        timed(lambda _number: _hash_events(desk)),
        rounds,
        warm_up=1,
    )
    yield compare(
        f"verify {signed.signatures:,} signatures",
        timed(lambda _number: verify_signatures(desk.practice)),
        "their rows, bytes and hashes by hand",
        timed(lambda _number: _hash_signed_bytes(desk)),
        rounds,
        warm_up=1,
    )
    yield compare(
        f"compare {notes.notes:,} notes with what was signed",
        timed(lambda _number: verify_notes(desk.practice)),
        "their rows, bytes and hashes by hand",
        timed(lambda _number: _hash_notes(desk)),
        subject.rounds(3),
        warm_up=1,
    )


def _copy(desk: Workplace, place: Path, *, check: bool) -> float:
    path, key = place / "copy.db", secrets.token_bytes(KEY_BYTES)
    watch = Stopwatch()
    _copy_to(desk, path, key)
    if check:
        _check(path, key)
    taken = watch.seconds
    path.unlink()
    return taken


def _copy_to(desk: Workplace, path: Path, key: bytes) -> None:
    desk.practice.database.connection.copy_to(path, key, lambda _left, _pages: None)


def _check(path: Path, key: bytes) -> None:
    """Run the checks of the cipher, of SQLite and of the references."""
    connection = EncryptedConnection(path, key)
    try:
        if connection.faults():
            raise AssertionError("the copy is damaged")
    finally:
        connection.close()


def _hash_events(desk: Workplace) -> None:
    for row in desk.raw.execute("SELECT * FROM audit_event ORDER BY sequence"):
        hashlib.sha256(repr(row).encode()).hexdigest()


def _hash_signed_bytes(desk: Workplace) -> None:
    query = "SELECT s.*, c.compressed FROM signature s JOIN signed_content c ON c.signature_id = s.id ORDER BY s.id"
    for *row, compressed in desk.raw.execute(query):
        hashlib.sha256(repr(row).encode()).hexdigest()
        hashlib.sha256(zlib.decompress(compressed)).hexdigest()


def _hash_notes(desk: Workplace) -> None:
    _hash_signed_bytes(desk)
    parts = ("note_section", "note_diagnosis", "note_objective")
    for row in desk.rows("SELECT * FROM session_note WHERE state = 'signed'"):
        hashlib.sha256(repr(row).encode())
        for part in parts:
            desk.rows(f"SELECT * FROM {part} WHERE note_id = ?", row[0])
