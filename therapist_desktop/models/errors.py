"""The one error that is meant for a person."""

from __future__ import annotations


class UserError(Exception):
    """Something a person can put right.

    The message is one or two plain sentences that say what is wrong and what to do. It never holds
    client data. Everything that is not a ``UserError`` is a bug of the program.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
