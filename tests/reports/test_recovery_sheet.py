"""The recovery key stands large and numbered on its page, and nowhere in the file’s properties."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.paper import Paper
from tests.reports.test_every_document import RECOVERY
from therapist_desktop.reports import recovery_sheet


def test_every_group_is_large_numbered_and_in_order() -> None:
    paper = Paper(recovery_sheet.build(RECOVERY))
    assert len(paper.pages) == 1
    assert "1 2 3 4 7K2QM 0ZXW4 H9R3T BD6YC 5 6 7 8 51NVE 8JPGA Q4M0X 2WZ7H" in paper.text
    assert all(paper.find(group).points >= 24 for group in RECOVERY.recovery_key.split("-"))


def test_the_page_says_what_it_is_for_where_to_keep_it_and_when_it_was_made() -> None:
    text = Paper(recovery_sheet.build(RECOVERY)).text
    assert "Harbor Counseling · made November 23, 2026" in text
    assert "If a password is forgotten, this key opens Harbor Counseling." in text
    assert "away from the computer" in text


def test_a_key_of_another_length_is_printed_as_well() -> None:
    text = Paper(recovery_sheet.build(replace(RECOVERY, recovery_key="AAAAA-BBBBB-CCCCC"))).text
    assert "1 2 3 AAAAA BBBBB CCCCC" in text
