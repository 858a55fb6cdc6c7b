"""The desk: acts by persons who hold the post, with fields that the definition asks for and the law of the day."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.demo.filings import filings
from workflow.demo.hours import opening_day
from workflow.demo.script import Turn
from workflow.demo.stage import SCRIPTS
from workflow.domain.fields import checked

ON = date(2026, 9, 14)


@pytest.fixture(scope="module")
def one(catalog, definitions):
    """The first filing of each matter."""
    return {
        script.matter: next(
            filings(
                script,
                9,
                seed="7",
                definition=definitions[script.matter],
                directory=catalog.directory,
                on=ON,
            )
        )
        for script in SCRIPTS
    }


def all_turns():
    for script in SCRIPTS:
        stays = [(state, turns) for state, turns in script.plain.items()]
        for fate in script.fates.values():
            stays += [(state, turns) for state, visits in fate.turns.items() for turns in visits]
        yield from ((script.matter, state, turn) for state, turns in stays for turn in turns)


def act(desk, *args, **given):
    """The act itself, without the head's giving the work to a deputy before it."""
    return desk.acts(*args, **given, has_it=True)[-1]


def test_every_turn_becomes_a_command_with_sound_fields(desk, one, definitions, catalog):
    for number, (matter, state, turn) in enumerate(all_turns()):
        command = act(desk, one[matter], turn, state=state, round_=1, number=number, on=ON)

        action = definitions[matter].actions[turn.action]
        assert checked(turn.action, action, command.fields) is not None
        assert command.actor == "public" or command.actor in catalog.directory.persons


def test_the_same_person_acts_from_a_post_all_along(desk, one):
    turn = Turn(action="propose", wait=(0, 0), fields={"opinion": "agree"})
    transfer = one["transfer-into-beijing"]

    actors = {
        act(desk, transfer, turn, state="under_review", round_=1, number=number, on=ON).actor
        for number in range(20)
    }

    assert len(actors) == 1


@pytest.mark.parametrize(("on", "litigation"), [(date(2007, 9, 3), "三个月"), (ON, "六个月")])
def test_remedies_are_those_of_the_law_in_force(desk, one, on, litigation):
    command = act(
        desk,
        one["talent-agency-licence"],
        Turn(action="refuse", wait=(0, 0)),
        state="awaiting_decision",
        round_=1,
        number=1,
        on=on,
    )

    assert "六十日" in command.fields["remedies"]
    assert litigation in command.fields["remedies"]


def test_two_different_inspectors_go_out(desk, one):
    for number in range(10):
        command = act(
            desk,
            one["talent-agency-licence"],
            Turn(action="inspect_on_site", wait=(0, 0)),
            state="under_review",
            round_=1,
            number=number,
            on=ON,
        )
        assert len(set(command.fields["inspectors"])) == 2
        assert command.actor in command.fields["inspectors"]


def test_a_hearing_is_announced_more_than_seven_days_ahead_on_a_working_day(desk, one, catalog):
    command = act(
        desk,
        one["talent-agency-licence"],
        Turn(action="notify_hearing", wait=(0, 0), fields={"openness": "public"}),
        state="arranging_hearing",
        round_=1,
        number=1,
        on=date(2026, 9, 28),
    )
    hearing_on = date.fromisoformat(command.fields["hearing_on"])

    assert (hearing_on - date(2026, 9, 28)).days >= 7
    assert opening_day(catalog.calendars["cn"], hearing_on) == hearing_on


def test_a_case_that_was_sent_back_goes_up_in_a_later_letter(desk, one):
    transfer = one["transfer-into-beijing"]
    turn = Turn(action="report_up", wait=(0, 0))

    numbers = [
        act(desk, transfer, turn, state="to_be_reported", round_=round_, number=1, on=ON).fields["letter"]
        for round_ in (1, 2)
    ]

    assert numbers == [transfer.letter_no, transfer.second_letter_no]


def test_a_deputy_is_given_the_work_by_the_head_before_he_acts(desk, one, definitions, catalog):
    given = [
        commands
        for number, (matter, state, turn) in enumerate(all_turns())
        if len(
            commands := desk.acts(
                one[matter], turn, state=state, round_=1, number=number, on=ON, has_it=False
            )
        )
        > 1
    ]

    assert given
    for assign, acts in given:
        assert assign.action == "assign"
        assert assign.fields == {"person": acts.actor}
        assert any(held.deputy for held in catalog.directory.posts_of(acts.actor, ON))
