"""A ZIP whose bytes follow from its content alone, with a manifest of the SHA-256 of every part.

Parts are stored, not compressed, at a fixed time: the same case in the same state gives the same file on every machine.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO, Any, Final

from workflow.evidence.dossier_parts import MANIFEST
from workflow.storage.codec import canonical

_TIME: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_UNIX: Final = 3


class Archive:
    """A dossier being written; `close` writes the manifest and gives its SHA-256 (hex)."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._parts: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Add a part, which may come in pieces."""
        pieces = (content,) if isinstance(content, bytes) else content
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_entry(name), "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)
                digest.update(piece)
                size += len(piece)
        self._parts.append({"name": name, "size": size, "sha256": digest.hexdigest()})

    def close(self, about: Mapping[str, Any]) -> str:
        """Write the manifest, which says what the dossier is about, and end the file."""
        content = canonical({**about, "parts": self._parts})
        with self._zip.open(_entry(MANIFEST), "w", force_zip64=True) as part:
            part.write(content)
        self._zip.close()
        return hashlib.sha256(content).hexdigest()

    @property
    def parts(self) -> int:
        """How many parts there are so far."""
        return len(self._parts)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_TIME)
    entry.external_attr = _READABLE
    entry.create_system = _UNIX
    return entry
