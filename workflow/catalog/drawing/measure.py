"""How wide a text is before any font is known: a full-width character is one em, Latin letters by their kind.

The widths of Latin letters are those of the widest common sans serif faces, so a text may turn out narrower but not wider.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

# Thousandths of an em. No floats: the same text is as wide on every machine.
_EM: Final = 1000
_KINDS: Final = (
    ("ijl.,:;'|!", 300),
    (" ", 290),
    ("ftrI()[]-/", 400),
    ("mwMW@%—", 930),
    ("ABCDEFGHJKLNOPQRSTUVXYZ&", 720),
)
_WIDTHS: Final = {char: width for chars, width in _KINDS for char in chars}
_OTHER: Final = 580
_BOLD: Final = 1060

_NOT_FIRST: Final = "，。、；：！？）》」』】”’…·,.;:!?)]%"
_NOT_LAST: Final = "（《「『【“‘([—"
_PIECE: Final = re.compile(r"[\x21-\x7e’]+|\s+|.")


@lru_cache(maxsize=4096)
def width(text: str, size: int, *, bold: bool = False) -> int:
    """The width of a text in whole units at a font size in units, rounded up."""
    ems = sum(map(_ems, text))
    return -(-ems * size * (_BOLD if bold else 1000) // (_EM * 1000))


@lru_cache(maxsize=4096)
def wrapped(text: str, room: int, size: int, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines no wider than `room`: broken at spaces and between Chinese characters, never before a closing
    mark or after an opening one. A single word that is wider is cut.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, room, size, bold=bold):
        if line and width(line + piece.rstrip(), size, bold=bold) > room:
            lines.append(line.rstrip())
            line = ""
        if line or piece.strip():
            line += piece
    return tuple([*lines, line.rstrip()] if line.strip() else lines)


def broadest(lines: Sequence[str], size: int, *, bold: bool = False) -> int:
    """The width of the broadest of some lines; 0 for none."""
    return max((width(line, size, bold=bold) for line in lines), default=0)


def _ems(char: str) -> int:
    known = _WIDTHS.get(char)
    if known is not None:
        return known
    if char.isascii():
        return _OTHER
    if unicodedata.combining(char):
        return 0
    return _EM if unicodedata.east_asian_width(char) in "WFA" else _OTHER


def _pieces(text: str, room: int, size: int, *, bold: bool) -> Iterator[str]:
    """What may not be broken: words, and Chinese characters with the marks that cling to them."""
    held = ""
    for found in _PIECE.findall(text):
        if held and (found[0] in _NOT_FIRST or held[-1] in _NOT_LAST):
            held += found
            continue
        if held:
            yield from _cut(held, room, size, bold=bold)
        held = found
    yield from _cut(held, room, size, bold=bold)


def _cut(piece: str, room: int, size: int, *, bold: bool) -> Iterator[str]:
    part = ""
    for char in piece:
        if part and width(part + char, size, bold=bold) > room:
            yield part
            part = ""
        part += char
    if part:
        yield part
