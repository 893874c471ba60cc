"""The small code tables hold what clinical.md 1.2 names, and nothing they may not."""

from __future__ import annotations

from pathlib import Path

import holidays
import pytest

from therapist_desktop.catalogs.errors import CatalogError
from therapist_desktop.catalogs.hcpcs import HcpcsServices
from therapist_desktop.catalogs.modifiers import Modifiers
from therapist_desktop.catalogs.places_of_service import PlacesOfService
from therapist_desktop.catalogs.states import States
from therapist_desktop.catalogs.taxonomy import ProviderTaxonomy, is_taxonomy_code


def test_the_places_of_service_of_a_psychotherapist_are_there() -> None:
    places = PlacesOfService()
    assert [place.code for place in places] == [
        "02", "03", "04", "10", "11", "12", "13", "14", "20", "22", "31", "32", "50", "53", "57", "72", "99",
    ]  # fmt: skip


def test_only_02_and_10_are_telehealth() -> None:
    assert [place.code for place in PlacesOfService() if place.telehealth] == ["02", "10"]


def test_the_modifiers_are_there_and_four_of_them_belong_to_the_ama() -> None:
    modifiers = Modifiers()
    named = [
        "25", "59", "93", "95", "GT", "GQ", "FQ", "AH", "AJ", "HP", "HO", "HN", "HA", "HE", "HF", "HQ", "HR", "HS",
        "SA", "XE", "XS", "XP", "XU",
    ]  # fmt: skip
    by_state = [f"U{last}" for last in "123456789ABCD"]

    assert [modifier.code for modifier in modifiers] == named + by_state
    assert [modifier.code for modifier in modifiers if modifier.owner == "AMA"] == ["25", "59", "93", "95"]
    assert all(len(modifier.code) == 2 for modifier in modifiers)


def test_telehealth_modifiers_know_the_channel_they_fit() -> None:
    channels = {modifier.code: modifier.channel for modifier in Modifiers() if modifier.channel}
    assert channels == {"93": "audio", "95": "video", "GT": "video", "GQ": "asynchronous", "FQ": "audio"}


def test_no_service_number_of_cpt_is_shipped() -> None:
    codes = [service.code for service in HcpcsServices()]
    assert codes == ["G0560", "G0544", "H0031", "H0032", "H0004", "H2019", "T1017"]
    assert not any(code.isdigit() for code in codes)


def test_the_provider_types_carry_the_notice_their_owner_asks_for() -> None:
    taxonomy = ProviderTaxonomy()
    labels = {provider.code: provider.label for provider in taxonomy}

    assert len(labels) == 11
    assert labels["101YM0800X"] == "Counselor, Mental Health"  # one web source calls it a family therapist
    assert labels["106H00000X"] == "Marriage & Family Therapist"
    assert "National Uniform Claim Committee" in taxonomy.source.notice
    assert "American Medical Association" in taxonomy.source.notice


@pytest.mark.parametrize("code", ["103TC0700X", "2084P0800X", "390200000X"])
def test_a_taxonomy_code_has_ten_characters_and_ends_in_x(code: str) -> None:
    assert is_taxonomy_code(code)
    assert not is_taxonomy_code(code[:-1])
    assert not is_taxonomy_code(code[:-1] + "Y")
    assert not is_taxonomy_code(code.lower())


def test_the_states_are_those_another_package_knows() -> None:
    states = States()
    assert sum(state.kind == "state" for state in states) == 50
    assert {state.code for state in states if state.kind != "military"} == set(holidays.US.subdivisions) - {"UM"}
    assert [state.code for state in states if state.kind == "military"] == ["AA", "AE", "AP"]


def test_an_entry_is_found_by_its_code_in_any_case() -> None:
    modifiers = Modifiers()
    found = modifiers.get(" gt ")
    assert found is not None
    assert found.code == "GT"
    assert "ZZ" not in modifiers
    assert modifiers.get("ZZ") is None


@pytest.mark.parametrize(
    "content",
    [
        "not toml",
        "",
        '[source]\nname = "a"\nlicence = "b"\ngathered = "c"\n',
        '[source]\nname = "a"\nlicence = "b"\ngathered = "c"\n[[place]]\ncode = "11"\n',
        '[source]\nname = "a"\nlicence = "b"\ngathered = "c"\n[[place]]\ncode = "11"\nlabel = "x"\nmore = 1\n',
    ],
)
def test_a_damaged_table_is_refused_by_name(tmp_path: Path, content: str) -> None:
    file = tmp_path / "places.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"places\.toml is missing or damaged"):
        PlacesOfService(file)


def test_a_missing_table_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"nowhere\.toml is missing or damaged"):
        States(tmp_path / "nowhere.toml")
