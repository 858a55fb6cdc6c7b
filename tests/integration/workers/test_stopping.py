"""Told to stop, every part ends in order under load: exit code 0, nothing left behind, and no work lost or done twice."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.workers.conftest import all_pids, is_alive
from workflow.cli.embedded import embedded_stack
from workflow.config import broker_socket
from workflow.testing.waiting import wait_until

pytestmark = pytest.mark.timeout(240)

BANJIE = Path(sys.executable).with_name("banjie")


def begun(home):
    """Wait until some of the work has been done, and not all."""
    wait_until(lambda: sum(home.done().values()) >= 3, 60, what="the work to begin")


def finished(home, case_ids):
    """What was left is done by whoever comes next, and all of it once."""
    with embedded_stack(home.settings):
        home.wait_until_done(case_ids, timeout=60)
    assert sum(home.done().values()) == len(case_ids)


def nothing_is_left(home, pids):
    wait_until(lambda: [pid for pid in pids if is_alive(pid)] == [], 5, what="all processes to be gone")
    assert not broker_socket(home.settings.home).exists()
    left = {path.name for path in home.settings.home.iterdir()}
    assert not {name for name in left if name.endswith((".tmp", ".sock", ".new"))}


@pytest.mark.parametrize("times", [1, 2])
def test_a_stack_that_is_told_to_stop_leaves_the_rest_for_the_next(home, times):
    with embedded_stack(home.settings) as stack:
        case_ids = home.file(60)
        begun(home)
        pids = all_pids(stack.pids)
        for _ in range(times):
            os.kill(stack.pids["supervisor"], signal.SIGTERM)
        stack.process.wait(20)
        assert stack.process.returncode == 0
        nothing_is_left(home, pids)
        assert "Traceback" not in stack.log.read_text()

    finished(home, case_ids)


@pytest.mark.parametrize("part", ["worker", "relay"])
def test_a_part_that_is_told_to_stop_ends_in_order_and_is_started_again(home, part):
    with embedded_stack(home.settings) as stack:
        case_ids = home.file(40)
        begun(home)
        pid = stack.pids["relay"] if part == "relay" else stack.pids["workers"][0]
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not is_alive(pid), 20, what="it to end")
        home.wait_until_done(case_ids, timeout=60)
        wait_until(lambda: '"child_restarted"' in stack.log.read_text(), 20, what="it to be started again")
        died = [line for line in stack.log.read_text().splitlines() if '"child_died"' in line]
        assert [json.loads(line)["code"] for line in died] == [0]
    assert sum(home.done().values()) == 40


# --- the portal ------------------------------------------------------------------------------------------------------


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@contextmanager
def portal(home, *words):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "portal", "--port", str(port), *words],
        env={**os.environ, **home.settings.to_environment()},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: answers(port), 60, every=0.1, what="the portal")
        yield process, port
    finally:
        process.kill()
        process.communicate()


def answers(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, "tie"])
def test_a_portal_that_is_told_to_stop_ends_the_request_it_is_at(home, how):
    with portal(home, "--tied") as (process, port):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        asked.request("GET", "/readyz")
        if how == "tie":
            process.stdin.close()
            process.stdin = None
        else:
            process.send_signal(how)
        assert asked.getresponse().status == 200
        asked.close()
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()
    with home.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM programs").scalar() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_all_its_parts(home, number):
    case_ids = home.file(20)
    process = subprocess.Popen(
        [BANJIE, "serve", "--port", str(free_port()), "--json"],
        env={**os.environ, **home.settings.to_environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    pids = all_pids(json.loads(process.stdout.readline())["pids"])
    process.send_signal(number)
    _, complained = process.communicate(timeout=40)

    assert (process.returncode, complained) == (0, "")
    nothing_is_left(home, pids)
    finished(home, case_ids)


def test_nothing_outlives_a_serve_that_is_killed(home):
    process = subprocess.Popen(
        [BANJIE, "serve", "--port", str(free_port()), "--json"],
        env={**os.environ, **home.settings.to_environment()},
        stdout=subprocess.PIPE,
        text=True,
    )
    pids = all_pids(json.loads(process.stdout.readline())["pids"])
    process.kill()
    process.communicate()

    wait_until(lambda: [pid for pid in pids if is_alive(pid)] == [], 30, what="all processes to be gone")
