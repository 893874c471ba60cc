"""The shipped ICD-10-CM catalog, and small CMS files made up for a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from therapist_desktop.catalogs.icd10 import Icd10Catalog


@pytest.fixture(scope="session")
def catalog() -> Iterator[Icd10Catalog]:
    with Icd10Catalog() as shipped:
        yield shipped


@pytest.fixture
def cms_file(tmp_path: Path) -> Callable[..., Path]:
    """Write lines as CMS does, with carriage returns, and return the path."""

    def write(*lines: str, name: str = "icd10cm_order_2027.txt", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
        return path

    return write


@pytest.fixture(scope="session")
def order_line() -> Callable[..., str]:
    """Make one line of an order file: number, code without dot, 1 or 0, short title, long title."""

    def line(number: int, code: str, billable: int, title: str) -> str:
        return f"{number:05d} {code:7} {billable} {title[:60]:60} {title}"

    return line
