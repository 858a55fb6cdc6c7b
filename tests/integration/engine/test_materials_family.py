"""The same file is never asked twice in a family of cases; a sweep and a commit at the same moment, on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from tests.integration.engine.test_family import children_of, composite
from tests.integration.engine.window import MATERIALS, Window, engine
from workflow import errors
from workflow.blobs.store import Blobs
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain import events as e
from workflow.domain.definition import ChildSpec, Join
from workflow.domain.evolve import fold
from workflow.engine.banjie import Banjie
from workflow.engine.materials import content, sweep_files
from workflow.storage.codec import encode_case
from workflow.testing import files, sample


def divided():
    """A composite matter that is divided on a person's word, so that materials come in before."""
    definition = composite()
    children = {
        name: ChildSpec(matter="sample-licence", form={"name": "name"}, materials=("charter",))
        for name in ("left", "right")
    }
    states = {"received": replace(definition.states["waiting"], stage="accept"), **definition.states}
    actions = {
        **definition.actions,
        "divide": replace(definition.actions["divide"], sources=("received",), by=("window",)),
    }
    return replace(
        definition,
        initial="received",
        states={name: state for name, state in states.items() if name != "filed"},
        actions=actions,
        materials=MATERIALS,
        joins={"parts": Join(children=children, action="close")},
    )


@pytest.fixture
def window(store):
    facts = sample.facts()
    matters = {}
    for definition in (replace(sample.definition(), materials=MATERIALS), divided()):
        whole, body = sealed(definition)
        matters[whole.code] = Matter(
            definition=whole, canonical=body, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
        )
    catalog = Catalog(
        matters=matters, directory=facts.directory, law=facts.law, calendars={"cn": facts.calendar}
    )
    return Window(Banjie(store=store, catalog=catalog, blobs=Blobs(store=MemoryStore())))


@pytest.fixture
def parent(window):
    """A composite case with two files in the office's hands."""
    filed = window.file(matter="sample-composite", materials=())
    window.hand_in(filed, "charter", file_name="章程.pdf")
    window.hand_in(filed, "funds", files.TXT)
    return filed


def test_children_hold_what_the_parent_holds_without_another_copy(window, parent):
    window.act(parent, "clerk", "divide")

    children = children_of(window, parent)
    assert children.keys() == {"left", "right"}
    for child in children.values():
        taken = [
            event for _, event in window.store.history(child.id) if isinstance(event, e.MaterialTakenOver)
        ]
        # What the join hands down comes with the filing; what an organ issued is found when it is wanting.
        assert [(one.material, one.source.no, one.consent) for one in taken] == [
            ("charter", window.case(parent).no, False),
            ("funds", window.case(parent).no, False),
        ]
        assert child.missing == ()
        out = content(window.banjie, child.id, "charter")
        assert (out.name, b"".join(out.pieces)) == ("章程.pdf", files.PDF)
        history = [(event, envelope.actor) for envelope, event in window.store.history(child.id)]
        assert encode_case(fold(history, case_id=child.id)) == encode_case(child)
    assert len(window.banjie.blobs.addresses()) == 2


def test_a_brother_is_not_asked_for_what_the_other_handed_in(window):
    filed = window.file(matter="sample-composite", materials=("charter",))
    window.act(filed, "clerk", "divide")
    left, right = (children_of(window, filed)[name] for name in ("left", "right"))
    assert (left.missing, right.missing) == (("funds",), ("funds",))

    for child in (left, right):
        window.act_on(child.id, "clerk", "request_supplement", key=f"ask-{child.id}")
    digest = window.stage(Case(left.id), "funds", files.TXT)
    window.act_on(left.id, "ella", "receive_material", key="left", material="funds", digest=digest)
    window.act_on(right.id, "ella", "supplement", key="right", materials=["charter"])

    assert window.store.case(right.id).missing == ()
    held = next(one for one in window.store.case(right.id).handed_in if one.material == "funds")
    assert (held.state, held.digest) == ("held", digest)


def test_what_the_applicant_writes_himself_is_not_taken_from_a_brother(window):
    filed = window.file(matter="sample-composite", materials=())
    window.act(filed, "clerk", "divide")
    left, right = (children_of(window, filed)[name] for name in ("left", "right"))
    digest = window.stage(Case(left.id), "charter")
    window.act_on(left.id, "ella", "receive_material", key="left", material="charter", digest=digest)

    assert "charter" in window.store.case(right.id).missing


def test_a_childs_file_outlives_the_name_of_the_parents(window, parent):
    window.act(parent, "clerk", "divide")
    child = children_of(window, parent)["left"]
    with window.store.engine.begin() as connection:
        connection.exec_driver_sql(
            f"DELETE FROM personal_values WHERE case_id = '{parent.case_id}' AND field LIKE 'material.%%'"
            if window.store.dialect == "postgresql"
            else f"DELETE FROM personal_values WHERE case_id = '{parent.case_id}' AND field LIKE 'material.%'"
        )

    assert content(window.banjie, parent.case_id, "charter").name == "charter-1.pdf"
    assert content(window.banjie, child.id, "charter").name == "章程.pdf"


class Case:
    """What `Window.stage` needs of a receipt."""

    def __init__(self, case_id):
        self.case_id = case_id


# --- races ----------------------------------------------------------------------------------------------------------

ROUNDS = 12


def test_a_sweep_and_a_commit_at_the_same_moment(store):
    """Whoever comes first holds: the command is refused and the file is gone, or it is kept and the file is there."""
    window = Window(engine(store, Blobs(store=MemoryStore())))
    outcomes = []
    for number in range(ROUNDS):
        filed = window.file(f"race-{number}", materials=())
        digest = window.stage(filed, "charter")
        window.age(25)
        together = threading.Barrier(2)

        def commit(filed=filed, digest=digest, key=f"commit-{number}", together=together):
            together.wait()
            try:
                window.act(filed, "ella", "receive_material", key=key, material="charter", digest=digest)
            except errors.NotStaged:
                return False
            return True

        def sweep(together=together):
            together.wait()
            return sweep_files(window.banjie)

        with ThreadPoolExecutor(2) as pool:
            kept, swept = pool.submit(commit), pool.submit(sweep)
            outcomes.append(kept.result())
            swept.result()
        assert sweep_files(window.banjie).waiting == 0
        if kept.result():
            assert b"".join(content(window.banjie, filed.case_id, "charter").pieces) == files.PDF
        else:
            assert window.case(filed).handed_in == ()
    named = sum(outcomes)
    assert len(window.banjie.blobs.addresses()) == named


def test_many_send_the_same_file_at_once(store):
    window = Window(engine(store, Blobs(store=MemoryStore())))
    filed = window.file(materials=())

    with ThreadPoolExecutor(6) as pool:
        digests = set(pool.map(lambda _: window.stage(filed, "charter"), range(12)))

    assert len(digests) == 1
    window.act(filed, "ella", "receive_material", material="charter", digest=digests.pop())
    assert b"".join(content(window.banjie, filed.case_id, "charter").pieces) == files.PDF


def test_many_sweeps_at_once_remove_each_file_once(store):
    window = Window(engine(store, Blobs(store=MemoryStore())))
    for number in range(20):
        window.stage(window.file(f"filing-{number}", materials=()), "charter")
    window.age(25)

    with ThreadPoolExecutor(4) as pool:
        swept = list(pool.map(lambda _: sweep_files(window.banjie, limit=3), range(4)))

    assert sum(one.condemned for one in swept) == 20
    assert window.banjie.blobs.addresses() == []
    assert window.store.blobs.waiting() == 0
