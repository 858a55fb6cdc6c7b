"""One item, many hands: the first has it, the others are told who; four eyes are kept by the tables too; a recusal and what
becomes of the work are one commit.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests.integration.engine.conftest import Office
from workflow.domain import authority
from workflow.domain.commands import TakeAction
from workflow.domain.directory import Holding, Person
from workflow.engine.banjie import Banjie
from workflow.engine.handle import handle
from workflow.errors import AlreadyClaimed, BanjieError
from workflow.storage import tables as t
from workflow.storage.transaction import Transaction
from workflow.testing.sample import LONG_AGO

CLERKS = tuple(f"handler-{number:02}" for number in range(50))


@pytest.fixture
def crowded(office):
    """The office with fifty more handlers."""
    banjie, directory = office.banjie, office.banjie.catalog.directory
    crowd = replace(
        directory,
        version="crowd",
        persons={**directory.persons, **{code: Person(code=code, name=code) for code in CLERKS}},
        holdings=(
            *directory.holdings,
            *(Holding(person=code, kind="handler", organ="office", since=LONG_AGO) for code in CLERKS),
        ),
    )
    return Office(Banjie(store=office.store, catalog=replace(banjie.catalog, directory=crowd)))


def item(office, receipt):
    """The open work item's row."""
    with office.store.read() as connection:
        chosen = select(t.work_items).where(
            t.work_items.c.case_id == receipt.case_id, t.work_items.c.closed_at.is_(None)
        )
        return connection.execute(chosen).one()


def test_of_a_hundred_claims_at_once_one_wins_and_the_others_are_told_who(crowded):
    filed = crowded.file()
    crowded.act(filed, "clerk", "accept")
    together = Barrier(20)

    def claim(number):
        if number < together.parties:
            together.wait(30)
        command = TakeAction(
            case_id=filed.case_id, key=f"claim-{number}", actor=CLERKS[number % len(CLERKS)], action="claim"
        )
        try:
            handle(crowded.banjie, command)
        except BanjieError as error:
            return error
        return command.actor

    with ThreadPoolExecutor(max_workers=together.parties) as pool:
        outcomes = list(pool.map(claim, range(100)))
    winners = [found for found in outcomes if isinstance(found, str)]
    lost = [found for found in outcomes if isinstance(found, BanjieError)]
    assert len(winners) == 1
    assert len(lost) == 99
    # The winner's own second try is told that he has it; everybody else by whom it was taken, and when.
    assert Counter(type(error).__name__ for error in lost) == {"AlreadyClaimed": 98, "VerbRefused": 1}
    told = {error.fields["holder"] for error in lost if isinstance(error, AlreadyClaimed)}
    assert told == set(winners)
    assert item(crowded, filed).claimed_by == winners[0]
    assert [type(event).__name__ for event in crowded.events(filed)].count("WorkClaimed") == 1


def test_the_tables_refuse_a_second_role_even_where_the_rules_would_not(office, monkeypatch):
    """`chen` holds the posts of handler and checker; with the rule of different persons switched off, the database still
    refuses the second role, and nothing of the act is kept.
    """
    filed = office.file()
    office.act(filed, "clerk", "accept")
    office.act(filed, "chen", "review", inspectors=["chen", "bo"])
    before = office.case(filed)
    monkeypatch.setattr(authority, "other_role", lambda *_: None)
    with pytest.raises((BanjieError, DBAPIError), match="one person, one role"):
        office.act(filed, "chen", "agree")
    assert office.case(filed) == before
    with office.store.read() as connection:
        taken = connection.execute(select(t.roles_taken.c.person, t.roles_taken.c.post)).all()
    assert [tuple(row) for row in taken] == [("chen", "handler")]
    monkeypatch.undo()
    with pytest.raises(BanjieError) as refused:
        office.act(filed, "chen", "agree", key="again")
    assert refused.value.code == "same_person"


def test_the_same_role_again_is_no_second_role(office):
    filed = office.file()
    office.act(filed, "clerk", "accept")
    office.act(filed, "anna", "order_hearing", key="1")
    office.act(filed, "anna", "take_back", key="2")
    office.act(filed, "anna", "order_hearing", key="3")
    with office.store.read() as connection:
        assert [
            tuple(row) for row in connection.execute(select(t.roles_taken.c.person, t.roles_taken.c.post))
        ] == [("anna", "handler")]


def test_a_recusal_and_the_new_owner_are_one_commit(office):
    """One command, one instant, one transaction: there is no moment in which the work is with who stands aside."""
    filed = office.file()
    office.act(filed, "clerk", "accept")
    office.act(filed, "anna", "claim")
    office.act(filed, "anna", "recuse", key="aside", ground="relative")
    envelopes = [
        envelope
        for envelope, event in office.store.history(filed.case_id)
        if type(event).__name__ in ("Recused", "WorkAssigned")
    ]
    assert [envelope.type for envelope in envelopes] == ["Recused", "WorkAssigned"]
    assert {envelope.command_id for envelope in envelopes} == {"aside"}
    assert len({envelope.recorded_at for envelope in envelopes}) == 1
    assert envelopes[1].seq == envelopes[0].seq + 1
    row = item(office, filed)
    assert (row.claimed_by, row.claimed_how) == ("bo", "recusal")


def test_if_the_commit_fails_neither_has_happened(office, monkeypatch):
    filed = office.file()
    office.act(filed, "clerk", "accept")
    office.act(filed, "anna", "claim")
    before = office.case(filed)

    def broken(*_):
        raise RuntimeError("the power is cut before the commit")

    with monkeypatch.context() as patched:
        patched.setattr("workflow.storage.transaction.Transaction.write", _after_writing(broken))
        with pytest.raises(RuntimeError):
            office.act(filed, "anna", "recuse", ground="relative")
    assert office.case(filed) == before
    assert item(office, filed).claimed_by == "anna"


def _after_writing(fail):
    write = Transaction.write

    def written(self, step, *, last):
        write(self, step)
        fail()

    return written
