"""One act on many cases: an item at a time, each for itself; a dry run says the same; a run broken off goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.engine.keeping import rows
from workflow.engine import bulk
from workflow.engine.bulk import Item, Run, dry_run
from workflow.errors import BadInput, DatabaseUnavailable, RunDiffers


def told(results):
    """What matters to whoever reads the results."""
    return [
        (one.item.no, one.outcome, one.receipt and one.receipt.state, one.error and one.error.message)
        for one in results
    ]


@pytest.fixture
def filed(office):
    return [office.file(f"case-{number}") for number in range(4)]


def accepting(filed, id_="one", actor="clerk", **more):
    return Run(id=id_, actor=actor, action="accept", items=[Item(no=one.no) for one in filed], **more)


def test_each_item_is_an_act_of_its_own(office, filed):
    office.act(filed[1], "ella", "withdraw")

    results = bulk.run(office.banjie, accepting(filed))

    assert [one.outcome for one in results] == ["done", "refused", "done", "done"]
    assert results[1].error.code == "action_not_available"
    assert [office.case(one).state for one in filed] == ["review", "withdrawn", "review", "review"]
    envelopes = [office.store.history(one.case_id)[-1][0] for one in (filed[0], filed[2])]
    assert {(envelope.actor, envelope.caused_by) for envelope in envelopes} == {("clerk", "bulk:one")}


def test_a_dry_run_says_what_the_run_then_says_and_writes_nothing(office, filed):
    office.act(filed[1], "ella", "withdraw")
    run = accepting([*filed], actor="clerk")
    run = Run(id=run.id, actor=run.actor, action=run.action, items=[*run.items, Item(no="SL-2026-99999")])
    before = rows(office.store)

    tried = dry_run(office.banjie, run)

    assert rows(office.store) == before
    assert [one.outcome for one in tried] == ["done", "refused", "done", "done", "refused"]
    assert told(bulk.run(office.banjie, run)) == told(tried)


def test_rights_are_checked_for_each_item_when_it_runs(office, filed):
    results = bulk.run(office.banjie, accepting(filed, actor="anna"))

    assert {one.error.code for one in results} == {"not_authorised"}


def test_a_run_started_again_does_nothing_twice_and_goes_on_with_the_rest(office, filed, monkeypatch):
    whole, stop = bulk.handle, []

    def breaks(banjie, command):
        stop.append(command)
        if len(stop) == 3:
            raise DatabaseUnavailable(reason="test")
        return whole(banjie, command)

    monkeypatch.setattr(bulk, "handle", breaks)
    with pytest.raises(DatabaseUnavailable):
        bulk.run(office.banjie, accepting(filed))
    kept = office.store.runs.one("one")
    assert kept.ended_at is None
    assert [item.done for item in office.store.runs.items("one")] == [True, True]
    monkeypatch.setattr(bulk, "handle", whole)
    office.act(filed[3], "ella", "withdraw")

    results = bulk.run(office.banjie, accepting(filed))

    assert [one.outcome for one in results] == ["repeated", "repeated", "done", "refused"]
    kept = office.store.runs.one("one")
    assert (kept.actor, kept.action, kept.asked, kept.done, kept.refused) == ("clerk", "accept", 4, 3, 1)
    assert kept.ended_at is not None
    items = office.store.runs.items("one")
    assert [(item.place, item.no, item.done, item.code) for item in items] == [
        (1, filed[0].no, True, None),
        (2, filed[1].no, True, None),
        (3, filed[2].no, True, None),
        (4, filed[3].no, False, "action_not_available"),
    ]


def test_another_run_on_the_same_cases_is_done_and_not_taken_for_the_first(office, filed):
    bulk.run(office.banjie, accepting(filed))
    items = [Item(no=one.no) for one in filed]

    for id_, action in (("two", "claim"), ("three", "release"), ("four", "claim")):
        results = bulk.run(office.banjie, Run(id=id_, actor="anna", action=action, items=items))
        assert [one.outcome for one in results] == ["done"] * len(filed)


def test_the_id_of_a_run_means_one_run(office, filed):
    bulk.run(office.banjie, accepting(filed[:1]))

    with pytest.raises(RunDiffers):
        bulk.run(office.banjie, accepting(filed, actor="anna"))


def test_fields_of_an_item_go_before_those_of_the_run(office, filed):
    run = Run(
        id="hints",
        actor="ella",
        action="urge",
        fields={"text": "请尽快办理"},
        items=[Item(no=filed[0].no), Item(no=filed[1].no, fields={"text": "特急"})],
    )

    assert [one.outcome for one in bulk.run(office.banjie, run)] == ["done", "done"]
    assert [office.events(one)[-1].text for one in filed[:2]] == ["请尽快办理", "特急"]


@pytest.mark.parametrize("numbers", [[], ["SL-2026-00001", "SL-2026-00001"]])
def test_no_cases_or_one_twice_is_no_run(office, numbers):
    run = Run(id="x", actor="clerk", action="accept", items=[Item(no=no) for no in numbers])

    with pytest.raises(BadInput):
        bulk.run(office.banjie, run)
    with pytest.raises(BadInput):
        dry_run(office.banjie, run)


def test_the_same_run_twice_at_once_does_everything_once(office, filed):
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: bulk.run(office.banjie, accepting(filed)), range(2)))

    for number in range(len(filed)):
        assert sorted(results[number].outcome for results in both) == ["done", "repeated"]
