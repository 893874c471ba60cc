"""Builds resources/catalogs/icd10cm-2026-04-01.db from the package simple-icd-10-cm (CDC/NCHS, April 2026).

Run it again after raising the package to a newer release; change RELEASE below to match. The package is
a development dependency only: reading it takes 1.5 s and 190 MB, which no start of the program should pay.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import simple_icd_10_cm as icd

from therapist_desktop.catalogs.icd10.code import IcdCode, Release, without_dot
from therapist_desktop.catalogs.icd10.notes import Heading, NoteKind, Tabular
from therapist_desktop.catalogs.icd10.release_writer import write_release

RELEASE = Release(
    label="April 2026",
    valid_from=date(2026, 4, 1),
    valid_to=date(2026, 9, 30),
    source="CDC/NCHS ICD-10-CM tabular list of April 1, 2026, read with simple-icd-10-cm 1.5.0",
    notes_from="April 2026",
)
CODES, BILLABLE = 98_186, 74_719  # clinical.md 2.2: the official total for fiscal year 2026
OUTPUT = Path(__file__).parent.parent / "resources" / "catalogs" / "icd10cm-2026-04-01.db"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--output", type=Path, default=OUTPUT)
    output = arguments.parse_args().output
    build(output)
    print(f"{output}: {output.stat().st_size:,} bytes")


def build(output: Path) -> None:
    """Write the release file; the same package and SQLite version give the same bytes."""
    if version("simple-icd-10-cm") not in RELEASE.source:
        raise SystemExit(f"RELEASE does not name the package at hand ({version('simple-icd-10-cm')}).")
    entries = list(read_entries())
    counts = len(entries), sum(entry.billable for entry in entries)
    if counts != (CODES, BILLABLE):
        raise SystemExit(f"Read {counts[0]:,} codes, {counts[1]:,} billable; expected {CODES:,}, {BILLABLE:,}.")
    write_release(output, RELEASE, entries, read_tabular(entries))


def read_entries() -> Iterator[IcdCode]:
    """Yield every category and subcategory.

    Some names (F99, B20, T14 …) are both a block and a category, and ``get_all_codes`` has them twice:
    asking “is it no block?” loses them, so what counts is whether it is a category (clinical.md 0.2).
    """
    for code in sorted(set(filter(icd.is_category_or_subcategory, icd.get_all_codes()))):
        yield IcdCode(code, _title(code), icd.is_leaf(code))


def _title(code: str) -> str:
    title = _plain(icd.get_description(code))
    if not icd.is_extended_subcategory(code):
        return title
    # The package joins a note under the seventh character to its meaning: "type I or II/ initial encounter
    # for open fracture NOS". The official title ends before the note.
    base = _plain(icd.get_description(icd.get_parent(code)))
    ending = title.removeprefix(f"{base}, ").partition("/")[0]
    return f"{base}, {ending}"


def read_tabular(entries: list[IcdCode]) -> Tabular:
    headings: list[Heading] = []
    heading_of: dict[str, int] = {}
    notes: dict[tuple[str, NoteKind], tuple[str, ...]] = {}

    def add_heading(name: str, parent: Heading | None) -> None:
        heading = Heading(
            len(headings) + 1,
            parent.id if parent else None,
            name if parent else f"Chapter {name}",
            _plain(icd.get_description(name, prioritize_blocks=True)),
        )
        headings.append(heading)
        add_notes(f"#{heading.id}", name, block=True)
        for child in icd.get_children(name, prioritize_blocks=True):
            if child != name and icd.is_chapter_or_block(child):
                add_heading(child, heading)
            else:
                heading_of[child] = heading.id

    def add_notes(owner: str, name: str, *, block: bool = False) -> None:
        first = icd.get_code_first(name, prioritize_blocks=block)
        texts: dict[NoteKind, list[str]] = {
            "excludes1": icd.get_excludes1(name, prioritize_blocks=block),
            "code_first": [first] if first else [],
        }
        if not block:
            texts["term"] = icd.get_inclusion_term(name) + icd.get_includes(name)
        for kind, found in texts.items():
            if found:
                notes[owner, kind] = tuple(map(_plain, found))

    for chapter in filter(icd.is_chapter, dict.fromkeys(icd.get_all_codes())):
        add_heading(chapter, None)
    for entry in entries:
        add_notes(without_dot(entry.code), entry.code)
    return Tabular(tuple(headings), heading_of, notes)


def _plain(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
