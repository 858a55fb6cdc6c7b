"""Definitions may rest on what was asked of others: the last countersign, the last panel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.desk.asking import Asking
from workflow.catalog.expressions import compiled, vocabulary
from workflow.catalog.loader import load
from workflow.domain import conditions
from workflow.errors import ConditionRefused, GuardRefused

CATALOG = load()
REVIEWED = ("postdoctoral-station", "government-special-allowance", "returned-scholar-grant", "commendation")
NAMES = vocabulary({"materials": {}, "documents": {}, "outcomes": {}, "form": {}, "actions": {}})
TWO = {"inspectors": ["anna", "bo"]}


@pytest.mark.parametrize("code", REVIEWED)
def test_an_expert_review_rests_on_the_minutes_and_the_votes_of_a_panel(code):
    actions = CATALOG.matter(code).definition.actions
    assert "panel_minutes_given" in actions["report_panel"].guards
    assert "panel_for >= panel_not_for" in conditions.told(actions["intend_to_agree"].when)


def with_review(**changes):
    """The sample licence whose review rests on what these say."""
    desk = Asking()
    actions = dict(desk.definition.actions)
    actions["review"] = replace(actions["review"], **changes)
    desk.definition = replace(desk.definition, actions=actions)
    return desk


def test_a_guard_asks_for_a_countersign_that_agreed():
    desk = with_review(guards=("two_inspectors", "countersigned"))
    with pytest.raises(GuardRefused) as caught:
        desk.act("anna", "review", **TWO)
    assert caught.value.fields["rule"] == "countersigned"
    desk.ask("any")
    desk.cosign("hu")
    assert desk.act("anna", "review", **TWO)[0] == "ActionTaken"


@pytest.mark.parametrize("vote", ["agree", "disagree"])
def test_a_condition_asks_what_the_countersign_came_to(vote):
    desk = with_review(when=compiled('countersign == "agreed"', NAMES))
    desk.ask("any", signers=("hu",))
    desk.cosign("hu", vote)
    if vote == "agree":
        assert desk.act("anna", "review", **TWO)[0] == "ActionTaken"
        return
    with pytest.raises(ConditionRefused):
        desk.act("anna", "review", **TWO)


@pytest.mark.parametrize(("votes", "open_"), [(("agree",) * 4, True), (("disagree",) * 4, False)])
def test_a_condition_asks_what_the_panel_came_to(votes, open_):
    held = compiled("panel_for >= panel_not_for", NAMES)
    desk = Asking()
    assert not conditions.holds(held, desk.case)
    desk.convene()
    desk.act("anna", "draw_panel")
    desk.vote(*votes)
    desk.act("anna", "count_ballots")
    assert not conditions.holds(held, desk.case), "nothing rests on a panel before its minutes"
    desk.act("anna", "panel_minutes", attendees=desk.seats()[:4], text="评审意见")
    assert conditions.holds(held, desk.case) is open_
