"""Waiting for a condition ends with it, or says plainly what was waited for."""

from __future__ import annotations

import pytest

from workflow.testing.waiting import wait_until


def test_it_gives_the_first_answer_that_is_yes():
    answers = iter([0, None, "", "yes", "later"])

    assert wait_until(lambda: next(answers), every=0) == "yes"


def test_a_condition_is_asked_at_least_once():
    assert wait_until(lambda: True, timeout=0)


def test_the_deadline_says_what_was_waited_for_and_what_was_seen():
    with pytest.raises(TimeoutError, match=r"0\.02 s for the broker; the last answer was 0"):
        wait_until(lambda: 0, timeout=0.02, every=0.001, what="the broker")
