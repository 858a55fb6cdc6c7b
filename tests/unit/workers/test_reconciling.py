"""The reconciler's process passes every so often, proves once a day, tells what is new, and survives what fails."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.workers.fakes import HandClock
from workers.reconciling import CLOCKS_EVERY, MOST_TOLD, PASS_EVERY, Reconciling
from workflow.engine.reconciler import Pass
from workflow.engine.time_watch import Looked
from workflow.errors import DatabaseUnavailable
from workflow.storage.alarm_register import Alarm


class Bench:
    def __init__(self):
        self.clock, self.said, self.passes, self.proofs, self.clocks = HandClock(), [], 0, 0, 0
        self.fault, self.raised, self.proof_due, self.stopping = None, (), False, False
        self.asked_to_stop = []
        self.reconciling = Reconciling(
            self.look_at_clocks,
            self.look,
            self.prove,
            lambda: self.proof_due,
            stopping=lambda: self.stopping,
            reporter=self,
            clock=self.clock,
        )

    def say(self, **facts):
        self.said.append(facts)

    def look_at_clocks(self):
        self.clocks += 1
        return Looked()

    def look(self):
        self.passes += 1
        if self.fault is not None:
            raise self.fault
        return Pass(raised=self.raised, rehinted=len(self.raised))

    def prove(self, stopping):
        self.proofs += 1
        self.asked_to_stop.append(stopping())
        return Pass()

    def runs_for(self, seconds):
        until = self.clock() + seconds
        while self.clock() < until:
            self.clock.tick(self.reconciling.step())


@pytest.fixture
def bench():
    return Bench()


def test_a_pass_every_so_often_and_the_clocks_more_often(bench):
    bench.runs_for(PASS_EVERY * 4 + 1)

    assert bench.passes == 4
    assert bench.clocks == PASS_EVERY * 4 / CLOCKS_EVERY + 1
    assert bench.proofs == 0
    assert bench.said == [{"reconciled": True}] * 4


def test_a_proof_when_it_is_due_is_asked_whether_to_stop_and_gives_signs_of_life(bench):
    bench.proof_due = bench.stopping = True
    bench.runs_for(PASS_EVERY + 1)

    assert bench.asked_to_stop == [True]
    assert bench.said == [{"reconciled": True}] * 2


def test_what_is_new_is_told(bench, caplog):
    alarm = Alarm(name="work_parked", subject="x", since=datetime(2026, 9, 7, tzinfo=UTC), detail="y")
    bench.raised = (alarm,)
    bench.runs_for(PASS_EVERY + 1)

    assert [record.getMessage() for record in caplog.records] == ["work_parked", "hinted_anew"]


def test_of_many_alarms_of_one_name_some_are_told_and_the_others_counted(bench, caplog):
    since = datetime(2026, 9, 7, tzinfo=UTC)
    bench.raised = tuple(
        Alarm(name="invariant_broken", subject=f"case {number}", since=since, detail="I1")
        for number in range(MOST_TOLD + 7)
    )

    bench.reconciling._tell(Pass(raised=bench.raised))

    told = [record.fields for record in caplog.records if record.getMessage() == "invariant_broken"]
    assert len(told) == MOST_TOLD + 1
    assert told[-1] == {"more": 7}


@pytest.mark.parametrize(
    ("fault", "event"),
    [(DatabaseUnavailable(reason="away"), "reconciler_postponed"), (KeyError("x"), "reconciler_failed")],
)
def test_what_fails_is_tried_again(bench, caplog, fault, event):
    bench.fault = fault
    bench.runs_for(PASS_EVERY * 2 + 1)

    assert [record.getMessage() for record in caplog.records] == [event, event]
    assert bench.said == [{"reconciled": False}] * 2


def test_a_supervisor_that_is_gone_ends_it(bench):
    def gone(**_):
        raise BrokenPipeError

    bench.say = gone
    bench.clock.tick(PASS_EVERY)
    with pytest.raises(BrokenPipeError):
        bench.reconciling.step()
