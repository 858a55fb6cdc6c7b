"""The periods of a case as they stand: what runs, what is stopped and why, who holds the time, and the reasons."""

from __future__ import annotations

from datetime import date

import pytest

from tests.integration.transfers import Transfers
from workflow.queries.cases import case_by_no
from workflow.queries.clocks import Held, clocks


@pytest.fixture
def transfers(store):
    return Transfers(store)


def views(transfers, no):
    case, matter = case_by_no(transfers.store, no)
    facts = transfers.banjie.facts(matter.definition)
    return {view.clock: view for view in clocks(matter.definition, case, facts, transfers.store.clock().now)}


def test_a_period_that_runs_tells_its_end_and_who_answers_for_it(transfers):
    view = views(transfers, transfers.file())["step_internal_review"]

    assert (view.standing, view.started_on, view.due_on) == ("running", date(2026, 9, 7), date(2026, 9, 10))
    assert view.due_at.isoformat() == "2026-09-10T16:00:00+00:00"
    assert (view.days_left, view.late, view.provisional) == (3, False, False)
    assert (view.basis, view.period, view.rule) == ("promise", "3wd", "cn.promise.working_days")
    assert view.held == Held(post="ministry_reviewer", organ="hydrology-and-coasts")


def test_its_explanation_counts_the_days_of_the_period(transfers):
    view = views(transfers, transfers.file())["step_internal_review"]

    counted = [day.date for day in view.explanation.days if day.counted]
    assert counted == [date(2026, 9, 8), date(2026, 9, 9), date(2026, 9, 10)]


def test_days_run_down_to_the_last_and_then_into_the_red(transfers):
    no = transfers.file()
    seen = []
    for _ in range(7):
        view = views(transfers, no)["step_internal_review"]
        seen.append((view.days_left, view.late))
        transfers.days(1)

    # Monday to Sunday: the last day is Thursday the 10th, and the weekend adds nothing.
    assert seen == [(3, False), (2, False), (1, False), (0, False), (-1, True), (-1, True), (-1, True)]


def test_while_the_notice_stands_the_time_of_handling_is_stopped(transfers):
    no = transfers.file()
    transfers.to_the_notice(no)

    handling = views(transfers, no)["handling"]

    assert (handling.standing, handling.grounds) == ("stopped", ("publicity",))
    assert (handling.due_on, handling.due_at, handling.days_left) == (None, None, None)
    assert views(transfers, no)["publicity"].standing == "running"


def test_what_has_ended_is_held_by_nobody_and_has_no_days_left(transfers):
    no = transfers.file()
    transfers.days(7)
    transfers.act(no, "pan-haiyan", "endorse", text="符合条件")

    view = views(transfers, no)["step_internal_review"]

    assert (view.standing, view.ended_on, view.late) == ("ended", date(2026, 9, 14), True)
    assert (view.days_left, view.held, view.grounds) == (None, None, ())
