"""A small demonstration played without processes: this thread is the office, and the hands of the machine as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from workflow.catalog.loader import Catalog, load
from workflow.demo.driver import drive
from workflow.demo.stage import Stage, demo_settings, fresh_database, set_stage
from workflow.demo.summary import Summary, summary
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.storage.store import Store

CASES, SMALL = 45, 10


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


def play(
    banjie: Banjie, stage: Stage, order: Callable[[list[str]], list[str]] = lambda case_ids: case_ids
) -> None:
    """Play it all; `order` is the order in which this machine happens to do what is due at one instant."""

    def work() -> None:
        while case_ids := banjie.store.take_due(1000):
            for case_id in order(case_ids):
                advance(banjie, case_id, done_by="task")

    drive(banjie, stage.office, stage.answers, stage.hours, total=stage.cases, alive=work)


class Played:
    """A demonstration that has been played: who played it, what it came to, and its figures."""

    def __init__(self, banjie: Banjie, stage: Stage, figures: Summary) -> None:
        self.banjie = banjie
        self.stage = stage
        self.figures = figures

    def cases(self):
        return [self.banjie.store.case(case_id) for case_id in self.banjie.store.case_ids()]


def played_on(store: Store, catalog: Catalog, *, cases: int, start: str = "2026-09-14", **how) -> Played:
    """Play on a store whose clock does not stand later than the first slot."""
    stage = set_stage(catalog, cases=cases, seed="7", start=date.fromisoformat(start))
    banjie = Banjie(store=store, catalog=catalog)
    play(banjie, stage, **how)
    return Played(banjie, stage, summary(banjie, first=stage.hours.first, seconds=0))


def on_sqlite(home: Path, catalog: Catalog, cases: int) -> Iterator[Played]:
    settings = demo_settings({"BANJIE_HOME": str(home)})
    stage = set_stage(catalog, cases=cases, seed="7", start=date(2026, 9, 14))
    with fresh_database(settings, stage.hours.at(0)) as store:
        yield played_on(store, catalog, cases=cases)


@pytest.fixture(scope="session")
def played(catalog, tmp_path_factory) -> Iterator[Played]:
    yield from on_sqlite(tmp_path_factory.mktemp("played"), catalog, CASES)


@pytest.fixture(scope="session")
def small(catalog, tmp_path_factory) -> Iterator[Played]:
    yield from on_sqlite(tmp_path_factory.mktemp("small"), catalog, SMALL)
