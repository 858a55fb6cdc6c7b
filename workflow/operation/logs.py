"""Logs: one line of JSON per event on stderr, plain text when a person watches.

A line says when, how grave, which part of the installation, the event by its name and its fields, and the ids of what the
thread is at (`workflow.operation.doing`). It never says anything of people (`workflow.operation.redaction`).
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, ProcessorReturnValue, WrappedLogger

from workflow.operation import doing
from workflow.operation.redaction import Plain, redacted, trace, visible

OURS: Final = ("workers", "portal", "workflow", "banjie")
"""The loggers of this program; everything else is a library's."""

_SILENT: Final = (
    # Celery tells of every attempt to reach a lost broker, with a traceback; the pulse tells of the first and of its end.
    "celery.worker.consumer.consumer",
    "celery.worker.consumer.connection",
    # It repeats the address that a message went to; what became of the message is in our own lines.
    "apprise",
    # Addresses as people typed them, with codes and names in them; a request is told by our own line.
    "uvicorn.access",
)


class Log:
    """A logger whose events have a name and fields: `log.warning("relay_halted", code="broker_unavailable")`."""

    def __init__(self, name: str) -> None:
        self._logger = structlog.wrap_logger(
            logging.getLogger(name),
            processors=[structlog.stdlib.filter_by_level, _handed_on],
            wrapper_class=structlog.stdlib.BoundLogger,
        )

    def info(self, event: str, **fields: Any) -> None:
        self._logger.info(event, **fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._logger.warning(event, **fields)

    def error(self, event: str, **fields: Any) -> None:
        self._logger.error(event, **fields)

    def failed(self, event: str, error: BaseException, **fields: Any) -> None:
        """An error, with the places and kinds of this exception."""
        self._logger.error(event, exc_info=(type(error), error, error.__traceback__), **fields)

    def exception(self, event: str, **fields: Any) -> None:
        """An error, with the places and kinds of the exception being handled."""
        self._logger.error(event, exc_info=sys.exc_info(), **fields)


def configure_logs(part: str, *, level: int = logging.INFO) -> None:
    """Send this process's logs, ours and the libraries', to stderr, each marked with the `part` of the installation."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(part, for_a_person=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("uvicorn", "uvicorn.error"):
        # It came with a handler of its own.
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = [], True
    # Said of pickled messages, which no worker of ours reads.
    warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")


def formatter(part: str, *, for_a_person: bool) -> logging.Formatter:
    """What makes a line of a record."""
    return ProcessorFormatter(
        foreign_pre_chain=[_fields],
        processors=[ProcessorFormatter.remove_processors_meta, _Text(part) if for_a_person else _Json(part)],
        use_get_message=False,
    )


def line(event: str, part: str, **fields: Any) -> str:
    """One event as a line of a log that is no stream: the file in which a command leaves its fault."""
    return _written({**_head("error", part, "banjie.cli"), "event": event, **redacted(fields)})


def _handed_on(_logger: WrappedLogger, _method: str, event: EventDict) -> ProcessorReturnValue:
    """The event as the standard library's logging takes it: libraries' records and ours then go the same way."""
    name, raised = event.pop("event"), event.pop("exc_info", None)
    return (name,), {"exc_info": raised, "extra": {"fields": {**doing.now(), **event}}}


def _fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What is known of a record, ours or a library's. Of a library's, whose values may be anything, only the pattern is
    told, and of that what is left.
    """
    record: logging.LogRecord = event["_record"]
    fields: dict[str, Any] | None = getattr(record, "fields", None)
    if fields is not None:
        event["event"], event["fields"] = Plain(record.msg), fields
    else:
        event["fields"] = doing.now()
    raised = record.exc_info if isinstance(record.exc_info, tuple) else None
    event["trace"] = trace(raised) if raised and raised[1] is not None else ""
    event["level"], event["logger"], event["at"] = record.levelname.lower(), record.name, record.created
    return event


def _head(level: str, part: str, logger: str, at: float | None = None) -> dict[str, Any]:
    when = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    return {"at": when.isoformat(timespec="milliseconds"), "level": level, "part": part, "logger": logger}


def _written(said: dict[str, Any]) -> str:
    # Every control character is escaped by JSON itself; what only looks like nothing is not.
    return visible(json.dumps(said, ensure_ascii=False, default=str))


class _Json:
    """Renders a line of JSON."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> str:
        said = _head(event["level"], self._part, event["logger"], event["at"])
        said["event"] = redacted(event["event"])
        # A field of ours that has the name of one of these must not hide it.
        said |= {name + "_" * (name in said): value for name, value in redacted(event["fields"]).items()}
        if event["trace"]:
            said["trace"] = event["trace"]
        return _written(said)


class _Text(_Json):
    """Renders a line for a person at a terminal."""

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> str:
        fields = "".join(f" {name}={value!r}" for name, value in redacted(event["fields"]).items())
        told = f"{event['level']} {self._part}: {redacted(event['event'])}{fields}"
        return visible(f"{told} trace: {event['trace']}" if event["trace"] else told)
