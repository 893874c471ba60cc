"""The catalogs and rules that services look things up in, each loaded when it is first asked for."""

from __future__ import annotations

from functools import cached_property

from therapist_desktop import paths
from therapist_desktop.catalogs.icd10 import Icd10Catalog
from therapist_desktop.models.billing_rules import BillingRules, load_billing_rules


class Reference:
    """Built once by whoever composes the program, and handed to the verbs that need it."""

    @cached_property
    def icd10(self) -> Icd10Catalog:
        """ICD-10-CM, with the releases the practice’s computer has imported."""
        return Icd10Catalog(paths.imported_catalogs())

    @cached_property
    def billing_rules(self) -> BillingRules:
        """Time bands and combinations of psychotherapy codes."""
        return load_billing_rules()

    def close(self) -> None:
        """Close what was opened."""
        if "icd10" in self.__dict__:
            self.icd10.close()
