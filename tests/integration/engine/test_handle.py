"""The one write path on both databases: atomic, once, remembered, numbered, and rebuilt from its events alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from workflow.domain import chain
from workflow.domain.commands import SubmitFiling
from workflow.domain.evolve import fold
from workflow.engine.advance import advance
from workflow.engine.handle import case_id_for, handle
from workflow.engine.personal import SLIP_CODE
from workflow.errors import (
    ActionNotAvailable,
    BadFields,
    BadInput,
    CaseHasMoved,
    KeyUsedForAnother,
    NotAuthorised,
    UnknownMatter,
)
from workflow.storage import tables
from workflow.storage.codec import encode_case

WRITTEN = [t for t in tables.metadata.sorted_tables if t.name not in ("installation", "alembic_version")]


def counts(store):
    """How many rows there are, table by table."""
    with store.read() as connection:
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in WRITTEN}


def walk_to_archive(office):
    filed = office.file()
    office.act(filed, "clerk", "accept")
    office.act(filed, "anna", "review", inspectors=["anna", "bo"])
    office.act(filed, "chen", "agree")
    office.until(office.store.clock().now + timedelta(days=9))
    office.act(filed, "dong", "sign")
    return filed


def test_a_filing_walks_to_the_archive_by_people_and_machine(office):
    filed = walk_to_archive(office)
    case = office.case(filed)
    assert (case.state, case.outcome) == ("archived", "granted")
    assert case.delivered == ("notice", "licence")
    assert [clock.clock for clock in case.open_clocks()] == []
    assert office.store.quiet()
    assert office.store.done_counts() == {"task": 3, "pulse": 0}


def test_replaying_the_events_gives_exactly_the_row(office):
    filed = walk_to_archive(office)
    history = office.store.history(filed.case_id)
    again = fold(((event, envelope.actor) for envelope, event in history), case_id=filed.case_id)
    assert encode_case(again) == encode_case(office.case(filed))


def test_every_event_is_chained_and_says_on_what_it_rests(office):
    filed = walk_to_archive(office)
    head = chain.GENESIS
    for number, (envelope, _) in enumerate(office.store.history(filed.case_id), start=1):
        assert envelope.seq == number
        assert envelope.prev_hash == head
        assert envelope.hash == chain.link(envelope)
        assert set(envelope.facts) == {"calendar", "law", "directory"}
        head = envelope.hash


def test_the_id_of_a_case_is_made_of_its_filer_and_his_key():
    """Two filers may use the same key, and neither may come upon the other's case."""
    assert case_id_for("ella", "1") == case_id_for("ella", "1")
    assert len({case_id_for("ella", "1"), case_id_for("emma", "1"), case_id_for("ella", "2")}) == 3


def test_the_same_key_and_body_give_the_same_case_and_write_nothing_more(office):
    first = office.file()
    before = counts(office.store)
    again = office.file()
    assert again.repeated
    assert (again.case_id, again.no) == (first.case_id, first.no)
    assert counts(office.store) == before


def test_the_same_key_with_another_body_is_refused(office):
    office.file()
    before = counts(office.store)
    with pytest.raises(KeyUsedForAnother):
        office.file(materials=("funds",))
    assert counts(office.store) == before


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"matter": "no-such"}, UnknownMatter),
        ({"key": " "}, BadInput),
        ({"actor": "anna"}, NotAuthorised),
        ({"materials": ("gold",)}, BadFields),
    ],
)
def test_a_bad_filing_is_refused_and_nothing_is_written(office, change, error):
    before = counts(office.store)
    command = SubmitFiling(
        case_id=case_id_for("ella", "k"), key="k", actor="ella", matter="sample-licence", form={"name": "王"}
    )
    with pytest.raises(error):
        handle(office.banjie, replace(command, **change))
    assert counts(office.store) == before


