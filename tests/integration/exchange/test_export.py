"""Event logs: valid by the schemas of their standards, whole, readable again, and with nothing personal in them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from jsonschema import Draft7Validator, FormatChecker
from lxml import etree

from tests.integration.evidence.world import Record
from workflow.domain.events import EVENT_TYPES
from workflow.exchange.export.facts import NAMES
from workflow.exchange.export.lines import HEADS, write_cloudevents, write_csv
from workflow.exchange.export.ocel import write_ocel
from workflow.exchange.export.pseudonyms import Pseudonyms
from workflow.exchange.export.source import Wanted, cases
from workflow.exchange.export.xes import write_xes
from workflow.exchange.output import written
from workflow.exchange.xes import read

KEY = Pseudonyms(key=b"k" * 32)
WRITERS = {"xes": write_xes, "ocel": write_ocel, "csv": write_csv, "cloudevents": write_cloudevents}


@pytest.fixture
def data(request):
    return request.config.rootpath / "tests" / "data"


@pytest.fixture
def record(store):
    return Record(store)


@pytest.fixture
def no(record):
    record.file("another")
    return record.whole()


def log(record, kind, names=KEY, **wanted):
    file = io.BytesIO()
    counts = WRITERS[kind](file, cases(record.banjie, Wanted(**wanted)), names)
    return file.getvalue(), counts


def test_every_format_is_valid_and_tells_nothing_personal(record, no, data, tmp_path):
    case_id = record.store.case_id(no)
    _xes(record, no, data, tmp_path)
    _ocel(record, no, data)
    _lines(record, no, data)
    values = [value for value in record.store.personal_values(case_id).values() if len(value) > 1]
    assert values
    people = set(record.banjie.directory().persons)
    for kind in WRITERS:
        text = log(record, kind)[0].decode()
        assert not [value for value in values if value in text]
        assert not [person for person in people if person in text]
        assert "同意" not in text  # what people wrote
        codes = log(record, kind, Pseudonyms(key=None))[0].decode()
        assert "zhou-mingli" in codes


def _xes(record, no, data, tmp_path):
    content, (traces, events) = log(record, "xes")
    plain = content.replace(b' xmlns="http://www.xes-standard.org/"', b"")
    etree.XMLSchema(etree.parse(data / "xes" / "xes-ieee-1849-2016.xsd")).assertValid(etree.fromstring(plain))
    path = tmp_path / "log.xes.gz"
    with written(path, gz=True) as file:
        file.write(content)
    read_again = {trace.name: trace for trace in read(path)}
    assert (len(read_again), sum(len(trace.events) for trace in read_again.values())) == (traces, events)
    trace, case = read_again[no], record.case(no)
    assert len(trace.events) == case.seq
    assert trace.attributes["banjie:lamp"] in ("yellow", "red")
    assert trace.attributes["banjie:findings"] == len(case.findings)
    for clock in case.clocks:
        if clock.due is not None:
            name = f"{clock.clock}.{clock.generation}".replace("#", "-")
            assert trace.attributes[f"banjie:clock:{name}:due_at"] == clock.due.at
    assert {f"banjie:finding:{one.number}:colour" for one in case.findings} <= set(trace.attributes)


def _ocel(record, no, data):
    content, (_, events) = log(record, "ocel")
    told = json.loads(content)
    schema = json.loads((data / "ocel" / "schema_ocel2.json").read_text())
    Draft7Validator(schema, format_checker=FormatChecker()).validate(told)
    ids = [one["id"] for one in told["objects"]]
    assert len(told["events"]) == events
    assert len(ids) == len(set(ids))
    named = {
        one["objectId"]
        for part in ("events", "objects")
        for x in told[part]
        for one in x.get("relationships", ())
    }
    assert named <= set(ids)
    assert {one["type"] for one in told["objects"]} == {one["name"] for one in told["objectTypes"]}
    assert {one["type"] for one in told["events"]} == {one["name"] for one in told["eventTypes"]}


def _lines(record, no, data):
    rows = list(csv.reader(io.StringIO(log(record, "csv")[0].decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEADS
    assert len([row for row in rows if row[0] == no]) == record.case(no).seq
    schema = json.loads((data / "cloudevents" / "cloudevents.schema.json").read_text())
    validator = Draft7Validator(schema, format_checker=FormatChecker())
    for line in log(record, "cloudevents")[0].splitlines():
        validator.validate(json.loads(line))


def test_only_what_is_wanted(record, no):
    assert log(record, "csv", matter="award-campaign")[1] == (0, 0)
    assert log(record, "csv", first=date(2026, 9, 8))[1] == (0, 0)
    assert log(record, "csv", first=date(2026, 9, 7), last=date(2026, 9, 7))[1][0] == 2
    assert log(record, "csv", last=date(2026, 9, 6))[1] == (0, 0)


def test_the_same_person_has_the_same_name_and_another_key_another():
    assert KEY.person("zhou-mingli") == KEY.person("zhou-mingli") != KEY.person("gu-weimin")
    assert Pseudonyms(key=b"x" * 32).person("zhou-mingli") != KEY.person("zhou-mingli")
    assert Pseudonyms(key=None).person("public:wang") == "public"
    assert KEY.person("system") == "system"


def test_the_names_that_are_shown_are_of_events_that_there_are():
    assert all(set(kinds) <= set(EVENT_TYPES.values()) for kinds in NAMES.values())


def test_a_file_that_fails_on_the_way_is_not_there(tmp_path):
    path = tmp_path / "log.csv"
    with pytest.raises(ZeroDivisionError), written(path) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
