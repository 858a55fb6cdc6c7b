"""Names of files as they may be kept and given back: no path, no control signs, nothing that reads otherwise than it is."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 120
"""Signs; in UTF-8 at most 255 bytes, which is what file systems take."""

_BYTES: Final = 255
_DROPPED: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Controls, formatting (bidi overrides turn `exe.pdf` round), halves of surrogates, private and unassigned signs."""

_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def normalised(name: str, ending: str) -> str:
    """The name under which a file may be kept: its last part in NFC, without what is dropped, never empty, and with the
    ending (no dot) of what its content was found to be. Applying it again changes nothing.
    """
    text = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    text = _cleaned(text)
    stem, dot, said = text.rpartition(".")
    if dot and said.casefold() in {ending, *_SAME.get(ending, ())}:
        text = stem
    text = _cleaned(text) or "file"
    if _RESERVED.match(text):
        text = f"_{text}"
    return f"{_shortened(text, len(ending) + 1)}.{ending}"


_SAME: Final = {"jpg": ("jpeg", "jpe"), "tif": ("tiff",)}


def _cleaned(text: str) -> str:
    kept = "".join(" " if sign.isspace() else sign for sign in text if _kept(sign))
    return " ".join(_FORBIDDEN.sub("_", kept).split()).strip(". ")


def _kept(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in _DROPPED


def _shortened(text: str, room: int) -> str:
    text = text[: LONGEST - room]
    while len(text.encode()) > _BYTES - room:
        text = text[:-1]
    # A combining mark that lost its letter is cut off as well, and so is what would be trimmed the next time.
    while text and unicodedata.combining(text[-1]):
        text = text[:-1]
    return text.rstrip(". ") or "file"
