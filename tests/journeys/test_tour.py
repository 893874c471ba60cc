"""The tour does the whole main job on the sample practice and leaves its documents and backup."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from therapist_desktop.cli.entry import run


def words_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def test_the_tour_leaves_every_document_and_a_proven_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tour"
    assert run(["tour", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "FAULT" not in said
    assert "was proven to restore" in said
    assert "October 2026: 11 ready, 2 would be rejected" in said
    expected = {
        "treatment-plan.pdf": "Ride the bus to work on her own",
        "safety-plan.pdf": "Call or text 988",
        "wallet-card.pdf": "My warning signs",
        "safety-plan-blank.pdf": "My safety plan",
        "session-note.pdf": "CORRECTION",
        "superbill.pdf": "60.00 is still open",
        "superbill-corrected.pdf": "replaces superbill",
        "superbill-void.pdf": "VOID",
    }
    for name, words in expected.items():
        assert words in words_of(folder / name), name
    assert "F41.0" not in words_of(folder / "safety-plan.pdf")
    assert "Fairweather" not in words_of(folder / "wallet-card.pdf").replace("June Fairweather", "")
    assert len(list((folder / "october").glob("superbill-*.pdf"))) == 11
    assert len(list(folder.glob("*.tdbackup"))) == 1

    assert run(["tour", str(folder)]) == 1
    assert "something in that folder already" in capsys.readouterr().err
