"""Keeps query codes out of the server's log of requests: whoever reads a log must not be able to open cases."""

from __future__ import annotations

import logging
import re
from typing import Final

_CODE: Final = re.compile(r"(?i)([?&]code=)[^&\s]*")


class WithoutCodes(logging.Filter):
    """Blots the value of `code=` out of the address in an access record of uvicorn."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, changed where it must be."""
        if isinstance(record.args, tuple):
            record.args = tuple(blotted(value) if isinstance(value, str) else value for value in record.args)
        return True


def blotted(address: str) -> str:
    """The address as it may be written down."""
    return _CODE.sub(r"\1***", address)


def install() -> None:
    """Put the filter before the log of requests, once."""
    log = logging.getLogger("uvicorn.access")
    if not any(isinstance(one, WithoutCodes) for one in log.filters):
        log.addFilter(WithoutCodes())
