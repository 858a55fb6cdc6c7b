"""Who held the time: every stretch has one holder, and the shares add up to the whole."""

from __future__ import annotations

import pytest

from tests.unit.domain.walk import FACTS, Walk, to_review
from workflow.domain.holding import held, working_days_by
from workflow.testing import sample
from workflow.testing.sample import at

DEFINITION = sample.definition()


@pytest.fixture
def walk():
    return Walk()


def stretches(walk, until):
    return held(DEFINITION, FACTS.law, walk.events, until)


def test_a_state_says_whose_time_it_is(walk):
    walk.file(materials=("charter",))
    walk.act("clerk", "request_supplement", at("2026-09-22"))
    walk.act("ella", "supplement", at("2026-09-24"), materials=["funds"])
    walk.job("precheck", at("2026-09-24"))
    found = [(s.state, s.holder, s.post, s.organ) for s in stretches(walk, at("2026-09-25"))]
    assert found == [
        ("received", "organ", "window", "office"),
        ("supplementing", "applicant", "applicant", "agency"),
        ("received", "organ", "window", "office"),
    ]


def test_while_time_is_out_the_ground_says_who_has_it(walk):
    to_review(walk)
    walk.act("anna", "consult", at("2026-10-12"), ground="testing")
    walk.act("anna", "hear_back", at("2026-10-14"), ground="testing")
    found = [(s.holder, s.ground) for s in stretches(walk, at("2026-10-20")) if s.state == "review"]
    assert found == [("organ", None), ("expert", "testing"), ("organ", None)]


def test_the_stretches_leave_no_gap_and_the_days_add_up(walk):
    to_review(walk)
    walk.act("anna", "consult", at("2026-10-12"), ground="testing")
    walk.act("anna", "hear_back", at("2026-10-14"), ground="testing")
    walk.act("anna", "review", at("2026-10-15"), inspectors=["anna", "bo"])
    until = at("2026-10-20")
    found = stretches(walk, until)
    assert [s.since for s in found[1:]] == [s.until for s in found[:-1]]
    assert (found[0].since, found[-1].until) == (at("2026-09-21"), until)
    days = working_days_by(found, DEFINITION, FACTS.calendar)
    assert sum(days.values()) == FACTS.calendar.working_days_between(at("2026-09-21").date(), until.date())
    assert days["expert", "handler"] == 2


def test_time_after_the_final_state_is_nobodys(walk):
    to_review(walk)
    walk.act("ella", "withdraw", at("2026-09-24"))
    assert stretches(walk, at("2026-12-01"))[-1].until == at("2026-09-24")
