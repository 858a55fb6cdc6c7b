"""Which quotas a command locks before it is decided: those it will move, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.quota.walk import Walk
from workflow.domain.commands import SYSTEM, FireRung, Reproject, RunJob, TakeAction
from workflow.domain.quota.need import Need, every, needs
from workflow.testing.quota_matter import KIND, ORGAN
from workflow.testing.sample import at

PLACE = (Need(kind=KIND, organ=ORGAN, since=2026),)


def act(action):
    return TakeAction(case_id="c", key="k", actor="x", action=action)


def needed(walk, command):
    return needs(walk.definition, walk.case, command, walk.now)


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        ("look", ()),
        ("send_back", ()),
        ("leave_to_machine", ()),
        ("find", PLACE),
        ("approve", PLACE),
        ("refuse", PLACE),
        ("withdraw", PLACE),
        ("claim", ()),
    ],
)
def test_an_act_on_a_case_that_holds_a_place(action, wanted):
    """A verb of the desk ends no case, so it waits for no quota."""
    walk = Walk()
    walk.report()

    assert needed(walk, act(action)) == wanted


@pytest.mark.parametrize(("action", "wanted"), [("report", PLACE), ("archive", ()), ("claim", ())])
def test_an_act_on_a_case_that_holds_none(action, wanted):
    assert needed(Walk(), act(action)) == wanted


def test_a_period_that_is_over_counts_and_one_that_runs_does_not():
    walk = Walk()
    walk.report()
    clock = walk.case.clock("answer")
    fire = FireRung(
        case_id="c",
        key="r",
        actor=SYSTEM,
        clock="answer",
        generation=1,
        rung=clock.rungs[-1].rung,
        revision=0,
    )

    assert needed(walk, act("look")) == ()
    assert needed(walk, fire) == PLACE
    walk.now = clock.rungs[-1].at
    assert needed(walk, act("look")) == PLACE


def test_the_machines_own_steps():
    walk = Walk()
    walk.report()
    walk.act("anna", "leave_to_machine")
    job = RunJob(case_id="c", key="j", actor=SYSTEM, job=1, action="decide_alone", visit=walk.case.visit)

    assert needed(walk, job) == PLACE
    assert needed(walk, Reproject(case_id="c", key="p", actor=SYSTEM)) == ()


def test_the_years_reach_back_to_the_filing():
    walk = Walk(now=at("2026-12-30"))
    walk.report(on="2027-01-05")

    assert needed(walk, act("approve")) == PLACE


def test_a_matter_without_a_quota_locks_none_unless_the_case_still_holds_places():
    walk = Walk()
    plain = replace(walk.definition, quota=None)
    assert needs(plain, walk.case, act("withdraw"), walk.now) == ()
    assert every(plain, None) == ()
    walk.report()

    assert needs(plain, walk.case, act("withdraw"), walk.now) == PLACE
    assert every(plain, walk.case) == PLACE
