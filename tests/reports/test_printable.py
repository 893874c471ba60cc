"""Whatever is typed is printed, or something visible stands in its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.reports import fonts
from therapist_desktop.reports.printable import MISSING_GLYPH, bold, label, markup, one_line, printable


def test_accents_greek_cyrillic_and_vietnamese_are_printed_as_they_are() -> None:
    typed = "Íñigo Żółć Nguyễn Thị Hạnh Ελένη Наталья “quoted” – 70 → 40 ≥ ½ ✓"
    assert printable(typed) == typed


def test_an_accent_typed_as_two_characters_becomes_one() -> None:
    assert printable("Jose\u0301") == "José"


def test_a_pictograph_is_printed_as_its_name() -> None:
    assert printable("texted \U0001f642") == "texted [slightly smiling face]"


def test_a_letter_that_the_fonts_lack_is_an_empty_square_and_not_nothing() -> None:
    assert printable("你好") == MISSING_GLYPH * 2
    assert ord(MISSING_GLYPH) in fonts.register()


def test_control_characters_vanish_and_line_breaks_stay() -> None:
    assert printable("a\x00b\x07\u200bc\r\nd\u2028e\x0bf") == "abc\nd\ne\nf"


def test_markup_cannot_be_smuggled_in() -> None:
    assert markup("<b>&") == "&lt;b&gt;&amp;"
    assert bold("<i>") == "<b>&lt;i&gt;</b>"
    assert bold(" \n") == ""


def test_a_label_stays_on_one_line_and_says_when_it_was_cut() -> None:
    assert one_line("  Harbor\n Counseling ") == "Harbor Counseling"
    assert one_line("one two three", 9) == "one two…"
    assert one_line("x" * 5000).endswith("…")
    assert label("a & b") == "a &amp; b"


@given(text=st.text())
def test_only_what_the_fonts_can_show_is_left(text: str) -> None:
    shown = fonts.register()
    assert all(character == "\n" or ord(character) in shown for character in printable(text))


@given(text=st.text(), longest=st.integers(2, 50))
def test_a_cut_line_is_never_longer_than_allowed(text: str, longest: int) -> None:
    assert len(one_line(text, longest)) <= longest
