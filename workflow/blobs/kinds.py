"""What a file is, by its content alone: neither its name nor what a browser says of it counts."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from workflow.blobs.packages import package_kind
from workflow.errors import (
    FileBroken,
    FileEmpty,
    FileEncrypted,
    FileIsActive,
    FileIsMarkup,
    FileIsProgram,
    FileIsTwoThings,
    FileKindRefused,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file that may be handed in: its ending and the type under which it is given out again."""

    name: str
    media_type: str


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind(name="pdf", media_type="application/pdf"),
        Kind(name="ofd", media_type="application/ofd"),  # GB/T 33190, the Chinese fixed-layout format
        Kind(name="jpg", media_type="image/jpeg"),
        Kind(name="png", media_type="image/png"),
        Kind(name="tif", media_type="image/tiff"),
        Kind(
            name="docx", media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        ),
        Kind(name="xlsx", media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Kind(name="txt", media_type="text/plain"),
    )
}
"""All that may be handed in, unless a material of a matter allows less. Nothing here can run in a browser or a shell."""

ALL: Final = ", ".join(KINDS)

_HEAD: Final = 4096
_TAIL: Final = 2048
_DIRECTORY_END: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_PIECE: Final = 1024 * 1024

_PDF: Final = b"%PDF-"
_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_TIFF: Final = (b"II*\x00", b"MM\x00*")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MARKUP: Final = re.compile(
    rb"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|meta|link|img|form|\?xml|\?php)",
    re.IGNORECASE,
)
_PROGRAMS: Final = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"@echo",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
)
"""Windows, Linux, scripts, and macOS or Java."""

_PDF_ENCRYPTED: Final = re.compile(rb"/Encrypt[\s/<\d]")
_PDF_ACTIVE: Final = re.compile(rb"/(JavaScript|Launch|RichMedia)[\s/<(\[\d]")


def kind_of(content: IO[bytes], size: int) -> Kind:
    """What `size` bytes really are. Raises FileRefused for whatever is not on the list, is empty, broken, encrypted or
    active, or is two things at once. `content` can be sought; where it stands afterwards is open.
    """
    if size == 0:
        raise FileEmpty
    content.seek(0)
    head = content.read(_HEAD)
    content.seek(max(0, size - _TAIL))
    tail = content.read(_TAIL)
    if head.startswith(_PDF):
        return _pdf(content, size, head, tail)
    if head.startswith(_ZIP):
        content.seek(0)
        package = package_kind(content)
        if package is None:
            raise FileKindRefused(found="ZIP", accepted=ALL)
        return KINDS[package]
    picture = _picture(head, tail)
    if picture is not None:
        # A picture carries no markup and no archive behind its end: what does is meant to be taken for something else.
        if _MARKUP.search(head) or _ends_as_archive(content, size):
            raise FileIsTwoThings
        return KINDS[picture]
    return _text(content, head)


def _text(content: IO[bytes], head: bytes) -> Kind:
    """What has no signature of a kind on the list is taken if it is text, else refused by what it is."""
    if head.startswith(_OLE):
        # Word and Excel before 2007: a file system of its own, which may hold macros anywhere.
        raise FileKindRefused(found="DOC / XLS / PPT (97–2003)", accepted=ALL)
    if head.startswith(_PROGRAMS):
        raise FileIsProgram
    if _MARKUP.search(head):
        raise FileIsMarkup
    if _is_text(content):
        return KINDS["txt"]
    raise FileKindRefused(found=_named(head) or "?", accepted=ALL)


def _picture(head: bytes, tail: bytes) -> str | None:
    if head.startswith(_JPEG):
        if b"\xff\xd9" not in tail:
            raise FileBroken
        return "jpg"
    if head.startswith(_PNG):
        if b"IEND\xaeB`\x82" not in tail:
            raise FileBroken
        return "png"
    return "tif" if head.startswith(_TIFF) else None


def _pdf(content: IO[bytes], size: int, head: bytes, tail: bytes) -> Kind:
    if b"%%EOF" not in tail:
        raise FileBroken
    if _ends_as_archive(content, size) or _MARKUP.search(head):
        raise FileIsTwoThings
    for piece in _pieces(content):
        if _PDF_ENCRYPTED.search(piece):
            raise FileEncrypted
        if _PDF_ACTIVE.search(piece):
            raise FileIsActive
    return KINDS["pdf"]


def _is_text(content: IO[bytes]) -> bool:
    """UTF-8, or GB 18030 as Chinese offices still write it, without control signs, and without markup at any place."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        content.seek(0)
        try:
            clean = all(_plain(decoder.decode(piece)) for piece in iter(lambda: content.read(_PIECE), b""))
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        if not clean:
            return False
        if any(_MARKUP.search(piece) for piece in _pieces(content)):
            raise FileIsMarkup
        return True
    return False


def _plain(text: str) -> bool:
    return all(sign >= " " or sign in "\t\r\n\f" for sign in text) and "\x7f" not in text


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    """The content in pieces, each with the end of the one before it, so that no word is cut in two."""
    content.seek(0)
    kept = b""
    while piece := content.read(_PIECE):
        yield kept + piece
        kept = piece[-64:]


def _ends_as_archive(content: IO[bytes], size: int) -> bool:
    """Whether a ZIP has been put behind: a directory's end with the directory where it says, whatever follows it."""
    start = max(0, size - _DIRECTORY_END - _LONGEST_COMMENT)
    content.seek(start)
    rest = content.read()
    at = rest.rfind(b"PK\x05\x06")
    if at < 0 or len(rest) - at < _DIRECTORY_END:
        return False
    directory = int.from_bytes(rest[at + 12 : at + 16], "little")
    content.seek(max(0, start + at - directory))
    return content.read(4) == b"PK\x01\x02"


def _named(head: bytes) -> str:
    """What it seems to be, for the refusal; empty when nobody knows."""
    import puremagic  # noqa: PLC0415 - a large table, for refusals only

    try:
        return str(puremagic.magic_string(head)[0].name)
    except (puremagic.PureError, ValueError, IndexError):
        return ""
