"""What an operator watches is counted from indexes, on both databases."""

from __future__ import annotations

import pytest

from workflow.queries import gauges

QUERIES = gauges.NUMBERS | gauges.MOMENTS | {"findings": gauges.FINDINGS, "alarms": gauges.ALARMS}


def literal(query, connection):
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    return str(compiled).replace("%%", "%")


@pytest.mark.parametrize("name", QUERIES)
def test_no_gauge_reads_a_whole_table(store, name):
    """PostgreSQL would read a small table whole, which is right; it is asked what it can do where that is dear."""
    with store.read() as connection:
        how = "EXPLAIN QUERY PLAN"
        if store.dialect == "postgresql":
            how = "EXPLAIN"
            connection.exec_driver_sql("SET enable_seqscan = off")
        plan = [
            str(row[-1]) for row in connection.exec_driver_sql(f"{how} {literal(QUERIES[name], connection)}")
        ]
        if store.dialect == "postgresql":
            connection.exec_driver_sql("RESET enable_seqscan")

    # The installation is one row; a subquery is what another line of the plan reads.
    reads = [
        line
        for line in plan
        if ("Scan" in line or line.startswith(("SCAN", "SEARCH")))
        and "installation" not in line
        and "anon" not in line
        and "CONSTANT" not in line
    ]
    assert reads, plan
    assert all("ix" in line.lower() for line in reads if "Bitmap Heap" not in line), plan


def test_an_empty_installation_has_nothing_to_tell(store):
    now = gauges.gauges(store)

    assert now.oldest_due_seconds == now.relay_lag_seconds == now.work_parked == 0
    assert now.queue_depth == {"rungs": 0, "jobs": 0, "notifications": 0}
    assert now.reconciled_seconds is None
    assert now.outcomes_frozen is False
    assert now.findings_open == now.alarms == {}
