"""The driver of a replay: nothing due is skipped, nothing is done before its time, and what cannot be played says why."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import func, update

from workflow.catalog.loader import Catalog, load
from workflow.domain.commands import AnyCommand
from workflow.domain.events import RungFired
from workflow.domain.scene import Facts
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle
from workflow.errors import Conflict, RecordBroken, ReplayRefused
from workflow.exchange.mapping import LogMap, load_map
from workflow.exchange.replay import outcome, play
from workflow.exchange.script import Script, script_of
from workflow.exchange.xes import read
from workflow.storage import tables as t
from workflow.storage.store import Store
from workflow.texts import shipped_definitions

SLICE = Path(__file__).parents[2] / "data" / "receipt-slice.xes.gz"


class Engine:
    """The real engine as the hands of a replay, with every act of it noted."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self.banjie = Banjie(store=store, catalog=catalog)
        self.acts: list[datetime] = []

    def handle(self, command: AnyCommand) -> object:
        self.acts.append(self.banjie.store.clock().now)
        return handle(self.banjie, command)

    def advance(self, case_id: str) -> int:
        self.acts.append(self.banjie.store.clock().now)
        return advance(self.banjie, case_id, done_by="task")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="module")
def log_map(catalog: Catalog) -> LogMap:
    return load_map(shipped_definitions() / "maps" / "wabo-receipt.yaml", catalog)


@pytest.fixture
def script(log_map: LogMap) -> Script:
    """Five cases of the real log, the first of which is never concluded."""
    return script_of(islice(read(SLICE), 5), log_map, case_id_for, SLICE)


@pytest.fixture
def hands(store_without_clock: Store, catalog: Catalog) -> Iterator[Engine]:
    engine = Engine(store_without_clock, catalog)
    yield engine
    assert engine.acts == sorted(engine.acts)


def silent(_: int) -> None:
    """Nobody watches."""


def facts_of(catalog: Catalog) -> Facts:
    return Facts(calendar=catalog.calendars["nl"], law=catalog.law, directory=catalog.directory)


def test_each_line_is_played_at_its_instant_and_each_rung_fires_at_its_own(
    script: Script, store_without_clock: Store, hands: Engine, catalog: Catalog
) -> None:
    store, seen = store_without_clock, []
    automatic = play(script, store, hands, seen.append)
    assert seen == list(range(1, len(script.lines) + 1))
    assert store.clock().now == script.lines[-1].at
    fired = 0
    for case in script.cases:
        stored, history = store.case(case.case_id), store.history(case.case_id)
        assert stored is not None
        times = {(c.clock, r.rung, r.revision): r.at for c in stored.clocks for r in c.rungs}
        for envelope, event in history:
            if isinstance(event, RungFired):
                fired += 1
                assert envelope.recorded_at == times[event.clock, event.rung, event.revision]
    assert fired == automatic > 0
    told = outcome(script, store, facts_of(catalog), "decision", automatic)
    assert (told.cases, told.commands, told.automatic) == (5, len(script.lines), automatic)
    assert told.recorded == sum(len(store.history(case.case_id)) for case in script.cases)


def test_a_database_that_is_past_the_beginning_of_the_log_is_refused(
    script: Script, store_without_clock: Store, hands: Engine
) -> None:
    store_without_clock.create_clock("stepped", script.lines[0].at + timedelta(microseconds=1))
    with pytest.raises(Conflict, match="the log begins at"):
        play(script, store_without_clock, hands, silent)
    assert store_without_clock.case_ids() == []


def test_a_database_that_keeps_real_time_is_refused(
    script: Script, store_without_clock: Store, hands: Engine
) -> None:
    store_without_clock.create_clock("real")
    with pytest.raises(Conflict, match="real time"):
        play(script, store_without_clock, hands, silent)
    assert store_without_clock.case_ids() == []


def test_an_earlier_stepped_clock_is_moved_to_the_log(
    script: Script, store_without_clock: Store, hands: Engine
) -> None:
    store_without_clock.create_clock("stepped", datetime(2010, 1, 1, tzinfo=UTC))
    play(script, store_without_clock, hands, silent)
    assert hands.acts[0] == script.lines[0].at


def test_what_the_matter_refuses_stops_the_replay_and_is_named(
    write_log: Callable[..., Path], log_map: LogMap, store_without_clock: Store, hands: Engine
) -> None:
    check = "T12 Check document X request unlicensed"
    begun = {"startdate": "2011-10-11T10:00:00Z", "deadline": "2011-12-06T10:00:00Z"}
    log = write_log(("case-1", begun, [(check, "Resource01", "2011-10-12T10:00:00Z")]))
    script = script_of(read(log), log_map, case_id_for, log)
    with pytest.raises(ReplayRefused) as error:
        play(script, store_without_clock, hands, silent)
    for word in ("case-1", check, "2011-10-12T10:00:00", "check_unlicensed_document"):
        assert word in str(error.value)


def test_the_clock_does_not_pass_what_is_due_and_undone(
    script: Script, store_without_clock: Store, hands: Engine
) -> None:
    class Idle(Engine):
        def advance(self, case_id: str) -> int:
            return 0

    with pytest.raises(Conflict, match="nobody can do it"):
        play(script, store_without_clock, Idle(store_without_clock, hands.banjie.catalog), silent)
    due = store_without_clock.next_due()
    assert due is not None
    assert due == store_without_clock.clock().now


def test_a_row_that_its_events_do_not_give_is_found(
    script: Script, store_without_clock: Store, hands: Engine, catalog: Catalog
) -> None:
    automatic = play(script, store_without_clock, hands, silent)
    body = t.cases.c.body
    with store_without_clock.engine.begin() as connection:
        changed = update(t.cases).where(t.cases.c.id == script.cases[1].case_id)
        connection.execute(changed.values(body=func.replace(body, '"supplements":0', '"supplements":1')))
    with pytest.raises(RecordBroken, match="do not give its row"):
        outcome(script, store_without_clock, facts_of(catalog), "decision", automatic)
