"""What a database owner does to the record is found, and the first wrong event is named: on both databases."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.conftest import START
from tests.integration.transfers import TO_THE_NOTICE, Transfers
from workflow.domain import chain
from workflow.errors import UnknownCase
from workflow.evidence import walk as walking
from workflow.evidence.verify import Flaw
from workflow.evidence.walk import walk
from workflow.storage.store import open_store

DROP = {
    "sqlite": ("DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete"),
    "postgresql": ("DROP TRIGGER events_append_only ON events",),
}


@pytest.fixture
def transfers(store):
    return Transfers(store)


@pytest.fixture
def no(transfers):
    """A case with some twenty events, between two others that nobody touches."""
    transfers.file("before")
    no = transfers.file("one")
    transfers.file("after")
    for person, action, fields in TO_THE_NOTICE[:4]:
        transfers.act(no, person, action, **fields)
    return no


@pytest.fixture
def owner(store, no):
    """Somebody who may do everything to the database, and begins by doing away with what protects the events."""
    case_id = store.case_id(no)

    def run(sql, **given):
        with store.engine.begin() as connection:
            connection.execute(text(sql), {"id": case_id, **given})

    for statement in DROP[store.dialect]:
        run(statement)
    return run


def first_wrong(store, no):
    report = walk(store)
    assert (report.cases, report.total) == (3, 3)
    # Where an event is gone, its command and what came of it in the tables follow from nothing; the chain is told first.
    assert {broken.no for broken in report.broken} <= {no, "-"}
    first = next(broken for broken in report.broken if broken.no == no)
    return first.seq, first.flaw


def test_what_nobody_touched_is_whole(store, transfers, no):
    transfers.to_the_archive(transfers.file("to the end"))
    told = []

    report = walk(store, on_chunk=lambda so_far: told.append((so_far.cases, so_far.events)))

    events = sum(len(store.history(case_id)) for case_id in store.case_ids())
    assert (report.broken, report.cases, report.events) == ([], 4, events)
    assert told == [(4, events)]


def test_it_walks_in_chunks_and_leaves_none_out(store, transfers, no, monkeypatch):
    told = []

    report = walk(store, chunk=2, on_chunk=lambda so_far: told.append(so_far.cases))

    assert (report.cases, told) == (3, [2, 3])


def test_one_case_can_be_verified_alone(store, no, owner):
    owner("UPDATE events SET actor = 'x' WHERE case_id <> :id")

    assert walk(store, no=no).broken == []
    assert walk(store, no=no).cases == 1
    with pytest.raises(UnknownCase):
        walk(store, no="JWDG-1999-00001")


def test_an_edited_payload(store, no, owner):
    case_id = store.case_id(no)
    envelope, _ = store.history(case_id)[2]
    payload = envelope.payload.replace(b"endorse", b"decline")
    assert payload != envelope.payload
    owner("UPDATE events SET payload = :payload WHERE case_id = :id AND seq = 3", payload=payload)

    assert first_wrong(store, no) == (3, Flaw.ALTERED)


@pytest.mark.parametrize("column", ["actor", "rule", "command_id", "type", "acting_for", "alg"])
def test_an_edited_envelope(store, no, owner, column):
    owner(f"UPDATE events SET {column} = 'sha512' WHERE case_id = :id AND seq = 4")

    assert first_wrong(store, no) == (4, Flaw.ALTERED)


@pytest.mark.parametrize("column", ["recorded_at", "effective_at"])
def test_an_edited_time(store, no, owner, column):
    owner(f"UPDATE events SET {column} = '2026-09-01T00:00:00.000000Z' WHERE case_id = :id AND seq = 4")

    assert first_wrong(store, no) == (4, Flaw.ALTERED)


def test_a_deleted_event(store, no, owner):
    owner("DELETE FROM events WHERE case_id = :id AND seq = 5")

    assert first_wrong(store, no) == (5, Flaw.MISSING)


def test_a_deleted_tail(store, no, owner):
    last = len(store.history(store.case_id(no)))
    owner("DELETE FROM events WHERE case_id = :id AND seq >= :seq", seq=last - 1)

    assert first_wrong(store, no) == (last - 1, Flaw.MISSING)


def test_a_deleted_beginning(store, no, owner):
    owner("DELETE FROM events WHERE case_id = :id AND seq = 1")

    assert first_wrong(store, no) == (1, Flaw.MISSING)


def test_no_events_at_all(store, no, owner):
    owner("DELETE FROM events WHERE case_id = :id")

    assert first_wrong(store, no) == (1, Flaw.MISSING)


def test_two_events_in_each_others_place(store, no, owner):
    for seq, to in ((6, 900), (7, 6), (900, 7)):
        owner("UPDATE events SET seq = :to WHERE case_id = :id AND seq = :seq", seq=seq, to=to)

    assert first_wrong(store, no) == (6, Flaw.ALTERED)


def test_an_event_added_at_the_end_with_the_right_links(store, no, owner):
    history = store.history(store.case_id(no))
    insert_after(owner, history[-1][0], history[0][0])

    assert first_wrong(store, no) == (len(history) + 1, Flaw.IMPOSSIBLE)


def test_an_event_added_that_could_have_happened(store, no, owner):
    history = store.history(store.case_id(no))
    notice = next(envelope for envelope, _ in history if envelope.type == "MaterialsChecked")
    insert_after(owner, history[-1][0], notice)

    assert first_wrong(store, no) == (len(history) + 1, Flaw.BEYOND)


def test_an_event_written_anew_with_a_hash_that_fits_it(store, no, owner):
    envelope, _ = store.history(store.case_id(no))[3]
    forged = envelope_with(envelope, actor="gu-weimin")
    owner(
        "UPDATE events SET actor = :actor, hash = :hash WHERE case_id = :id AND seq = 4",
        actor=forged.actor,
        hash=forged.hash,
    )

    # The event itself is sound now; the one that follows it does not follow it any more.
    assert first_wrong(store, no) == (5, Flaw.UNLINKED)


def test_the_last_event_written_anew(store, no, owner):
    envelope, _ = store.history(store.case_id(no))[-1]
    forged = envelope_with(envelope, actor="gu-weimin")
    owner(
        "UPDATE events SET actor = :actor, hash = :hash WHERE case_id = :id AND seq = :seq",
        actor=forged.actor,
        hash=forged.hash,
        seq=forged.seq,
    )

    assert first_wrong(store, no) == (forged.seq, Flaw.HEAD)


@pytest.mark.parametrize(
    ("column", "value"), [("state", "archived"), ("outcome", "agreed"), ("letter", "x"), ("version", 99)]
)
def test_a_row_that_says_otherwise_beside_its_body(store, no, owner, column, value):
    owner(f"UPDATE cases SET {column} = :value WHERE id = :id", value=value)

    (broken,) = walk(store).broken
    assert (broken.no, broken.flaw, broken.detail) == (no, Flaw.ROW, column)


def test_a_row_whose_body_says_otherwise(store, no, owner):
    case_id = store.case_id(no)
    with store.read() as connection:
        body = connection.execute(text("SELECT body FROM cases WHERE id = :id"), {"id": case_id}).scalar_one()
    changed = json.loads(body) | {"deemed": True}
    owner("UPDATE cases SET body = :body WHERE id = :id", body=json.dumps(changed))

    (broken,) = walk(store).broken
    assert (broken.no, broken.flaw, broken.detail) == (no, Flaw.ROW, "deemed")


def test_a_row_that_is_not_even_a_case(store, no, owner):
    owner("UPDATE cases SET body = '{}' WHERE id = :id")

    (broken,) = walk(store).broken
    assert (broken.no, broken.flaw, broken.detail) == (no, Flaw.ROW, "body")


def test_facts_that_cannot_be_read(store, no, owner):
    owner("UPDATE events SET facts = 'none' WHERE case_id = :id AND seq = 8")

    assert first_wrong(store, no) == (8, Flaw.UNREADABLE)


def test_an_instant_that_is_none(sqlite_url):
    """Only SQLite keeps instants as text, so only there can one be spoilt like this."""
    store = open_store(sqlite_url)
    store.create_clock("stepped", START)
    no = Transfers(store).file()
    with store.engine.begin() as connection:
        for statement in DROP["sqlite"]:
            connection.execute(text(statement))
        connection.execute(text("UPDATE events SET recorded_at = 'yesterday' WHERE seq = 2"))

    (broken,) = walk(store).broken
    assert (broken.no, broken.seq, broken.flaw) == (no, 2, Flaw.UNREADABLE)
    store.close()


def test_a_definition_that_is_not_what_its_hash_says(store, no, owner):
    with store.read() as connection:
        body = bytes(connection.execute(text("SELECT body FROM definitions")).scalar_one())
    changed = body.replace(b'"3wd"', b'"9wd"')
    assert changed != body
    owner("UPDATE definitions SET body = :body", body=changed)

    assert {(broken.seq, broken.flaw) for broken in walk(store).broken} == {(1, Flaw.DEFINITION)}


def test_a_case_whose_row_is_gone(store, no, owner):
    case_id = store.case_id(no)
    owner("DELETE FROM cases WHERE id = :id")

    (broken,) = walk(store).broken
    assert (broken.case_id, broken.seq, broken.flaw) == (case_id, 1, Flaw.ORPHAN)


def test_a_case_that_moves_while_we_look_is_not_broken(store, transfers, no, monkeypatch):
    """Its row was read, then it moved, then its events were read: it is read again before anything is said."""
    together, moved = walking._together, []

    def meanwhile(asked, ids):
        found = together(asked, ids)
        if not moved:
            moved.append(transfers.act(no, "zhou-mingli", "propose", opinion="agree", text="拟同意"))
            newer = {one.record.no: one.record.events for one in together(asked, ids)}
            found = [replace(one, record=replace(one.record, events=newer[one.record.no])) for one in found]
        return found

    monkeypatch.setattr(walking, "_together", meanwhile)

    assert walk(store).broken == []
    assert moved


def insert_after(owner, last, model):
    """An event like `model` as the next one after `last`, with everything in its links as it should be."""
    forged = envelope_with(model, seq=last.seq + 1, prev_hash=last.hash)
    row = {name: getattr(forged, name) for name in ("seq", "prev_hash", "hash")}
    columns = (
        "type, schema_version, recorded_at, effective_at, actor, acting_for, rule, caused_by, command_id,"
        " facts, payload"
    )
    owner(
        f"INSERT INTO events (case_id, seq, prev_hash, hash, alg, {columns})"
        f" SELECT case_id, :seq, :prev_hash, :hash, alg, {columns} FROM events"
        " WHERE case_id = :id AND seq = :model",
        model=model.seq,
        **row,
    )


def envelope_with(envelope, **changes):
    changed = replace(envelope, **changes)
    return replace(changed, hash=chain.link(changed))
