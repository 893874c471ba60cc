"""Starting the program: whole processes, as somebody waits for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.comparison import Comparison, compare, timed
from benchmarks.signing_in import parameters
from benchmarks.subject import Subject

LIBRARIES = "import click, cryptography.hazmat.primitives.kdf.argon2, sqlalchemy.orm, sqlcipher3"


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure the help and a list of clients, from the start of the process to its end."""
    rounds = subject.rounds(20)
    program = (sys.executable, "-m", "therapist_desktop")
    kdf = parameters(subject)
    argon2id = (
        f"{LIBRARIES}; cryptography.hazmat.primitives.kdf.argon2.Argon2id(salt=bytes(16), length=32, "
        f"iterations={kdf.time}, lanes={kdf.lanes}, memory_cost={kdf.memory_kib}).derive(b'')"
    )
    list_clients = (*program, "--practice", str(subject.folder), "--as", str(subject.person_id), "--password-fd", "0")
    yield compare(
        "therapist-desktop --help",
        timed(lambda _number: _run(*program, "--help")),
        "python -c pass",
        timed(lambda _number: _run(sys.executable, "-c", "pass")),
        rounds,
    )
    yield compare(
        "therapist-desktop client list",
        timed(lambda _number: _run(*list_clients, "client", "list", typed=subject.password)),
        "python -c pass",
        timed(lambda _number: _run(sys.executable, "-c", "pass")),
        rounds,
        remark="import, password, list, sign out",
    )
    yield compare(
        "therapist-desktop client list",
        timed(lambda _number: _run(*list_clients, "client", "list", typed=subject.password)),
        "python, its libraries, and Argon2id",
        timed(lambda _number: _run(sys.executable, "-c", argon2id)),
        rounds,
    )


def _run(*command: str, typed: str = "") -> None:
    subprocess.run(
        command,
        input=f"{typed}\n".encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )
