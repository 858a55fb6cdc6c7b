"""The embedded stack with real Celery workers and a real broker, in health and when parts of it are killed."""

from __future__ import annotations

import os
import signal
import time
from uuid import uuid4

import pytest
from redis import Redis

from tests.integration.workers.conftest import all_pids, children, is_alive
from workers.broker import Backlog
from workers.celery_app import publishing_app
from workers.celery_settings import KEY_PREFIX, QUEUE
from workers.hints import Hints
from workflow.cli.embedded import embedded_stack
from workflow.config import broker_socket
from workflow.testing.waiting import wait_until


def test_work_is_hinted_and_done_by_tasks_and_the_stack_stops_cleanly(home):
    began = time.monotonic()
    with embedded_stack(home.settings) as stack:
        started = time.monotonic() - began
        case_ids = home.file(40)
        home.wait_until_done(case_ids, timeout=20)
        done = home.done()
        pids = all_pids(stack.pids)
        assert len(pids) == len(set(pids)) == 6
        began = time.monotonic()
    stopped = time.monotonic() - began

    assert done["task"] + done["pulse"] == 40
    assert done["task"] >= 38
    assert stack.process.returncode == 0
    assert [pid for pid in pids if is_alive(pid)] == []
    assert "error" not in stack.log.read_text()
    # Two seconds and one on an idle machine; a crowded one is given time, but not so much as to hide a wait for a timeout.
    assert started < 25
    assert stopped < 8


def test_whatever_the_broker_says_work_is_done_once(home):
    """Hints three times over and out of order, hints for cases that are not there, and no hints at all but rubbish."""
    with embedded_stack(home.settings) as stack:
        hints = Hints(publishing_app(home.settings.broker_url))
        case_ids = home.file(10)
        hints.send([*reversed(case_ids), *case_ids, *case_ids[::2], *case_ids], messages=100)
        hints.send([*reversed(case_ids), str(uuid4()), *case_ids, "7", *case_ids], messages=3)
        rubbish_ids = [str(uuid4()), "", "../../etc/passwd", "44c44803", None, {"case": 1}]
        hints.send(rubbish_ids, messages=100)
        hints.send(rubbish_ids, messages=1)
        with Redis(unix_socket_path=str(broker_socket(home.settings.home))) as broker:
            for rubbish in (
                b"",
                b"{",
                b"[]",
                b"{}",
                b"\x80\x04]\x94.",
                b'{"body": "!", "properties": {}}',
                b"7",
            ):
                broker.lpush(KEY_PREFIX + QUEUE, rubbish)
        case_ids += home.file(10)

        home.wait_until_done(case_ids, timeout=30)

        backlog = Backlog(home.settings.broker_url)
        wait_until(lambda: backlog() == 0, 20, what="the queue to be empty")
        assert sum(home.done().values()) == 20
        assert [pid for pid in all_pids(stack.pids) if not is_alive(pid)] == []
        hints.close()


def test_what_kills_a_part_costs_no_work(home):
    with embedded_stack(home.settings) as stack:
        case_ids = home.file(20)
        os.kill(stack.pids["workers"][0], signal.SIGKILL)
        case_ids += home.file(20)
        os.kill(stack.pids["broker"], signal.SIGKILL)
        case_ids += home.file(20)
        os.kill(stack.pids["relay"], signal.SIGKILL)
        case_ids += home.file(20)

        home.wait_until_done(case_ids, timeout=30)

        # Three have been started again, and hints lead to tasks as before.
        supervisor = stack.pids["supervisor"]
        wait_until(lambda: len(children(supervisor)) == 5, 20, what="all parts to be there again")
        by_task = home.done()["task"]

        def tasks_work():
            home.wait_until_done(home.file(), timeout=20)
            return home.done()["task"] > by_task

        wait_until(tasks_work, 20, what="a task to do the work")


def test_a_frozen_broker_delays_work_by_seconds_only(home):
    with embedded_stack(home.settings) as stack:
        os.kill(stack.pids["broker"], signal.SIGSTOP)
        began = time.monotonic()
        home.wait_until_done(home.file(10), timeout=20)
        took = time.monotonic() - began
        by_pulse = home.done()["pulse"]
        os.kill(stack.pids["broker"], signal.SIGCONT)

    assert took < 10  # five seconds are the bar; half of this machine may be busy with other tests
    assert by_pulse >= 9


def test_a_frozen_relay_is_done_without(home):
    with embedded_stack(home.settings) as stack:
        os.kill(stack.pids["relay"], signal.SIGSTOP)

        home.wait_until_done(home.file(10), timeout=20)

        assert home.done() == {"task": 0, "pulse": 10}


def test_a_frozen_worker_is_done_without(home):
    with embedded_stack(home.settings) as stack:
        os.kill(stack.pids["workers"][0], signal.SIGSTOP)

        home.wait_until_done(home.file(40), timeout=20)


@pytest.mark.parametrize("victim", ["supervisor", "starter"])
def test_nothing_outlives_a_killed_supervisor_or_starter(home, victim):
    with embedded_stack(home.settings) as stack:
        pids = all_pids(stack.pids)
        if victim == "supervisor":
            os.kill(stack.pids["supervisor"], signal.SIGKILL)
        else:
            stack.process.stdin.close()  # what the kernel does when the starter dies

        wait_until(lambda: not [pid for pid in pids if is_alive(pid)], 15, what="all processes to be gone")
