"""Event logs in XES (IEEE 1849-2016), a trace at a time, strictly by its schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Final

from lxml import etree

from workflow.domain.chain import instant
from workflow.exchange.export.facts import Value, about, happened

if TYPE_CHECKING:
    from workflow.exchange.export.facts import Happened
    from workflow.exchange.export.pseudonyms import Pseudonyms
    from workflow.exchange.export.source import Told

NAMESPACE: Final = "http://www.xes-standard.org/"
_OURS: Final = "banjie"
_EXTENSIONS: Final = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)
_START: Final = instant(datetime.fromisoformat("1970-01-01T00:00:00+00:00"))


def write_xes(file: IO[bytes], cases: Iterable[Told], names: Pseudonyms) -> tuple[int, int]:
    """Write a log; gives how many cases and events it has. No more than one case is held."""
    traces = events = 0
    with etree.xmlfile(file, encoding="utf-8") as log:
        log.write_declaration()
        version = {"xes.version": "1849.2016", "xes.features": ""}
        with log.element("log", version, nsmap={None: NAMESPACE}):
            for head in _heads():
                log.write(head)
            for told in cases:
                trace = etree.Element("trace")
                _add(trace, "concept:name", told.case.no)
                _add_all(trace, about(told))
                for one in happened(told, names):
                    trace.append(_event(one))
                    events += 1
                log.write(trace)
                traces += 1
    return traces, events


def _heads() -> Iterable[etree._Element]:
    for name, prefix, uri in _EXTENSIONS:
        yield etree.Element("extension", name=name, prefix=prefix, uri=uri)
    trace = etree.Element("global", scope="trace")
    _add(trace, "concept:name", "-")
    event = etree.Element("global", scope="event")
    for key in ("concept:name", "lifecycle:transition", "org:resource"):
        _add(event, key, "-")
    etree.SubElement(event, "date", key="time:timestamp", value=_START)
    yield trace
    yield event
    yield etree.Element("classifier", name="Activity", keys="concept:name lifecycle:transition")
    yield etree.Element("classifier", name="Resource", keys="org:resource")
    yield etree.Element("string", key="concept:name", value="banjie")


def _event(one: Happened) -> etree._Element:
    event = etree.Element("event")
    _add(event, "concept:name", one.activity)
    _add(event, "lifecycle:transition", "complete")
    _add(event, "time:timestamp", one.at)
    _add(event, "org:resource", one.actor)
    said = {"org:role": one.post, "org:group": one.organ}
    for key, value in said.items():
        if value:
            _add(event, key, value)
    ours: dict[str, Value] = {
        "seq": one.seq,
        "type": one.type,
        "rule": one.rule,
        "recorded_at": one.recorded_at,
    }
    ours |= {name: value for name, value in (("from", one.source), ("to", one.target)) if value}
    _add_all(event, {**ours, **one.said})
    return event


def _add_all(to: etree._Element, said: Mapping[str, Value]) -> None:
    for name, value in said.items():
        _add(to, f"{_OURS}:{name}", value)


def _add(to: etree._Element, key: str, value: Value) -> None:
    if isinstance(value, bool):
        kind, text = "boolean", "true" if value else "false"
    elif isinstance(value, int):
        kind, text = "int", str(value)
    elif isinstance(value, datetime):
        kind, text = "date", instant(value)
    else:
        kind, text = "string", value
    etree.SubElement(to, kind, key=key, value=text)
