"""A demonstration that is broken off anywhere and gone on with ends exactly as one that was not."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from tests.integration.demo.conftest import SMALL, play
from workflow.demo import driver
from workflow.demo.stage import demo_settings, fresh_database, set_stage
from workflow.demo.summary import summary
from workflow.engine.banjie import Banjie
from workflow.errors import BanjieError


class Killed(BaseException):
    """What happens to a process; no code of ours catches it."""


def record(store):
    """Everything that was done: by whom, when, under which key; and the numbers that were given."""
    return {
        case_id: (
            store.case(case_id).no,
            [(one.type, one.recorded_at, one.actor, one.command_id) for one, _ in store.history(case_id)],
        )
        for case_id in store.case_ids()
    }


class Deaths:
    """Kills whoever drives at the given steps: a step is a command, before or after it was carried out, or a moving of the
    clock."""

    def __init__(self, monkeypatch, steps):
        self.steps = set(steps)
        self.taken = 0
        self.handle = driver.handle
        monkeypatch.setattr(driver, "handle", self.commanded)

    def commanded(self, banjie, command):
        self.step()
        receipt = self.handle(banjie, command)
        self.step()
        return receipt

    def moved(self, advance):
        def move(to):
            self.step()
            advance(to)
            self.step()

        return move

    def step(self):
        self.taken += 1
        if self.taken in self.steps:
            raise Killed


def lived(store, catalog, deaths=None):
    """Play it, as often as it is broken off from the beginning of the program; gives how often, and the figures."""
    lives = 0
    while True:
        lives += 1
        stage = set_stage(catalog, cases=SMALL, seed="7", start=date(2026, 9, 14))
        banjie = Banjie(store=store, catalog=catalog)
        try:
            play(banjie, stage)
        except Killed:
            continue
        return lives, summary(banjie, first=stage.hours.first, seconds=0)


def told(figures):
    return {name: value for name, value in figures.plain().items() if name != "seconds"}


@pytest.fixture(scope="session")
def whole(small):
    return record(small.banjie.store), told(small.figures)


@pytest.mark.parametrize("seed", range(6))
def test_broken_off_at_any_steps_it_ends_the_same(catalog, tmp_path, monkeypatch, whole, seed):
    settings = demo_settings({"BANJIE_HOME": str(tmp_path)})
    stage = set_stage(catalog, cases=SMALL, seed="7", start=date(2026, 9, 14))
    with fresh_database(settings, stage.hours.at(0)) as store:
        steps = sorted(Random(seed).sample(range(1, 500), 5))
        deaths = Deaths(monkeypatch, steps)
        monkeypatch.setattr(store, "advance", deaths.moved(store.advance))

        lives, figures = lived(store, catalog)

        assert lives == 1 + sum(step <= deaths.taken for step in steps) > 1
        assert record(store) == whole[0]
        assert told(figures) == whole[1]


def test_going_on_after_the_end_tells_the_same_again(catalog, tmp_path, whole):
    settings = demo_settings({"BANJIE_HOME": str(tmp_path)})
    stage = set_stage(catalog, cases=SMALL, seed="7", start=date(2026, 9, 14))
    with fresh_database(settings, stage.hours.at(0)) as store:
        lived(store, catalog)
        lives, figures = lived(store, catalog)

        assert (lives, told(figures)) == (1, whole[1])
        assert record(store) == whole[0]


def test_a_command_that_is_given_twice_is_done_once(catalog, tmp_path, monkeypatch, whole):
    """What the office would send again, had it not read what it has done, changes nothing either: the keys see to that."""
    settings = demo_settings({"BANJIE_HOME": str(tmp_path)})
    stage = set_stage(catalog, cases=SMALL, seed="7", start=date(2026, 9, 14))
    once = driver.handle

    def twice(banjie, command):
        once(banjie, command)
        try:
            return once(banjie, command)
        except BanjieError as error:
            pytest.fail(f"{command.key}: {error}")

    monkeypatch.setattr(driver, "handle", twice)
    with fresh_database(settings, stage.hours.at(0)) as store:
        _, figures = lived(store, catalog)

        assert told(figures) == whole[1]
