"""Countersigns and panels on both databases: many sign at once, queues, secrets, and a whole transfer with a countersign."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.integration.engine.conftest import Office
from tests.integration.transfers import AFTER_THE_NOTICE, TO_THE_NOTICE, Transfers
from tests.unit.domain.desk.asking import EXPERTS, directory
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.desk.opinions import countersigned
from workflow.domain.directory import Absence, Holding, Person
from workflow.domain.evolve import fold
from workflow.engine.banjie import Banjie
from workflow.errors import BanjieError, VerbRefused
from workflow.queries.signatures import awaited
from workflow.storage import signing_tables, tables
from workflow.testing import sample

TWENTY = tuple(f"signer-{number:02}" for number in range(20))
ON = date(2026, 9, 7)


@pytest.fixture
def office(store):
    """The sample licence, accepted and in anna's hands, where many can be asked."""
    definition, content = sealed(sample.definition())
    matter = Matter(
        definition=definition, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    more = tuple(
        Holding(person=name, kind="officer", organ="budget", since=sample.LONG_AGO) for name in TWENTY
    )
    people = directory(more=more)
    people = replace(
        people, persons={**people.persons, **{name: Person(code=name, name=name) for name in TWENTY}}
    )
    facts = sample.facts()
    catalog = Catalog(
        matters={definition.code: matter},
        directory=people,
        law=facts.law,
        calendars={"cn": facts.calendar},
    )
    return Office(Banjie(store=store, catalog=catalog))


@pytest.fixture
def filed(office):
    receipt = office.file()
    office.act(receipt, "clerk", "accept")
    office.act(receipt, "anna", "claim")
    return receipt


def types(office, receipt):
    return Counter(type(event).__name__ for event in office.events(receipt))


def waiting(office, person):
    return awaited(office.store, office.banjie.catalog.directory, person, ON)


@pytest.mark.parametrize("mode", ["all", "any", "weighted"])
def test_of_twenty_who_sign_at_once_the_round_ends_exactly_once(office, filed, mode):
    office.act(filed, "anna", "countersign", question="可否", mode=mode, signers=list(TWENTY))

    def sign(person):
        try:
            office.act(filed, person, "cosign", key=f"{person}-signs", vote="agree")
        except VerbRefused as error:
            return error.fields["rule"]
        return "signed"

    with ThreadPoolExecutor(max_workers=20) as pool:
        came_to = Counter(pool.map(sign, TWENTY))

    happened = types(office, filed)
    needed = {"all": 20, "any": 1, "weighted": 11}[mode]
    assert happened["CountersignEnded"] == 1
    assert happened["CountersignSigned"] == came_to["signed"] == needed
    assert came_to["open_round"] == 20 - needed
    assert countersigned(office.case(filed)) == "agreed"
    assert all(not waiting(office, person) for person in TWENTY)


def test_a_signer_finds_what_waits_for_him(office, filed):
    office.act(
        filed,
        "anna",
        "countersign",
        question="可否",
        mode="sequential",
        signers=["hu", "law:officer", "jin"],
    )
    assert [(one.no, one.turn) for one in waiting(office, "hu")] == [(filed.no, True)]
    assert [one.turn for one in waiting(office, "ivy")] == [False]
    office.act(filed, "hu", "cosign", vote="agree")
    assert waiting(office, "hu") == []
    assert [one.turn for one in waiting(office, "ivy")] == [True]
    office.act(filed, "anna", "remove_signer", signer="jin", reason="与本事项无关")
    assert waiting(office, "jin") == []
    office.act(filed, "anna", "close_countersign", reason="另行征求意见")
    assert waiting(office, "ivy") == []
    with office.store.read() as connection:
        rows = connection.execute(select(signing_tables.signatures)).mappings().all()
    assert {row["signer"]: row["signed_by"] for row in rows} == {"hu": "hu", "law:officer": None, "jin": None}
    assert all(row["closed_at"] is not None and not row["turn"] for row in rows)


def test_a_deputy_finds_what_waits_for_whom_he_stands_in_for(office, filed):
    office.act(filed, "anna", "countersign", question="可否", mode="all", signers=["jin"])
    people = office.banjie.catalog.directory
    assert awaited(office.store, people, "kim", ON) == []
    people = replace(people, absences=(Absence(person="jin", since=ON, until=ON),))
    assert [one.signer for one in awaited(office.store, people, "kim", ON)] == ["jin"]


@pytest.fixture
def voting(office, filed):
    office.act(filed, "anna", "convene_panel", pool="pool", size=5)
    office.act(filed, "anna", "draw_panel")
    return filed


def secrets(office):
    with office.store.read() as connection:
        rows = connection.execute(select(signing_tables.panel_secrets)).mappings().all()
    return {row["kind"]: row["value"] for row in rows}


def seats(office, receipt):
    return [seat.person for seat in office.case(receipt).panels[-1].seats]


def test_five_vote_at_once_and_only_the_counts_are_there(office, voting):
    votes = dict(zip(seats(office, voting), ["agree"] * 3 + ["disagree", "abstain"], strict=True))
    assert all(waiting(office, person)[0].kind == "ballot" for person in votes)

    def vote(person):
        office.act(voting, person, "cast_ballot", key=f"{person}-votes", vote=votes[person])

    with ThreadPoolExecutor(max_workers=5) as pool:
        list(pool.map(vote, votes))
    assert secrets(office) == {"seed": "", "urn": '{"abstain": 1, "agree": 3, "disagree": 1}'}
    office.act(voting, "anna", "count_ballots")
    assert secrets(office) == {"seed": "", "urn": ""}
    office.act(voting, "anna", "panel_minutes", attendees=list(votes), text="评审意见")
    panel = office.case(voting).panels[-1]
    assert (panel.outcome, panel.agree, panel.not_agree) == ("agreed", 3, 2)
    history = [(event, envelope.actor) for envelope, event in office.store.history(voting.case_id)]
    assert fold(history, case_id=voting.case_id) == office.case(voting)


def test_nowhere_in_the_tables_is_a_vote_beside_a_person(office, voting):
    voter = seats(office, voting)[0]
    office.act(voting, voter, "cast_ballot", key="ballot", vote="disagree")
    with office.store.read() as connection:
        for table in tables.metadata.sorted_tables:
            if table.name == "panel_secrets":
                continue
            for row in connection.execute(select(table)).mappings():
                told = "".join(
                    bytes(value).decode("utf-8", "replace")
                    if isinstance(value, (bytes, memoryview))
                    else str(value)
                    for value in row.values()
                )
                assert "disagree" not in told, table.name
        urn = connection.execute(select(signing_tables.panel_secrets)).mappings().all()
    assert all(voter not in str(dict(row)) for row in urn)


def test_the_memory_of_a_ballot_does_not_tell_the_vote(office, voting):
    """A hash over three possible votes, its salt beside it, would tell; so another vote under the same key is none."""
    voter = seats(office, voting)[0]
    first = office.act(voting, voter, "cast_ballot", key="ballot", vote="disagree")
    again = office.act(voting, voter, "cast_ballot", key="ballot", vote="agree")
    assert again.repeated
    assert again.seq == first.seq
    assert secrets(office)["urn"] == '{"abstain": 0, "agree": 0, "disagree": 1}'


def test_two_panels_are_drawn_differently(office, filed):
    drawn = set()
    for _ in range(3):
        office.act(filed, "anna", "convene_panel", pool="pool", size=6)
        office.act(filed, "anna", "draw_panel")
        drawn.add(tuple(seats(office, filed)))
        office.act(filed, "anna", "dissolve_panel", reason="重新组建")
        office.store.advance(office.store.clock().now.replace(microsecond=len(drawn)))
    assert len(drawn) > 1
    assert all(set(one) <= set(EXPERTS) for one in drawn)


def test_a_transfer_into_beijing_with_a_countersign(store):
    transfers = Transfers(store)
    no = transfers.file()
    for person, action, fields in TO_THE_NOTICE:
        if action == "propose":
            _countersigned(transfers, no)
        transfers.act(no, person, action, **fields)
    transfers.days(9)
    for person, action, fields in AFTER_THE_NOTICE:
        transfers.act(no, person, action, **fields)
    case = transfers.case(no)
    assert case.outcome == "agreed"
    assert countersigned(case) == "agreed"


def _countersigned(transfers, no):
    """The handler asks the division of the talent market and the lawyers; the first asks his superior to sign after him."""
    transfers.act(
        no,
        "zhou-mingli",
        "countersign",
        question="拟同意调京，请会签",
        mode="all",
        signers=["jin-zhe", "policy-and-law:hearing_chair"],
    )
    with pytest.raises(VerbRefused) as caught:
        transfers.act(no, "zhou-mingli", "propose", opinion="agree", text="拟同意")
    assert "jin-zhe" in caught.value.message
    transfers.act(no, "jin-zhe", "add_signer", signer="murong-xue", position="after", reason="请处长把关")
    transfers.act(no, "jin-zhe", "cosign", vote="agree", words="无意见")
    transfers.act(no, "gongsun-lu", "cosign", vote="agree")
    with pytest.raises(BanjieError):
        transfers.act(no, "lu-xiaochao", "cosign", vote="agree")
    transfers.act(no, "murong-xue", "cosign", vote="agree")
