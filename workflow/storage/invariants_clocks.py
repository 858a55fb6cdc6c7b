"""Proofs over periods: each obligation has its rows, fires once, not early, and never after its end."""

from __future__ import annotations

from typing import Final

from workflow.storage.invariants import Proof

_WAITS: Final = "w.fired_at IS NULL AND w.cancelled_at IS NULL"
_NAMED: Final = "w.clock || '/' || w.rung || ' of generation ' || w.generation"
_SAME: Final = """w.case_id = e.case_id AND w.clock = {payload:clock}
          AND w.generation = CAST({payload:generation} AS integer) AND w.rung = {payload:rung}
          AND w.revision = CAST({payload:revision} AS integer)"""
_BODY_RUNG: Final = """w.case_id = c.id AND w.clock = {clock:clock}
          AND w.generation = CAST({clock:generation} AS integer) AND w.rung = {rung:rung}
          AND w.revision = CAST({rung:revision} AS integer)"""

CLOCKS: Final = (
    Proof(
        invariant="I4",
        rule="fired_without_row",
        sql=f"""
        SELECT e.case_id, 'event ' || e.seq
        FROM events e LEFT JOIN rungs w ON {_SAME}
        WHERE {{ours:e.case_id}} AND e.type = 'RungFired' AND w.fired_at IS NULL
        """,
    ),
    Proof(
        invariant="I4",
        rule="fired_without_event",
        # A period that was migrated takes with it, under its new name, what had fired under the old one.
        sql=f"""
        SELECT w.case_id, {_NAMED}
        FROM rungs w
        WHERE {{ours:w.case_id}} AND w.fired_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.type = 'RungFired' AND {_SAME})
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.case_id = w.case_id AND e.type = 'ClockMigrated'
                          AND {{payload:to_clock}} = w.clock)
        """,
    ),
    Proof(
        invariant="I4",
        rule="fired_twice",
        sql="""
        SELECT e.case_id, {payload:clock} || '/' || {payload:rung}
        FROM events e
        WHERE {ours:e.case_id} AND e.type = 'RungFired'
        GROUP BY e.case_id, {payload:clock}, {payload:generation}, {payload:rung}, {payload:revision}
        HAVING count(*) > 1
        """,
    ),
    Proof(
        invariant="I4",
        rule="fired_early",
        sql=f"""
        SELECT w.case_id, {_NAMED}
        FROM rungs w
        WHERE {{ours:w.case_id}} AND w.fired_at < w.fires_at
        """,
    ),
    Proof(
        invariant="I4",
        rule="fired_and_cancelled",
        sql=f"""
        SELECT w.case_id, {_NAMED}
        FROM rungs w
        WHERE {{ours:w.case_id}} AND w.fired_at IS NOT NULL AND w.cancelled_at IS NOT NULL
        """,
    ),
    Proof(
        invariant="I4",
        rule="waits_after_the_end",
        sql=f"""
        SELECT w.case_id, {_NAMED}
        FROM rungs w JOIN clocks k
          ON k.case_id = w.case_id AND k.clock = w.clock AND k.generation = w.generation
        WHERE {{ours:w.case_id}} AND {_WAITS} AND k.ended_on IS NOT NULL
        """,
    ),
    Proof(
        invariant="I4",
        rule="rung_without_clock",
        sql=f"""
        SELECT w.case_id, {_NAMED}
        FROM rungs w LEFT JOIN clocks k
          ON k.case_id = w.case_id AND k.clock = w.clock AND k.generation = w.generation
        WHERE {{ours:w.case_id}} AND k.case_id IS NULL
        """,
    ),
    Proof(
        invariant="I4",
        rule="waits_twice",
        sql=f"""
        SELECT w.case_id, w.clock || '/' || w.rung
        FROM rungs w
        WHERE {{ours:w.case_id}} AND {_WAITS}
        GROUP BY w.case_id, w.clock, w.generation, w.rung
        HAVING count(*) > 1
        """,
    ),
    Proof(
        invariant="I4",
        rule="rung_missing",
        # The one that would lose a right: the case still owes it, and nothing in the tables will ever bring it up.
        sql=f"""
        SELECT c.id, {{clock:clock}} || '/' || {{rung:rung}}
        FROM cases c {{clocks}} {{rungs}}
        LEFT JOIN rungs w ON {_BODY_RUNG}
        WHERE {{ours:c.id}} AND {{clock:ended_on}} IS NULL AND {{rung:fired}} <> {{true}}
          AND (w.case_id IS NULL OR w.fired_at IS NOT NULL OR w.cancelled_at IS NOT NULL
               OR (w.withheld_at IS NOT NULL) <> ({{rung:withheld}} = {{true}})
               OR {{second:w.fires_at}} <> {{rung_second:at}})
        """,
    ),
    Proof(
        invariant="I4",
        rule="rung_of_nothing",
        sql=f"""
        SELECT w.case_id, {_NAMED}
        FROM rungs w
        WHERE {{ours:w.case_id}} AND {_WAITS} AND NOT EXISTS (
          SELECT 1 FROM cases c {{clocks}} {{rungs}}
          WHERE c.id = w.case_id AND {{clock:ended_on}} IS NULL AND {_BODY_RUNG})
        """,
    ),
    Proof(
        invariant="I4",
        rule="clock_differs",
        sql="""
        SELECT c.id, {clock:clock}
        FROM cases c {clocks}
        LEFT JOIN clocks w ON w.case_id = c.id AND w.clock = {clock:clock}
          AND w.generation = CAST({clock:generation} AS integer)
        WHERE {ours:c.id} AND (
          w.case_id IS NULL
          OR coalesce(CAST(w.ended_on AS text), '') <> coalesce({clock:ended_on}, '')
          OR coalesce(CAST(w.due_on AS text), '') <> coalesce({clock_due:on}, '')
          OR (w.due_at IS NULL) <> ({clock_due:at} IS NULL)
          OR {second:w.due_at} <> {due_second:at})
        """,
    ),
    Proof(
        invariant="I4",
        rule="withheld_for_nothing",
        sql=f"""
        SELECT w.case_id, {_NAMED}
        FROM rungs w JOIN clocks k
          ON k.case_id = w.case_id AND k.clock = w.clock AND k.generation = w.generation
        WHERE {{ours:w.case_id}} AND {_WAITS} AND w.withheld_at IS NOT NULL
          AND k.ended_on IS NULL AND NOT k.provisional
        """,
    ),
)
