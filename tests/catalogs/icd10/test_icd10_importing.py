"""A person imports next year's table and the catalog uses it for its dates."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from therapist_desktop.catalogs.errors import CatalogError
from therapist_desktop.catalogs.icd10 import Icd10Catalog, Verdict, keep_release, prepare_release

Writer = Callable[..., Path]
Line = Callable[..., str]

BEFORE, AFTER = date(2026, 9, 30), date(2026, 10, 1)


@pytest.fixture(scope="module")
def next_year(order_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny table for fiscal year 2027: F33.1 is split, F33.5 is new, F41.1 has another title."""
    lines = (
        order_line(1, "F33", 0, "Major depressive disorder, recurrent"),
        order_line(2, "F330", 1, "Major depressive disorder, recurrent, mild"),
        order_line(3, "F331", 0, "Major depressive disorder, recurrent, moderate"),
        order_line(4, "F3310", 1, "Major depressive disorder, recurrent, moderate, early onset"),
        order_line(5, "F335", 1, "Major depressive disorder, recurrent, seasonal"),
        order_line(6, "F41", 0, "Other anxiety disorders"),
        order_line(7, "F411", 1, "Generalized anxiety disorder of adults"),
        order_line(8, "T1491", 0, "Suicide attempt"),
        order_line(9, "T1491XA", 1, "Suicide attempt, initial encounter"),
    )
    path = tmp_path_factory.mktemp("cms") / "icd10cm_order_2027.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def imported(catalog: Icd10Catalog, next_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with that table kept in it."""
    folder = tmp_path_factory.mktemp("releases")
    keep_release(prepare_release(next_year, catalog, least_billable=1), catalog, folder)
    return folder


@pytest.fixture
def both_years(imported: Path) -> Iterator[Icd10Catalog]:
    with Icd10Catalog(imported) as both:
        yield both


@pytest.fixture
def own_copy(imported: Path, tmp_path: Path) -> Path:
    """A copy of the imported table, to be damaged."""
    return Path(shutil.copy(imported / "icd10cm-2026-10-01.db", tmp_path))


def test_the_changes_are_shown_before_anything_is_kept(catalog: Icd10Catalog, next_year: Path) -> None:
    prepared = prepare_release(next_year, catalog, least_billable=1)

    assert prepared.compared_with.label == "April 2026"
    assert [entry.code for entry in prepared.changes.added] == ["F33.10", "F33.5"]
    assert [old.code for old, _ in prepared.changes.retitled] == ["F41.1"]
    assert [old.code for old, _ in prepared.changes.billability_changed] == ["F33.1"]
    assert len(prepared.changes.deleted) > 70_000
    assert list(next_year.parent.iterdir()) == [next_year]


def test_each_date_of_service_is_checked_against_its_own_table(both_years: Icd10Catalog) -> None:
    assert [release.label for release in both_years.releases] == ["April 2026", "October 2026"]
    assert both_years.status("F33.1", BEFORE).verdict is Verdict.BILLABLE
    assert both_years.status("F33.1", AFTER).verdict is Verdict.NOT_BILLABLE
    assert both_years.status("F33.10", AFTER).verdict is Verdict.BILLABLE
    assert both_years.status("F33.10", AFTER).advice == ""
    assert both_years.status("F41.1", BEFORE).title == "Generalized anxiety disorder"
    assert both_years.status("F41.1", AFTER).title == "Generalized anxiety disorder of adults"


def test_a_code_not_yet_valid_says_from_when_it_is(both_years: Icd10Catalog) -> None:
    status = both_years.status("F33.5", BEFORE)

    assert status.verdict is Verdict.UNKNOWN
    assert [release.label for release in status.billable_elsewhere] == ["October 2026"]
    assert "It is billable for dates of service from October 1, 2026 to September 30, 2027." in status.problem


def test_a_code_no_longer_valid_says_until_when_it_was(both_years: Icd10Catalog) -> None:
    status = both_years.status("F33.1", AFTER)
    assert "It is billable for dates of service from April 1, 2026 to September 30, 2026." in status.problem


def test_after_the_last_table_ended_the_newest_one_is_used_and_said_so(both_years: Icd10Catalog) -> None:
    status = both_years.status("F33.10", date(2027, 10, 1))
    assert status.verdict is Verdict.BILLABLE
    assert "October 2026 table, which is older" in status.advice


