"""A stack of small shell programs: started stage by stage, watched, restarted, and stopped in order."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from workers.child import Child
from workers.stack import Stack
from workers.watchdog import Watchdog
from workflow.errors import StackFailed
from workflow.testing.waiting import wait_until

READY = """echo '{"ready": true}' > /proc/self/fd/$2; """


@pytest.fixture(autouse=True)
def own_signals():
    """The stack takes the process's signals; they are given back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)}
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in kept.items():
        signal.signal(number, handler)


def shell(name, script):
    return Child(name, ["/bin/sh", "-c", script, name], env=dict(os.environ))


def for_ever(pipe):
    """A line of shell that is ready and then waits, without a process of its own, for what never comes."""
    return f"mkfifo {pipe}; exec 9<>{pipe}; {READY} while :; do read x <&9; done"


def stack_of(*stages):
    relay, *workers = stages[-1]
    return Stack(stages, Watchdog(relay, workers))


def test_stages_start_one_after_the_other_and_stop_the_other_way_round(tmp_path):
    book = tmp_path / "book"

    def diary(name):
        line = f"echo {name} >> {book}"
        return shell(name, f"trap '{line} ends; exit' TERM; {line}; {for_ever(tmp_path / name)}")

    stack = stack_of([diary("first")], [diary("second"), diary("third")])

    stack.run(lambda: os.kill(os.getpid(), signal.SIGTERM))

    lines = book.read_text().splitlines()
    assert (lines[0], lines[-1]) == ("first", "first ends")
    assert sorted(lines[1:3]) == ["second", "third"]
    assert sorted(lines[3:5]) == ["second ends", "third ends"]


def test_one_that_cannot_start_ends_all_and_is_quoted():
    broken = """echo '{"error": "bad_definition", "message": "line 3"}' > /proc/self/fd/$2; exit 1"""
    other = shell("other", READY + "exec tail -f /dev/null")

    with pytest.raises(StackFailed, match="bad_definition: line 3"):
        stack_of([other, shell("broken", broken)]).run(lambda: pytest.fail("it was never ready"))

    assert not other.running


def test_one_that_ends_without_a_word_is_named():
    with pytest.raises(StackFailed, match="mute ended with code 7 before it was ready"):
        stack_of([shell("mute", "exit 7")]).run(lambda: None)


def test_one_that_dies_is_started_again(tmp_path):
    lives = tmp_path / "lives"
    mortal = shell("mortal", f"echo $$ >> {lives}; {READY} exec tail -f /dev/null")
    stack = stack_of([mortal])

    def kill_and_watch():
        wait_until(mortal.is_ready, 10)
        os.kill(int(lives.read_text().split()[0]), signal.SIGKILL)
        wait_until(lambda: len(lives.read_text().split()) == 2, 10)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=kill_and_watch)
    stack.run(thread.start)
    thread.join()

    assert len(lives.read_text().split()) == 2
    assert not mortal.running


def test_it_ends_with_whoever_holds_the_other_end_of_its_stdin():
    reader, writer = os.pipe()
    one = shell("one", READY + "exec tail -f /dev/null")
    stack = stack_of([one])
    stack.stop_when_closed(reader)

    stack.run(lambda: os.close(writer))

    assert not one.running
    os.close(reader)


def test_one_that_does_not_listen_is_killed_in_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("workers.stack.STOP_WITHIN", 0.1)
    deaf = shell("deaf", f"trap '' TERM; {for_ever(tmp_path / 'deaf')}")

    stack_of([deaf]).run(lambda: os.kill(os.getpid(), signal.SIGTERM))

    assert not deaf.running
