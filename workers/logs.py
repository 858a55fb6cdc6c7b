"""Logs: one line of JSON per event on stderr, plain text when a person watches. Case ids, never personal data."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from datetime import UTC, datetime
from typing import Any

#: Celery tells of every attempt to reach a lost broker, with a traceback; the pulse tells of the first and of its end.
_TALKATIVE = ("celery.worker.consumer.consumer", "celery.worker.consumer.connection")


class Log:
    """A logger whose events have a name and fields: `log.warning("relay_halted", code="broker_unavailable")`."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **fields: Any) -> None:
        self._logger.info(event, extra={"fields": fields})

    def warning(self, event: str, **fields: Any) -> None:
        self._logger.warning(event, extra={"fields": fields})

    def error(self, event: str, **fields: Any) -> None:
        self._logger.error(event, extra={"fields": fields})

    def exception(self, event: str, **fields: Any) -> None:
        """An error, with the traceback of the exception being handled."""
        self._logger.error(event, exc_info=sys.exc_info(), extra={"fields": fields})


def configure_logs(part: str) -> None:
    """Send this process's logs, ours and the libraries', to stderr, each marked with the `part` of the stack."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Text(part) if sys.stderr.isatty() else _Json(part))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("workers").setLevel(logging.INFO)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Said of pickled messages, which no worker of ours reads.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")


class _Json(logging.Formatter):
    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": self._part,
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _Text(_Json):
    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value!r}" for name, value in getattr(record, "fields", {}).items())
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return f"{record.levelname.lower()} {self._part}: {record.getMessage()}{fields}{trace}"
