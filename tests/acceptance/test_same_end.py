"""Whatever befalls the broker and the workers, every case comes to the same end: the same rows in every table, on SQLite and
on PostgreSQL, as in a healthy run. The workers are real Celery workers, the broker speaks the real protocol.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

from tests.acceptance.records import Records, numbers, records, totals
from tests.acceptance.scenario import Scenario
from workers.embedded_broker import server_program
from workflow.catalog.loader import Catalog
from workflow.cli.embedded import StackProcess, embedded_stack
from workflow.config import Settings
from workflow.demo.driver import Standing
from workflow.domain.evolve import fold
from workflow.engine.banjie import Banjie
from workflow.evidence.walk import walk
from workflow.storage.store import Store, open_store
from workflow.testing.brokers import MischievousBroker, temporary_broker
from workflow.testing.waiting import wait_until

CASES = 20

#: Seconds after which work that does not get on lies with somebody who stands still; in health it takes hundredths.
STUCK_AFTER = 0.5

#: Moves of the clock within which a worker that stands still has been given something, if it takes anything at all.
ENOUGH_MOVES = 10


# --- weathers -------------------------------------------------------------------------------------------


class Weather:
    """What befalls a run. `told` hears how far it is, `alive` is asked while work is under way, `afterwards` when every case
    is archived, and `seen` is told in the end how much each hand has done. This one is health.
    """

    broker_url = ""
    ended = 0

    @classmethod
    @contextmanager
    def over(cls, folder: Path) -> Iterator[Self]:
        """This weather, for a run that may use `folder`."""
        yield cls()

    def told(self, standing: Standing) -> None:
        self.ended = standing.ended

    @property
    def half_way(self) -> bool:
        return self.ended >= CASES // 2

    def alive(self, stack: StackProcess) -> None:
        stack.check()

    def afterwards(self, stack: StackProcess) -> None:
        stack.check()

    def seen(self, work: dict[str, int]) -> None:
        assert work["task"] >= 0.95 * sum(work.values())


class Health(Weather):
    """The embedded stack as it is."""


class BrokerStops(Weather):
    """The broker is stopped for good in the middle of the work, when half of the cases are archived."""

    def __init__(self, server: subprocess.Popen[bytes], address: Path) -> None:
        self.server = server
        self.broker_url = f"unix://{address}"

    @classmethod
    @contextmanager
    def over(cls, folder: Path) -> Iterator[Self]:
        with temporary_broker(server_program(), folder / "b") as server:
            yield cls(server, folder / "b")

    def alive(self, stack: StackProcess) -> None:
        super().alive(stack)
        if self.half_way:
            self.server.terminate()

    def seen(self, work: dict[str, int]) -> None:
        assert self.server.poll() is not None
        assert work["task"] > 0
        assert work["pulse"] > 0


class EverythingThreeTimes(Weather):
    """The broker delivers every message three times and in another order, some copies long after the case has moved on."""

    def __init__(self, broker: MischievousBroker, address: Path) -> None:
        self.broker = broker
        self.broker_url = f"unix://{address}"

    @classmethod
    @contextmanager
    def over(cls, folder: Path) -> Iterator[Self]:
        real, front = folder / "b", folder / "m"
        with temporary_broker(server_program(), real), MischievousBroker(real, front, seed="7") as broker:
            yield cls(broker, front)

    def afterwards(self, stack: StackProcess) -> None:
        self.broker.deliver_the_rest()
        wait_until(lambda: self.broker.untaken() == 0, 20, what="the last copies to be taken")
        super().afterwards(stack)

    def seen(self, work: dict[str, int]) -> None:
        assert self.broker.sent > CASES
        assert self.broker.delivered == 3 * self.broker.sent
        assert work["task"] > 0


class WorkerKilled(Weather):
    """In the middle of the run a worker stops in its tracks and, when work is seen to lie with it, is killed (SIGKILL); the
    supervisor starts another. One that stopped with nothing in its hands goes on, and stops again."""

    frozen = killed = False
    moved_at = 0.0
    moves = 0

    def told(self, standing: Standing) -> None:
        super().told(standing)
        self.moved_at = time.monotonic()
        self.moves += self.frozen

    def alive(self, stack: StackProcess) -> None:
        super().alive(stack)
        if not self.half_way or self.killed:
            return
        if not self.frozen:
            self._send(stack, signal.SIGSTOP)
            self.frozen, self.moves = True, 0
        elif time.monotonic() - self.moved_at > STUCK_AFTER:
            self._send(stack, signal.SIGKILL)
            self.killed = True
        elif self.moves > ENOUGH_MOVES:
            self._send(stack, signal.SIGCONT)
            self.frozen = False

    def afterwards(self, stack: StackProcess) -> None:
        assert self.killed
        wait_until(lambda: "child_restarted" in stack.log.read_text(), 30, what="another worker")
        super().afterwards(stack)

    def seen(self, work: dict[str, int]) -> None:
        assert work["task"] > 0

    @staticmethod
    def _send(stack: StackProcess, number: signal.Signals) -> None:
        os.kill(stack.pids["workers"][0], number)


class PulseOnly(Weather):
    """Nobody answers at the broker's address, from the beginning."""

    def __init__(self, address: Path) -> None:
        self.broker_url = f"unix://{address}"

    @classmethod
    @contextmanager
    def over(cls, folder: Path) -> Iterator[Self]:
        yield cls(folder / "nobody")

    def seen(self, work: dict[str, int]) -> None:
        assert work["task"] == 0


