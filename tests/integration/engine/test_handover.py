"""A leaver's work: what goes to whom and why, what cannot go; undone where nobody has acted on it since."""

from __future__ import annotations

import pytest

from tests.integration.engine.keeping import rows
from workflow.engine import bulk
from workflow.engine.handover import Handover, hand_over, planned, preview, undone
from workflow.errors import BadInput, UnknownPerson, UnknownRun


def leaving(id_="leaves", leaver="anna", actor="hana", **more):
    return Handover(id=id_, leaver=leaver, actor=actor, **more)


def holder(office, receipt):
    held = office.case(receipt).desk.assignment
    return (held.person, held.how) if held is not None else None


@pytest.fixture
def claimed(office):
    """Three cases under review that Anna has."""
    receipts = [office.file(f"case-{number}") for number in range(3)]
    for receipt in receipts:
        office.act(receipt, "clerk", "accept")
        office.act(receipt, "anna", "claim")
    return receipts


def test_the_preview_says_what_the_run_then_does_and_writes_nothing(office, claimed):
    before = rows(office.store)

    seen = preview(office.banjie, leaving(reason="调离"))

    assert rows(office.store) == before
    assert [(one.outcome, one.item.why) for one in seen] == [("done", "by_load")] * 3
    done = hand_over(office.banjie, leaving(reason="调离"))
    assert [one.item for one in done] == [one.item for one in seen]
    assert sorted(holder(office, one) for one in claimed) == [
        ("bo", "leaver"),
        ("chen", "leaver"),
        ("dora", "leaver"),
    ]
    kept = office.store.runs.one("leaves")
    assert (kept.kind, kept.actor, kept.subject, kept.reason, kept.done) == (
        "handover",
        "hana",
        "anna",
        "调离",
        3,
    )
    assert {item.person for item in office.store.runs.items("leaves")} == {"bo", "chen", "dora"}


def test_by_load_the_one_with_least_gets_the_next(office, claimed):
    for number in range(2):
        receipt = office.file(f"more-{number}")
        office.act(receipt, "clerk", "accept")
        office.act(receipt, "bo", "claim")

    hand_over(office.banjie, leaving())

    assert sorted(holder(office, one)[0] for one in claimed) in (
        ["chen", "chen", "dora"],
        ["chen", "dora", "dora"],
    )


def test_to_the_deputy_or_to_a_named_person(office, claimed):
    hand_over(office.banjie, leaving(rule="deputy"))
    assert {holder(office, one) for one in claimed} == {("dora", "leaver")}

    results = hand_over(office.banjie, leaving("next", leaver="dora", rule="person", to="ella"))
    assert {one.error.code for one in results} == {"cannot_hold"}
    assert {holder(office, one) for one in claimed} == {("dora", "leaver")}

    hand_over(office.banjie, leaving("then", leaver="dora", rule="person", to="bo"))
    assert {holder(office, one) for one in claimed} == {("bo", "leaver")}


def test_work_that_nobody_has_and_he_is_first_in_line_for_goes_too(office):
    receipt = office.file()
    office.act(receipt, "clerk", "accept")

    hand_over(office.banjie, leaving(rule="deputy"))

    assert holder(office, receipt) == ("dora", "leaver")


def test_what_was_lent_to_him_comes_back(office, claimed):
    office.act(claimed[0], "anna", "delegate", person="bo", instructions="请核对")

    results = hand_over(office.banjie, leaving(leaver="bo", rule="person", to="chen"))

    assert [one.outcome for one in results] == ["done"]
    assert office.case(claimed[0]).desk.delegation() is None
    assert holder(office, claimed[0]) == ("anna", "claimed")


def test_a_signature_that_he_owes_is_asked_of_another(office, claimed):
    office.act(claimed[0], "anna", "countersign", signers=["bo", "dong"], question="是否同意", mode="all")

    results = hand_over(office.banjie, leaving(leaver="bo", rule="person", to="chen"))

    assert [one.outcome for one in results] == ["done"]
    assert [one.name for one in office.case(claimed[0]).signing[0].signers] == ["chen", "dong"] or [
        one.name for one in office.case(claimed[0]).signing[0].signers
    ] == ["dong", "chen"]


def test_undo_gives_back_only_what_nobody_has_acted_on_since(office, claimed):
    hand_over(office.banjie, leaving(rule="deputy"))
    office.act(claimed[1], "dora", "consult", ground="testing")

    results = bulk.run(
        office.banjie, undone(office.banjie, "leaves", id_="back", actor="hana", reason="误办")
    )

    by_no = {one.item.no: one for one in results}
    assert by_no[claimed[1].no].error.code == "case_has_moved"
    assert [holder(office, one) for one in claimed] == [
        ("anna", "returned"),
        ("dora", "leaver"),
        ("anna", "returned"),
    ]
    kept = office.store.runs.one("back")
    assert (kept.kind, kept.subject, kept.done, kept.refused) == ("undo", "leaves", 2, 1)


def test_undo_of_what_nobody_had_leaves_it_to_the_post(office):
    receipt = office.file()
    office.act(receipt, "clerk", "accept")
    hand_over(office.banjie, leaving(rule="deputy"))

    bulk.run(office.banjie, undone(office.banjie, "leaves", id_="back", actor="hana"))

    assert holder(office, receipt) is None


def test_started_again_a_hand_over_does_nothing_twice(office, claimed):
    first = hand_over(office.banjie, leaving())

    again = hand_over(office.banjie, leaving())

    assert [one.outcome for one in first] == ["done"] * 3
    assert [one.outcome for one in again] == ["repeated"] * 3


def test_only_those_in_charge_may(office, claimed):
    results = hand_over(office.banjie, leaving(actor="bo"))

    assert {one.error.code for one in results} == {"not_on_this_case"}
    assert {holder(office, one) for one in claimed} == {("anna", "claimed")}


def test_nothing_to_hand_over_nobody_to_hand_it_to(office, claimed):
    with pytest.raises(BadInput, match="没有可以移交的待办"):
        planned(office.banjie, leaving(leaver="gus"))
    with pytest.raises(UnknownPerson):
        planned(office.banjie, leaving(leaver="nobody"))
    with pytest.raises(BadInput, match="接收人"):
        planned(office.banjie, leaving(rule="person"))
    with pytest.raises(BadInput, match="即将离岗"):
        planned(office.banjie, leaving(rule="person", to="anna"))
    with pytest.raises(UnknownRun):
        undone(office.banjie, "nothing", id_="x", actor="hana")