def test_search_and_headings_work_in_an_imported_table(both_years: Icd10Catalog) -> None:
    assert both_years.search("recurrent moderate early onset", on=AFTER)[0].entry.code == "F33.10"
    assert both_years.search("anxiety neurosis", on=AFTER)[0].matched_term == "Anxiety neurosis"
    assert both_years.search("recurrent moderate early onset", on=BEFORE) == []
    assert [heading.span for heading in both_years.headings("F33.5", AFTER)] == ["F30-F39", "Chapter 5"]
    assert both_years.releases[-1].notes_from == "April 2026"


def test_a_file_of_billable_codes_only_still_knows_headings_and_notes(
    catalog: Icd10Catalog, cms_file: Writer, tmp_path: Path
) -> None:
    source = cms_file(
        "F321    Major depressive disorder, single episode, moderate",
        "F331    Major depressive disorder, recurrent, moderate",
        name="icd10cm_codes_2027.txt",
    )
    folder = tmp_path / "releases"
    keep_release(prepare_release(source, catalog, least_billable=1), catalog, folder)
    with Icd10Catalog(folder) as both:
        heading = both.status("F33", AFTER)
        assert heading.verdict is Verdict.NOT_BILLABLE
        assert [entry.code for entry in heading.suggestions] == ["F33.1"]
        assert [found.stated_at for found in both.excludes1(["F32.1", "F33.1"], AFTER)] == ["F32"]


def test_importing_the_same_year_again_replaces_it(
    catalog: Icd10Catalog, cms_file: Writer, next_year: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "releases"
    first = keep_release(prepare_release(next_year, catalog, least_billable=1), catalog, folder)
    corrected = cms_file("F330    Mild", name="icd10cm_codes_2027.txt")
    second = keep_release(prepare_release(corrected, catalog, least_billable=1), catalog, folder)

    assert first == second
    assert list(folder.iterdir()) == [second]
    with Icd10Catalog(folder) as both:
        assert both.status("F33.0", AFTER).title == "Mild"


def test_the_dates_can_be_given_when_the_name_does_not_tell(catalog: Icd10Catalog, cms_file: Writer) -> None:
    source = cms_file("F330    Mild", name="codes.txt")
    with pytest.raises(CatalogError, match="say from which date"):
        prepare_release(source, catalog, least_billable=1)

    april = prepare_release(source, catalog, valid_from=date(2027, 4, 1), least_billable=1)
    assert (april.release.label, april.release.valid_to) == ("April 2027", date(2027, 9, 30))

    with pytest.raises(CatalogError, match="cannot be before its first date"):
        prepare_release(source, catalog, valid_from=date(2027, 4, 1), valid_to=date(2027, 3, 1), least_billable=1)


def test_a_folder_that_cannot_be_written_to_is_said_plainly(
    catalog: Icd10Catalog, next_year: Path, tmp_path: Path
) -> None:
    prepared = prepare_release(next_year, catalog, least_billable=1)
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(CatalogError, match="could not be kept"):
        keep_release(prepared, catalog, tmp_path / "taken")


@pytest.mark.fault
@pytest.mark.parametrize("damage", ["empty", "cut", "foreign", "header"])
def test_a_damaged_import_is_named_and_the_shipped_table_keeps_working(own_copy: Path, damage: str) -> None:
    whole = own_copy.read_bytes()
    damaged = {
        "empty": b"",
        "cut": whole[:1500],
        "foreign": b"not a table" * 500,
        "header": bytes(100) + whole[100:],
    }
    own_copy.write_bytes(damaged[damage])
    with Icd10Catalog(own_copy.parent) as both:
        assert both.damaged == ("The ICD-10-CM table icd10cm-2026-10-01.db is damaged; import it again.",)
        assert [release.label for release in both.releases] == ["April 2026"]
        assert both.status("F33.1", AFTER).verdict is Verdict.BILLABLE


@pytest.mark.fault
def test_damage_deep_in_an_import_is_said_when_it_is_met(own_copy: Path) -> None:
    with closing(sqlite3.connect(own_copy)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'code_by_code'").fetchone()
    whole = bytearray(own_copy.read_bytes())
    whole[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    own_copy.write_bytes(whole)

    with Icd10Catalog(own_copy.parent) as both:
        assert both.damaged == ()
        with pytest.raises(CatalogError, match="is damaged; import it again"):
            both.status("F33.1", AFTER)
        assert both.status("F33.1", BEFORE).verdict is Verdict.BILLABLE
