from __future__ import annotations

import pytest

from therapist_desktop.models.place_and_modifiers import (
    PayerTelehealthRule,
    modality_problem,
    modifiers_problem,
    payer_problem,
    place_problem,
)


@pytest.mark.parametrize(
    ("place", "modality", "fits"),
    [
        ("11", "in_person", True),
        ("12", "in_person", True),
        ("02", "in_person", False),
        ("10", "in_person", False),
        ("10", "video", True),
        ("02", "video", True),
        ("11", "video", False),
        ("10", "audio", True),
        ("11", "audio", False),
        ("", "in_person", False),
        ("1", "in_person", False),
        ("office", "in_person", False),
    ],
)
def test_place_of_service_says_telehealth_exactly_when_the_session_was(place: str, modality: str, fits: bool) -> None:
    assert (place_problem(place, modality) is None) is fits


@pytest.mark.parametrize("modifiers", [(), ("95",), ("GT", "HO"), ("59", "95", "U1", "HQ")])
def test_up_to_four_different_modifiers_of_two_characters_pass(modifiers: tuple[str, ...]) -> None:
    assert modifiers_problem(modifiers) is None


@pytest.mark.parametrize("modifiers", [("9",), ("9 5",), ("gt",), ("95", "95"), ("59", "95", "U1", "HQ", "HO")])
def test_other_modifiers_do_not(modifiers: tuple[str, ...]) -> None:
    assert modifiers_problem(modifiers) is not None


@pytest.mark.parametrize(
    ("modality", "modifiers", "fits"),
    [
        ("video", ("95",), True),
        ("video", ("GT",), True),
        ("video", ("93",), False),
        ("audio", ("93",), True),
        ("audio", ("FQ",), True),
        ("audio", ("95",), False),
        ("in_person", ("95",), False),
        ("in_person", ("93",), False),
        ("in_person", ("HO", "59"), True),
        ("video", (), True),
    ],
)
def test_93_is_for_phone_and_95_for_video(modality: str, modifiers: tuple[str, ...], fits: bool) -> None:
    assert (modality_problem(modality, modifiers) is None) is fits


def test_whether_95_is_wanted_is_the_payers_rule() -> None:
    commercial = PayerTelehealthRule()
    medicare = PayerTelehealthRule(video_modifier="")
    assert payer_problem("video", ("95",), commercial) is None
    assert payer_problem("video", ("GT",), commercial) is not None
    assert payer_problem("video", (), commercial) is not None
    assert payer_problem("video", (), medicare) is None
    assert payer_problem("video", ("95",), medicare) is not None
    assert payer_problem("audio", (), medicare) is not None
    assert payer_problem("audio", ("93",), medicare) is None
    assert payer_problem("in_person", (), commercial) is None


def test_a_payer_may_want_gt_instead() -> None:
    rule = PayerTelehealthRule(video_modifier="GT")
    assert payer_problem("video", ("GT",), rule) is None
    assert payer_problem("video", ("95",), rule) is not None
