"""A log is read as a stream and strictly: what is not a log says so, with the line."""

import gzip
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from workflow.errors import BadLog
from workflow.exchange.xes import read

TRACE = """<trace>
  <string key="concept:name" value="{name}"/>
  <date key="startdate" value="2011-10-11T13:42:22.688+02:00"/>
  <event>
    <string key="concept:name" value="Confirmation of receipt"/>
    <string key="org:resource" value="Resource21"/>
    <date key="time:timestamp" value="2011-10-11T13:45:40.276+02:00"/>
  </event>
</trace>"""


def log(*traces: str, root: str = '<log xmlns="http://www.xes-standard.org/">') -> str:
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', root, *traces, "</log>"])


@pytest.fixture
def wrote(tmp_path: Path):
    def write(content: str | bytes, name: str = "log.xes") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refused(path: Path) -> str:
    with pytest.raises(BadLog) as error:
        list(read(path))
    assert str(path) in str(error.value)
    return str(error.value.fields["reason"])


def test_a_trace_comes_with_its_attributes_events_and_lines(wrote) -> None:
    (trace,) = read(wrote(log(TRACE.format(name="case-1"))))
    assert trace.name == "case-1"
    assert trace.line == 3
    assert trace.attributes["startdate"] == datetime(2011, 10, 11, 11, 42, 22, 688_000, tzinfo=UTC)
    (event,) = trace.events
    assert (event.activity, event.resource, event.line) == ("Confirmation of receipt", "Resource21", 6)
    assert event.at == datetime(2011, 10, 11, 11, 45, 40, 276_000, tzinfo=UTC)


def test_a_gzipped_log_is_known_by_its_content_not_its_name(wrote) -> None:
    plain = log(TRACE.format(name="case-1"), TRACE.format(name="case-2"))
    zipped = wrote(gzip.compress(plain.encode()), "log.xes")
    assert [trace.name for trace in read(zipped)] == ["case-1", "case-2"]


def test_a_log_without_a_namespace_or_without_cases_is_still_a_log(wrote) -> None:
    assert [trace.name for trace in read(wrote(log(TRACE.format(name="a"), root="<log>")))] == ["a"]
    assert list(read(wrote("<log/>"))) == []


def test_every_declared_type_is_read_as_that_type_and_never_as_a_float(wrote) -> None:
    attributes = """<trace><string key="concept:name" value="a"/><int key="n" value="7"/>
    <float key="sum" value="1.10"/><boolean key="yes" value="true"/><id key="id" value="x"/>
    <!-- a remark --><list key="l"><string key="inner" value="not read"/></list></trace>"""
    (trace,) = read(wrote(log(attributes)))
    assert dict(trace.attributes) == {
        "concept:name": "a", "n": 7, "sum": Decimal("1.10"), "yes": True, "id": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no element"),
        ("Approval of cadres", "line 1: Start tag expected"),
        ("<log><trace>", "line 1: Premature end"),
        ("<workbook/>", "line 1: it is not XES: it begins with <workbook>"),
        ("<workbook>\n<log><trace/></log></workbook>", "begins with <workbook>"),
        ("<log>\n<trace/></log>", "line 2: a trace has no concept:name"),
        ('<log><trace>\n<string key="concept:name" value="a"/>\n<event/></trace></log>', "line 3: an event of a has no"),
        ('<log><trace>\n<string key="k"/></trace></log>', "line 2: a <string> attribute needs both"),
        ('<log><trace>\n<int key="k" value="1"/>\n<int key="k" value="2"/></trace></log>', "line 3: .*'k' is given twice"),
        ('<log><trace><int key="k" value="1.5"/></trace></log>', "'1.5' is no int for 'k'"),
        ('<log><trace><boolean key="k" value="maybe"/></trace></log>', "'maybe' is no boolean"),
        ('<log><trace><float key="k" value="much"/></trace></log>', "'much' is no float"),
        ('<log><trace><date key="k" value="2011-02-30T00:00:00Z"/></trace></log>', "is no date for 'k'"),
        ('<log><trace><date key="k" value="2011-02-03T00:00:00"/></trace></log>', "is no date for 'k'"),
    ],
)  # fmt: skip
def test_what_is_not_a_log_is_refused_with_its_line(wrote, content: str, reason: str) -> None:
    assert re.search(reason, refused(wrote(content)))


def test_an_event_without_a_time_is_refused_by_name(wrote) -> None:
    event = '<event><string key="concept:name" value="T02"/></event>'
    trace = f'<trace><string key="concept:name" value="case-9"/>{event}</trace>'
    assert "the event 'T02' of case-9 has no time:timestamp" in refused(wrote(log(trace)))


def test_a_case_that_occurs_twice_is_refused(wrote) -> None:
    assert "'a' occurs twice" in refused(wrote(log(TRACE.format(name="a"), TRACE.format(name="a"))))


def test_a_missing_file_a_folder_and_damaged_gzip_are_refused(wrote, tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "nothing.xes")
    assert "directory" in refused(tmp_path).lower()
    zipped = gzip.compress(log(TRACE.format(name="a")).encode())
    assert "damaged" in refused(wrote(zipped[:-20]))
    assert "damaged" in refused(wrote(b"\x1f\x8b" + b"not gzip at all"))
    assert "line 1" in refused(wrote(gzip.compress(b"a letter")))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE log [<!ENTITY a "case-1">]>',
        '<!DOCTYPE log SYSTEM "http://127.0.0.1:9/log.dtd">',
        '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE log [<!ENTITY b "' + "b" * 1000 + '"><!ENTITY a "' + "&b;" * 1000 + '">]>',
    ],
)
def test_no_document_type_is_accepted_so_no_entity_is_ever_resolved(wrote, declared: str) -> None:
    trace = '<trace><string key="concept:name" value="x"/></trace>'
    assert "document type" in refused(wrote(f"{declared}<log>{trace}</log>"))
    undeclared = refused(wrote("<log><trace>&a;</trace></log>"))
    assert undeclared


def test_reading_stops_where_the_reader_stops(wrote) -> None:
    broken_later = log(TRACE.format(name="a"), TRACE.format(name="b"), "<trace/>")
    traces = read(wrote(broken_later))
    assert next(traces).name == "a"
    traces.close()
