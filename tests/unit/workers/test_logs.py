"""A log line is one line of JSON that says which part of the stack speaks."""

from __future__ import annotations

import json
import logging
import warnings

import pytest

from workers.logs import Log, configure_logs


@pytest.fixture
def logs(monkeypatch):
    """Logging as a process of the stack has it, and as it was afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with warnings.catch_warnings():
        configure_logs("relay")
        yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_events_have_a_name_and_fields(capsys, logs):
    configure_logs("relay")
    Log("workers.relay").warning("relay_halted", code="broker_unavailable")

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "relay_halted"
    assert (line["part"], line["level"], line["code"]) == ("relay", "warning", "broker_unavailable")
    assert line["at"].endswith("+00:00")


def test_an_exception_stays_on_one_line(capsys, logs):
    configure_logs("relay")
    try:
        int("broken\nin two")
    except ValueError:
        Log("workers.pulse").exception("pulse_failed", case_id="1")

    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError" in json.loads(line)["trace"]


def test_libraries_are_heard_only_when_they_warn(capsys, logs):
    configure_logs("relay")
    logging.getLogger("celery").info("ready")
    logging.getLogger("celery.worker.consumer.consumer").error("Cannot connect, trying again")
    logging.getLogger("kombu").warning("odd")

    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "odd"


def test_a_person_at_a_terminal_reads_plain_text(capsys, logs, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    configure_logs("worker")
    Log("workers.worker").info("started", pid=7)

    assert capsys.readouterr().err == "info worker: started pid=7\n"
