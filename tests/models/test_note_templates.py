"""Templates: section sets as data, and kinds of notes."""

from __future__ import annotations

import pytest

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.note_likeness import clone_finding
from therapist_desktop.models.note_readiness import Need
from therapist_desktop.models.note_templates import (
    DEFAULT_TEMPLATE,
    NoteKind,
    note_template,
    note_templates,
    read_note_templates,
)

WORDS = "The client practised breathing before the meeting and stayed until its end. " * 5


@pytest.mark.parametrize(
    ("name", "headings"),
    [
        ("SOAP", ("Subjective", "Objective", "Assessment", "Plan")),
        ("DAP", ("Data", "Assessment", "Plan")),
        ("BIRP", ("Behavior", "Intervention", "Response", "Plan")),
        ("GIRP", ("Goal", "Intervention", "Response", "Plan")),
        ("PIE", ("Problem", "Intervention", "Evaluation")),
        ("free", ("Note",)),
    ],
)
def test_each_usual_template_has_its_sections_in_order(name: str, headings: tuple[str, ...]) -> None:
    assert note_template(name).headings == headings


def test_every_section_has_a_prompt_and_every_template_a_name_and_a_title() -> None:
    for template in note_templates():
        assert template.name
        assert template.title
        assert all(section.prompt for section in template.section)


def test_the_usual_template_comes_first_in_the_list() -> None:
    assert note_templates()[0].name == DEFAULT_TEMPLATE


def test_a_template_is_found_in_any_case() -> None:
    assert note_template(" birp ").name == "BIRP"


def test_an_unknown_template_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(UserError, match="DAP, SOAP, BIRP, GIRP, PIE, free"):
        note_template("SOAPIER")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"[[template]\n", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b'[[template]]\nname = "A"\n', "cannot be read"),
        (b'[[template]]\nname = "A"\ntitle = "a"\nsection = []\n', "without a heading"),
        (b'[[template]]\nname = "A"\ntitle = "a"\nsection = [{ heading = " " }]\n', "without a heading"),
        (b'[[template]]\nname = "A"\ntitle = "a"\nsection = [{ heading = "X" }, { heading = "X" }]\n', "twice"),
        (
            b'[[template]]\nname = "A"\ntitle = "a"\nsection = [{ heading = "X" }]\n'
            b'[[template]]\nname = "a"\ntitle = "b"\nsection = [{ heading = "X" }]\n',
            "two note templates",
        ),
    ],
)
def test_a_file_of_templates_that_is_not_sound_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_note_templates(data)


def test_only_kinds_in_which_client_and_clinician_met_are_sessions() -> None:
    assert [kind for kind in NoteKind if kind.is_session] == [NoteKind.PROGRESS, NoteKind.INTAKE]


def test_a_note_that_copies_the_one_before_is_pointed_out() -> None:
    finding = clone_finding([WORDS, "Same time next week."], [WORDS, "Same time next  week!"])
    assert finding is not None
    assert finding.need is Need.SHOULD
    assert "nearly the same" in finding.sentence


def test_a_note_of_its_own_and_a_short_one_are_not_called_copies() -> None:
    other = "Talked about the move, the sister and the money; a list of calls was written together. " * 5
    assert clone_finding([WORDS], [other]) is None
    assert clone_finding(["Client did not come."], ["Client did not come."]) is None
    assert clone_finding([WORDS], []) is None
