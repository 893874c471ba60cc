"""Peak memory of a process that does one thing, over one that only imports the libraries for it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import Comparison, Unit
from benchmarks.peak import forget_peak, peak_bytes
from benchmarks.subject import RunningClock, Subject, Workplace

UNLOCK = "unlock"
_STORE = "click, cryptography.hazmat.primitives.kdf.argon2, sqlalchemy.orm, sqlcipher3"
_PAPER = f"{_STORE}, reportlab.platypus, reportlab.pdfbase.ttfonts"


def comparisons(subject: Subject) -> Iterator[Comparison]:
    """Measure unlocking; and after it a list, a month of superbills and a backup, each in a process of its own."""
    for name, libraries, remark in (
        (UNLOCK, _STORE, "64 MiB of it are what Argon2id is told to take for a moment; the others begin after that"),
        ("list clients", _STORE, ""),
        ("issue a month of superbills", _PAPER, ""),
        ("make and verify a backup", _STORE, ""),
    ):
        program, bare = [], []
        for _ in range(subject.rounds(3)):
            program.append(_peak_of_task(name, subject))
            bare.append(_python(f"import {libraries}; from benchmarks.peak import peak_bytes; print(peak_bytes())"))
        yield Comparison(
            name=f"memory: {name}",
            bare_name="python with the libraries imported",
            program=tuple(program),
            bare=tuple(bare),
            unit=Unit.BYTES,
            remark=remark,
        )


def _peak_of_task(name: str, subject: Subject) -> float:
    with TemporaryDirectory(dir=subject.scratch) as place:
        copy = Path(place) / subject.folder.name
        shutil.copytree(subject.folder, copy)
        return _python(
            "from benchmarks.memory import do_task; do_task()",
            task=name,
            folder=str(copy),
            person_id=subject.person_id,
            password=subject.password,
            now=subject.clock().isoformat(),
        )


def _python(code: str, **task: object) -> float:
    """Run code in a process of its own; return the number it prints."""
    done = subprocess.run(
        (sys.executable, "-c", code),
        input=json.dumps(task),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    return float(done.stdout)


def do_task() -> None:
    """Do what is asked for on standard input, and print the peak of it; runs in a process of its own."""
    task = json.load(sys.stdin)
    clock = RunningClock(datetime.fromisoformat(task["now"]))
    subject = Subject(Path(task["folder"]), task["person_id"], task["password"], clock)
    with subject.open() as desk:
        if task["task"] != UNLOCK:
            forget_peak()
            _TASKS[task["task"]](desk)
        print(peak_bytes())


def _list_clients(desk: Workplace) -> None:
    from therapist_desktop.services.clients import list_clients

    list_clients(desk.practice, desk.person)


def _issue_month(desk: Workplace) -> None:
    from therapist_desktop.services.superbills import issue_month

    first, _ = desk.last_month
    issue_month(desk.practice, desk.person, desk.reference, first.year, first.month)


def _back_up(desk: Workplace) -> None:
    from therapist_desktop.services.backups import make_backup

    make_backup(desk.practice, desk.person, desk.practice.folder.parent)


_TASKS = {
    "list clients": _list_clients,
    "issue a month of superbills": _issue_month,
    "make and verify a backup": _back_up,
}
