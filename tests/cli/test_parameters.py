"""Dates, times, amounts and numbers as Americans type them, and mistype them."""

from __future__ import annotations

from datetime import date, time

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapist_desktop.cli.parameters import CLIENT, DATE, MONEY, MONTH, SHARE, TIME


def wrong(kind: click.ParamType[object], text: str) -> str:
    with pytest.raises(click.BadParameter) as refused:
        kind.convert(text, None, None)
    return refused.value.message


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_is_read_month_first_with_or_without_zeros_and_as_iso(day: date) -> None:
    for text in (f"{day:%m/%d/%Y}", f"{day.month}/{day.day}/{day.year}", f"{day:%m-%d-%Y}", day.isoformat()):
        assert DATE.convert(text, None, None) == day


@pytest.mark.parametrize(
    "text", ["", "11/31/2026", "23/11/2026", "11/23/26", "2/29/2023", "11.23.2026", "0026-11-23"]
)
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    assert wrong(DATE, text) == f"“{text}” is not a date. Write month, day and full year, such as 11/23/2026."


def test_a_month_is_its_first_day() -> None:
    assert MONTH.convert("11/2026", None, None) == MONTH.convert("2026-11", None, None) == date(2026, 11, 1)
    assert "such" not in wrong(MONTH, "13/2026")
    assert wrong(MONTH, "November") == "“November” is not a month. Write it like 11/2026."


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2:30 pm", time(14, 30)),
        ("2:30PM", time(14, 30)),
        ("2:30 p.m.", time(14, 30)),
        ("2 pm", time(14)),
        ("12:00 am", time(0)),
        ("12:15 pm", time(12, 15)),
        ("14:30", time(14, 30)),
        ("9:05", time(9, 5)),
        ("02:30", time(2, 30)),
    ],
)
def test_a_time_is_read_with_am_and_pm_or_in_24_hours(text: str, meant: time) -> None:
    assert TIME.convert(text, None, None) == meant


@pytest.mark.parametrize("text", ["25:00", "2:60 pm", "13:00 pm", "0:30 pm", "14", "noon", "", "2:30 xm"])
def test_what_is_no_time_is_refused(text: str) -> None:
    assert "is not a time" in wrong(TIME, text)


def test_an_hour_that_is_hardly_meant_for_the_night_is_asked_back() -> None:
    assert wrong(TIME, "2:30") == "“2:30”: morning or afternoon? Write 2:30 am or 2:30 pm."


def test_money_is_read_in_dollars_and_kept_in_cents() -> None:
    assert MONEY.convert("$1,234.50", None, None) == 123_450
    assert "not an amount of money" in wrong(MONEY, "twelve")
    assert "cannot be negative" in wrong(MONEY, "-5")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "abc", "", "9" * 30, "٣", "1_000"])
def test_a_number_that_no_list_shows_is_refused(text: str) -> None:
    assert wrong(CLIENT, text) == f"“{text}” is not a number as “client list” shows it."


def test_a_share_of_a_payment_names_charge_and_amount() -> None:
    assert SHARE.convert("12=50", None, None) == (12, 5000)
    for text in ("12", "x=5", "12=x", "=5"):
        assert wrong(SHARE, text)
