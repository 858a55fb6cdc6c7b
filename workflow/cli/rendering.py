"""How answers look: JSON for programs; for people lines and tables whose columns stand straight, Chinese or not."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo


def json_text(value: Any, indent: int = 2) -> str:
    """Plain data or dataclasses as JSON: UTF-8, instants as RFC 3339 with `Z`, dates as they are."""
    import msgspec

    encoded = msgspec.json.encode(value, enc_hook=str)
    return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()


def emit(value: Any, indent: int = 2) -> None:
    """Print an answer for a program, and nothing else on stdout; on one line with indent 0, where more may follow."""
    say(json_text(value, indent))


def say(text: str = "") -> None:
    """Print a line for a person."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Print a line beside the answer, on stderr, so that it never mixes with it."""
    sys.stderr.write(text + "\n")


def cells(text: str) -> int:
    """How many columns of a terminal the text takes: wide characters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table with straight columns; the last column is as wide as it likes."""
    lines = [tuple(heads), *(tuple(row) for row in rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(heads) - 1)]
    return ["  ".join([*map(_padded, line, widths), line[-1]]).rstrip() for line in lines]


def pairs(entries: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of names and values, the values in one column; an entry without a value is left out."""
    told = [(name, value) for name, value in entries if value]
    width = max((cells(name) for name, _ in told), default=0)
    return [f"{_padded(name, width)}  {value}" for name, value in told]


def local(moment: datetime | None, zone: str) -> str:
    """An instant as the clock on the wall of `zone` shows it, to the minute."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if moment is not None else ""


def day(moment: date | None) -> str:
    """A civil day."""
    return moment.isoformat() if moment is not None else ""


def masked(value: str) -> str:
    """What may be seen of a personal value without need: its first character."""
    return f"{value[:1]}**" if value else ""


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))
