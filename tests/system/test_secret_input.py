"""A password handed over through a file descriptor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from therapist_desktop.models.errors import UserError
from therapist_desktop.system.secret_input import read_secret


@pytest.fixture
def hand_over() -> Iterator[Callable[[bytes], int]]:
    """Put bytes into a pipe and return the descriptor to read them from."""
    opened: list[int] = []

    def pipe_with(content: bytes) -> int:
        read_end, write_end = os.pipe()
        opened.append(read_end)
        os.write(write_end, content)
        os.close(write_end)
        return read_end

    yield pipe_with
    for descriptor in opened:
        os.close(descriptor)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
def test_the_first_line_is_the_password(hand_over: Callable[[bytes], int], ending: bytes) -> None:
    assert read_secret(hand_over("  räksmörgås på bryggan ".encode() + ending)) == "  räksmörgås på bryggan "


def test_two_passwords_come_one_after_the_other(hand_over: Callable[[bytes], int]) -> None:
    descriptor = hand_over(b"the old one\nthe new one\n")
    assert [read_secret(descriptor), read_secret(descriptor)] == ["the old one", "the new one"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "is empty"), (b"\n", "is empty"), (b"\xff\xfe\n", "not UTF-8"), (b"x" * 5000, "too long")],
)
def test_a_line_that_is_no_password_is_refused(
    hand_over: Callable[[bytes], int], content: bytes, sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        read_secret(hand_over(content))


def test_a_closed_descriptor_is_refused() -> None:
    read_end, write_end = os.pipe()
    os.close(write_end)
    os.close(read_end)
    with pytest.raises(UserError, match="Check that it is open for reading"):
        read_secret(read_end)


def test_the_error_does_not_carry_what_was_read(hand_over: Callable[[bytes], int]) -> None:
    with pytest.raises(UserError) as refused:
        read_secret(hand_over(b"telling \xff words\n"))
    assert "telling" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
