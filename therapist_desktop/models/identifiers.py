"""Numbers and codes that name people, practices and places: what is wrong with one, and its normal form.

Each ``…_problem`` takes what a person typed and returns one sentence, or None if it is sound; each
``normal_…`` returns the form that is stored. No sentence repeats what was typed: it may be a client’s.
Rules: clinical.md 1.2.
"""

from __future__ import annotations

import re

# Written as words, since the formatter would give each its own line.
NEVER_ASSIGNED_EIN_PREFIXES = frozenset("00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97".split())  # noqa: SIM905
"""First two digits the IRS has never given out (IRS table of EIN prefixes, clinical.md 1.2)."""

STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC "  # noqa: SIM905
    "ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP".split()
)
"""Two-letter abbreviations of states, territories and military mail (USPS Publication 28, appendix B)."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—.]+")
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x|#)\s*([0-9]{1,6})\s*$", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;<>()\[\]\"]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_NOT_PHONE = re.compile(r"[^0-9+()\s\-‐‑‒–—./]")


def _plain(text: str) -> str:
    """Full-width letters and digits, as pasted from some PDFs, become ordinary ones."""
    return text.translate(_FULL_WIDTH).strip()


def _joined(text: str) -> str:
    return _SEPARATORS.sub("", _plain(text))


def _is_digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()


def luhn_is_right(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def normal_npi(text: str) -> str:
    """Return an NPI without blanks and dashes."""
    return _joined(text)


def npi_problem(text: str) -> str | None:
    """Say what is wrong with an NPI: ten digits, first 1 or 2, Luhn with the prefix 80840 (CMS)."""
    npi = normal_npi(text)
    if not npi:
        return "The NPI is missing. Enter the ten-digit number from the NPI registry."
    if not _is_digits(npi, 10):
        return "An NPI has exactly ten digits. Compare it with the NPI registry and enter it again."
    if npi[0] not in "12":
        return "An NPI begins with 1 or 2. Compare it with the NPI registry and enter it again."
    if not luhn_is_right("80840" + npi):
        return "The check digit of this NPI is wrong, so a digit was mistyped. Compare it with the NPI registry."
    return None


def normal_ein(text: str) -> str:
    """Return an EIN as 12-3456789; what is not nine digits comes back merely tidied."""
    digits = _joined(text)
    return f"{digits[:2]}-{digits[2:]}" if _is_digits(digits, 9) else _plain(text)


def ein_problem(text: str) -> str | None:
    """Say what is wrong with the form of an EIN; it has no check digit."""
    if not _plain(text):
        return "The EIN is missing. Enter the nine digits from the IRS letter."
    if not re.fullmatch(r"[0-9]{2}-[0-9]{7}", normal_ein(text)):
        return "An EIN has nine digits, written 12-3456789. Compare it with the IRS letter."
    return None


def ein_warning(text: str) -> str | None:
    """Say if a well-formed EIN begins with digits the IRS never assigned; a warning, not an error."""
    if ein_problem(text) is None and normal_ein(text)[:2] in NEVER_ASSIGNED_EIN_PREFIXES:
        return "The IRS has not assigned EINs that begin with these two digits. Compare it with the IRS letter."
    return None


def normal_ssn(text: str) -> str:
    """Return an SSN as 123-45-6789; what is not nine digits comes back merely tidied."""
    digits = _joined(text)
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if _is_digits(digits, 9) else _plain(text)


def ssn_problem(text: str) -> str | None:
    """Say what is wrong with an SSN: no area 000, 666 or 9xx, no group 00, no serial 0000."""
    digits = _joined(text)
    if not digits:
        return "The Social Security number is missing. Better, enter an EIN instead."
    if not _is_digits(digits, 9):
        return "A Social Security number has nine digits, written 123-45-6789. Check it and enter it again."
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if area in ("000", "666") or area[0] == "9" or group == "00" or serial == "0000":
        return "No Social Security number looks like this. Check it and enter it again."
    return None


def normal_tax_id(text: str, kind: str) -> str:
    """Return a tax id in the form of its kind, "EIN" or "SSN"."""
    return normal_ssn(text) if kind == "SSN" else normal_ein(text)


def tax_id_problem(text: str, kind: str) -> str | None:
    """Say what is wrong with a tax id of kind "EIN" or "SSN"."""
    if kind not in ("EIN", "SSN"):
        return "Say whether the tax id is an EIN or a Social Security number."
    return ssn_problem(text) if kind == "SSN" else ein_problem(text)


def normal_taxonomy(text: str) -> str:
    """Return a provider taxonomy code in capitals without blanks."""
    return _joined(text).upper()


def taxonomy_problem(text: str) -> str | None:
    """Say what is wrong with the form of a taxonomy code; whether it exists is for the catalog to say."""
    taxonomy = normal_taxonomy(text)
    if not taxonomy:
        return "The taxonomy code is missing. Choose the one registered with the NPI."
    if not re.fullmatch(r"[0-9A-Z]{9}X", taxonomy):
        return "A taxonomy code has ten characters and ends with X. Choose the one registered with the NPI."
    return None


def normal_zip(text: str) -> str:
    """Return a ZIP code as 98101 or 98101-1234; anything else comes back merely tidied."""
    digits = _joined(text)
    if _is_digits(digits, 9):
        return f"{digits[:5]}-{digits[5:]}"
    return digits if _is_digits(digits, 5) else _plain(text)


def zip_problem(text: str) -> str | None:
    """Say what is wrong with the form of a US ZIP code."""
    if not re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", normal_zip(text)):
        return "A ZIP code has five digits, or nine as in 98101-1234. Check the address."
    return None


def normal_state(text: str) -> str:
    """Return a state’s abbreviation in capitals."""
    return _plain(text).upper()


def state_problem(text: str) -> str | None:
    """Say if a text is not the two-letter abbreviation of a US state or territory."""
    if normal_state(text) not in STATES:
        return "Enter the state as its two letters, such as WA."
    return None


def _phone_parts(text: str) -> tuple[str, str]:
    """Split into number and extension, both as typed."""
    plain = _plain(text)
    found = _EXTENSION.search(plain)
    return (plain[: found.start()], found[1]) if found else (plain, "")


def phone_digits(text: str) -> str:
    """Return the digits by which a phone number is found: ten for a US number, no 1 before, no extension."""
    number, _ = _phone_parts(text)
    digits = re.sub(r"[^0-9]", "", number)
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def phone_problem(text: str) -> str | None:
    """Say what is wrong with a phone number: US and Canada, or any country after a plus sign (E.164)."""
    number, _ = _phone_parts(text)
    digits = phone_digits(text)
    if not digits or _NOT_PHONE.search(number):
        return "Enter a phone number as digits, such as 206-555-0100; an extension goes after “ext”."
    if number.startswith("+") and not number.startswith("+1"):
        if not 8 <= len(digits) <= 15:
            return "A foreign phone number has 8 to 15 digits after the plus sign. Check it."
        return None
    if len(digits) != 10:
        return "A US phone number has ten digits with its area code. For another country, begin with +."
    if digits[0] in "01" or digits[3] in "01":
        return "No US area code or exchange begins with 0 or 1. Check the phone number."
    return None


def format_phone(text: str) -> str:
    """Return a number as (206) 555-0100, with “ext. 4” if it has one; an unsound one as it was typed."""
    if phone_problem(text) is not None:
        return _plain(text)
    number, extension = _phone_parts(text)
    digits = phone_digits(text)
    foreign = number.startswith("+") and not number.startswith("+1")
    shown = number if foreign else f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return f"{shown} ext. {extension}" if extension else shown


def normal_email(text: str) -> str:
    """Return an e-mail address for comparing: letter case of the domain and the name do not matter."""
    return _plain(text).lower()


def email_problem(text: str) -> str | None:
    """Say if an e-mail address cannot be one; whether it exists is not known offline."""
    address = _plain(text)
    if len(address) > 254 or ".." in address or not _EMAIL.fullmatch(address):
        return "This is not an e-mail address; it looks like name@example.com. Check it."
    return None


def normal_member_id(text: str) -> str:
    """Return a member id for comparing: capitals, no blanks or dashes. Print it as it is on the card."""
    return _joined(text).upper()
