"""Where the bytes lie: a folder, or a bucket that speaks S3. An address is written once and never again for other content.

`file:///srv/banjie/blobs` is a folder; `s3://bucket/prefix` a bucket, whose credentials, region and endpoint come from the
environment as every S3 client reads them (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from workflow.blobs.intake import salted
from workflow.errors import BadSetting, BlobDamaged, BlobsUnavailable

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_PART: Final = 5 * 1024 * 1024
"""The smallest part of an upload in parts that S3 takes."""


class Blobs:
    """A store of files. Nothing is opened before the first file: most commands never touch one."""

    def __init__(
        self, url: str = "", *, store: ObjectStore | None = None, folder: Path | None = None
    ) -> None:
        self.url = url
        self._store = store
        self._folder = folder

    def put(self, address: str, content: IO[bytes]) -> None:
        """Write a file; once this returns it is there, after a power cut too. Raises BlobsUnavailable."""
        import obstore  # noqa: PLC0415 - a large library, and only files need it

        with _told():
            content.seek(0)
            obstore.put(self._opened(), address, content, chunk_size=_PART)
            if self._folder is not None:
                _settle(self._folder, address)

    def get(self, address: str, *, digest: str, salt: bytes) -> Iterator[bytes]:
        """The content in pieces. Raises BlobsUnavailable before the first piece, BlobDamaged after the last when the content
        is not what the digest says: whoever gives it on writes it to a draft first.
        """
        import obstore  # noqa: PLC0415

        with _told():
            found = obstore.get(self._opened(), address)
        hashed = hashlib.sha256()
        with _told():
            for piece in found.stream():
                hashed.update(piece)
                yield bytes(piece)
        if salted(hashed.digest(), salt) != digest:
            raise BlobDamaged(digest=digest)

    def delete(self, address: str) -> None:
        """Remove a file; one that is not there is removed already. Raises BlobsUnavailable."""
        import obstore  # noqa: PLC0415

        with _told():
            try:
                obstore.delete(self._opened(), address)
            except FileNotFoundError:
                return

    def addresses(self, below: str = "") -> list[str]:
        """Every address there is, below a family if one is named: for checks and for whoever restores a backup."""
        import obstore  # noqa: PLC0415

        with _told():
            listed = obstore.list(self._opened(), prefix=below or None)
            return sorted(str(entry["path"]) for batch in listed for entry in batch)

    def _opened(self) -> ObjectStore:
        if self._store is None:
            self._store, self._folder = _open(self.url)
        return self._store


def checked_url(url: str, home: Path) -> str:
    """The address of the store as the settings keep it; without one a folder of the home. Raises BadSetting."""
    if not url:
        return (home / "blobs").as_uri()
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return url
    if parts.scheme == "s3" and parts.netloc and "@" not in parts.netloc:
        return url
    raise BadSetting(
        name="BANJIE_BLOBS_URL",
        reason="name a folder, as in file:///srv/blobs, or a bucket, as in s3://bucket/prefix",
    )


def _open(url: str) -> tuple[ObjectStore, Path | None]:
    from obstore.store import LocalStore, S3Store  # noqa: PLC0415

    with _told():
        if url.startswith("s3://"):
            return S3Store.from_url(url), None
        folder = Path(unquote(urlsplit(url).path))
        # Files of applicants: for our eyes only.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(prefix=folder), folder


@contextmanager
def _told() -> Iterator[None]:
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except (BaseError, OSError) as error:
        raise BlobsUnavailable(reason=str(error).strip().partition("\n")[0]) from error


def _settle(folder: Path, address: str) -> None:
    """Wait until the disk has the file and the names on the way to it."""
    path = folder / address
    places = [path, *(parent for parent in path.parents if parent.is_relative_to(folder))]
    for place in places:
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
