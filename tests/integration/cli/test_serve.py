"""`banjie serve`: one command starts portal, workers and broker, tells where they are, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.integration.cli.test_processes import BANJIE, PATIENCE, call, reported_up, state
from workflow.storage.store import open_store
from workflow.testing.quotas import allot_samples
from workflow.testing.waiting import wait_until


@pytest.fixture
def env(empty_home):
    return {**os.environ, "BANJIE_HOME": str(empty_home), "BANJIE_LANG": "en", "PYTHONUNBUFFERED": ""}


@pytest.fixture
def port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_does_the_automatic_work_and_stops_in_order(env, empty_home, port, banjie, stop):
    process = subprocess.Popen(
        [*BANJIE, "serve", "--port", str(port), "--workers", "1", "--json"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        ready = json.loads(process.stdout.readline())
        assert ready["url"] == f"http://127.0.0.1:{port}/"
        with urllib.request.urlopen(f"{ready['url']}healthz", timeout=PATIENCE) as answer:
            assert answer.status == 200

        store = open_store(f"sqlite:///{empty_home / 'banjie.db'}")
        allot_samples(store.engine)
        no = reported_up(store)
        wait_until(lambda: state(store, no) == "acceptance", PATIENCE, what="the pre-check by the system")
        assert store.clock().mode == "real"
        store.close()
        # While it runs nobody is told that nobody works.
        assert banjie("case", "act", no, "accept", "--as", "lin-xiaotang").err == ""
        assert (
            next(c for c in banjie("doctor", "--json").json["checks"] if c["name"] == "broker")["verdict"]
            == "well"
        )
    finally:
        process.send_signal(stop)
        _, said = process.communicate(timeout=PATIENCE)

    assert (process.returncode, said) == (0, "")
    assert [pid for pid in pids(ready["pids"]) if Path(f"/proc/{pid}").exists()] == []


def test_a_port_that_is_taken_is_told_before_anything_starts(env, empty_home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = call(env, "serve", "--port", str(taken.getsockname()[1]))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("bad_setting: ")
    assert not empty_home.exists()


def test_only_one_serves_a_home(env, port, empty_home):
    process = subprocess.Popen(
        [*BANJIE, "serve", "--port", str(port), "--workers", "1", "--json"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        process.stdout.readline()
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            other = found.getsockname()[1]
        done = call(env, "serve", "--port", str(other))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("stack_failed: ")
        assert done.stderr.count("\n") == 1
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def pids(told):
    return [pid for value in told.values() for pid in (value if isinstance(value, list) else [value])]
