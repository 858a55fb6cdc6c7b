"""Some seeds of the simulator, each of which ends with all promises kept; and that a seed says everything."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.simulation.simulate import LEAST, played, run

SEEDS = range(1, 13)

DIGEST = """
import hashlib, sys
from tests.simulation.simulate import played
with played(int(sys.argv[1])) as play:
    with play.world.store.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars()
        rows = [str(row) for name in list(names) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]
    told = "\\n".join([*play.crowd.history.lines, *rows])
print(hashlib.sha256(told.encode()).hexdigest())
"""


def test_the_engine_keeps_its_promises_in_a_bad_world():
    outcomes = [run(seed) for seed in SEEDS]

    assert [(one.seed, one.faults) for one in outcomes if one.faults] == []
    assert all(one.commands >= LEAST for one in outcomes)
    happened = sum((one.counts for one in outcomes[1:]), outcomes[0].counts)
    for what in (
        "accepted", "refused", "repeated", "reply_lost", "commit_unknown", "lost_before_commit", "busy", "stalled",
        "death_after_commit", "death_at_read", "death_at_write", "message_dropped", "message_doubled", "messages_mixed",
        "broker_away", "errand_notice", "errand_absence", "jump_to_due",
    ):  # fmt: skip
        assert happened[what] > 0, what


def test_the_same_seed_is_the_same_history_to_the_last_byte():
    """Told by two processes whose sets and mappings are not in the same order."""
    digests = [
        subprocess.run(
            [sys.executable, "-c", DIGEST, "7"],
            env={**os.environ, "PYTHONHASHSEED": number},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for number in ("1", "2")
    ]

    assert digests[0] == digests[1] != ""


def test_another_seed_is_another_history():
    with played(3, least=40) as one:
        first = one.crowd.history.lines
    with played(4, least=40) as other:
        assert other.crowd.history.lines != first
