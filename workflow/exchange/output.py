"""Files that are written for others: whole, or not there at all."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from workflow.errors import BadInput


@contextmanager
def written(path: Path, *, gz: bool = False) -> Iterator[IO[bytes]]:
    """A file that comes into its place when the block ends, and is gone when it raises; with `gz` it is compressed, the
    same content to the same bytes. Raises BadInput where nothing can be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            if gz:
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
                    yield cast("IO[bytes]", zipped)
            else:
                yield file
        draft.replace(path)
    except OSError as error:
        raise BadInput(reason=f"{path}: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
