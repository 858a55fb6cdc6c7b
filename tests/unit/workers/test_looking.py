"""A look never ends a worker: what fails is noted, what is away is waited for, what is no case id is refused."""

from __future__ import annotations

import pytest

from tests.unit.workers.fakes import FakeStore, HandClock
from workers.looking import ATTEMPTS, Looker, checked
from workflow.errors import BadInput, GuardRefused, NeedsNewerProgram
from workflow.storage.database import TryAgain

CASE = "44c44803-0ff3-59f2-8615-079b97c34e95"
OTHER = "55c44803-0ff3-59f2-8615-079b97c34e95"
HELD = "66c44803-0ff3-59f2-8615-079b97c34e95"


class Bench:
    def __init__(self, *faults):
        self.book = FakeStore(HandClock())
        self.faults = list(faults)
        self.looks = []
        self.together = []
        self.fault_together = None
        self.looker = Looker(self.advance, self.advance_many, self.book)

    def advance(self, case_id, *, done_by):
        self.looks.append((case_id, done_by))
        if self.faults:
            raise self.faults.pop(0)
        return 3

    def advance_many(self, case_ids, *, done_by):
        self.together.append((case_ids, done_by))
        if self.fault_together is not None:
            raise self.fault_together
        return 10, [case_id for case_id in case_ids if case_id == HELD]


def test_each_hand_is_named():
    bench = Bench()

    assert bench.looker.by_task(CASE) == 3
    assert bench.looker.by_pulse(CASE) == 3
    assert bench.looks == [(CASE, "task"), (CASE, "pulse")]


@pytest.mark.parametrize(
    "message", ["", "44c44803", "' OR 1=1", None, 7, ["x"], {"case": CASE}, CASE + "0", b"44c44803"]
)
def test_what_is_no_case_id_is_refused_and_ends_nothing(message, caplog):
    bench = Bench()

    assert bench.looker.by_task(message) == 0

    assert bench.looks == []
    assert [record.message for record in caplog.records] == ["message_refused"]
    with pytest.raises(BadInput, match="is not a case id"):
        checked(message)


def test_a_case_id_has_one_spelling():
    assert checked(CASE.upper()) == checked("{" + CASE + "}") == CASE


@pytest.mark.parametrize("fault", [GuardRefused(action="a", rule="r", needed="n"), ZeroDivisionError("x")])
def test_a_failure_is_noted_and_ends_nothing(fault):
    bench = Bench(fault)

    assert bench.looker.by_task(CASE) == 0

    assert bench.book.failures == [(CASE, f"{type(fault).__name__}: {fault}")]


def test_a_database_that_is_away_says_nothing_about_the_case():
    bench = Bench(TryAgain(reason="busy"))

    assert bench.looker.by_pulse(CASE) == 0

    assert bench.book.failures == []


def test_a_failure_that_cannot_be_noted_ends_nothing_either():
    bench = Bench(ZeroDivisionError())
    bench.book.away = True

    assert bench.looker.by_task(CASE) == 0


def test_a_case_that_always_fails_is_parked(caplog):
    bench = Bench(*[ValueError(f"no {number}") for number in range(ATTEMPTS)])

    for _ in range(ATTEMPTS):
        bench.looker.by_pulse(CASE)

    assert [record.message for record in caplog.records].count("case_parked") == 1


def test_looking_at_many_stops_when_told():
    bench = Bench()
    answers = iter([False, False, True])

    done = bench.looker.look_at_all(["a", "b", "c"], lambda: next(answers))

    assert done == 6
    assert [case_id for case_id, _ in bench.looks] == ["a", "b"]


def test_the_cases_of_one_message_are_advanced_together_and_those_held_by_others_by_themselves():
    bench = Bench()

    assert bench.looker.by_task(CASE, HELD, OTHER, CASE) == 13

    assert bench.together == [([CASE, HELD, OTHER], "task")]
    assert bench.looks == [(HELD, "task")]


def test_of_one_case_nothing_is_made_a_crowd():
    bench = Bench()

    assert bench.looker.by_task(CASE, "rubbish") == 3

    assert bench.together == []


@pytest.mark.parametrize("fault", [ValueError("x"), TryAgain(reason="deadlock")])
def test_when_something_is_wrong_with_one_of_many_each_is_looked_at_by_itself(fault):
    bench = Bench(ZeroDivisionError("of the first"))
    bench.fault_together = fault

    assert bench.looker.by_task(CASE, OTHER) == 3

    assert bench.looks == [(CASE, "task"), (OTHER, "task")]
    assert bench.book.failures == [(CASE, "ZeroDivisionError: of the first")]


def test_what_a_newer_program_must_do_is_left_to_it_and_counts_as_no_failure():
    bench = Bench(*[NeedsNewerProgram(what=CASE, reader=2, known=1)] * 2)
    assert not bench.looker.behind()

    assert bench.looker.look(CASE, done_by="task") == 0
    assert bench.book.passed_over == []
    assert bench.looker.look(CASE, done_by="pulse") == 0

    assert bench.book.passed_over == [CASE]
    assert bench.book.failures == []
    assert bench.looker.behind()
