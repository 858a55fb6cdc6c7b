"""What a workbook may be before anything reads it: a zip of so many bytes, without macros, without anything outside it.

A workbook comes from anybody. Its size unpacked is judged before it is unpacked; a document type (which could name
entities), a macro, or a link to another file or server is refused by name, whether or not a reader would follow it.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO, Final

from workflow.errors import BadInput
from workflow.texts import fault_text, t

MAX_FILE: Final = 32 * 1024 * 1024
"""Bytes of a roster as it lies on disk."""

MAX_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes of a workbook unpacked; ten thousand rows of forty columns are a tenth of it."""

MAX_PARTS: Final = 1000

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old workbook (.xls) begins, and one that a password locks."""

_FORBIDDEN: Final = (
    ("externallinks/", "external"),
    ("connections.xml", "external"),
    ("querytables/", "external"),
    ("vbaproject.bin", "macro"),
    ("macrosheets/", "macro"),
    ("embeddings/", "embedded"),
    ("activex/", "embedded"),
)
_DOCUMENT_TYPE: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATIONSHIP: Final = re.compile(rb"<[A-Za-z0-9_]*:?Relationship\b[^>]*>")
_AWAY: Final = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']")
_HYPERLINK: Final = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 16


def size_allowed(path: Path) -> None:
    """Raise BadInput for a file that is not there or too large to be a roster."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadInput(reason=f"{path}: {fault_text(error)}") from error
    if not path.is_file():
        raise BadInput(reason=t("roster.file.kind", file=path.name))
    if size > MAX_FILE:
        raise BadInput(reason=t("roster.file.too_large", file=path.name, most=MAX_FILE >> 20))


def workbook_allowed(path: Path) -> None:
    """Raise BadInput for a workbook that may not be read, saying why."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise BadInput(reason=t("roster.file.old_or_locked", file=path.name))
    try:
        with zipfile.ZipFile(path) as archive:
            _parts_allowed(archive, path.name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadInput(reason=t("roster.file.no_workbook", file=path.name)) from error


def _parts_allowed(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    # Python unpacks no more of a part than its entry says, so what the entries say is the limit.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadInput(reason=t("roster.file.bomb", file=name, most=MAX_UNPACKED >> 20))
    for part in parts:
        lowered = part.filename.lower()
        for piece, why in _FORBIDDEN:
            if piece in lowered:
                raise BadInput(reason=t(f"roster.file.{why}", file=name, part=part.filename))
        if lowered.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                _markup_allowed(stream, name, part.filename)


def _markup_allowed(stream: IO[bytes], name: str, part: str) -> None:
    links = part.lower().endswith(".rels")
    kept = b""
    while block := stream.read(_BLOCK):
        # Another encoding would hide from these searches what a parser finds.
        if b"\0" in block or _DOCUMENT_TYPE.search(kept[-_OVERLAP:] + block):
            raise BadInput(reason=t("roster.file.document_type", file=name, part=part))
        kept = kept + block if links else block
    for link in _RELATIONSHIP.findall(kept) if links else ():
        if _AWAY.search(link) and not _HYPERLINK.search(link):
            raise BadInput(reason=t("roster.file.external", file=name, part=part))
