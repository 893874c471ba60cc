"""Crisis lines are printed only in the ways somebody has verified."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from therapist_desktop.catalogs.crisis_lines import CrisisLines, Way


def verified_instructions(code: str) -> list[str]:
    lines = {line.code: line for line in CrisisLines().verified()}
    return [way.instruction for way in lines[code].ways]


def test_the_lifeline_and_emergency_services_come_first_and_are_verified() -> None:
    verified = CrisisLines().verified()
    assert [line.code for line in verified][:2] == ["988", "911"]
    assert verified_instructions("988")[:3] == ["Call 988", "Text 988", "Chat at 988lifeline.org"]
    assert "TTY 711, then 988" in verified_instructions("988")


def test_veterans_and_spanish_speakers_are_told_what_to_press() -> None:
    assert verified_instructions("988-veterans") == ["Call 988, then press 1", "Text 838255"]
    assert verified_instructions("988-spanish") == ["Call 988, then press 2"]


def test_press_3_is_never_printed() -> None:
    ways = [way for line in CrisisLines() for way in line.ways]
    assert not any("3" in way.then for way in ways)


def test_each_verified_way_has_its_day_and_its_source() -> None:
    ways = [way for line in CrisisLines().verified() for way in line.ways]
    assert ways
    for way in ways:
        assert way.verified_on is not None
        assert way.verified_on >= date(2026, 11, 23)
        assert way.source


def test_what_is_not_verified_is_listed_to_be_checked_and_not_printed() -> None:
    lines = CrisisLines()
    to_check = {line.code: [way.instruction for way in line.ways] for line in lines.unverified()}
    printed = {way for line in lines.verified() for way in line.ways}

    assert to_check["crisis-text-line"] == ["Text HOME to 741741"]
    assert to_check["988-spanish"] == ["Text AYUDA to 988"]
    assert "crisis-text-line" not in {line.code for line in lines.verified()}
    assert not any(way.verified_on is None for way in printed)
    total = sum(len(line.ways) for line in lines)
    assert total == len(printed) + sum(len(ways) for ways in to_check.values())


def test_a_practice_can_bring_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "lines.toml"
    file.write_text(
        """
        [source]
        name = "Harbor Counseling"
        licence = "own"
        gathered = "2026-12-01"

        [[line]]
        code = "county"
        name = "County mobile crisis team"
        audience = "Residents"
        hours = "8 am to midnight"
        ways = [{ channel = "call", contact = "555-0142", verified_on = 2026-12-01, source = "county page" }]
        """,
        encoding="utf-8",
    )
    (line,) = CrisisLines(file).verified()
    assert line.hours == "8 am to midnight"
    assert line.ways == (Way("call", "555-0142", "", date(2026, 12, 1), "county page"),)
