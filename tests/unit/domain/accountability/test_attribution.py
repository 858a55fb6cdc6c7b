"""Who held a case how long, and what each did to an overrun: the shares add up, whatever happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain import walk as walking
from workflow.domain.accountability.attribution import attribution
from workflow.domain.definition import ClockSpec, Trigger
from workflow.domain.holding import Held, held
from workflow.testing import sample
from workflow.testing.sample import at

FACTS = sample.facts()
CALENDAR = FACTS.calendar
STEPS = replace(
    sample.definition(),
    clocks={
        **sample.definition().clocks,
        "step_review": ClockSpec(rule="accept", start=Trigger(), end=Trigger(), scope="step"),
        "step_check": ClockSpec(rule="accept", start=Trigger(), end=Trigger(), scope="step", promise="2wd"),
    },
)


def of(walk, until, *, due_on=None, definition=STEPS):
    stretches = held(definition, FACTS.law, walk.events, until, actors=walk.actors)
    return attribution(stretches, definition, FACTS.law, CALENDAR, due_on=due_on)


def days(told):
    return {(share.whose.post, share.whose.person): share.days for share in told.shares}


def reviewed():
    """Filed on a Monday; accepted on Tuesday; claimed by Anna on Wednesday, who passes it to Bo on Friday."""
    walk = walking.Walk()
    walk.file(at("2026-09-14"))
    walk.act("clerk", "accept", at("2026-09-15"))
    walk.act("anna", "claim", at("2026-09-16"))
    walk.act("anna", "transfer", at("2026-09-18"), person="bo", reason="出差")
    return walk


def test_each_day_belongs_to_whoever_had_it_when_it_began():
    walk = reviewed()
    walk.act("bo", "review", at("2026-09-23"), inspectors=["anna", "bo"])

    told = of(walk, at("2026-09-25", "18:00"))

    assert days(told) == {
        ("window", "clerk"): 1,  # the 15th, on which the clerk accepted it
        ("handler", None): 1,  # the 16th: nobody had claimed it until then
        ("handler", "anna"): 2,  # the 17th and the 18th
        ("handler", "bo"): 3,  # the 21st to the 23rd
        ("checker", None): 2,
    }
    assert told.days == CALENDAR.working_days_between(date(2026, 9, 14), date(2026, 9, 25))


def test_who_acted_without_claiming_had_it_all_along():
    walk = walking.Walk()
    walk.file(at("2026-09-14"))
    walk.act("clerk", "accept", at("2026-09-17"))

    assert days(of(walk, at("2026-09-17", "18:00"))) == {("window", "clerk"): 3}


def test_lent_out_it_is_the_delegates_and_comes_back():
    walk = walking.Walk()
    walk.file(at("2026-09-14"))
    walk.act("clerk", "accept", at("2026-09-14"))
    walk.act("anna", "claim", at("2026-09-14"))
    walk.act("anna", "delegate", at("2026-09-15"), person="bo", instructions="核对学历")
    walk.act("bo", "hand_back", at("2026-09-17"), opinion="属实")

    told = days(of(walk, at("2026-09-18", "18:00")))

    assert told == {("handler", "bo"): 2, ("handler", "anna"): 2}


def test_an_overrun_falls_on_the_days_beyond_the_limits_of_steps():
    walk = reviewed()
    walk.act("bo", "review", at("2026-09-29"), inspectors=["anna", "bo"])

    # Review has five working days: from 16 to 22 September; from the 23rd on they were Bo's.
    told = of(walk, at("2026-09-30", "18:00"), due_on=date(2026, 9, 25))

    assert told.overrun == 3
    assert {share.whose.person: share.overrun for share in told.shares if share.overrun} == {"bo": 3}


def test_where_no_step_was_late_the_days_after_the_due_date_count():
    walk = reviewed()
    walk.act("bo", "review", at("2026-09-21"), inspectors=["anna", "bo"])

    told = of(walk, at("2026-09-22", "18:00"), due_on=date(2026, 9, 18), definition=sample.definition())

    assert {share.whose.post: share.overrun for share in told.shares if share.overrun} == {
        "handler": 1,
        "checker": 1,
    }


def test_an_overrun_is_divided_by_the_days_beyond_each_limit():
    walk = reviewed()
    walk.act("bo", "review", at("2026-09-25"), inspectors=["anna", "bo"])

    told = of(walk, at("2026-10-14", "18:00"), due_on=date(2026, 9, 25))

    # Three days too many in review, six in checking; eight days late in all, which are parted as 2⅔ and 5⅓.
    assert told.overrun == 8
    assert {share.whose.post: (share.excess, share.overrun) for share in told.shares if share.excess} == {
        "handler": (3, 3),
        "checker": (6, 5),
    }


moments = st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=8)


@given(moments, st.integers(min_value=-5, max_value=40), st.data())
def test_the_shares_always_add_up(lengths, due_after, data):
    since, stretches = at("2026-09-01"), []
    for number, length in enumerate(lengths):
        until = since + timedelta(days=length)
        stretches.append(
            Held(
                since=since,
                until=until,
                state=data.draw(st.sampled_from(["received", "review", "check", "supplementing"])),
                holder=data.draw(st.sampled_from(["organ", "applicant", "system", "expert"])),
                post=data.draw(st.sampled_from(["handler", "checker", None])),
                organ="office",
                person=data.draw(st.sampled_from(["anna", "bo", None])),
                visit=data.draw(st.integers(min_value=1, max_value=number + 1)),
            )
        )
        since = until
    due_on = date(2026, 9, 1) + timedelta(days=due_after)

    told = attribution(stretches, STEPS, FACTS.law, CALENDAR, due_on=due_on)

    assert sum(share.days for share in told.shares) == told.days
    assert sum(share.overrun for share in told.shares) == told.overrun
    assert all(0 <= share.excess <= share.days for share in told.shares)
    last = stretches[-1].until.date()
    begun = max(due_on, date(2026, 9, 1))
    assert told.overrun == (CALENDAR.working_days_between(begun, last) if last > begun else 0)
