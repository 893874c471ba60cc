"""Unlocking and locking a practice."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from benchmarks.bare import AUDIT_EVENT_BYTES, durable_commit, empty_file
from benchmarks.comparison import Comparison, Stopwatch, Turn, compare, timed
from benchmarks.subject import Subject
from therapist_desktop.services.practices import sign_in
from therapist_desktop.storage.key_derivation import KEY_BYTES, SALT_BYTES, KdfParameters
from therapist_desktop.storage.key_file_store import read_key_file
from therapist_desktop.storage.key_slots import SlotKind


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure signing in and signing out."""

    def enter(_number: int) -> float:
        watch = Stopwatch()
        signed_in = sign_in(subject.folder, subject.person_id, subject.password, subject.clock)
        taken = watch.seconds
        signed_in.sign_out()
        return taken

    kdf = parameters(subject)
    yield compare(
        "unlock the practice",
        enter,
        f"Argon2id, {kdf.memory_kib // 1024} MiB, {kdf.time} passes, {kdf.lanes} lanes",
        argon2id(subject),
        subject.rounds(40),
        remark="single-instance lock, key file, password, file, schema, and a durable audit event",
    )

    def leave(_number: int) -> float:
        signed_in = sign_in(subject.folder, subject.person_id, subject.password, subject.clock)
        watch = Stopwatch()
        signed_in.sign_out()
        return watch.seconds

    with empty_file(subject.scratch) as raw:
        yield compare(
            "lock the practice",
            leave,
            "durable commit of an audit event",
            timed(durable_commit(raw, "x" * AUDIT_EVENT_BYTES)),
            subject.rounds(20),
            remark="a durable audit event, both copies of the key file with the new end of the audit chain, "
            "and everything moved from the write-ahead log into the file",
        )


def argon2id(subject: Subject) -> Turn:
    """Return the bare derivation with the parameters of the person’s own way in."""
    kdf, secret, salt = parameters(subject), subject.password.encode(), bytes(SALT_BYTES)

    def derive(_number: int) -> None:
        Argon2id(
            salt=salt, length=KEY_BYTES, iterations=kdf.time, lanes=kdf.lanes, memory_cost=kdf.memory_kib
        ).derive(secret)

    return timed(derive)


def parameters(subject: Subject) -> KdfParameters:
    """Return what one guess at the person’s password costs."""
    slot = read_key_file(subject.folder).slot(SlotKind.PASSWORD, str(subject.person_id))
    if slot is None:
        raise LookupError("the person who is to be measured has no password")
    return slot.kdf
