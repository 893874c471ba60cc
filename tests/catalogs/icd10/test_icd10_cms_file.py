"""The yearly files of CMS are read, and a damaged one is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from therapist_desktop.catalogs.errors import CatalogError
from therapist_desktop.catalogs.icd10 import IcdCode
from therapist_desktop.catalogs.icd10.cms_file import compare, first_day, read_cms_file

Writer = Callable[..., Path]
Line = Callable[..., str]


def test_an_order_file_gives_headings_and_billable_codes_with_the_long_title(
    cms_file: Writer, order_line: Line
) -> None:
    path = cms_file(
        "00001 F33     0 Major depressive disorder, recurrent                         "
        "Major depressive disorder, recurrent",
        "00002 F332    1 Major depressv disorder, recurrent severe w/o psych features "
        "Major depressive disorder, recurrent severe without psychotic features",
        order_line(3, "T1491XA", 1, "Suicide attempt, initial encounter"),
        "",
    )
    assert read_cms_file(path, least_billable=1) == [
        IcdCode("F33", "Major depressive disorder, recurrent", False),
        IcdCode("F33.2", "Major depressive disorder, recurrent severe without psychotic features", True),
        IcdCode("T14.91XA", "Suicide attempt, initial encounter", True),
    ]


def test_a_codes_file_gives_billable_codes(cms_file: Writer) -> None:
    path = cms_file(
        "F332    Major depressive disorder, recurrent severe without psychotic features",
        "T1491XA Suicide attempt, initial encounter",
        name="icd10cm_codes_2027.txt",
    )
    assert read_cms_file(path, least_billable=1) == [
        IcdCode("F33.2", "Major depressive disorder, recurrent severe without psychotic features", True),
        IcdCode("T14.91XA", "Suicide attempt, initial encounter", True),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_are_read_in_the_encodings_cms_has_used(cms_file: Writer, encoding: str) -> None:
    path = cms_file("H8101   Ménière's disease, right ear", encoding=encoding)
    assert read_cms_file(path, least_billable=1)[0].title == "Ménière's disease, right ear"


@pytest.mark.parametrize(
    "damaged",
    [
        "00002 F330    2 Mild                                                         Mild",
        "00002 F330      Mild                                                         Mild",
        "00002 F330    1 Mild",
        "00002 F330    1",
        "00002F330    1 Mild                                                          Mild",
        "2 F330 1 Mild Mild",
        "00002 f330    1 Mild                                                         Mild",
        "F330    Mild",
        "<html>Not found</html>",
    ],
)
def test_a_damaged_line_is_refused_with_its_number(cms_file: Writer, order_line: Line, damaged: str) -> None:
    path = cms_file(order_line(1, "F33", 0, "Recurrent"), damaged, order_line(3, "F331", 1, "Moderate"))
    with pytest.raises(CatalogError, match=r"^Line 2 of icd10cm_order_2027\.txt is damaged"):
        read_cms_file(path, least_billable=1)


def test_a_code_that_cannot_be_one_is_refused_with_its_line(cms_file: Writer, order_line: Line) -> None:
    for wrong in ("3F1", "F 33", "F3"):
        path = cms_file(order_line(1, "F33", 0, "Recurrent"), order_line(2, wrong, 1, "Wrong"))
        with pytest.raises(CatalogError, match=r"^Line 2 .* no ICD-10-CM code"):
            read_cms_file(path, least_billable=1)


def test_a_code_given_twice_is_refused_with_its_line(cms_file: Writer, order_line: Line) -> None:
    path = cms_file(order_line(1, "F330", 1, "Mild"), order_line(2, "F330", 1, "Mild"))
    with pytest.raises(CatalogError, match=r"^Line 2 .* repeats the code F33\.0"):
        read_cms_file(path, least_billable=1)


def test_lines_out_of_order_are_refused(cms_file: Writer, order_line: Line) -> None:
    path = cms_file(order_line(2, "F330", 1, "Mild"), order_line(1, "F331", 1, "Moderate"))
    with pytest.raises(CatalogError, match=r"^Line 2 .* out of order"):
        read_cms_file(path, least_billable=1)


def test_a_file_cut_short_between_two_lines_is_refused(cms_file: Writer, order_line: Line) -> None:
    path = cms_file(order_line(1, "F330", 1, "Mild"))
    with pytest.raises(CatalogError, match="holds 1 billable codes and a whole table has over 70,000"):
        read_cms_file(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds 0 billable codes"),
        (b"PK\x03\x04 archive", "is a zip archive; unpack it"),
        (b"F330\x00\x00", "is not a text file"),
    ],
)
def test_another_kind_of_file_is_refused_with_what_to_do(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "icd10cm_order_2027.txt"
    path.write_bytes(content)
    with pytest.raises(CatalogError, match=sentence):
        read_cms_file(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"icd10cm_order_2027\.txt cannot be read"):
        read_cms_file(tmp_path / "icd10cm_order_2027.txt")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("icd10cm_order_2027.txt", date(2026, 10, 1)),
        ("icd10cm-codes-2024.txt", date(2023, 10, 1)),
        ("ICD10CM_ORDER_2027.TXT", date(2026, 10, 1)),
        ("icd10cm-order-April-2027.txt", date(2027, 4, 1)),
        ("codes.txt", None),
    ],
)
def test_the_name_tells_the_fiscal_year(name: str, day: date | None) -> None:
    assert first_day(Path(name)) == day


def test_the_changes_between_two_releases_are_named() -> None:
    older = [
        IcdCode("F50", "Eating disorders", False),
        IcdCode("F50.01", "Anorexia nervosa, restricting type", True),
        IcdCode("F50.2", "Bulimia nervosa", True),
        IcdCode("F98.21", "Rumination disorder of infancy", True),
        IcdCode("M35.2", "Behcet's disease", True),
    ]
    newer = [
        IcdCode("F50", "Eating disorders", False),
        IcdCode("F50.01", "Anorexia nervosa, restricting type", False),
        IcdCode("F50.010", "Anorexia nervosa, restricting type, mild", True),
        IcdCode("F98.21", "Rumination disorder of infancy and childhood", True),
        IcdCode("M35.2", "Behçet's Disease", True),
    ]
    changes = compare(older, newer)

    assert [entry.code for entry in changes.added] == ["F50.010"]
    assert [entry.code for entry in changes.deleted] == ["F50.2"]
    assert [new.title for _, new in changes.retitled] == ["Rumination disorder of infancy and childhood"]
    assert [old.code for old, _ in changes.billability_changed] == ["F50.01"]


def test_against_a_file_without_headings_only_billable_codes_are_compared() -> None:
    with_headings = [IcdCode("F33", "Recurrent", False), IcdCode("F33.0", "Mild", True)]
    changes = compare(with_headings, [IcdCode("F33.0", "Mild", True)])
    assert (changes.added, changes.deleted, changes.retitled, changes.billability_changed) == ((), (), (), ())
