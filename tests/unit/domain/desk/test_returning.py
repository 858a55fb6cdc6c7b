"""An act taken back (取回) while the next has not acted: as if the case had never left the desk, and for the clocks too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.desk.office import THURSDAY, TUESDAY, WEDNESDAY, in_check, in_review, with_step
from tests.unit.domain.walk import DEFINITION
from workflow.domain.commands import MigrateCase
from workflow.testing.sample import at

THU = at(THURSDAY)


@pytest.fixture
def office():
    return in_check()


def test_whoever_moved_the_case_takes_it_back(office):
    clocks, version = office.case.clocks, office.case.version
    assert office.act("anna", "take_back", THU, reason="a figure was wrong") == ["ActTakenBack"]
    assert (office.case.state, office.case.version) == ("review", version + 1)
    assert office.case.clocks == clocks, "the statutory period has run all the time"
    assert office.folded() == office.case
    office.act("anna", "review", THU, inspectors=["anna", "bo"])


def test_nobody_else_does(office):
    error = office.refused("bo", "take_back", THU)
    assert (error.fields["rule"], error.fields["holder"]) == ("mover", "anna")


def test_not_once_the_next_has_acted(office):
    office.joins("anna", "approver")
    office.act("dong", "extend", THU, reason="complex")
    assert office.rule("anna", "take_back", THU) == "next_waits"


def test_not_once_the_case_has_moved_on(office):
    office.act("chen", "send_back", THU)
    assert office.refused("anna", "take_back", THU).fields["holder"] == "chen"


def test_a_work_item_claimed_is_no_act_and_goes_with_the_step(office):
    office.act("chen", "claim", THU)
    office.act("anna", "take_back", THU)
    assert office.has_it() is None


def test_an_opinion_given_is_an_act(office):
    office.act("chen", "claim", THU)
    office.act("chen", "delegate", THU, person="hana", instructions="i")
    office.act("hana", "hand_back", THU, opinion="o")
    assert office.rule("anna", "take_back", THU) == "next_waits"


def test_not_what_issued_published_or_decided_something():
    office = in_review()
    error = office.refused("clerk", "take_back")
    assert (error.fields["rule"], error.fields["name"]) == ("no_effects", "accept")


def test_not_an_act_that_began_a_period_anew(office):
    """A return that restarts the period, taken back, would leave the new period: time for nothing."""
    office.act("chen", "start_over", THU)
    assert office.rule("chen", "take_back", THU) == "no_effects"


def test_taken_back_once_only(office):
    office.act("anna", "take_back", THU)
    assert office.rule("anna", "take_back", THU) == "own_last_move"


def test_who_is_recused_or_has_left_takes_nothing_back(office):
    office.leaves("anna", until=WEDNESDAY)
    assert office.rule("anna", "take_back", THU) == "own_post"
    office = in_check()
    office.act("anna", "recuse", THU, ground="other")
    assert office.rule("anna", "take_back", THU) == "person_recused"


def test_not_before_it_was_done(office):
    assert office.rule("anna", "take_back", THU, effective_at=at(TUESDAY, "10:00")) == "after_the_act"


def test_not_across_a_migration(office):
    new = replace(DEFINITION, hash="newer")
    office.facts = replace(office.facts, target=new)
    office.do(MigrateCase(case_id="c1", key="m", actor="system", to="newer", plan="p", reason="r"), THU)
    office.definition = new
    assert office.rule("anna", "take_back", THU) == "own_last_move"


# --- the limit of a step ----------------------------------------------------------------------------------------------


def step(office):
    return [clock for clock in office.case.clocks if clock.clock == "step"]


def test_the_step_has_as_much_time_left_as_if_it_had_not_been_left():
    office = in_check(with_step())
    due = step(office)[0].due
    office.act("anna", "take_back", at("2026-09-25"))
    assert [(clock.generation, clock.open) for clock in step(office)] == [(1, False), (2, True)]
    assert step(office)[1].due == due


def test_no_card_falls_twice_however_often_the_act_is_done_and_taken_back():
    office = in_review(with_step())
    day = step(office)[0].due.on.isoformat()
    for _ in range(3):
        office.act("anna", "review", at(day), inspectors=["anna", "bo"])
        office.act("anna", "take_back", at(day, "10:00"))
    assert [finding.colour for finding in office.case.findings] == ["reminder"]
    office.act("anna", "review", at("2026-10-20"), inspectors=["anna", "bo"])
    office.act("anna", "take_back", at("2026-10-20", "10:00"))
    cards = [finding.colour for finding in office.case.findings if finding.clock == "step"]
    assert cards == ["reminder", "red"]
    assert office.folded() == office.case


def test_time_that_the_next_desk_had_counts_against_the_step():
    office = in_check(with_step())
    office.act("anna", "take_back", at("2026-10-20"))
    names = office.act("anna", "consult", at("2026-10-20", "09:30"), ground="testing")
    assert names.count("FindingRaised") == 2


def test_a_return_begins_the_step_anew():
    office = in_check(with_step())
    office.act("chen", "send_back", at("2026-09-28"))
    assert step(office)[1].due.on > step(office)[0].due.on
