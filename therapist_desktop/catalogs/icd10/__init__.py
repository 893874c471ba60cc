"""ICD-10-CM: the tables of codes by date of service, search, and the importer of the yearly CMS file."""

from .catalog import Icd10Catalog
from .cms_file import ReleaseChanges
from .code import CodeStatus, IcdCode, Release, Verdict, canonical_code, is_external_cause
from .importing import PreparedRelease, keep_release, prepare_release
from .notes import CodeFirst, Excludes1Conflict, Heading
from .search import SearchHit

__all__ = [
    "CodeFirst",
    "CodeStatus",
    "Excludes1Conflict",
    "Heading",
    "Icd10Catalog",
    "IcdCode",
    "PreparedRelease",
    "Release",
    "ReleaseChanges",
    "SearchHit",
    "Verdict",
    "canonical_code",
    "is_external_cause",
    "keep_release",
    "prepare_release",
]
