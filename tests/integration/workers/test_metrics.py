"""Prometheus is told the truth by a stack of several processes, whichever of them did the work."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import replace
from urllib.request import urlopen

import pytest

from tests.integration.workers.conftest import is_alive
from workflow.cli.embedded import embedded_stack
from workflow.errors import StackFailed
from workflow.testing.waiting import wait_until


@pytest.fixture
def port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def told(port):
    """What stands at /metrics, by name and labels."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, value in (x.rsplit(" ", 1) for x in lines if not x.startswith("#"))}


def done(numbers):
    return sum(value for name, value in numbers.items() if name.startswith("banjie_work_done_total"))


def test_several_workers_are_one_number_and_a_killed_ones_work_is_not_forgotten(home, port):
    settings = replace(home.settings, metrics=str(port))
    with embedded_stack(settings, workers=2) as stack:
        home.wait_until_done(home.file(6), timeout=30)
        numbers = told(port)

        assert done(numbers) == 6 == sum(home.done().values())
        looks = 'banjie_step_seconds_count{result="done",what="%s"}'
        assert numbers.get(looks % "advance", 0) + numbers.get(looks % "advance_many", 0) >= 1
        assert numbers["banjie_database_up"] == numbers["banjie_broker_up"] == 1
        assert numbers['banjie_queue_depth{queue="jobs"}'] == 0
        assert numbers['banjie_process_memory_bytes{part="worker"}'] > 10_000_000
        assert numbers['banjie_process_memory_bytes{part="relaying"}'] > 10_000_000

        first = stack.pids["workers"][0]
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not is_alive(first), 10, what="its end")
        home.wait_until_done(home.file(2), timeout=40)
        assert done(told(port)) == 8

    folders = list((settings.home / "metrics").iterdir())
    assert folders == []


def test_a_port_that_is_taken_is_told_when_the_stack_starts(home, port):
    settings = replace(home.settings, metrics=str(port))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(StackFailed, match="BANJIE_METRICS_PORT"), embedded_stack(settings, workers=1):
            pass
