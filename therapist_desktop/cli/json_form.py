"""Treatment plans and safety plans as JSON: shown, and read back with a sentence for what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from therapist_desktop.models.errors import UserError

T = TypeVar("T")

_PLACE = re.compile(r"(?P<what>.*) - at `(?P<place>[^`]*)`")
_NAME = re.compile(r"\w{1,30}")
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_KINDS = {"str": "text in quotes", "int": "a whole number", "array": "a list in [ ]", "object": "an object in { }"}


def as_json(content: object) -> str:
    """Return a plan as JSON to be read, edited and given back."""
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def from_json(text: str, form: type[T], what: str) -> T:
    """Read a plan; raises ``UserError`` with the place of the fault, which never shows what a client said.

    A name the plan does not have is refused: what was written under it would be lost.
    """
    try:
        raw = msgspec.json.decode(text)
        content = msgspec.convert(raw, form)
    except msgspec.ValidationError as error:
        raise UserError(f"{what} cannot be read: {_explained(str(error))}. Nothing was changed.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise UserError(
            f"{what} cannot be read: it is not whole JSON. Look for a missing comma, quote or bracket. "
            "Nothing was changed."
        ) from error
    unknown = next(_unknown_names(raw, msgspec.json.decode(msgspec.json.encode(content))), None)
    if unknown is not None:
        named = f"no field “{unknown}”" if _NAME.fullmatch(unknown) else "a field that it does not know"
        raise UserError(f"{what} has {named}. Check how it is spelled; nothing was changed.")
    return content


def _explained(error: str) -> str:
    found = _PLACE.fullmatch(error)
    problem, place = (found["what"], _spoken(found["place"])) if found else (error, "")
    return f"{_reason(problem)}, at {place}" if place else _reason(problem)


def _spoken(place: str) -> str:
    """Turn “$.problems[0].text” into “problems 1, text”."""
    words: list[str] = []
    for name, index in _STEP.findall(place):
        if name:
            words.append(name)
        elif index.isdecimal() and words:
            words[-1] = f"{words[-1]} {int(index) + 1}"
    return ", ".join(words)


def _reason(problem: str) -> str:
    if problem.startswith("Invalid") and "date" in problem:
        return "a date is written like 2026-11-23"
    if missing := re.search(r"missing required field `(\w+)`", problem):
        return f"“{missing[1]}” is missing"
    if wanted := re.match(r"Expected `(\w+)", problem):
        return f"{_KINDS.get(wanted[1], 'something else')} is expected"
    if problem.startswith("Invalid enum"):
        return "a value is not one of those that can be chosen"
    return "a value is not right" if problem.startswith(("Invalid", "Object")) else problem


def _unknown_names(raw: Any, known: Any) -> Iterator[str]:
    """Yield the names that reading passed over. Lists may come back in another order, so their items count as one."""
    if isinstance(raw, dict) and isinstance(known, dict):
        for name, value in raw.items():
            if name in known:
                yield from _unknown_names(value, known[name])
            else:
                yield name
    elif isinstance(raw, list) and isinstance(known, list):
        names = {name: value for item in known if isinstance(item, dict) for name, value in item.items()}
        for item in raw:
            if isinstance(item, dict):
                yield from (name for name in item if name not in names)
        for name in names:
            nested = [one for item in raw if isinstance(item, dict) for one in _items(item.get(name))]
            yield from _unknown_names(nested, [one for item in known for one in _items(item.get(name))])


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
