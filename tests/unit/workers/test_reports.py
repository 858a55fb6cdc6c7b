"""A child's reports reach its supervisor as whole lines, in whatever pieces the pipe brings them."""

from __future__ import annotations

import os

import pytest

from workers.reports import Lines, Reporter
from workflow.errors import DatabaseUnavailable


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    ends = {reader, writer}

    def close(end):
        ends.discard(end)
        os.close(end)

    yield reader, writer, close
    for end in ends:
        os.close(end)


def test_reports_arrive_as_they_were_said(pipe, monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "en")
    reader, writer, close = pipe
    reporter, lines = Reporter(writer), Lines(reader)

    reporter.progress(stalled=False)
    reporter.ready()
    reporter.failed(DatabaseUnavailable(reason="it is away"))

    first, second, third = lines.read()
    assert (first, second, third["error"]) == ({"stalled": False}, {"ready": True}, "database_unavailable")
    assert "it is away" in third["message"]
    close(writer)
    with pytest.raises(EOFError):
        lines.read()


def test_half_a_line_waits_for_its_other_half(pipe):
    reader, writer, _ = pipe
    lines = Lines(reader)

    os.write(writer, b'{"ready": true}\n{"stal')
    assert lines.read() == [{"ready": True}]
    os.write(writer, b'led": true}\n')
    assert lines.read() == [{"stalled": True}]


def test_a_process_started_by_hand_reports_to_nobody():
    reporter = Reporter(None)

    reporter.ready()

    assert not reporter.heard


def test_a_child_learns_that_its_supervisor_is_gone(pipe):
    reader, writer, close = pipe
    close(reader)

    with pytest.raises(BrokenPipeError):
        Reporter(writer).ready()
