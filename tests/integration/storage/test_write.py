"""What a step leaves in the tables, the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from workflow.storage import tables as t
from workflow.storage.store import Store
from workflow.testing.steps import act, clock_started, filing, take


def test_a_case_and_its_events_read_back_as_they_were_written(store: Store):
    now = store.clock().now
    with store.write() as tx:
        case = take(tx, "c1", filing(now), clock_started(now, "decide", 20), key="k1")

    assert store.case("c1") == case
    assert store.case_id("A-1") == "c1"
    assert [type(event).__name__ for _, event in store.history("c1")] == ["FilingSubmitted", "ClockStarted"]
    assert [envelope.recorded_at for envelope, _ in store.history("c1")] == [now, now]
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="k1")
    assert opened.case == case
    assert opened.remembered is not None
    assert (opened.remembered.case_id, opened.remembered.seq) == ("c1", 2)
    with store.write() as tx:
        moved = take(tx, "c1", act(now, "accept", "submitted", "review"))
    assert store.case("c1") == moved
