"""Taking a file in: counted, hashed and judged before a single byte of it reaches the store."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Final

from workflow.blobs.kinds import Kind, kind_of
from workflow.errors import FileKindRefused, FileTooLarge

PIECE: Final = 1024 * 1024
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that was judged and lies in a temporary file without a name, as long as its block runs. `sha256` is the plain
    digest of its content: it leaves this process only salted.
    """

    content: IO[bytes]
    size: int
    sha256: bytes
    kind: Kind

    def digest(self, salt: bytes) -> str:
        """The name of the content within one family of cases."""
        return salted(self.sha256, salt)


@contextmanager
def taken_in(pieces: Iterable[bytes], *, max_mb: int, accept: Iterable[str] = ()) -> Iterator[Taken]:
    """Read a stream to its end, at most `max_mb` megabytes of it, and find out what it is; `accept` are the kinds taken,
    all on the list if none is named. Raises FileRefused; then nothing is left behind.
    """
    allowed = tuple(accept)
    with TemporaryFile() as content:
        size, hashed = 0, hashlib.sha256()
        for piece in pieces:
            size += len(piece)
            if size > max_mb * MEGABYTE:
                raise FileTooLarge(limit=max_mb)
            hashed.update(piece)
            content.write(piece)
        kind = kind_of(content, size)
        if allowed and kind.name not in allowed:
            raise FileKindRefused(found=kind.name, accepted=", ".join(allowed))
        content.seek(0)
        yield Taken(content=content, size=size, sha256=hashed.digest(), kind=kind)


def pieces_of(content: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces, from where it stands."""
    return iter(lambda: content.read(PIECE), b"")


def salted(sha256: bytes, salt: bytes) -> str:
    """SHA-256 of a content under the salt of a family of cases, in hexadecimal: the same file in two families has two
    names that nobody without the salts can tell to be of one file (design §3).
    """
    return hmac.new(salt, sha256, hashlib.sha256).hexdigest()
