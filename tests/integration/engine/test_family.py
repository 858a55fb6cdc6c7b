"""A case divided into children that run side by side: opened once, told once, joined once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.integration.engine.conftest import Office
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.commands import SYSTEM, EndChild
from workflow.domain.definition import Action, ChildSpec, Effect, Join, State
from workflow.domain.evolve import fold
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.handle import handle
from workflow.errors import DatabaseUnavailable, NeedsNewerProgram
from workflow.storage.codec import encode_case
from workflow.testing import sample


def composite():
    """One form, two licences side by side, one result."""
    children = {
        name: ChildSpec(matter="sample-licence", form={"name": "name", "part": f"literal:{name}"})
        for name in ("left", "right")
    }
    return replace(
        sample.definition(),
        code="sample-composite",
        series="SC",
        initial="filed",
        states={
            "filed": State(stage="submit", automatic="divide"),
            "waiting": State(stage="review", post="window"),
            "done": State(stage="archive", final=True),
        },
        actions={
            "divide": Action(
                sources=("filed",),
                to="waiting",
                by=("system",),
                effects=(Effect(do="open_children", join="parts"),),
            ),
            "divide_again": Action(sources=("waiting",), to="filed", by=("window",)),
            "close": Action(
                sources=("waiting",),
                to="done",
                by=("system",),
                effects=(Effect(do="conclude", outcome="granted"), Effect(do="archive")),
            ),
        },
        clocks={},
        joins={"parts": Join(children=children, action="close")},
    )


@pytest.fixture
def family(store):
    facts = sample.facts()
    matters = {}
    for definition in (sample.definition(), composite()):
        whole, content = sealed(definition)
        matters[whole.code] = Matter(
            definition=whole, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
        )
    catalog = Catalog(
        matters=matters, directory=facts.directory, law=facts.law, calendars={"cn": facts.calendar}
    )
    return Office(Banjie(store=store, catalog=catalog))


def children_of(office, receipt, round_=1):
    """The cases that name this one as their parent, in that round."""
    cases = [office.store.case(case_id) for case_id in office.store.case_ids()]
    parents = [(case.parent, case) for case in cases if case.parent is not None]
    return {p.child: case for p, case in parents if (p.case_id, p.round) == (receipt.case_id, round_)}


def test_each_child_is_a_case_of_its_own_with_the_parents_form(family):
    filed = family.file(matter="sample-composite")
    children = children_of(family, filed)
    assert set(children) == {"left", "right"}
    assert [c.state for c in children.values()] == ["received", "received"]
    values = family.store.personal_values(children["left"].id)
    assert values["form.name"] == "王小明"
    assert children["left"].form["part"] == "left"
    assert family.case(filed).state == "waiting"


def test_the_last_child_to_end_moves_the_parent_on(family):
    filed = family.file(matter="sample-composite")
    children = children_of(family, filed)
    family.act_on(children["left"].id, "ella", "withdraw")
    assert family.case(filed).state == "waiting"
    family.act_on(children["right"].id, "ella", "withdraw")
    case = family.case(filed)
    assert (case.state, case.outcome) == ("done", "granted")
    assert [(c.child, c.outcome) for c in case.children] == [("left", "withdrawn"), ("right", "withdrawn")]
    history = family.store.history(filed.case_id)
    again = fold(((event, envelope.actor) for envelope, event in history), case_id=filed.case_id)
    assert encode_case(again) == encode_case(case)


def test_looking_many_times_opens_each_child_once(family):
    filed = family.file(matter="sample-composite", settle=False)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda _: advance(family.banjie, filed.case_id, done_by="task"), range(12)))
    family.settle()
    assert len(children_of(family, filed)) == 2
    assert family.store.quiet()


def test_a_child_that_could_not_be_opened_is_opened_at_the_next_look(family, monkeypatch):
    def lost(*_, **__):
        raise DatabaseUnavailable(reason="the connection is lost before the child is filed")

    filed = family.file(matter="sample-composite", settle=False)
    with monkeypatch.context() as patched:
        patched.setattr("workflow.engine.family.handle", lost)
        with pytest.raises(DatabaseUnavailable):
            advance(family.banjie, filed.case_id, done_by="task")
    assert children_of(family, filed) == {}
    assert not family.store.quiet()

    family.settle()

    assert set(children_of(family, filed)) == {"left", "right"}


def test_a_word_to_another_case_that_this_program_does_not_know_is_kept_for_one_that_does(family):
    filed = family.file(matter="sample-composite", settle=False)
    with family.store.engine.begin() as connection:
        connection.execute(text("UPDATE jobs SET kind = 'oath:left'"))

    with pytest.raises(NeedsNewerProgram):
        advance(family.banjie, filed.case_id, done_by="task")

    assert not family.store.quiet()
    assert children_of(family, filed) == {}


def test_each_round_has_children_of_its_own(family):
    filed = family.file(matter="sample-composite")
    first = children_of(family, filed)

    family.act(filed, "clerk", "divide_again")

    assert [(c.round, c.child) for c in family.case(filed).children] == [
        (1, "left"), (1, "right"), (2, "left"), (2, "right")
    ]  # fmt: skip
    second = children_of(family, filed, round_=2)
    assert set(second) == {"left", "right"}
    assert {case.id for case in second.values()}.isdisjoint(case.id for case in first.values())


def test_an_end_told_twice_counts_once(family):
    filed = family.file(matter="sample-composite")
    left = children_of(family, filed)["left"]
    told = EndChild(
        case_id=filed.case_id,
        key="again",
        actor=SYSTEM,
        join="parts",
        round=1,
        child="left",
        child_case=left.id,
        outcome="withdrawn",
    )
    first = handle(family.banjie, told)
    assert handle(family.banjie, replace(told, key="and again")).seq == first.seq
    assert family.case(filed).state == "waiting"
