"""What a cell says: from what Excel or a CSV file holds to a value of the form, or the fault that makes it none.

Excel changes what people type: it rounds long numbers to fifteen digits, makes dates of what looks like one and numbers
of dates. What has been changed is never guessed back; it is told as what it is, because the clerk still has the paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from workflow.exchange.roster.columns import Column, words
from workflow.texts import LANGUAGES

CellKind: TypeAlias = Literal["text", "number", "date", "boolean", "formula", "error"]

EXACT_DIGITS: Final = 15
"""How many digits of a number Excel keeps; what is longer ends in zeros that nobody typed."""

SEPARATORS: Final = re.compile(r"[;；\n]")
"""What stands between the entries of a list in one cell."""

_SCIENTIFIC: Final = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+[0-9]{1,3}")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DATE: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
)
_SERIALS: Final = range(10_000, 80_000)
"""Excel's numbers for the days from 1927 to 2119; other numbers were hardly ever dates."""
_EPOCH: Final = date(1899, 12, 30)
_YES: Final = frozenset({"是", "有", "已交", "yes", "y", "true", "√", "1"})
_NO: Final = frozenset({"否", "无", "未交", "no", "n", "false", "×", "0"})


class Cell(NamedTuple):
    """One cell as it was read; a blank one has the value None."""

    value: Any
    kind: CellKind = "text"


BLANK: Final = Cell(None)


def blank(cell: Cell) -> bool:
    """Whether nothing stands in the cell; blanks alone are what a space bar leaves."""
    return cell.value is None or (cell.kind == "text" and not cell.value.strip())


@dataclass(frozen=True, slots=True)
class Refused:
    """The cell holds no value, by `rule` (the key of its text) with the text's fields; titles are told by language."""

    rule: str
    fields: Mapping[str, Any]


def value_of(column: Column, cell: Cell) -> Any:
    """The value of a cell in this column, None if it is blank, or Refused."""
    value, kind = cell
    if blank(cell):
        return None
    if kind in ("formula", "error"):
        return _refused(kind)
    if kind == "text" and any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in value):
        return _refused("control_characters")
    return _READERS[column.kind](column, cell)


def _refused(rule: str, **fields: Any) -> Refused:
    return Refused(f"roster.fault.{rule}", fields)


# --- text ------------------------------------------------------------------------------------------------------------


def _text(column: Column, cell: Cell) -> Any:
    value, kind = cell
    match kind:
        case "number":
            return _number_as_text(column, value)
        case "date":
            return _refused("date_in_text", day=_day(value))
        case "boolean":
            return _refused("yes_no_in_text")
    if _SCIENTIFIC.fullmatch(value.strip()):
        return _refused("scientific")
    if value != value.strip():
        return _refused("blanks")
    if column.kind == "coded" and _full_width(value):
        return _refused("full_width")
    return value


def _number_as_text(column: Column, value: float) -> Any:
    """A whole number that Excel keeps exactly is the digits somebody typed; in a code there may have been zeros before."""
    if value != int(value):
        return _refused("number_in_text")
    digits = str(int(value))
    if len(digits.lstrip("-")) > EXACT_DIGITS:
        return _refused("long_number")
    if column.schema.get("format") in ("id_number", "credit_code"):
        return _refused("number_in_text")
    return digits


def _full_width(value: str) -> bool:
    return any("！" <= sign <= "～" for sign in value)


def _list(column: Column, cell: Cell) -> Any:
    text = _text(column, cell)
    if not isinstance(text, str):
        return text
    entries = [entry.strip() for entry in SEPARATORS.split(text)]
    return [entry for entry in entries if entry]


# --- dates, numbers ----------------------------------------------------------------------------------------------------


def _date(column: Column, cell: Cell) -> Any:  # noqa: ARG001 - the readers share one signature
    value, kind = cell
    match kind:
        case "date":
            if isinstance(value, (time, timedelta)):
                return _refused("time_in_date")
            if isinstance(value, datetime) and value.time() != time():
                return _refused("time_in_date")
            return _day(value)
        case "boolean":
            return _refused("not_a_date")
        case "number":
            return _serial(value)
    text = value.strip()
    if _full_width(text):
        return _refused("full_width")
    if found := _DATE.fullmatch(text):
        year, *rest = (part for part in found.groups() if part)
        try:
            return date(int(year), int(rest[0]), int(rest[1])).isoformat()
        except ValueError:
            return _refused("not_a_date")
    return (
        _serial(int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else _refused("not_a_date")
    )


def _serial(value: float) -> Refused:
    if value == int(value) and int(value) in _SERIALS:
        return _refused("date_serial", day=(_EPOCH + timedelta(days=int(value))).isoformat())
    return _refused("not_a_date")


def _day(value: Any) -> str:
    """The day of a date cell; a bare time of day or a length of time is shown as it is."""
    return (
        (value.date() if isinstance(value, datetime) else value).isoformat()
        if isinstance(value, date)
        else str(value)
    )


def _integer(column: Column, cell: Cell) -> Any:  # noqa: ARG001 - as above
    value, kind = cell
    if kind == "number":
        if value != int(value):
            return _refused("fraction")
        return _refused("long_number") if len(str(abs(int(value)))) > EXACT_DIGITS else int(value)
    if kind == "date":
        return _refused("date_in_number", day=_day(value))
    if kind == "boolean":
        return _refused("not_a_number")
    text = value.strip()
    if _full_width(text):
        return _refused("full_width")
    if _SCIENTIFIC.fullmatch(text):
        return _refused("scientific")
    return int(text) if _WHOLE.fullmatch(text) else _refused("not_a_number")


# --- what is picked ------------------------------------------------------------------------------------------------------


def _boolean(column: Column, cell: Cell) -> Any:  # noqa: ARG001 - as above
    value, kind = cell
    if kind == "boolean":
        return value
    text = _plain(value)
    if text in _YES:
        return True
    return False if text in _NO else _refused("not_yes_or_no")


def _choice(column: Column, cell: Cell) -> Any:
    code = column.ways.get(_plain(cell.value))
    if code is not None:
        return code
    return _refused("not_a_choice", known={lang: "、".join(words(column, lang)) for lang in LANGUAGES})


def _plain(value: Any) -> str:
    if isinstance(value, (int, float)) and value == int(value):
        value = int(value)
    return str(value).strip().casefold()


_READERS: Final[Mapping[str, Callable[[Column, Cell], Any]]] = {
    "text": _text,
    "coded": _text,
    "date": _date,
    "integer": _integer,
    "boolean": _boolean,
    "choice": _choice,
    "list": _list,
}
