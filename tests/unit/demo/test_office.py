"""The office: what waits is planned once, turns come in their slots, and a case that has moved on is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workflow.demo.filings import filings
from workflow.demo.office import Office
from workflow.demo.script import PLAIN, Fate, Turn
from workflow.demo.transfers import TRANSFERS
from workflow.domain.commands import SubmitFiling
from workflow.queries.queue import Waiting

SCRIPT = replace(
    TRANSFERS,
    plain={
        "internal_review": (Turn(action="endorse", wait=(2, 2)),),
        "publicity": (
            Turn(action="raise_objection", by="public", wait=(1, 1)),
            Turn(action="dismiss_objection", by="handler", wait=(4, 4)),
        ),
        "awaiting_arrival": (Turn(action="report_arrival", wait=(1, 1), morning=True),),
    },
    fates={"silent": Fate(count=0, turns={"internal_review": ((),)})},
)


@pytest.fixture
def filing(catalog, definitions):
    made = filings(
        SCRIPT,
        1,
        seed="7",
        definition=definitions[SCRIPT.matter],
        directory=catalog.directory,
        on=date(2026, 9, 14),
    )
    return replace(next(made), fate=PLAIN)


@pytest.fixture
def office(filing, desk, hours):
    return opened(filing, desk, hours)


def opened(filing, desk, hours):
    office = Office([filing], scripts={SCRIPT.matter: SCRIPT}, desk=desk, hours=hours, seed="7")
    list(office.commands(0))
    return office


def at(filing, state, visit, entered_at):
    return Waiting(
        case_id=filing.case_id,
        no="JWDG-2026-00001",
        matter=filing.matter,
        state=state,
        visit=visit,
        entered_at=entered_at,
        post=None,
        kind=None,
        organ=None,
    )


def test_a_filing_comes_in_in_its_slot(filing, desk, hours):
    office = Office([filing], scripts={SCRIPT.matter: SCRIPT}, desk=desk, hours=hours, seed="7")

    assert (office.unfiled, office.next_slot()) == (1, 0)
    (command,) = office.commands(0)
    assert isinstance(command, SubmitFiling)
    assert (office.unfiled, office.next_slot()) == (0, None)


def test_a_turn_comes_after_its_wait_and_only_once(office, filing, hours):
    here = [at(filing, "internal_review", 1, hours.at(0))]
    office.look(here)
    office.look(here)

    assert office.next_slot() == 3  # the slot after, and two more
    assert [command.action for command in office.commands(3)] == ["endorse"]
    office.look(here)
    assert office.next_slot() is None


def test_turns_of_one_stay_follow_each_other(office, filing, hours):
    office.look([at(filing, "publicity", 8, hours.at(10))])

    assert [command.actor for command in office.commands(12)] == ["public"]
    assert office.next_slot() == 17
    assert [command.action for command in office.commands(17)] == ["dismiss_objection"]


def test_what_was_planned_for_a_stay_that_is_over_is_struck_out(office, filing, hours):
    office.look([at(filing, "publicity", 8, hours.at(10))])
    office.look([at(filing, "awaiting_issue", 9, hours.at(11))])

    assert office.next_slot() is None
    assert list(office.commands(40)) == []


def test_who_comes_in_the_morning_comes_in_the_first_slot_of_a_day(office, filing, hours):
    office.look([at(filing, "awaiting_arrival", 9, hours.at(5))])

    assert office.next_slot() == 8


def test_where_a_fate_lets_nobody_act_nothing_is_planned(filing, desk, hours):
    office = opened(replace(filing, fate="silent"), desk, hours)

    office.look([at(filing, "internal_review", 1, hours.at(0))])

    assert office.next_slot() is None


def test_an_act_taken_a_second_time_has_a_key_of_its_own(office, filing, hours):
    keys = []
    for visit, slot in ((1, 0), (5, 20)):
        office.look([at(filing, "internal_review", visit, hours.at(slot))])
        keys += [command.key for command in office.commands(slot + 3)]

    assert len(set(keys)) == 2
