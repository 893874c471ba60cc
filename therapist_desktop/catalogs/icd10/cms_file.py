"""Reads the yearly code files of CMS: ``icd10cm_order_YYYY.txt`` and ``icd10cm_codes_YYYY.txt``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import CatalogError
from .code import IcdCode, canonical_code, with_dot
from .words import plain_words

# Columns counted from 1 (clinical.md 2.4). Order file: 1-5 order number, 7-13 code, 15 billable 1 or 0,
# 17-76 short title, 78 on the long title. Codes file: 1-7 code, 9 on the title; every code is billable.
_ORDER_LINE = re.compile(r"(\d{5}) ([0-9A-Z ]{7}) ([01]) (.{60}) (\S.*)")
_CODES_LINE = re.compile(r"([0-9A-Z ]{7}) (\S.*)")
_FILE_NAME = re.compile(r"icd10cm[-_ ](?:order|codes)[-_ ](april[-_ ])?(\d{4})", re.IGNORECASE)
LEAST_BILLABLE = 70_000  # the smallest whole release since 2016 has more; fewer is a file cut short


@dataclass(frozen=True, slots=True)
class ReleaseChanges:
    """What one release changes against another.

    ``retitled`` leaves out mere capitals, accents and punctuation. ``billability_changed`` holds the codes
    in both that became a heading or became billable.
    """

    added: tuple[IcdCode, ...]
    deleted: tuple[IcdCode, ...]
    retitled: tuple[tuple[IcdCode, IcdCode], ...]
    billability_changed: tuple[tuple[IcdCode, IcdCode], ...]


def read_cms_file(path: Path, *, least_billable: int = LEAST_BILLABLE) -> list[IcdCode]:
    """Return the codes of an order or codes file, in its order.

    Raises ``CatalogError`` with the line number when a line is damaged, and when the file holds fewer
    billable codes than a whole release can.
    """
    lines = _text(path).splitlines()
    is_order_file = bool(lines) and lines[0][:5].isdigit()
    entries: dict[str, IcdCode] = {}
    last_number = -1
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"Line {number} of {path.name}"
        match = (_ORDER_LINE if is_order_file else _CODES_LINE).fullmatch(line.rstrip())
        if not match:
            raise CatalogError(f"{place} is damaged or not in the CMS layout; download the file again.")
        if is_order_file:
            order, bare, flag, _, title = match.groups()
            if int(order) <= last_number:
                raise CatalogError(f"{place} is out of order; download the file again.")
            last_number = int(order)
        else:
            (bare, title), flag = match.groups(), "1"
        code = canonical_code(with_dot(bare.rstrip()))
        if code is None or " " in bare.rstrip():
            raise CatalogError(f"{place} has no ICD-10-CM code where one is expected; download the file again.")
        if code in entries:
            raise CatalogError(f"{place} repeats the code {code}; download the file again.")
        entries[code] = IcdCode(code, title.strip(), flag == "1")
    _check_whole(path, entries.values(), least_billable)
    return list(entries.values())


def first_day(path: Path) -> date | None:
    """Return the first date of service of a file by its name, or None if the name does not tell.

    A release of fiscal year 2027 starts on October 1, 2026; one with “april” in its name on April 1, 2027.
    CMS has also published April files under the plain name, so a person must be able to overrule this.
    """
    match = _FILE_NAME.search(path.name)
    if not match:
        return None
    year = int(match[2])
    return date(year, 4, 1) if match[1] else date(year - 1, 10, 1)


def compare(older: Iterable[IcdCode], newer: Iterable[IcdCode]) -> ReleaseChanges:
    """Return what ``newer`` changes; headings count only if both have some, as codes files have none."""
    before, after = _by_code(older), _by_code(newer)
    if not (_has_headings(before) and _has_headings(after)):
        before = {code: entry for code, entry in before.items() if entry.billable}
        after = {code: entry for code, entry in after.items() if entry.billable}
    both = [(before[code], after[code]) for code in before if code in after]
    return ReleaseChanges(
        added=tuple(entry for code, entry in after.items() if code not in before),
        deleted=tuple(entry for code, entry in before.items() if code not in after),
        retitled=tuple((old, new) for old, new in both if plain_words(old.title) != plain_words(new.title)),
        billability_changed=tuple((old, new) for old, new in both if old.billable != new.billable),
    )


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogError(f"{path.name} cannot be read; choose the file again.") from error
    if content.startswith(b"PK"):
        raise CatalogError(f"{path.name} is a zip archive; unpack it and choose the .txt file inside.")
    if b"\0" in content:
        raise CatalogError(f"{path.name} is not a text file; choose the .txt file that CMS publishes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # CMS files before 2020 have such accents


def _check_whole(path: Path, entries: Iterable[IcdCode], least_billable: int) -> None:
    billable = sum(entry.billable for entry in entries)
    if billable < least_billable:
        raise CatalogError(
            f"{path.name} holds {billable:,} billable codes and a whole table has over {least_billable:,}; "
            "download the file again."
        )


def _by_code(entries: Iterable[IcdCode]) -> dict[str, IcdCode]:
    return {entry.code: entry for entry in sorted(entries, key=lambda entry: entry.code)}


def _has_headings(entries: Mapping[str, IcdCode]) -> bool:
    return any(not entry.billable for entry in entries.values())
