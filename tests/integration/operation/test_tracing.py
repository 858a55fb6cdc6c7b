"""Spans of requests, commands, looks and the relay, where an organ wants them; nothing at all where it does not."""

from __future__ import annotations

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from portal.app import app
from portal.standby import Standby
from tests.integration.transfers import FILER, FORM, TO_THE_NOTICE, Transfers
from tests.unit.workers.fakes import FakeBroker, FakeStore, HandClock
from workers.relay import Relay
from workflow.engine.advance import advance
from workflow.errors import BanjieError
from workflow.operation import tracing
from workflow.operation.metrics import WATCH

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans():
    """Traces go into memory; gives those that are finished."""
    memory = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    tracing.use(provider.get_tracer("banjie"))
    yield memory.get_finished_spans
    tracing.use(None)
    provider.shutdown()


@pytest.fixture
def transfers(store):
    return Transfers(store)


def test_a_command_and_a_look_are_spans_that_say_nothing_of_anybody(spans, transfers):
    transfers.banjie.watch = tracing.watched()
    no = transfers.file()
    for person, action, fields in TO_THE_NOTICE[:2]:
        transfers.act(no, person, action, **fields)
    with pytest.raises(BanjieError):
        transfers.act(no, FILER, "endorse", text="王秀华")

    found = spans()
    names = [span.name for span in found]
    assert names[0] == "handle SubmitFiling"
    assert "handle TakeAction" in names
    case_id = transfers.store.case_id(no)
    assert {span.attributes["banjie.case"] for span in found} == {tracing.hashed(case_id)}
    assert found[0].attributes["banjie.command_id"] == "one"
    assert found[-1].attributes["error.type"]
    text = "".join(span.to_json() for span in found)
    assert case_id not in text
    assert not [value for value in FORM.values() if isinstance(value, str) and value in text]


def test_a_look_that_speaks_is_the_parent_of_the_command(spans, transfers):
    transfers.banjie.watch = tracing.watched()
    no = transfers.file()
    advance(transfers.banjie, transfers.store.case_id(no), done_by="task")

    assert "advance" in [span.name for span in spans()]


def test_a_request_takes_up_the_context_of_its_caller(spans, transfers):
    with TestClient(app(Standby(lambda: transfers.banjie))) as browser:
        browser.get("/matters/transfer-into-beijing?q=王秀华", headers={"traceparent": PARENT})

    (span,) = spans()
    assert span.name == "GET /matters/{code}"
    assert f"{span.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{span.parent.span_id:016x}" == PARENT.split("-")[2]
    assert span.attributes["http.response.status_code"] == 200
    assert "王秀华" not in span.to_json()


def test_a_round_of_the_relay_is_a_span(spans):
    clock, broker = HandClock(), FakeBroker()
    relay = Relay(
        FakeStore(clock, "a", "b"), broker, backlog=broker.backlog, changed=lambda: True, clock=clock
    )
    relay.step()

    (span,) = spans()
    assert (span.name, span.attributes["banjie.cases"]) == ("relay", 2)


def test_without_the_setting_nothing_is_imported_and_the_hook_is_the_bare_one(monkeypatch):
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)

    assert tracing.begin_tracing("worker") is False
    assert tracing.watched() is WATCH
    script = (
        "import sys, workflow.operation.tracing as t; t.begin_tracing('x'); t.watched();"
        "sys.exit(any(n.startswith('opentelemetry') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_with_the_setting_and_without_the_extra_it_goes_on(monkeypatch, caplog):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)

    assert tracing.begin_tracing("worker") is False
    assert [record.getMessage() for record in caplog.records] == ["traces_not_installed"]