# --- runs -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Came:
    """What came of a run: the rows by case and table, the totals that anybody can check by eye, and how many things the
    machine did.
    """

    rows: Records
    totals: dict[str, Counter[Any]]
    steps: int


def played(catalog: Catalog, database_url: str, folder: Path, weather: Weather) -> Came:
    """The scenario from file to archive in this weather; the record is checked by itself before it is given."""
    env = {
        "BANJIE_HOME": str(folder / "home"),
        "BANJIE_DATABASE_URL": database_url,
        "BANJIE_BROKER_URL": weather.broker_url,
    }
    settings = Settings.from_environment(env)
    scenario = Scenario(catalog)
    store = open_store(settings.database_url)
    try:
        store.create_clock("stepped", scenario.start)
        with embedded_stack(settings) as stack:
            banjie = Banjie(store=store, catalog=catalog)
            scenario.play(banjie, told=weather.told, alive=lambda: weather.alive(stack))
            weather.afterwards(stack)
        check(store)
        work = store.done_counts()
        weather.seen(work)
        rows = records(store, scenario.filings)
        return Came(rows=rows, totals=totals(rows), steps=sum(work.values()))
    finally:
        store.close()


def check(store: Store) -> None:
    """Every case is archived and is what its events say, its chain is whole, nothing is undone or set aside, and no number
    is lost or taken twice."""
    assert store.parked() == []
    assert store.quiet()
    told = walk(store)
    assert (told.broken, told.cases) == ([], CASES)
    for case_id in store.case_ids():
        case = store.case(case_id)
        history = [(event, envelope.actor) for envelope, event in store.history(case_id)]
        assert fold(history, case_id=case_id) == case
        assert case is not None
        assert case.state == "archived"
    for series, taken in numbers(store).items():
        assert taken == list(range(1, len(taken) + 1)), series


@pytest.fixture(scope="module")
def healthy(catalog: Catalog, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Came:
    """What comes of a healthy run on SQLite, the measure of all others."""
    folder = tmp_path_factory.mktemp("healthy")
    shutil.copy(sqlite_template, folder / "banjie.db")
    with Health.over(folder) as weather:
        return played(catalog, f"sqlite:///{folder / 'banjie.db'}", folder, weather)


# --- tests ----------------------------------------------------------------------------------------------

SEEN = {
    "FilingSubmitted", "MaterialsChecked", "SupplementRequested", "MaterialsSupplemented", "FilingAccepted",
    "CountingStopped", "CountingResumed", "ExtensionGranted", "NoticePublished", "NoticeTakenDown", "ObjectionRaised",
    "ObjectionDecided", "DecisionMade", "CaseConcluded", "DocumentIssued", "DocumentsDelivered", "ArrivalReported",
    "CaseArchived", "ClockStarted", "ClockEnded", "RungFired", "FindingRaised",
}  # fmt: skip


def test_a_healthy_run_has_everything_that_may_befall_a_case(healthy: Came) -> None:
    told = healthy.totals
    assert {(matter, outcome) for matter, state, outcome in told["ends"]} == {
        *(("transfer-into-beijing", end) for end in ("agreed", "disagreed", "not_accepted", "withdrawn")),
        *(("talent-agency-licence", end) for end in ("granted", "refused", "not_accepted", "withdrawn")),
    }
    assert told["events"].keys() >= SEEN
    assert {colour for _, colour, _ in told["findings"]} == {"reminder", "yellow", "red"}
    assert told["documents"].keys() >= {"supplement_notice", "hearing_notice", "withdrawal_notice"}
    payloads = [row["payload"] for case in healthy.rows.values() for row in case["events"]]
    assert any(payload.get("deemed") for payload in payloads)
    assert any(payload.get("upheld") for payload in payloads)
    assert any(payload.get("late") for payload in payloads)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("weather_of", [BrokerStops, EverythingThreeTimes, WorkerKilled, PulseOnly])
def test_every_case_comes_to_the_same_end(
    healthy: Came, catalog: Catalog, weather_of: type[Weather], database_url: str, tmp_path: Path
) -> None:
    with weather_of.over(tmp_path) as weather:
        same(played(catalog, database_url, tmp_path, weather), healthy)


def test_postgresql_in_health_comes_to_it_too(
    healthy: Came, catalog: Catalog, postgres_url: str, tmp_path: Path
) -> None:
    with Health.over(tmp_path) as weather:
        same(played(catalog, postgres_url, tmp_path, weather), healthy)


def same(came: Came, healthy: Came) -> None:
    """Numbers first, because they say in a line what is wrong; then every row of every case."""
    assert came.totals == healthy.totals
    assert came.rows.keys() == healthy.rows.keys()
    for key, tables in healthy.rows.items():
        for name, rows in tables.items():
            assert came.rows[key][name] == rows, f"{name} of {key}"
    assert came.steps == healthy.steps
