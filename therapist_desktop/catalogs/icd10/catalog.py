"""The ICD-10-CM catalog: the release that ships with the program and the ones a person imported."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from pathlib import Path
from types import TracebackType
from typing import Self

from therapist_desktop import paths

from ..errors import CatalogError
from .code import CodeStatus, IcdCode, Release, Verdict, canonical_code, with_dot, without_dot
from .notes import CodeFirst, Excludes1Conflict, Heading, NoteKind, code_first, names_code
from .release_file import ReleaseFile
from .search import SearchHit, search

RELEASE_PATTERN = "icd10cm-*.db"
_SUGGESTIONS = 20


class Icd10Catalog:
    """Answers what a code means and whether it may be billed on a date of service.

    ``extra_releases`` is the folder imported releases are kept in. One that cannot be read is left out and
    named in ``damaged``; the rest keep working. Close it, or use it in a ``with`` statement.
    """

    def __init__(self, extra_releases: Path | None = None, shipped: Path | None = None) -> None:
        folder = shipped or paths.resources() / "catalogs"
        self._files = [ReleaseFile(file) for file in sorted(folder.glob(RELEASE_PATTERN))]
        if not self._files:
            raise CatalogError("The ICD-10-CM table is missing; install the program again.")
        self.damaged: tuple[str, ...] = ()
        for file in sorted(extra_releases.glob(RELEASE_PATTERN)) if extra_releases else ():
            try:
                self._files.append(ReleaseFile(file))
            except CatalogError as error:
                self.damaged += (error.sentence,)
        # The sort is stable: of two releases for the same dates the imported one is the later, and wins.
        self._files.sort(key=lambda file: file.release.valid_from)
        with (folder / "icd10_abbreviations.toml").open("rb") as stream:
            self._abbreviations: dict[str, str] = tomllib.load(stream)["abbreviations"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for file in self._files:
            file.close()

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases at hand, oldest first."""
        return tuple(file.release for file in self._files)

    def release_file(self, on: date | None = None) -> ReleaseFile:
        """Return the table to consult for a date of service, the newest one if no date is given.

        That is the release in force on that day; if it is not at hand, the last one before it; for a day
        before all of them, the first.
        """
        if on is None:
            return self._files[-1]
        in_force = [file for file in self._files if file.release.covers(on)]
        earlier = [file for file in self._files if file.release.valid_from <= on]
        return (in_force or earlier or self._files[:1])[-1]

    def status(self, code: str, date_of_service: date) -> CodeStatus:
        """Return whether a code may be billed for a date of service, and which table says so.

        Codes of a table that is not the one in force count as usable; ``advice`` then says so.
        """
        file = self.release_file(date_of_service)
        canonical = canonical_code(code)
        if canonical is None:
            shown = code.strip()
            return CodeStatus(shown, date_of_service, Verdict.UNKNOWN, "", file.release)
        entry = file.get(canonical)
        if entry and entry.billable:
            return CodeStatus(canonical, date_of_service, Verdict.BILLABLE, entry.title, file.release)
        elsewhere = [
            other.release
            for other in self._files
            if other is not file and (known := other.get(canonical)) and known.billable
        ]
        # A file of billable codes only has no headings; what stands above other codes is one all the same.
        below = file.below(canonical, billable_only=True, limit=_SUGGESTIONS)
        return CodeStatus(
            canonical,
            date_of_service,
            Verdict.NOT_BILLABLE if entry or below else Verdict.UNKNOWN,
            entry.title if entry else "",
            file.release,
            tuple(below or _nearest_billable(file, canonical)),
            tuple(elsewhere),
        )

    def find(self, code: str, on: date | None = None) -> IcdCode | None:
        """Return the entry for a code typed with or without dot, in any case, or None."""
        canonical = canonical_code(code)
        return self.release_file(on).get(canonical) if canonical else None

    def search(
        self, typed: str, *, on: date | None = None, limit: int = 20, billable_only: bool = False
    ) -> list[SearchHit]:
        """Return the best codes for a code, part of one, or words in any order (``maj dep rec``)."""
        file = self.release_file(on)
        return search(file, typed, abbreviations=self._abbreviations, limit=limit, billable_only=billable_only)

    def parent(self, code: str, on: date | None = None) -> IcdCode | None:
        """Return the code directly above a canonical code, or None for a category."""
        return self.release_file(on).parent(code)

    def children(self, code: str, on: date | None = None) -> list[IcdCode]:
        """Return the codes directly below a canonical code."""
        return self.release_file(on).children(code)

    def headings(self, code: str, on: date | None = None) -> list[Heading]:
        """Return the blocks and the chapter a code stands in, nearest first."""
        return self.release_file(on).headings(code)

    def code_first(self, code: str, on: date | None = None) -> CodeFirst | None:
        """Return the nearest “code first” note at or above a canonical code, if there is one."""
        for place, note in _notes_above(self.release_file(on), code, "code_first"):
            return code_first(note, place)
        return None

    def excludes1(self, codes: Sequence[str], on: date | None = None) -> list[Excludes1Conflict]:
        """Return the pairs among canonical codes that an Excludes1 note says are not coded together."""
        file = self.release_file(on)
        conflicts: dict[frozenset[str], Excludes1Conflict] = {}
        for code, other in permutations(dict.fromkeys(codes), 2):
            for place, note in _notes_above(file, code, "excludes1"):
                if names_code(note, without_dot(other)):
                    found = Excludes1Conflict(code, other, note, place)
                    conflicts.setdefault(frozenset((code, other)), found)
        return list(conflicts.values())


def _nearest_billable(file: ReleaseFile, code: str) -> list[IcdCode]:
    nearest = file.nearest(code)
    if nearest is None or nearest.billable:
        return [nearest] if nearest else []
    return file.below(nearest.code, billable_only=True, limit=_SUGGESTIONS)


def _notes_above(file: ReleaseFile, code: str, kind: NoteKind) -> Iterator[tuple[str, str]]:
    """Yield the notes that bind a code, nearest first, each with the code or block it stands at."""
    bare = without_dot(code)
    owners = [(bare[:size], with_dot(bare[:size])) for size in range(len(bare), 2, -1)]
    owners += [(f"#{heading.id}", heading.span) for heading in file.headings(code)]
    for owner, place in owners:
        for note in file.notes(owner, kind):
            yield place, note
