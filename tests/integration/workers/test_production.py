"""`banjie worker`: relay, pulse and workers against two URLs, on both databases, with a broker or without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.integration.workers.conftest import Home, broker_on, children
from workflow.config import Settings
from workflow.testing.waiting import wait_until


@contextmanager
def worker_of(settings):
    """`banjie worker`, as a container would run it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "workers", "--workers", "1"],
        env={**os.environ, **settings.to_environment()},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.stderr_text = process.communicate(timeout=20)[1]


@pytest.fixture
def home(database_url, tmp_path):
    env = {
        "BANJIE_HOME": str(tmp_path),
        "BANJIE_BROKER_URL": f"unix://{tmp_path}/b",
        "BANJIE_DATABASE_URL": database_url,
    }
    home = Home(Settings.from_environment(env))
    yield home
    home.store.close()


def test_it_works_without_a_broker_and_by_tasks_when_one_comes(home, tmp_path):
    with worker_of(home.settings) as process:
        home.wait_until_done(home.file(5), timeout=30)
        assert home.done() == {"task": 0, "pulse": 5}
        assert len(children(process.pid)) == 3

        with broker_on(tmp_path / "b"):

            def done_by_task():
                home.wait_until_done(home.file(), timeout=20)
                return home.done()["task"]

            wait_until(done_by_task, 20, every=0.2, what="a task to do the work")

        home.wait_until_done(home.file(5), timeout=30)

    assert process.returncode == 0
    assert "Traceback" not in process.stderr_text
