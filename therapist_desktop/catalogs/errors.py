"""The error a catalog raises when a file of reference data cannot be used."""

from __future__ import annotations


class CatalogError(ValueError):
    """A file of reference data that a person can replace or correct.

    ``sentence`` says plainly what is wrong and what to do. Catalogs stand below the models, so callers
    above turn this into their own ``UserError``.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
