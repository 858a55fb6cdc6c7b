"""Which event tells whom: each row of the table by what a walk through a case brings."""

from __future__ import annotations

from tests.unit.domain import walk as walking
from workflow.domain import events as e
from workflow.domain.definition import Colour
from workflow.domain.notification.table import TABLE, Told, notifications
from workflow.domain.notification.values import Kind
from workflow.testing import sample
from workflow.testing.sample import at

DIRECTORY = sample.facts().directory


def told(walk):
    """Every notification of a walk, as (kind, recipient), event by event."""
    found = []
    for seq, (event, actor) in enumerate(zip(walk.events, walk.actors, strict=True), 1):
        given = Told(
            seq=seq,
            event=event,
            actor=actor,
            case=walk.case,
            directory=DIRECTORY,
            on=at("2026-09-15").date(),
        )
        found += [(one.kind.value, one.recipient) for one in notifications(given)]
    return found


def accepted():
    walk = walking.Walk()
    walk.file(at("2026-09-14"))
    walk.act("clerk", "accept", at("2026-09-15"))
    return walk


def test_acceptance_is_told_to_whoever_filed():
    assert told(accepted()) == [("acceptance", "@applicant")]


def test_work_that_goes_to_another_is_told_to_him_and_not_to_whoever_takes_it():
    walk = accepted()
    walk.act("anna", "claim", at("2026-09-16"))
    assert told(walk)[1:] == []

    walk.act("anna", "transfer", at("2026-09-18"), person="bo", reason="出差")
    assert told(walk)[1:] == [("assignment", "bo")]


def test_an_order_and_an_urging_go_to_whoever_has_the_work():
    walk = accepted()
    walk.act("anna", "claim", at("2026-09-16"))
    walk.act("sven", "order", at("2026-09-17"), text="抓紧", due_on="2026-09-21")
    walk.act("ella", "urge", at("2026-09-17"), text="请问进度")

    assert told(walk)[1:] == [("order", "anna"), ("urging", "anna")]


def test_a_card_without_a_person_goes_to_the_head():
    card = e.FindingRaised(
        at=at("2026-09-15"),
        finding=1,
        colour="yellow",
        rule="decide.late",
        basis="promise",
        clock=None,
        generation=None,
        post="handler",
        organ="office",
        person=None,
        due_on=None,
    )
    given = Told(
        seq=9,
        event=card,
        actor="system",
        case=accepted().case,
        directory=DIRECTORY,
        on=at("2026-09-15").date(),
    )

    (one,) = notifications(given)
    assert (one.kind, one.recipient, one.finding, one.post) == (Kind.CARD_YELLOW, "hana", 1, "handler")


def test_what_is_no_message_to_anybody_tells_nobody():
    assert e.RungFired not in TABLE
    assert e.ClockStarted not in TABLE
    assert e.FindingAcknowledged not in TABLE


def test_every_colour_of_a_card_has_its_kind():
    assert {f"card_{colour.value}" for colour in Colour} <= {kind.value for kind in Kind}
