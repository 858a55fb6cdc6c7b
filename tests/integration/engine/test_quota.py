"""Quotas in a database: many at once for the last places, what is given back lets the next one in, what is broken off leaves
nothing, and the figures are what the events say.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update

from tests.integration.engine.conftest import Office
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.commands import TakeAction
from workflow.engine.advance import advance_many
from workflow.engine.banjie import Banjie
from workflow.engine.handle import handle, perform
from workflow.errors import BanjieError, QuotaExhausted, QuotaInUse
from workflow.evidence.quotas import QuotaFlaw, verify_quotas
from workflow.evidence.walk import walk as audit
from workflow.queries.quotas import ledger_of, quota_report
from workflow.storage import quota_tables as q
from workflow.storage.faults import RefusedByTables
from workflow.storage.store import open_store
from workflow.testing import quota_matter, sample
from workflow.testing.quota_matter import CODE, KIND, ORGAN, key

THREADS = 100
STORES, CONNECTIONS = 4, 2


def catalog_of(definition):
    definition, content = sealed(definition)
    matter = Matter(
        definition=definition, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    facts = sample.facts()
    return Catalog(
        matters={definition.code: matter},
        directory=facts.directory,
        law=facts.law,
        calendars={"cn": facts.calendar},
    )


class Places(Office):
    """Files and acts on the small matter under a quota."""

    def filed(self, name, *, settle=True, **form):
        return self.file(name, matter=CODE, materials=(), form={"group": "", **form}, settle=settle)

    def reported(self, name, **form):
        receipt = self.filed(name, **form)
        self.act(receipt, "ella", "report")
        return receipt

    def allot(self, places, year=2026, document="人发〔2026〕1号"):
        return self.store.quotas.grant(key(year), places, document=document, by="gus")

    def balance(self, year=2026):
        found = self.store.quotas.balances(kind=KIND)[key(year)]
        return found.places, found.reserved, found.consumed

    def sound(self):
        """The figures are what the events say, and each row what its own events come to."""
        assert verify_quotas(self.store).wrong == ()
        assert audit(self.store).broken == []


@pytest.fixture
def places(store):
    return Places(Banjie(store=store, catalog=catalog_of(quota_matter.definition())))


def at_once(places, url, acts):
    """Do these acts in as many threads, on several pools of connections; gives what became of each."""
    stores = [open_store(url, pool_size=CONNECTIONS) for _ in range(STORES)]
    banjies = [Banjie(store=store, catalog=places.banjie.catalog) for store in stores]
    barrier = threading.Barrier(len(acts))

    def one(number):
        case_id, actor, action = acts[number]
        command = TakeAction(case_id=case_id, key=f"{action}-{number}", actor=actor, action=action)
        barrier.wait()
        try:
            return handle(banjies[number % STORES], command)
        except BanjieError as error:
            return error

    try:
        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, range(len(acts))))
    finally:
        for store in stores:
            store.close()


def test_a_hundred_at_once_for_the_last_ten_places(places, database_url):
    places.allot(13)
    for number in range(3):
        places.reported(f"before-{number}")
    cases = [places.filed(f"case-{number}").case_id for number in range(THREADS)]

    came = at_once(places, database_url, [(case_id, "ella", "report") for case_id in cases])

    refused = [one for one in came if isinstance(one, QuotaExhausted)]
    assert Counter(type(one).__name__ for one in came) == {"Receipt": 10, "QuotaExhausted": 90}
    assert {one.fields["left"] for one in refused} == {0}
    assert {(one.fields["places"], one.fields["needed"]) for one in refused} == {(13, 1)}
    assert places.balance() == (13, 13, 0)
    assert Counter(places.store.case(case_id).state for case_id in cases) == {"reported": 10, "filed": 90}
    places.sound()


def test_reports_and_withdrawals_at_once_never_oversell_nor_lose_a_place(places, database_url):
    places.allot(20)
    held = [places.reported(f"held-{number}").case_id for number in range(20)]
    waiting = [places.filed(f"waiting-{number}").case_id for number in range(40)]

    came = at_once(
        places,
        database_url,
        [(case_id, "ella", "report") for case_id in waiting]
        + [(case_id, "ella", "withdraw") for case_id in held],
    )

    reported = sum(not isinstance(one, BanjieError) for one in came[:40])
    assert all(not isinstance(one, BanjieError) for one in came[40:])
    assert 0 <= reported <= 20
    assert places.balance() == (20, reported, 0)
    places.sound()


def test_a_withdrawal_lets_the_next_one_in(places):
    places.allot(1)
    first, second = places.reported("first"), places.filed("second")
    with pytest.raises(QuotaExhausted):
        places.act(second, "ella", "report", key="too-early")

    places.act(first, "ella", "withdraw")
    places.act(second, "ella", "report", key="again")

    assert places.balance() == (1, 1, 0)
    places.sound()


def test_a_refused_report_leaves_nothing(places):
    places.allot(1)
    places.reported("first")
    second = places.filed("second")
    before = len(places.events(second))

    with pytest.raises(QuotaExhausted):
        places.act(second, "ella", "report")

    assert len(places.events(second)) == before
    assert len(places.store.quotas.ledger()) == 1


def test_a_transaction_that_is_broken_off_leaves_nothing(places):
    places.allot(1)
    filed = places.filed("one")
    command = TakeAction(case_id=filed.case_id, key="k", actor="ella", action="report")

    with pytest.raises(KeyboardInterrupt), places.store.write() as tx:
        perform(places.banjie, tx, command)
        raise KeyboardInterrupt

    assert places.balance() == (1, 0, 0)
    assert places.store.quotas.ledger() == []
    assert places.case(filed).quota is None
    handle(places.banjie, command)
    assert places.balance() == (1, 1, 0)
    places.sound()


def test_the_same_command_again_takes_no_second_place(places):
    places.allot(5)
    filed = places.filed("one")
    command = TakeAction(case_id=filed.case_id, key="k", actor="ella", action="report")

    assert not handle(places.banjie, command).repeated
    assert handle(places.banjie, command).repeated
    assert places.balance() == (5, 1, 0)


def test_steps_without_a_quota_effect_do_not_wait_for_the_quota(places, store):
    """Somebody holds the quota's lock; other acts on the case go on. SQLite has one writer and nothing to show."""
    places.allot(5)
    reported = places.reported("one")
    if store.dialect == "sqlite":
        places.act(reported, "anna", "look")
        return
    with store.engine.connect() as connection:
        connection.execute(text("SELECT * FROM quotas FOR UPDATE"))
        places.act(reported, "anna", "look")
        places.act(reported, "anna", "send_back")
        connection.rollback()
    assert places.balance() == (5, 1, 0)


