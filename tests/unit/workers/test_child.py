"""A child process as its supervisor sees it, with small shell programs for children."""

from __future__ import annotations

import os
import select

import pytest

from tests.unit.workers.fakes import HandClock
from workers.child import TOO_MANY_DEATHS, WELL_AFTER, WITHIN, Child
from workflow.errors import StackFailed
from workflow.testing.waiting import wait_until

SAY = "echo '{}' > /proc/self/fd/$2"
"""A shell line that reports; a child is called with `--report FD`."""


def shell(script, *, clock=None):
    return Child("child", ["/bin/sh", "-c", script, "child"], env={}, clock=clock or HandClock())


@pytest.fixture
def run():
    """Starts children and leaves none behind."""
    started = []

    def start(child):
        child.start()
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        wait_until(lambda child=child: not child.running or child.reap() is not None, 10)
        child.close_reports()


def hear(child):
    select.select([child.report_fd], [], [], 10)
    return child.hear()


def test_it_is_ready_when_it_says_so(run):
    child = run(shell(SAY.format('{"ready": true}') + "; exec tail -f /dev/null"))
    assert not child.is_ready()

    assert hear(child) == [{"ready": True}]

    assert child.is_ready()
    assert child.running


def test_why_it_could_not_start_is_kept(run):
    child = run(shell(SAY.format('{"error": "unavailable", "message": "no disk"}') + "; exit 1"))

    hear(child)

    assert child.error == "unavailable: no disk"
    assert wait_until(child.reap, 10) == 1
    with pytest.raises(EOFError):
        child.hear()


def test_one_with_a_probe_is_ready_when_that_answers(run):
    answers = iter([False, True])
    child = run(Child("probed", ["/usr/bin/tail", "-f", "/dev/null"], env={}, probe=lambda: next(answers)))

    assert [child.is_ready(), child.is_ready(), child.is_ready()] == [False, True, True]
    assert child.report_fd is None


def test_a_program_that_is_not_there_is_said_plainly():
    with pytest.raises(StackFailed, match=r"gone: /no/such/program: No such file"):
        Child("gone", ["/no/such/program"], env={}, probe=lambda: True).start()


def test_it_is_in_a_process_group_of_its_own(run):
    """So that Ctrl-C in a terminal reaches the supervisor alone."""
    child = run(shell("exec tail -f /dev/null"))

    assert os.getpgid(child.pid) == child.pid != os.getpgrp()


def test_pauses_before_restarts_grow_until_it_has_lived_well(run):
    clock = HandClock()
    child = shell("exit 3", clock=clock)
    pauses = []
    for lived in (0, 0, 0, WELL_AFTER, 0):
        run(child)
        clock.tick(lived)
        assert wait_until(child.reap, 10) == 3
        pauses.append(round(child.restart_at - clock(), 1))
        child.close_reports()

    assert pauses == [0.1, 0.2, 0.4, 0.1, 0.2]


@pytest.mark.parametrize(("apart", "hopeless"), [(WITHIN / TOO_MANY_DEATHS - 1, True), (WITHIN, False)])
def test_one_that_dies_again_and_again_is_hopeless(run, apart, hopeless):
    clock = HandClock()
    child = shell("exit 3", clock=clock)
    for _ in range(TOO_MANY_DEATHS):
        assert not child.is_hopeless()
        run(child)
        clock.tick(apart)
        assert wait_until(child.reap, 10) == 3
        child.close_reports()

    assert child.is_hopeless() is hopeless
