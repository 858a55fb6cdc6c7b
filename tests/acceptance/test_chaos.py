"""Chaos in its short form: the whole installation under load while its parts are killed, frozen and cut off (`make chaos` is
the long one). Nothing acknowledged may be lost or done twice, nothing due missed or early, and the record must verify.
"""

from __future__ import annotations

import pytest

from tests.chaos.faults import ON_POSTGRESQL, ON_SQLITE, plan
from tests.chaos.running import EVERY, run

SECONDS = 40.0


@pytest.mark.parametrize(("sqlite", "seconds"), [(False, SECONDS), (True, SECONDS / 2)])
def test_what_was_acknowledged_is_there_once_and_what_fell_due_was_done_once(tmp_path, sqlite, seconds):
    report = run(tmp_path, 7, seconds, clients=2, sqlite=sqlite)

    assert report.verdict.wrong == []
    # It was chaos, and it was load.
    assert sum(report.faults.values()) >= 5
    assert report.verdict.counts["acknowledged"] >= 10
    assert report.verdict.counts["automatic steps"] >= 5


@pytest.mark.parametrize("kinds", [ON_POSTGRESQL, ON_SQLITE])
def test_the_same_seed_gives_the_same_faults_and_every_kind_has_its_turn(kinds):
    names = sorted(kinds)

    first = plan(3, 600.0, names, every=EVERY)

    assert first == plan(3, 600.0, names, every=EVERY)
    assert first != plan(4, 600.0, names, every=EVERY)
    assert {fault.name for fault in first[: len(names)]} == set(names)
