"""Office files are ZIP packages: which one, and whether it is safe to open. Only the directory and small parts are read."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import IO, Final

from workflow.errors import (
    FileBroken,
    FileEncrypted,
    FileIsActive,
    FileIsBomb,
    FileIsProgram,
    FileIsTwoThings,
)

MOST_ENTRIES: Final = 5_000
MOST_UNPACKED: Final = 512 * 1024 * 1024
MOST_TIMES: Final = 200
"""How many times larger than packed a part may become; sheets of numbers reach about a hundred."""

_SMALL: Final = 1024 * 1024
"""Below this a part may be as dense as it likes."""

_ENCRYPTED: Final = 0x1
_PARTS: Final = {
    "docx": ("[Content_Types].xml", "word/document.xml"),
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
    "ofd": ("OFD.xml",),
}
_PROGRAMS: Final = (
    ".exe",
    ".dll",
    ".com",
    ".bat",
    ".cmd",
    ".js",
    ".vbs",
    ".ps1",
    ".sh",
    ".jar",
    ".html",
    ".htm",
)
_MACROS: Final = ("vbaproject.bin", "vbadata.xml")


def package_kind(content: IO[bytes]) -> str | None:
    """Which package it is: docx, xlsx, ofd, or None for any other ZIP. Raises FileRefused for one that is encrypted,
    broken, would unpack to more than it may, or carries programs.
    """
    try:
        with zipfile.ZipFile(content) as package:
            entries = package.infolist()
            if package.start_dir and _before(package, entries):
                raise FileIsTwoThings
    except (
        zipfile.BadZipFile,
        ValueError,
        EOFError,
        OverflowError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise FileBroken from error
    _judge(entries)
    names = {entry.filename for entry in entries}
    for kind, parts in _PARTS.items():
        if names.issuperset(parts):
            return kind
    return None


def _before(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bool:
    """Whether something stands before the first part, or behind the directory: another file in the same file."""
    first = min((entry.header_offset for entry in entries), default=0)
    return first != 0 or len(package.comment) > 0


def _judge(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FileEncrypted
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileIsBomb
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
            raise FileIsBomb
        path = PurePosixPath(entry.filename.replace("\\", "/").casefold())
        if ".." in path.parts or path.is_absolute():
            raise FileBroken
        if path.name in _MACROS:
            raise FileIsActive
        if path.suffix in _PROGRAMS:
            raise FileIsProgram
