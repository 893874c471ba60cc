"""Dates, times, amounts of money and record numbers as a therapist types them."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import click

from therapist_desktop.models.errors import UserError
from therapist_desktop.models.money import parse_cents

_DATE_FORMS = ("%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y")
_MONTH_FORMS = ("%m/%Y", "%Y-%m")
_TIME = re.compile(r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?\s*(?P<half>[ap])?\.?(?:m\.?)?", re.IGNORECASE)
_LARGEST_NUMBER = 2**63 - 1  # what the encrypted file can hold


class DateParameter(click.ParamType[date]):
    """A day, month first as in the United States, or as 2026-11-23; the year in full, for births are told by it."""

    name = "date"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return what help shows."""
        return "MM/DD/YYYY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        text = str(value).strip()
        day = _read(text, _DATE_FORMS)
        if day is None or day.year < 1000:  # strptime takes 26 for the year 26
            self.fail(f"“{text}” is not a date. Write month, day and full year, such as 11/23/2026.", param, ctx)
        return day


class MonthParameter(click.ParamType[date]):
    """A month, as its first day."""

    name = "month"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return what help shows."""
        return "MM/YYYY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a month."""
        if isinstance(value, date):
            return value
        text = str(value).strip()
        day = _read(text, _MONTH_FORMS)
        if day is None or day.year < 1000:
            self.fail(f"“{text}” is not a month. Write it like 11/2026.", param, ctx)
        return day


class TimeParameter(click.ParamType[time]):
    """A time of day, with am or pm or in 24 hours. What could be the afternoon by mistake is asked back."""

    name = "time"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return what help shows."""
        return "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """Read a time."""
        if isinstance(value, time):
            return value
        text = str(value).strip()
        found = _TIME.fullmatch(text)
        hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (99, 99)
        half = (found["half"] or "").lower() if found else ""
        if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12) or not (half or ":" in text):
            self.fail(f"“{text}” is not a time. Write it like 2:30 pm or 14:30.", param, ctx)
        if half:
            return time(hour % 12 + (12 if half == "p" else 0), minute)
        if 1 <= hour <= 6 and not text.startswith("0"):
            self.fail(f"“{text}”: morning or afternoon? Write {text} am or {text} pm.", param, ctx)
        return time(hour, minute)


class MoneyParameter(click.ParamType[int]):
    """Dollars and cents, as cents."""

    name = "amount"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read an amount."""
        if isinstance(value, int):
            return value
        try:
            return parse_cents(str(value))
        except UserError as error:
            self.fail(error.sentence, param, ctx)


class NumberParameter(click.ParamType[int]):
    """The number of a record, as some list shows it."""

    name = "number"

    def __init__(self, shown_by: str) -> None:
        self._shown_by = shown_by

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a number."""
        text = str(value).strip()
        if not (text.isascii() and text.isdecimal() and 0 < int(text) <= _LARGEST_NUMBER):
            self.fail(f"“{text}” is not a number as “{self._shown_by}” shows it.", param, ctx)
        return int(text)


class ShareParameter(click.ParamType[tuple[int, int]]):
    """A part of a payment for a charge: the number of the charge and cents, written 12=50.00."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Read a part."""
        if isinstance(value, tuple):
            return value
        number, equals, amount = str(value).partition("=")
        if not equals:
            self.fail("Write the number of the charge, an equals sign and the amount, such as 12=50.", param, ctx)
        return CHARGE.convert(number, param, ctx), MONEY.convert(amount, param, ctx)


def _read(text: str, forms: tuple[str, ...]) -> date | None:
    for form in forms:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    return None


DATE = DateParameter()
MONTH = MonthParameter()
TIME = TimeParameter()
MONEY = MoneyParameter()
SHARE = ShareParameter()
CLIENT = NumberParameter("client list")
NOTE = NumberParameter("note list")
PLAN = NumberParameter("plan list")
SAFETY_PLAN = NumberParameter("safety-plan list")
CHARGE = NumberParameter("payment account")
PAYMENT = NumberParameter("payment account")
SUPERBILL = NumberParameter("superbill list")
PERSON = NumberParameter("person list")
