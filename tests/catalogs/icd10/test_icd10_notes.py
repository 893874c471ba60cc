"""What the tabular list says about codes together and in order."""

from __future__ import annotations

import pytest

from therapist_desktop.catalogs.icd10 import Icd10Catalog
from therapist_desktop.catalogs.icd10.notes import names_code


@pytest.mark.parametrize("code", ["F02.80", "F06.31", "F54", "F09", "G47.36"])
def test_a_manifestation_may_not_be_listed_first(catalog: Icd10Catalog, code: str) -> None:
    note = catalog.code_first(code)
    assert note is not None
    assert not note.conditional


@pytest.mark.parametrize(
    ("code", "stated_at", "wording"),
    [
        ("F01.50", "F01", "if applicable, any causal condition"),
        ("F48.2", "F48.2", "underlying cause, if known, such as"),
        ("F70", "F70-F79", "any associated physical or developmental disorders"),
    ],
)
def test_a_conditional_note_is_told_apart_and_says_where_it_stands(
    catalog: Icd10Catalog, code: str, stated_at: str, wording: str
) -> None:
    note = catalog.code_first(code)
    assert note is not None
    assert note.conditional
    assert note.stated_at == stated_at
    assert note.note.startswith(wording)


@pytest.mark.parametrize("code", ["F33.1", "F41.1", "F43.10", "F10.20", "F84.0", "R45.851", "Z63.0", "T74.11XA"])
def test_the_codes_of_an_ordinary_practice_may_be_listed_first(catalog: Icd10Catalog, code: str) -> None:
    assert catalog.code_first(code) is None


@pytest.mark.parametrize(
    ("pair", "stated_at"),
    [
        (("F32.1", "F33.1"), "F32"),
        (("F33.1", "F32.1"), "F32"),
        (("F10.20", "F10.10"), "F10.2"),
        (("R45.851", "T14.91XA"), "R45.85"),
        (("T14.91XA", "R45.851"), "R45.85"),
        (("F70", "R41.83"), "F70-F79"),
    ],
)
def test_codes_that_exclude_each_other_are_named_once(
    catalog: Icd10Catalog, pair: tuple[str, str], stated_at: str
) -> None:
    (conflict,) = catalog.excludes1([*pair, pair[0]])
    assert {conflict.code, conflict.excluded} == set(pair)
    assert conflict.stated_at == stated_at
    assert conflict.note


def test_codes_that_go_together_are_not_warned_about(catalog: Icd10Catalog) -> None:
    assert catalog.excludes1(["F33.1", "F41.1", "F43.10", "F10.20", "Z63.0", "R45.851"]) == []
    assert catalog.excludes1(["F90.2", "F84.0"]) == []
    assert catalog.excludes1(["F33.1", "F33.1"]) == []


@pytest.mark.parametrize(
    ("note", "named", "not_named"),
    [
        ("bipolar disorder (F31.-)", ["F310", "F3181"], ["F30", "F320"]),
        ("psychotic features (F30.2, F31.2)", ["F302", "F312"], ["F303", "F31"]),
        ("dementia (F10-F19, with .17, .27, .97)", ["F1017", "F1327"], ["F1020", "F2017"]),
        ("neuropathy (E08-E13 with .41)", ["E0841"], ["E0842"]),
        ("toxic effects (T51-T65)", ["T510X1A", "T659"], ["T50", "T66"]),
        ("pregnancy (O94-O9A)", ["O9A111", "O99"], ["O93"]),
        ("amnesia (F10-F19 with 5th character .6)", [], ["F106", "F10"]),
        ("fall (in) (from) machinery (W28-W31)", ["W290XXA"], ["W32"]),
        ("certain infections - see body system-related chapters", [], ["A00", "F33"]),
    ],
)
def test_the_codes_a_note_names_are_read_from_its_parentheses(
    note: str, named: list[str], not_named: list[str]
) -> None:
    assert all(names_code(note, code) for code in named)
    assert not any(names_code(note, code) for code in not_named)
