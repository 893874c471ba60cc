"""A therapist finds a code by typing what comes to mind."""

from __future__ import annotations

import tracemalloc
from itertools import permutations

import pytest

from therapist_desktop.catalogs.icd10 import Icd10Catalog


def codes(catalog: Icd10Catalog, typed: str, *, limit: int = 20, billable_only: bool = False) -> list[str]:
    hits = catalog.search(typed, limit=limit, billable_only=billable_only)
    return [hit.entry.code for hit in hits]


def test_an_exact_code_comes_first_and_then_the_codes_that_begin_with_it(catalog: Icd10Catalog) -> None:
    found = codes(catalog, "f33")

    assert found[0] == "F33"
    assert found[1:10] == ["F33.0", "F33.1", "F33.2", "F33.3", "F33.40", "F33.41", "F33.42", "F33.8", "F33.9"]
    assert codes(catalog, "f33.4")[0] == "F33.4"
    assert codes(catalog, "F334")[0] == "F33.4"
    assert codes(catalog, "t1491xa")[0] == "T14.91XA"
    assert codes(catalog, "qa0")[0] == "QA0"


@pytest.mark.parametrize("typed", [" ".join(order) for order in permutations(["maj", "dep", "rec"])])
def test_beginnings_of_words_are_found_in_any_order(catalog: Icd10Catalog, typed: str) -> None:
    found = codes(catalog, typed)

    assert set(found[:8]) == {"F33.0", "F33.1", "F33.2", "F33.3", "F33.9", "F33.40", "F33.41", "F33.42"}
    assert "F33" in found[8:]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("generalized anxiety", "F41.1"),
        ("anx gen", "F41.1"),
        ("depression", "F32.A"),
        ("adjustment mixed anxiety", "F43.23"),
        ("bipolar II", "F31.81"),
        ("borderline", "F60.3"),
        ("combined adhd", "F90.2"),
        ("odd", "F91.3"),
        ("suicid ideation", "R45.851"),
        ("suicide attempt", "T14.91XA"),
        ("self-harm", "R45.88"),
        ("spouse relationship", "Z63.0"),
        ("divorce", "Z63.5"),
        ("homeless", "Z59.00"),
        ("cholera eltor", "A00.1"),
        ("meniere right", "H81.01"),
        ("MÉNIÈRE'S left", "H81.02"),
        ("alzheimers late", "G30.1"),
    ],
)
def test_the_code_that_was_meant_comes_first(catalog: Icd10Catalog, typed: str, first: str) -> None:
    assert codes(catalog, typed)[0] == first


@pytest.mark.parametrize("typed", ["ptsd", "posttraumatic stress", "post-traumatic stress", "stress post traumatic"])
def test_abbreviations_and_spellings_of_the_field_find_the_official_title(catalog: Icd10Catalog, typed: str) -> None:
    assert codes(catalog, typed) == ["F43.10", "F43.11", "F43.12", "F43.1"]


@pytest.mark.parametrize(
    ("typed", "code", "term"),
    [
        ("alcohol use disorder moderate", "F10.20", "Alcohol use disorder, moderate"),
        ("gender dysphoria adults", "F64.0", "Gender dysphoria in adolescents and adults"),
        ("autism spectrum", "F84.0", "Autism spectrum disorder"),
        ("attempted suicide", "T14.91XA", "Attempted suicide NOS"),
    ],
)
def test_a_code_found_by_an_inclusion_term_says_which(
    catalog: Icd10Catalog, typed: str, code: str, term: str
) -> None:
    hit = catalog.search(typed)[0]
    assert (hit.entry.code, hit.matched_term) == (code, term)


def test_a_code_found_by_its_title_names_no_term(catalog: Icd10Catalog) -> None:
    assert catalog.search("generalized anxiety")[0].matched_term == ""


def test_billable_codes_come_before_headings_and_can_be_asked_for_alone(catalog: Icd10Catalog) -> None:
    hits = catalog.search("depress", limit=200)
    behavioral = [hit.entry.billable for hit in hits if hit.entry.code.startswith("F")]

    assert behavioral == sorted(behavioral, reverse=True)
    assert not all(behavioral)
    assert "F33" not in codes(catalog, "f33", billable_only=True)
    assert "F43.1" not in codes(catalog, "ptsd", billable_only=True)


def test_behavioral_health_comes_before_the_other_chapters(catalog: Icd10Catalog) -> None:
    found = codes(catalog, "tic", limit=20)
    assert found[0] == "F95.9"
    assert found.index("F95") < found.index("G50.0")  # even a heading, before trigeminal neuralgia

    chapters = [code[:3] for code in codes(catalog, "sleep apnea", limit=60)]
    assert chapters.index("G47") < chapters.index("P28")


def test_code_and_words_can_be_typed_together_in_any_order(catalog: Icd10Catalog) -> None:
    assert codes(catalog, "f33.4 full") == ["F33.42"]
    assert codes(catalog, "severe f33") == ["F33.3", "F33.2"]
    assert set(codes(catalog, "f33 severe")) == {"F33.3", "F33.2"}


def test_a_word_that_only_looks_like_a_code_is_searched_as_a_word(catalog: Icd10Catalog) -> None:
    assert codes(catalog, "b12")[0].startswith(("E53", "D51"))
    assert "F90.2" in codes(catalog, "add")


@pytest.mark.parametrize(
    "typed", ["", "   ", "-", '"', "'", "日本", "xyzzy", 'dep" OR "x', "NOT xyzzy(", "*", "f33 xyzzy"]
)
def test_what_matches_nothing_gives_an_empty_list(catalog: Icd10Catalog, typed: str) -> None:
    assert codes(catalog, typed) == []


def test_a_pasted_page_is_answered_too(catalog: Icd10Catalog) -> None:
    assert codes(catalog, "anxiety " * 5_000)


def test_no_code_is_listed_twice_and_the_limit_is_kept(catalog: Icd10Catalog) -> None:
    for typed in ("f", "s", "f99", "dis", "fracture", "f10"):
        found = codes(catalog, typed, limit=30)
        assert len(found) == len(set(found)) <= 30


def test_a_look_up_does_not_load_the_table_into_memory() -> None:
    tracemalloc.start()
    with Icd10Catalog() as catalog:
        catalog.find("F33.1")
        catalog.search("major depressive")
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000