# --- the machine ----------------------------------------------------------------------------------------------------


def test_the_machine_consumes_by_itself(places):
    places.allot(5)
    reported = places.reported("one")

    places.act(reported, "anna", "leave_to_machine")

    assert places.case(reported).state == "approved"
    assert places.balance() == (5, 0, 1)
    places.sound()


def test_periods_that_end_at_one_midnight_release_each_its_place(places, store):
    places.allot(30)
    cases = [places.reported(f"case-{number}").case_id for number in range(30)]
    assert places.balance() == (30, 30, 0)
    store.advance(store.next_due())

    done, alone = advance_many(places.banjie, cases, done_by="task")
    # A quota is locked before any number; so what moves one is done case by case.
    assert (done, sorted(alone)) == (0, sorted(cases))
    places.settle()

    assert places.balance() == (30, 0, 0)
    places.sound()


def test_a_case_that_ends_without_a_word_about_its_place_gives_it_back(places):
    places.allot(5)
    reported = places.reported("one")

    places.act(reported, "anna", "refuse")

    assert places.balance() == (5, 0, 0)
    entries = [(row.entry, row.reason) for row in places.store.quotas.ledger(key=key())]
    assert entries == [("reserved", None), ("released", "concluded")]
    places.sound()


# --- allotments -----------------------------------------------------------------------------------------------------


def test_an_allotment_grows_by_paper_and_is_never_lowered_below_what_is_in_use(places):
    assert places.allot(3).total == 3
    assert places.allot(2, document="人发〔2026〕9号").total == 5
    for number in range(4):
        places.reported(f"case-{number}")

    with pytest.raises(QuotaInUse) as refused:
        places.store.quotas.adjust(key(), 3, document="人发〔2026〕12号", by="gus", reason="核减")

    assert (refused.value.fields["used"], refused.value.fields["reserved"]) == (4, 4)
    assert (
        places.store.quotas.adjust(key(), 4, document="人发〔2026〕13号", by="gus", reason="核减").total == 4
    )
    with pytest.raises(QuotaExhausted):
        places.reported("one-more")
    places.sound()


def test_the_same_paper_is_entered_once(places):
    first, again = places.allot(3), places.allot(3)

    assert first == again
    assert places.balance() == (3, 0, 0)
    with pytest.raises(BanjieError) as refused:
        places.allot(4)
    assert refused.value.code == "allotment_differs"


