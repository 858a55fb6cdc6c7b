"""The queue of a desk: whose an item is, its lamp, the order of the list, and counts that agree with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workflow.domain.directory import Absence
from workflow.engine import distribution
from workflow.errors import BadInput, HeldByAnother
from workflow.queries.desk import Filter, Lamp, counts, loads, page
from workflow.testing.sample import at

HANDLERS = ("anna", "bo", "chen")


@pytest.fixture
def filed(office):
    """Six cases: one at the window, five in review since different days."""
    receipts = []
    for number in range(6):
        receipts.append(office.file(f"filing-{number}"))
        if number:
            office.act(receipts[-1], "clerk", "accept")
        office.until(at(f"2026-09-{8 + number:02d}"))
    return receipts


def queue(office, **wanted):
    catalog = office.banjie.present_catalog()
    return page(office.store, catalog, Filter(**wanted)).lines


def numbers(office, **wanted):
    return counts(office.store, office.banjie.present_catalog(), Filter(**wanted))


def away(office, *persons, on=date(2026, 9, 13)):
    """These persons are away from a day on."""
    directory = office.banjie.catalog.directory
    absences = tuple(Absence(person=person, since=on, until=date(2026, 12, 31)) for person in persons)
    changed = replace(directory, version="away", absences=absences)
    office.banjie.catalog = replace(office.banjie.catalog, directory=changed)


def test_the_nearest_due_comes_first(office, filed):
    lines = queue(office)

    assert [line.due_at for line in lines] == sorted(line.due_at for line in lines)
    assert len(lines) == 6


def test_a_person_sees_what_waits_for_his_posts_and_may_take_it(office, filed):
    lines = queue(office, person="anna")

    assert {line.kind for line in lines} == {"handler"}
    assert len(lines) == 5
    assert all(line.may_claim for line in lines)
    assert {(line.owner, line.why) for line in lines} == {("anna", "holder")}


def test_what_one_has_claimed_others_no_longer_see(office, filed):
    office.act(filed[1], "anna", "claim")

    assert len(queue(office, person="bo")) == 4
    mine = [line for line in queue(office, person="anna") if line.claimed_by == "anna"]
    assert [line.no for line in mine] == [filed[1].no]
    with pytest.raises(HeldByAnother, match="anna"):
        office.act(filed[1], "bo", "review", inspectors=["anna", "bo"])


def test_lamps_turn_with_the_days_and_counts_agree_with_the_list(office, filed):
    office.until(at("2026-10-12"))

    for wanted in ({}, {"person": "anna"}, {"lamp": Lamp.RED}, {"kind": "handler", "claimed": False}):
        lines, told = queue(office, **wanted), numbers(office, **wanted)
        assert told["all"] == len(lines)
        for lamp in Lamp:
            assert told[lamp] == sum(line.lamp is lamp for line in lines)
    assert {line.lamp for line in queue(office)} >= {Lamp.YELLOW, Lamp.GREEN}
    assert all((line.days_left < 0) == (line.lamp is Lamp.RED) for line in queue(office))


def test_pages_go_on_where_the_last_ended(office, filed):
    catalog = office.banjie.present_catalog()
    whole = [line.case_id for line in queue(office)]

    first = page(office.store, catalog, Filter(), limit=4)
    second = page(office.store, catalog, Filter(), after=first.mark, limit=4)

    assert [line.case_id for line in (*first.lines, *second.lines)] == whole
    assert second.mark is None
    with pytest.raises(BadInput):
        page(office.store, catalog, Filter(), after="nothing")


def test_an_absent_principals_work_is_the_deputys(office, filed):
    away(office, *HANDLERS)

    assert {(line.owner, line.why) for line in queue(office, kind="handler")} == {("dora", "deputy")}
    assert len(queue(office, person="dora")) == 5


def test_a_deputy_sees_nothing_while_somebody_responsible_is_there(office, filed):
    assert queue(office, person="dora") == ()


def test_what_nobody_is_there_for_is_the_heads(office, filed):
    away(office, *HANDLERS, "dora")

    lines = queue(office, kind="handler")
    assert {(line.owner, line.why) for line in lines} == {("hana", "head")}
    assert [line.case_id for line in queue(office, person="hana")] == [line.case_id for line in lines]


def test_nothing_is_ever_without_an_owner(office, filed):
    assert all(line.owner for line in queue(office))
    away(office, "anna", "clerk", "bo")
    assert all(line.owner for line in queue(office))


def test_work_is_given_to_whoever_has_least(office, filed):
    office.act(filed[1], "anna", "claim")
    waiting = [line.case_id for line in queue(office, kind="handler", claimed=False)]
    persons = ("anna", "bo")

    plan = distribution.planned(office.banjie, waiting, persons, loads(office.store, persons))
    given = list(distribution.distribute(office.banjie, plan, actor="hana", key="monday"))

    assert [one.error for one in given] == [None] * 4
    assert loads(office.store, persons) == {"anna": 3, "bo": 2}
    assert queue(office, kind="handler", claimed=False) == ()


def test_only_the_head_gives_work_out(office, filed):
    waiting = [line.case_id for line in queue(office, kind="handler", claimed=False)]
    plan = distribution.planned(office.banjie, waiting, ("bo",), {})

    given = list(distribution.distribute(office.banjie, plan, actor="anna", key="monday"))

    assert {one.error.code for one in given} == {"not_on_this_case"}
    assert loads(office.store, ("bo",)) == {"bo": 0}


def test_saved_filters_are_a_persons_own(store):
    store.saved_filters.save("anna", "red", '{"lamp":"red"}')
    store.saved_filters.save("anna", "red", '{"lamp":"yellow"}')
    store.saved_filters.save("bo", "red", "{}")

    assert store.saved_filters.of("anna") == {"red": '{"lamp":"yellow"}'}
    assert store.saved_filters.forget("anna", "red")
    assert not store.saved_filters.forget("anna", "red")
    assert store.saved_filters.of("bo") == {"red": "{}"}
