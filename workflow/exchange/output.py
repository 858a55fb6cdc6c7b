"""Files that are written for others: whole, or not there at all."""

from __future__ import annotations

import gzip
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from workflow.errors import BadInput
from workflow.texts import fault_text, t


@contextmanager
def written(path: Path, *, gz: bool = False) -> Iterator[IO[bytes]]:
    """A file that comes into its place when the block ends, and is gone when it raises; with `gz` it is compressed, the
    same content to the same bytes. Raises BadInput, before the block begins where nothing can be written: what may not
    happen without its paper happens inside.
    """
    if path.exists() and not path.is_file():
        # A device would be replaced by a file, and a folder is no name.
        raise BadInput(reason=t("cli.input.device", file=path))
    # Not by the whole name, which may be as long as a name can be.
    draft = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        # Most of what is written holds data of persons: for the eyes of whoever asked for it.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            if gz:
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as zipped:
                    yield cast("IO[bytes]", zipped)
            else:
                yield file
        draft.replace(path)
    except OSError as error:
        raise BadInput(reason=f"{path}: {fault_text(error)}") from error
    finally:
        draft.unlink(missing_ok=True)
