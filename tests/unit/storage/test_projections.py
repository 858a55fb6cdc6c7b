"""The rows of a step, applied to tables in memory, always say the same as the case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.case import Case
from workflow.domain.events import (
    ClockEnded,
    ClockStarted,
    CountingResumed,
    CountingStopped,
    DueDate,
    DueDateReprojected,
    Event,
    ExtensionGranted,
    ExtensionRemoved,
    OutcomeWithheld,
    RungFired,
    RungTime,
)
from workflow.storage.projections import rows_of
from workflow.storage.tables import metadata
from workflow.storage.transaction import Opened
from workflow.storage.writes import WRITES
from workflow.testing.steps import act, filing, step_of

NOW = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
ON = date(2026, 9, 7)
KEYS = {write.name: [column.name for column in write.table.primary_key] for write in WRITES}


class Tables:
    """The tables as dictionaries, obeying the same rules: a key once, and an update finds its row."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = defaultdict(dict)

    def apply(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        for write in WRITES:
            for row in rows.get(write.name, ()):
                self._apply(write, row)

    def _apply(self, write: Any, row: dict[str, Any]) -> None:
        table = self.rows[write.table.name]
        if write.how == "update":
            found = [
                there for there in table.values() if all(there[name] == row[name] for name in write.match)
            ]
            assert len(found) == 1 or not write.exact
            for there in found:
                there.update({name: row[name] for name in write.columns})
            return
        key = tuple(row[name] for name in KEYS[write.name])
        assert key not in table or write.how == "upsert"
        table[key] = {name: row.get(name) for name in write.columns}


def due(days: int) -> DueDate:
    return DueDate(
        on=ON + timedelta(days=days), at=NOW + timedelta(days=days), provisional=days % 2 == 0, calendar="c"
    )


def ladder(days: int) -> tuple[RungTime, ...]:
    return (
        RungTime(rung="red", at=NOW + timedelta(days=days)),
        RungTime(rung="reminder", at=NOW + timedelta(days=days - 1)),
    )


@st.composite
def clock_events(draw: st.DrawFn, case: Case) -> Event:
    """Any event that may happen to the clocks of the case; several may be taken in one step."""
    days = draw(st.integers(2, 9))
    running = [clock for clock in case.clocks if clock.open]
    if not running or (len(case.clocks) < 4 and draw(st.booleans())):
        return ClockStarted(
            at=NOW, clock=draw(st.sampled_from(["decide", "accept"])), generation=len(case.clocks) + 1, rule="r",
            rule_version="1", period="9d", on=ON, due=due(days), rungs=ladder(days),
        )  # fmt: skip
    clock = draw(st.sampled_from(running))
    name: Any = {"at": NOW, "clock": clock.clock, "generation": clock.generation}
    waiting = [rung for rung in clock.rungs if not rung.fired and not rung.withheld]
    choices: list[Event] = [
        ClockEnded(**name, on=ON, late=draw(st.booleans())),
        ExtensionGranted(
            **name, period="5d", reason="hard", on=ON, ref="x", due=due(days), rungs=ladder(days)
        ),
        ExtensionRemoved(**name, reason="wrong", on=ON, ref="x", due=due(days), rungs=ladder(days)),
        CountingResumed(**name, ground="hearing", on=ON, ref="h", due=due(days), rungs=ladder(days)),
    ]
    if clock.due is not None:
        choices += [
            CountingStopped(**name, ground="hearing", on=ON, ref="h"),
            DueDateReprojected(**name, old=clock.due, due=due(days), reason="notice", rungs=ladder(days)),
        ]
    for rung in waiting:
        choices += [RungFired(**name, rung=rung.rung, revision=rung.revision)] * 2
        choices += [OutcomeWithheld(**name, rung=rung.rung, revision=rung.revision)]
    return draw(st.sampled_from(choices))


@given(st.data())
def test_clock_and_rung_rows_say_the_same_as_the_case(data):
    tables, case, head = Tables(), None, b""
    for _ in range(data.draw(st.integers(1, 6))):
        opened = Opened(now=NOW, case=case, head=head, remembered=None)
        events: list[Event] = [filing(NOW)] if case is None else []
        after = step_of(opened, "c1", events).after if events else case
        for _ in range(data.draw(st.integers(0, 3))):
            events.append(data.draw(clock_events(after)))
            after = step_of(opened, "c1", events).after
        step = step_of(opened, "c1", events, done_by="task") if events else None
        if step is None:
            continue
        tables.apply(rows_of(step, NOW))
        case, head = step.after, step.events[-1][0].hash
        assert_same(tables, case)


def assert_same(tables: Tables, case: Case) -> None:
    clocks = {(row["clock"], row["generation"]): row for row in tables.rows["clocks"].values()}
    assert set(clocks) == {(clock.clock, clock.generation) for clock in case.clocks}
    waiting, fired, withheld = set(), set(), set()
    for clock in case.clocks:
        row = clocks[clock.clock, clock.generation]
        assert (row["due_at"], row["ended_on"], row["late"], row["revision"], row["extensions"]) == (
            clock.due.at if clock.due else None, clock.ended_on, clock.late, clock.revision, clock.extensions,
        )  # fmt: skip
        for rung in clock.rungs:
            key = (clock.clock, clock.generation, rung.rung, rung.revision, rung.at)
            if rung.fired:
                fired.add(key)
            elif clock.open:
                (withheld if rung.withheld else waiting).add(key)
    found = [
        (tuple(row[name] for name in ("clock", "generation", "rung", "revision", "fires_at")), row)
        for row in tables.rows["rungs"].values()
    ]
    open_rows = [(key, row) for key, row in found if row["fired_at"] is None and row["cancelled_at"] is None]
    assert {key for key, row in open_rows if row["withheld_at"] is None} == waiting
    assert {key for key, row in open_rows if row["withheld_at"] is not None} == withheld
    assert fired <= {key for key, row in found if row["fired_at"] is not None and row["done_by"] == "task"}


def test_a_step_without_events_leaves_the_case_alone():
    first = step_of(Opened(now=NOW, case=None, head=b"", remembered=None), "c1", [filing(NOW)])
    again = step_of(Opened(now=NOW, case=first.after, head=b"h", remembered=None), "c1", [], key="k1")

    assert {name: len(rows) for name, rows in rows_of(again, NOW).items() if rows} == {"commands": 1}


def test_what_did_not_change_is_not_written():
    first = step_of(
        Opened(now=NOW, case=None, head=b"", remembered=None),
        "c1",
        [
            filing(NOW),
            ClockStarted(
                at=NOW, clock="decide", generation=1, rule="r", rule_version="1", period="9d", on=ON, due=due(9),
                rungs=ladder(9),
            ),
        ],
    )  # fmt: skip
    opened = Opened(now=NOW, case=replace(first.after), head=b"h", remembered=None)
    second = step_of(opened, "c1", [act(NOW, "note", "submitted", "submitted")])

    assert {name for name, rows in rows_of(second, NOW).items() if rows} == {"cases_moved", "events"}


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_every_write_names_columns_that_exist(write):
    assert {*write.columns, *write.match} <= {column.name for column in write.table.columns}
    assert write.how == "update" or set(KEYS[write.name]) <= set(write.columns)


def test_every_column_is_written_by_somebody_or_may_be_left_out():
    for table in metadata.tables.values():
        writes = [write for write in WRITES if write.table is table]
        if all(write.how == "update" for write in writes):
            continue  # its rows begin elsewhere: a file is staged before a case names it
        written = {name for write in writes for name in write.columns}
        for column in table.columns:
            assert (
                not written or column.name in written or column.nullable or column.server_default is not None
            )
