"""What no log line says: names, numbers and addresses of people; and nothing that moves a terminal's cursor.

Our own lines hold ids, codes and counts. What is dangerous is other people's text: the message of an exception, which may
repeat the value that was wrong, and what a library says. Of an exception the kind and the place are kept, not the message;
of text, what may be a name, a number or an address is blotted out. Only the reasons of machinery (a database that does not
answer) are kept as they are.
"""

from __future__ import annotations

import re
import traceback
from types import TracebackType
from typing import Any, Final
from uuid import UUID

from workflow.errors import BanjieError, Unavailable

BLOT: Final = "…"

_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_PERSONAL: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # addresses of mail
    r"|(?<![0-9A-Za-z])\+?\d(?:[ -]?\d){6,}[Xx]?"  # numbers of people, cards and telephones
    r"|[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+"  # names, and whatever else is written so
)
_KEPT: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?!\d)"  # dates
    r"|\b[A-Z][A-Z0-9]{0,9}-\d{4}-\d{5}(?!\d)"  # numbers of cases
)
_PASSWORD: Final = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]*@")


class Plain(str):
    """Text that holds nothing of people and is told as it is."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text on one line, with what is not seen, ends lines or steers terminals written out."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def redacted(value: Any) -> Any:
    """A field's value as a log may have it."""
    match value:
        case Plain():
            return str(value)
        case str():
            return value if _is_id(value) else _blotted(_PASSWORD.sub(r"\1:***@", value))
        case dict():
            return {name: redacted(one) for name, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redacted(one) for one in value]
        case None | bool() | int() | float():
            return value
        case _:
            return _blotted(str(value))


def _blotted(text: str) -> str:
    """Dates and the numbers of cases are kept: digits and dashes, but nobody's."""
    kept, last = [], 0
    for found in _KEPT.finditer(text):
        kept += [_PERSONAL.sub(BLOT, text[last : found.start()]), found[0]]
        last = found.end()
    return "".join([*kept, _PERSONAL.sub(BLOT, text[last:])])


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def reason(error: BaseException) -> str:
    """Why something failed, as far as a log may say: in full where machinery failed, else what kind of failure it was."""
    if isinstance(error, Unavailable):
        return Plain(_PASSWORD.sub(r"\1:***@", error.message))
    return Plain(error.code if isinstance(error, BanjieError) else type(error).__name__)


Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def trace(raised: Raised) -> str:
    """Where an exception and those behind it were raised, innermost cause first: places and kinds, no messages."""
    parts: list[str] = []
    error: BaseException | None = raised[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "; ".join(
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        )
        parts.append(
            f"{type(error).__name__}({reason(error)}) at {frames}" if frames else type(error).__name__
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " | then ".join(reversed(parts))
