"""What a CSV of clients holds: encoding, separator, rows, and which column means what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from therapist_desktop.models.client_likeness import folded
from therapist_desktop.models.errors import UserError

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000

# The headers that SimplePractice, TherapyNotes, TheraNest, Jane, Sessions Health and plain spreadsheets use, folded.
HEADERS: dict[str, tuple[str, ...]] = {
    "first_name": ("first name", "firstname", "first", "given name", "legal first name", "client first name"),
    "middle_name": ("middle name", "middlename", "middle", "middle initial", "mi"),
    "last_name": ("last name", "lastname", "last", "surname", "family name", "legal last name", "client last name"),
    "full_name": ("name", "client", "client name", "full name", "patient", "patient name"),
    "suffix": ("suffix",),
    "used_name": ("preferred name", "goes by", "goes by name", "nickname", "preferred first name", "used name"),
    "pronouns": ("pronouns", "pronoun"),
    "born_on": ("date of birth", "dob", "birth date", "birthdate", "birthday", "born", "birth day"),
    "plan_sex": ("sex", "administrative sex", "sex at birth", "legal sex", "assigned sex", "sex on insurance"),
    "gender": ("gender", "gender identity"),
    "email": ("email", "e mail", "email address", "primary email", "home email", "client email"),
    "mobile_phone": ("mobile", "mobile phone", "cell", "cell phone", "mobile number"),
    "home_phone": ("home phone", "home", "home number", "landline"),
    "work_phone": ("work phone", "work", "work number"),
    "phone": ("phone", "phone number", "primary phone", "telephone", "contact number", "client phone"),
    "address_line1": ("address", "address 1", "address line 1", "street", "street address", "street 1"),
    "address_line2": ("address 2", "address line 2", "apt", "unit", "apartment", "street 2"),
    "city": ("city", "town", "address city"),
    "state": ("state", "province", "state province", "address state"),
    "postal_code": ("zip", "zip code", "zipcode", "postal code", "postcode", "address zip", "address zip code"),
    "language": ("language", "preferred language", "primary language"),
    "status": ("status", "client status", "active", "record status"),
    "started_on": ("start date", "intake date", "admission date", "date added", "first appointment", "since"),
    "referral_source": ("referral source", "referred by", "referral", "how did you hear about us"),
    "payer_name": (
        "insurance",
        "payer",
        "payer name",
        "insurance company",
        "primary insurance",
        "insurance name",
        "insurance provider",
        "primary insurance company",
    ),
    "member_id": (
        "member id",
        "insurance id",
        "policy number",
        "subscriber id",
        "insurance member id",
        "member number",
        "primary insurance policy number",
    ),
    "group_number": ("group", "group number", "group no", "group id"),
    "emergency_name": ("emergency contact", "emergency contact name", "emergency name"),
    "emergency_phone": ("emergency contact phone", "emergency phone", "emergency contact number"),
    "emergency_relation": ("emergency contact relationship", "emergency contact relation", "emergency relationship"),
    "guardian_name": ("guardian", "guardian name", "parent", "parent guardian", "responsible party", "parent name"),
    "guardian_phone": ("guardian phone", "parent phone", "responsible party phone"),
    "tags": ("tags", "labels", "groups"),
    "remarks": ("notes", "comments", "remarks", "alerts"),
    "number": ("client id", "patient id", "id", "chart number", "mrn", "account number", "client number"),
}


@dataclass(frozen=True)
class CsvTable:
    """A file that could be read: its headers, and each row with the line it begins on."""

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(path: Path) -> CsvTable:
    """Read a CSV file; raise ``UserError`` with the line if its encoding or its quotes are broken."""
    text = _decoded(_read(path))
    if not text.strip():
        raise UserError("The file is empty. Export the list of clients again.")
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise UserError(
                    f"The row that begins on line {line} has more than {MOST_COLUMNS:,} cells, which no list of "
                    "clients has. Choose another file; nothing was imported."
                )
            if len(rows) > MOST_ROWS:
                raise UserError(
                    f"The file has more than {MOST_ROWS:,} rows, which no list of clients has. "
                    "Choose another file, or import it in parts; nothing was imported."
                )
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(cell.strip() for cell in cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UserError(
            f"The quotation marks are broken in the row that begins on line {line}. "
            "Correct that row, or export the list again; nothing was imported."
        ) from error
    headers = rows[0][1]
    if len(headers) < 2 or len(rows) < 2:
        raise UserError("The file needs a first line with the names of its columns and at least one client below it.")
    return CsvTable(headers, tuple(rows[1:]))


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # a folder; or a pipe, which could be waited for for ever
            raise UserError("That is not a file. Choose the file with the list of clients.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError("The file cannot be read. Check its name and that you may open it.") from error
    if len(data) > MOST_BYTES:
        raise UserError("The file is larger than 20 MB, which no list of clients is. Choose another file.")
    return data


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig"]
    if b"\x00" not in data:
        encodings.append("cp1252")  # what Excel on Windows writes
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A UTF-8 file with a broken byte also decodes as Windows text, but then shows Ã© where é was meant.
        if encoding == "cp1252" and re.search("[ÃÂâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]", text):
            break
        if "\x00" not in text:
            return text
    for line, raw in enumerate(data.split(b"\n"), 1):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            raise UserError(
                f"The letters on line {line} are in an encoding that cannot be told. "
                "Save the file as “CSV UTF-8” and import it again; nothing was imported."
            ) from None
    raise UserError("This is not a text file. Export the list of clients as CSV and import that.")


def _separator(text: str) -> str:
    first = text.lstrip("\ufeff").splitlines()[0]
    return max(",;\t|", key=first.count) if any(mark in first for mark in ",;\t|") else ","


def guess_columns(headers: tuple[str, ...]) -> dict[str, str]:
    """Return which header is taken for which field; a header is used once, the most exact name first."""
    by_name: dict[str, str] = {}
    for header in headers:
        by_name.setdefault(folded(re.sub(r"[_/().#:]+", " ", header)), header)
    found: dict[str, str] = {}
    for place in range(max(len(names) for names in HEADERS.values())):
        for meaning, names in HEADERS.items():
            if meaning not in found and place < len(names) and names[place] in by_name:
                found[meaning] = by_name.pop(names[place])
    return {meaning: found[meaning] for meaning in HEADERS if meaning in found}


def check_columns(columns: Mapping[str, str], headers: tuple[str, ...]) -> None:
    """Raise if a map names a field or a header that there is not, or no name at all."""
    for meaning, header in columns.items():
        if meaning not in HEADERS:
            raise UserError(f"There is no field “{meaning}”. The fields are: {', '.join(HEADERS)}.")
        if header not in headers:
            raise UserError(f"The file has no column “{header}”. Its columns are: {', '.join(headers)}.")
    if "last_name" not in columns and "full_name" not in columns:
        raise UserError("No column holds the client’s name. Say which one does, for example last_name=Surname.")
