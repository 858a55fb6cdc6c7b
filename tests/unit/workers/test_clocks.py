"""The keeper of the clock tells when outcomes are frozen, once, and when they are released."""

from __future__ import annotations

from datetime import timedelta

from workers.clocks import ClockKeeper
from workflow.engine.time_watch import Jump, Looked


def test_a_jump_is_told_once_and_so_is_its_end(caplog):
    jump = Jump(because="back", shift=timedelta(hours=-1))
    looks = iter(
        [Looked(), Looked(frozen=True, jump=jump), Looked(frozen=True), Looked(frozen=False), Looked()]
    )
    keeper = ClockKeeper(lambda: next(looks))
    for _ in range(5):
        keeper.beat()

    assert [record.getMessage() for record in caplog.records] == ["outcomes_frozen", "outcomes_released"]
