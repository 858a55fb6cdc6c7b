"""Event logs in XES (IEEE 1849), plain or gzipped, read as a stream: one trace in memory at a time.

Only the flat attributes of traces and events are read, each as its declared type. What a foreign file could do besides
being read is switched off: no document type, no entities, no network. A file that is not a log is refused with the line.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any, Final, TypeAlias, cast

from lxml import etree

from workflow.errors import BadLog

Value: TypeAlias = str | int | bool | Decimal | datetime
"""What an attribute may hold; XES floats come as Decimal, dates as aware instants."""

NAME: Final = "concept:name"
TIME: Final = "time:timestamp"
RESOURCE: Final = "org:resource"

_GZIP: Final = b"\x1f\x8b"
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """Something the log says was done: the activity, when (aware), by whom, and its attributes; `line` in the file."""

    activity: str
    at: datetime
    resource: str | None
    attributes: Mapping[str, Value]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One case of the log with its events in the order in which the log gives them; `line` in the file."""

    name: str
    attributes: Mapping[str, Value]
    events: tuple[LoggedEvent, ...]
    line: int


def read(path: Path) -> Iterator[Trace]:
    """The traces of a log, one after another.

    Raises BadLog, naming the line where there is one, for a file that is not there, not XES or broken, an attribute
    that is not of its declared type, an event without a name or time, or a case that occurs twice.
    """
    names: set[str] = set()
    with _complaints(path), _opened(path) as file:
        for element in _elements(file, path):
            trace = _trace(element, path)
            if trace.name in names:
                raise _bad(path, f"the case {trace.name!r} occurs twice", trace.line)
            names.add(trace.name)
            yield trace


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        zipped = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if zipped else raw


@contextmanager
def _complaints(path: Path) -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise _bad(path, str(error.msg or error).partition(", line ")[0], error.lineno) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _bad(path, f"the compressed data are damaged ({error})") from error
    except OSError as error:
        raise _bad(path, error.strerror or str(error)) from error


def _elements(file: IO[bytes], path: Path) -> Iterator[Any]:
    """Every trace element, emptied again once it has been read."""
    parsing = etree.iterparse(
        file,
        events=("start", "end"),
        tag=("{*}log", "{*}trace"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    checked = False
    for moment, element in parsing:
        if not checked:
            _check_root(element.getroottree().getroot(), path)
            checked = True
        if moment == "end" and _tag(element) == "trace":
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    if not checked:
        _check_root(parsing.root, path)


def _check_root(root: Any, path: Path) -> None:
    if root is None or _tag(root) != "log":
        found = "nothing" if root is None else f"<{_tag(root)}>"
        raise _bad(
            path, f"it is not XES: it begins with {found}, not with <log>", getattr(root, "sourceline", None)
        )
    if root.getroottree().docinfo.doctype:
        raise _bad(path, "it declares a document type, which no event log needs", 1)


def _trace(element: Any, path: Path) -> Trace:
    attributes = _attributes(element, path)
    name = attributes.get(NAME)
    if not isinstance(name, str) or not name:
        raise _bad(path, f"a trace has no {NAME}", element.sourceline)
    events = (_event(child, name, path) for child in element if _tag(child) == "event")
    return Trace(name=name, attributes=attributes, events=tuple(events), line=element.sourceline)


def _event(element: Any, case: str, path: Path) -> LoggedEvent:
    attributes = _attributes(element, path)
    activity, at, resource = attributes.get(NAME), attributes.get(TIME), attributes.get(RESOURCE)
    if not isinstance(activity, str) or not activity:
        raise _bad(path, f"an event of {case} has no {NAME}", element.sourceline)
    if not isinstance(at, datetime):
        raise _bad(path, f"the event {activity!r} of {case} has no {TIME}", element.sourceline)
    return LoggedEvent(
        activity=activity,
        at=at,
        resource=resource if isinstance(resource, str) else None,
        attributes=attributes,
        line=element.sourceline,
    )


def _attributes(element: Any, path: Path) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for child in element:
        convert = _KINDS.get(_tag(child))
        if convert is None:
            continue  # events, and the lists and containers that nothing here needs
        key, text = child.get("key"), child.get("value")
        if not key or text is None:
            raise _bad(path, f"a <{_tag(child)}> attribute needs both key and value", child.sourceline)
        if key in found:
            raise _bad(path, f"the attribute {key!r} is given twice", child.sourceline)
        try:
            found[key] = convert(text)
        except (ValueError, KeyError, InvalidOperation) as error:
            reason = f"{text!r} is no {_tag(child)} for {key!r}"
            raise _bad(path, reason, child.sourceline) from error
    return found


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no offset from UTC")
    return at


_KINDS: Final[dict[str, Callable[[str], Value]]] = {
    "string": str,
    "id": str,
    "date": _instant,
    "int": int,
    "float": Decimal,
    "boolean": _TRUTH.__getitem__,
}


def _tag(element: Any) -> str:
    """The name of an element without its namespace; comments and instructions have none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _bad(path: Path, reason: str, line: int | None = None) -> BadLog:
    return BadLog(path=str(path), reason=f"line {line}: {reason}" if line else reason)