def test_papers_entered_at_once_count_once_each(places, database_url):
    def enter(number):
        store = open_store(database_url)
        try:
            return store.quotas.grant(key(), 2, document=f"文 {number % 4}", by="gus").total
        finally:
            store.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(8)))

    assert places.balance() == (8, 0, 0)
    places.sound()


def test_the_database_itself_never_oversells(places):
    places.allot(1)

    for values in ({"reserved": 2}, {"reserved": -1}, {"consumed": 2}, {"places": -1}):
        with (
            pytest.raises(RefusedByTables),
            places.store._writing() as connection,
        ):
            connection.execute(update(q.quotas).where(q.quotas.c.kind == KIND).values(values))


@pytest.mark.parametrize("table", [q.quota_ledger, q.quota_allotments])
@pytest.mark.parametrize("act", ["UPDATE {} SET places = 9", "DELETE FROM {}"])
def test_what_is_in_the_ledger_stays(places, table, act):
    places.allot(1)
    places.reported("one")

    with pytest.raises(BanjieError), places.store._writing() as connection:
        connection.execute(text(act.format(table.name)))


# --- figures --------------------------------------------------------------------------------------------------------


def test_the_report_of_a_year_and_the_story_of_a_quota(places):
    places.allot(10)
    one, two = places.reported("one"), places.reported("two")
    places.reported("three")
    places.reported("four", group="exempt")
    overtaken = places.reported("five", group="exempt")
    places.act(one, "dong", "approve")
    places.act(two, "ella", "withdraw")
    places.act(overtaken, "anna", "find", track="quota")

    (line,) = [one for one in quota_report(places.store, 2026) if one.kind == KIND]
    assert (line.organ, line.allotted) == (ORGAN, 10)
    assert (line.reserved, line.consumed, line.left, line.released) == (2, 1, 7, 1)
    assert (line.exempt_cases, line.exempt_places) == (1, 1)
    story = [entry.entry for entry in ledger_of(places.store, key())]
    assert Counter(story) == {"granted": 1, "reserved": 4, "consumed": 1, "released": 1, "exempted": 2}
    assert story[0] == "granted"
    assert quota_report(places.store, 2050) == []
    places.sound()


def test_a_balance_that_was_tampered_with_is_found(places):
    places.allot(10)
    places.reported("one")
    with places.store._writing() as connection:
        connection.execute(update(q.quotas).where(q.quotas.c.kind == KIND).values(reserved=0))

    (wrong,) = verify_quotas(places.store).wrong
    assert (wrong.key, wrong.flaw) == (key(), QuotaFlaw.BALANCE)


def test_a_row_of_the_ledger_that_no_event_made_is_found(places):
    places.allot(10)
    reported = places.reported("one")
    row = places.store.quotas.ledger()[0]
    forged = {
        "case_id": reported.case_id,
        "seq": 99,
        "kind": KIND,
        "organ": ORGAN,
        "year": 2026,
        "entry": "released",
        "places": 1,
        "held": "reserved",
        "reason": "withdraw",
        "revision": 7,
        "actor": "ella",
        "effective_at": row.effective_at,
        "recorded_at": row.recorded_at,
    }
    with places.store._writing() as connection:
        connection.execute(insert(q.quota_ledger), [forged])

    assert [wrong.flaw for wrong in verify_quotas(places.store).wrong] == [QuotaFlaw.LEDGER]


def test_a_case_that_goes_on_without_its_definitions_quota_still_releases(places):
    """What a case holds is in the case, so that a definition it is moved to cannot make it forget."""
    places.allot(5)
    reported = places.reported("one")
    plain, content = sealed(replace(quota_matter.definition(), quota=None))
    case = places.case(reported)
    with places.store.write() as tx:
        tx.keep_definition(plain.hash, plain.code, content, b"{}")
    places.banjie._definitions[case.definition] = replace(plain, hash=case.definition)

    places.act(reported, "ella", "withdraw")

    assert places.balance() == (5, 0, 0)


def test_an_expiry_that_nobody_foresaw_still_finds_its_quota(places, store, monkeypatch):
    """As when a notice on holidays moves it to before now: the decision is made again with the quota locked."""
    places.allot(5)
    reported = places.reported("one")
    monkeypatch.setattr("workflow.engine.handle.needs", lambda *_: ())

    places.act(reported, "ella", "withdraw")

    assert places.balance() == (5, 0, 0)
    places.sound()
