"""Chains that are sound in themselves and yet not those whose ends were written down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.integration.evidence.test_walk import DROP
from tests.integration.transfers import Transfers
from workflow.domain import chain
from workflow.errors import BadEvidence
from workflow.evidence.heads import read_heads, rewritten, write_heads
from workflow.evidence.verify import Flaw
from workflow.evidence.walk import walk


@pytest.fixture
def transfers(store):
    made = Transfers(store)
    for key in ("before", "one", "after"):
        made.file(key)
    return made


@pytest.fixture
def heads(store, transfers, tmp_path):
    path = tmp_path / "heads.jsonl"
    with path.open("wb") as file:
        assert write_heads(store, file).cases == 3
    return path


@pytest.fixture
def owner(store):
    def run(sql, **given):
        with store.engine.begin() as connection:
            connection.execute(text(sql), given)

    for statement in DROP[store.dialect]:
        run(statement)
    return run


def test_what_grew_since_is_what_it_was(store, transfers, heads):
    transfers.file("later")

    assert rewritten(store, heads) == (3, [])


def test_a_whole_chain_rewritten_with_its_row(store, transfers, heads, owner):
    head = list(read_heads(heads))[1]
    previous = b""
    for envelope, _ in store.history(head.case_id):
        actor = "gu-weimin" if envelope.actor != "system" else "system"
        forged = replace(envelope, prev_hash=previous, actor=actor)
        previous = chain.link(forged)
        owner(
            "UPDATE events SET actor = :actor, prev_hash = :prev, hash = :hash WHERE case_id = :id AND seq = :seq",
            actor=actor,
            prev=forged.prev_hash,
            hash=previous,
            id=head.case_id,
            seq=envelope.seq,
        )
    owner("UPDATE cases SET head = :head WHERE id = :id", head=previous, id=head.case_id)
    assert not [one for one in walk(store).broken if one.flaw is not Flaw.TABLE]

    _, (broken,) = rewritten(store, heads)
    assert (broken.no, broken.seq, broken.flaw, broken.expected) == (
        head.no,
        head.seq,
        Flaw.REWRITTEN,
        head.hash,
    )


def test_a_chain_that_was_cut_and_a_case_that_is_gone(store, heads, owner):
    first, second, _ = read_heads(heads)
    owner("DELETE FROM events WHERE case_id = :id AND seq = :seq", id=first.case_id, seq=first.seq)
    owner("DELETE FROM events WHERE case_id = :id", id=second.case_id)
    owner("DELETE FROM cases WHERE id = :id", id=second.case_id)

    _, broken = rewritten(store, heads)
    assert {(one.no, one.flaw) for one in broken} == {(first.no, Flaw.CUT), (second.no, Flaw.GONE)}


def test_a_file_that_was_altered_itself_is_no_evidence(store, heads):
    lines = heads.read_bytes().splitlines(keepends=True)
    for wrong in (
        [lines[0], lines[1].replace(b'"seq":', b'"seq":1'), *lines[2:]],
        [lines[0], *lines[2:]],
        lines[:-1],
        [b"{}\n"],
        [b"nothing\n"],
    ):
        heads.write_bytes(b"".join(wrong))
        with pytest.raises(BadEvidence):
            rewritten(store, heads)