def test_a_refused_act_leaves_no_trace(office):
    filed = office.file()
    before = counts(office.store)
    with pytest.raises(ActionNotAvailable):
        office.act(filed, "dong", "sign")
    with pytest.raises(CaseHasMoved):
        office.act(filed, "clerk", "accept", seen_version=filed.version)
    with pytest.raises(BadFields):
        office.act(filed, "clerk", "accept", surprise="x")
    assert counts(office.store) == before


def test_personal_values_stand_apart_and_events_hold_commitments(office):
    filed = office.file(form={"name": "王小明"})
    with office.store.read() as connection:
        kept = connection.execute(select(tables.personal_values)).all()
        payloads = connection.execute(select(tables.events.c.payload)).scalars().all()
        rows = connection.execute(select(tables.cases.c.body)).scalars().all()
    values = {row.field: row for row in kept}
    assert values["form.name"].value == "王小明"
    assert len(values[SLIP_CODE].value) == 10
    stored = b"".join(bytes(payload) for payload in payloads) + "".join(rows).encode()
    assert "王小明".encode() not in stored
    sealed = office.case(filed).form["name"]
    proof = chain.commitment(bytes(values["form.name"].salt), "form.name", "王小明")
    assert sealed["commitment"] == proof


def test_numbers_are_taken_in_order_and_only_by_what_is_accepted(office):
    numbers = [office.file(f"k{i}").no for i in range(3)]
    assert numbers == ["SL-2026-00001", "SL-2026-00002", "SL-2026-00003"]


def test_twenty_twins_at_once_make_one_case(office):
    command = SubmitFiling(
        case_id=case_id_for("ella", "twin"),
        key="twin",
        actor="ella",
        matter="sample-licence",
        form={"name": "王小明"},
        materials=("charter", "funds"),
    )
    with ThreadPoolExecutor(max_workers=5) as pool:
        receipts = list(pool.map(lambda _: handle(office.banjie, command), range(20)))
    assert len({receipt.no for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert counts(office.store)["cases"] == 1


def test_looking_many_times_at_once_does_everything_once(office):
    filed = office.file(settle=False)
    with ThreadPoolExecutor(max_workers=5) as pool:
        done = list(pool.map(lambda _: advance(office.banjie, filed.case_id, done_by="task"), range(20)))
    assert sum(done) == 1
    assert office.case(filed).state == "received"


def test_silence_at_the_window_is_acceptance_back_to_receipt_and_the_red_card_names_the_post(office):
    filed = office.file()
    received = office.case(filed).received_at
    office.until(received + timedelta(days=8))
    case = office.case(filed)
    assert case.deemed
    assert case.accepted_at == received
    office.until(received + timedelta(days=60))
    with office.store.read() as connection:
        cards = connection.execute(select(tables.findings).order_by(tables.findings.c.finding)).all()
    assert [(card.colour, card.post, card.organ) for card in cards] == [
        ("reminder", "handler", "office"),
        ("red", "handler", "office"),
        ("yellow", "handler", "office"),  # for the silence after it
    ]
    assert office.case(filed).state == "review", "a card grants nothing"


def test_a_task_for_people_opens_with_the_state_and_closes_with_it(office):
    filed = office.file()
    office.act(filed, "clerk", "accept")
    with office.store.read() as connection:
        items = connection.execute(select(tables.work_items).order_by(tables.work_items.c.visit)).all()
    assert [(item.post, item.closed_by) for item in items] == [("window", "clerk"), ("handler", None)]


def test_a_number_once_decided_is_in_the_event_and_the_paper(office):
    filed = walk_to_archive(office)
    with office.store.read() as connection:
        papers = connection.execute(select(tables.documents).order_by(tables.documents.c.seq)).all()
    assert [(p.document, p.series, p.year, p.number) for p in papers] == [
        ("notice", None, None, None),
        ("licence", "许", 2026, 1),
    ]
    assert office.case(filed).documents[1].number == 1


def test_time_does_not_move_while_something_is_due(office):
    office.file(settle=False)
    with pytest.raises(Exception, match=r"quiet|due"):
        office.store.advance(office.store.clock().now + timedelta(days=1))
    assert office.store.clock().now.date() == date(2026, 9, 7)
