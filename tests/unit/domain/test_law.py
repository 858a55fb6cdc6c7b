"""Rules of law as values: which version holds, and what a promise may borrow from a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workflow.catalog.law import load_law
from workflow.domain.law import LawParameters, Rule
from workflow.domain.period import WorkingDays
from workflow.errors import NoRuleInForce, UnknownRule

REPLY = load_law().rules["cn.disclosure.reply"]


def test_a_version_holds_from_its_first_to_its_last_day():
    old, new = REPLY
    assert [old.holds_on(date(2019, 5, day)) for day in (13, 14, 15)] == [True, True, False]
    assert [new.holds_on(date(2019, 5, day)) for day in (13, 14, 15)] == [False, False, True]
    assert new.holds_on(date(2100, 1, 1))


def test_the_version_is_chosen_by_the_day_whatever_their_order():
    backwards = LawParameters(version="x", rules={"r": tuple(reversed(REPLY))}, grounds={})
    assert backwards.rule("r", date(2010, 1, 1)) == REPLY[0]
    assert backwards.rule("r", date(2020, 1, 1)) == REPLY[1]
    with pytest.raises(NoRuleInForce) as refused:
        backwards.rule("r", date(2007, 1, 1))
    assert refused.value.fields == {"name": "r", "on": "2007-01-01"}
    with pytest.raises(UnknownRule):
        backwards.rule("s", date(2010, 1, 1))


def test_a_promise_keeps_the_way_of_counting_and_is_never_law():
    rule: Rule = load_law().rule("cn.licensing.acceptance", date(2026, 1, 1))
    words = {"zh-CN": "本机关公布的承诺时限", "en": "our promise"}
    promise = rule.promised(WorkingDays(3), words)
    assert (promise.basis, promise.period, promise.citation) == ("promise", WorkingDays(3), words)
    assert promise.on_expiry == "alert"  # silence accepts by the law's own period, not by a promise
    assert (promise.zone, promise.calendar, promise.start, promise.roll) == (
        rule.zone,
        rule.calendar,
        rule.start,
        rule.roll,
    )
    assert promise.version == f"{rule.version}/3wd"
    assert rule.promised(WorkingDays(4), words).version != promise.version


def test_a_ground_is_found_by_its_id():
    rule = replace(REPLY[1])
    ground = rule.ground("third_party")
    assert ground is not None
    assert ground.holder == "third_party"
    assert rule.ground("weather") is None
