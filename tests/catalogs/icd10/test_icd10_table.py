"""The shipped table is the whole April 2026 release (clinical.md 2.2 and 2.3)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from therapist_desktop.catalogs.icd10 import Icd10Catalog, IcdCode, canonical_code

BILLABLE = [
    "F32.A", "F32.9", "F33.1", "F41.1", "F43.10", "F43.12", "F43.23", "F43.81", "F43.89", "F84.0", "F90.2",
    "F42.2", "F99", "F09", "F53.0", "F32.81", "F50.010", "R45.851", "R45.850", "R45.88", "Z91.51", "Z91.52",
    "Z63.0", "Z63.5", "Z62.820", "Z59.00", "Z71.1", "Z69.11", "T14.91XA", "T14.91XD", "T14.91XS",
    "T74.11XA", "T76.11XA", "Z66",
]  # fmt: skip
HEADINGS = [
    "F32", "F33", "F41", "F42", "F43.1", "F43.2", "F43.8", "F50.01", "F50.2", "F50.81", "F84", "F90",
    "F10.1", "F02.8", "Z91.5", "Z63", "Z63.3", "Z63.7", "Z59.0", "T14.91", "Y07.01",
]  # fmt: skip
MISSING = ["Z91.510", "Z91.511", "F10.A0"]


@pytest.fixture(scope="module")
def entries(catalog: Icd10Catalog) -> list[IcdCode]:
    return list(catalog.release_file().entries())


def test_it_holds_98186_codes_of_which_74719_are_billable(entries: list[IcdCode]) -> None:
    assert len({entry.code for entry in entries}) == len(entries) == 98_186
    assert sum(entry.billable for entry in entries) == 74_719


def test_the_counts_of_the_behavioral_chapters_are_the_published_ones(entries: list[IcdCode]) -> None:
    billable = [entry.code for entry in entries if entry.billable]
    by_decade = Counter(code[:2] for code in billable)
    by_category = Counter(code[:3] for code in billable)
    in_f = [by_decade[f"F{digit}"] for digit in range(10)]

    assert in_f == [91, 458, 18, 62, 71, 66, 42, 7, 22, 34]
    assert sum(code.startswith("Z") for code in billable) == 1_411
    expected = {
        "Z55": 9, "Z56": 11, "Z57": 11, "Z58": 3, "Z59": 25, "Z60": 7, "Z62": 28, "Z63": 12, "Z64": 3, "Z65": 8,
        "Z69": 8, "Z70": 6, "Z71": 19, "Z72": 14, "Z73": 14, "Z75": 8, "Z81": 6, "Z86": 39, "Z91": 62,
        "T74": 51, "T76": 48, "T14": 9, "R45": 18, "G47": 43,
    }  # fmt: skip
    assert {category: by_category[category] for category in expected} == expected


@pytest.mark.parametrize("code", BILLABLE)
def test_a_billable_code_is_billable(catalog: Icd10Catalog, code: str) -> None:
    entry = catalog.find(code)
    assert entry is not None
    assert entry.billable


@pytest.mark.parametrize("code", HEADINGS)
def test_a_heading_is_there_and_not_billable(catalog: Icd10Catalog, code: str) -> None:
    entry = catalog.find(code)
    assert entry is not None
    assert not entry.billable


@pytest.mark.parametrize("code", MISSING)
def test_a_code_that_does_not_exist_is_not_found(catalog: Icd10Catalog, code: str) -> None:
    assert catalog.find(code) is None


def test_names_that_are_both_a_block_and_a_category_are_not_lost(catalog: Icd10Catalog) -> None:
    for code in ("F99", "Z66", "B20", "R99", "P84"):
        entry = catalog.find(code)
        assert entry is not None
        assert entry.billable


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("R45.851", "Suicidal ideations"),
        ("R45.88", "Nonsuicidal self-harm"),
        ("Z91.51", "Personal history of suicidal behavior"),
        ("F10.20", "Alcohol dependence, uncomplicated"),
        ("F64.0", "Transsexualism"),
        ("T14.91XA", "Suicide attempt, initial encounter"),
        # The package appends "/ initial encounter for open fracture NOS"; the official title ends before.
        (
            "S82.002B",
            "Unspecified fracture of left patella, initial encounter for open fracture type I or II",
        ),
        ("S23.122D", "Subluxation of T3/T4 thoracic vertebra, subsequent encounter"),
        ("H81.01", "Ménière's disease, right ear"),
    ],
)
def test_a_title_is_the_official_one(catalog: Icd10Catalog, code: str, title: str) -> None:
    entry = catalog.find(code)
    assert entry is not None
    assert entry.title == title


@pytest.mark.parametrize("typed", ["F33.1", "f33.1", "F331", " f331 ", "f33.1."])
def test_a_code_is_found_however_it_is_typed(catalog: Icd10Catalog, typed: str) -> None:
    entry = catalog.find(typed)
    assert entry is not None
    assert entry.code == "F33.1"


@pytest.mark.parametrize("typed", ["", "F3", "33.1", "F33.12345", "F.331", "F33-1", "F33.1; DROP", "Ｆ33", "F٣3"])
def test_what_cannot_be_a_code_is_refused_before_the_table_is_asked(typed: str) -> None:
    assert canonical_code(typed) is None


def test_the_form_accepts_every_code_and_the_often_copied_one_would_lose_25(entries: list[IcdCode]) -> None:
    copied = re.compile(r"[A-TV-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
    lost = [entry.code for entry in entries if not copied.fullmatch(entry.code)]

    assert all(canonical_code(entry.code) == entry.code for entry in entries)
    assert len(lost) == 25
    assert {code[:3] for code in lost} == {"U07", "U09", "QA0"}


def test_the_release_says_which_dates_it_is_for(catalog: Icd10Catalog) -> None:
    (release,) = catalog.releases
    assert (release.label, release.valid_from, release.valid_to) == (
        "April 2026",
        date(2026, 4, 1),
        date(2026, 9, 30),
    )
    assert release.covers(date(2026, 4, 1))
    assert release.covers(date(2026, 9, 30))
    assert not release.covers(date(2026, 10, 1))


def test_codes_know_what_stands_above_and_below_them(catalog: Icd10Catalog) -> None:
    parent = catalog.parent("T14.91XA")
    assert parent is not None
    assert parent.code == "T14.91"
    assert catalog.parent("F33") is None
    assert [entry.code for entry in catalog.children("F33")] == [
        "F33.0", "F33.1", "F33.2", "F33.3", "F33.4", "F33.8", "F33.9",
    ]  # fmt: skip
    assert [entry.code for entry in catalog.children("F33.4")] == ["F33.40", "F33.41", "F33.42"]
    assert [heading.span for heading in catalog.headings("F33.41")] == ["F30-F39", "Chapter 5"]
    assert [heading.span for heading in catalog.headings("C4A.0")] == ["C43-C44", "Chapter 2"]
