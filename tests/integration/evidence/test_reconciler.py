"""The reconciler: nothing is named on a healthy database, and whatever is broken by hand is named by its rule; on both."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests.conftest import START
from tests.integration.evidence.world import Record
from workflow.engine.reconciler import PROOFS, look, prove
from workflow.storage import tables as t
from workflow.storage.invariants_registers import WHOLE
from workflow.storage.store import open_store

UNPROTECT = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger"
    " WHERE NOT tgisinternal",
}
UNCHECKED = {
    "sqlite": "SELECT 'PRAGMA ignore_check_constraints = ON'",
    "postgresql": "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)"
    " FROM pg_constraint WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace",
}

WAITING = (
    "fired_at IS NULL AND cancelled_at IS NULL AND withheld_at IS NULL"
    " AND EXISTS (SELECT 1 FROM clocks k WHERE k.case_id = rungs.case_id AND k.clock = rungs.clock"
    " AND k.generation = rungs.generation AND k.ended_on IS NULL)"
)

NOTIFY = (
    "INSERT INTO notifications (case_id, seq, kind, recipient, id, raised_at, due_at, attempts, epoch, sending,"
    " standing, leased_until) SELECT {case}, seq, 'urged', 'x', case_id, recorded_at, recorded_at, 0, 0, false,"
)
NOTIFY, NOTIFY_NOBODY = NOTIFY.format(case="case_id"), NOTIFY.format(case="'orphan ' || case_id")

BREAKS = {
    "command_without_event": "DELETE FROM commands",
    "event_missing": "DELETE FROM events WHERE seq = 3",
    "command_done_twice": (
        "UPDATE events SET actor = (SELECT actor FROM events e WHERE e.seq = 1 AND e.case_id = events.case_id),"
        " command_id = (SELECT command_id FROM events e WHERE e.seq = 1 AND e.case_id = events.case_id)"
        " WHERE seq = (SELECT max(seq) FROM events e WHERE e.case_id = events.case_id)"
    ),
    "path_broken": (
        "UPDATE events SET type = 'X' WHERE seq = (SELECT min(seq) FROM events WHERE type = 'ActionTaken')"
    ),
    "state_not_reached": "UPDATE cases SET state = 'nowhere'",
    "begins_otherwise": "UPDATE events SET type = 'FilingSubmitted' WHERE seq = 4",
    "head_differs": (
        "UPDATE cases SET head = (SELECT hash FROM events e WHERE e.case_id = cases.id AND e.seq = 2)"
    ),
    "chain_broken": (
        "UPDATE events SET prev_hash = (SELECT hash FROM events e WHERE e.case_id = events.case_id AND e.seq = 1)"
        " WHERE seq = 7"
    ),
    "same_person": (
        "UPDATE events SET actor = (SELECT min(e.actor) FROM events e WHERE e.type = 'DecisionMade')"
        " WHERE type = 'ActionTaken' AND actor <> 'system'"
    ),
    "role_not_noted": "DELETE FROM roles_taken",
    "row_differs": "UPDATE cases SET version = version - 1",
    "fired_without_row": "UPDATE rungs SET fired_at = NULL, done_by = NULL WHERE fired_at IS NOT NULL",
    "fired_without_event": "UPDATE events SET type = 'X' WHERE type = 'RungFired'",
    "fired_twice": (
        "UPDATE events SET type = 'RungFired',"
        " payload = (SELECT e.payload FROM events e WHERE e.type = 'RungFired' ORDER BY e.seq LIMIT 1)"
        " WHERE seq = (SELECT max(seq) FROM events)"
    ),
    "fired_early": (
        "UPDATE rungs SET fires_at = (SELECT max(recorded_at) FROM events) WHERE fired_at IS NOT NULL"
    ),
    "fired_and_cancelled": "UPDATE rungs SET cancelled_at = fired_at WHERE fired_at IS NOT NULL",
    "waits_after_the_end": "UPDATE rungs SET cancelled_at = NULL WHERE cancelled_at IS NOT NULL",
    "rung_without_clock": "DELETE FROM clocks",
    "waits_twice": (
        "INSERT INTO rungs (case_id, clock, generation, rung, revision, fires_at, attempts)"
        f" SELECT case_id, clock, generation, rung, revision + 90, fires_at, 0 FROM rungs WHERE {WAITING}"
    ),
    "rung_missing": f"DELETE FROM rungs WHERE {WAITING}",
    "rung_of_nothing": (
        "INSERT INTO rungs (case_id, clock, generation, rung, revision, fires_at, attempts)"
        f" SELECT case_id, clock, generation, 'invented ' || rung, revision, fires_at, 0 FROM rungs WHERE {WAITING}"
    ),
    "clock_differs": "UPDATE clocks SET due_on = '2031-01-01' WHERE due_on IS NOT NULL",
    "withheld_for_nothing": f"UPDATE rungs SET withheld_at = fires_at WHERE {WAITING}",
    "lease_outlived": f"{NOTIFY} 'waiting', recorded_at FROM events WHERE seq = 1",
    "delivery_twice": f"{NOTIFY} 'waiting', NULL FROM events WHERE seq < 3",
    "job_done_by_nobody": "UPDATE jobs SET done_by = NULL WHERE done_at IS NOT NULL",
    "job_without_event": "UPDATE jobs SET job = job + 900 WHERE kind = 'automatic'",
    "work_item_left_open": "UPDATE work_items SET closed_at = NULL",
    "finding_missing": "DELETE FROM findings",
    "number_not_issued": "UPDATE documents SET number = number + 1000 WHERE number IS NOT NULL",
    "number_beyond_counter": "UPDATE number_counters SET last = 0",
    "counter_differs": "UPDATE number_counters SET last = last + 1",
    "confirmed_by_proposer": (
        "INSERT INTO directory_revisions (number, base, version, body, absences, note, proposed_by, proposed_at,"
        " confirmed_by, confirmed_at, revision) SELECT 1, 0, 'v', hash, hash, '', 'x', recorded_at, 'x', recorded_at, 1"
        " FROM events WHERE seq = 1 AND case_id = (SELECT min(case_id) FROM events)"
    ),
    "quota_oversold": "UPDATE quotas SET consumed = places + 1",
    "events_unprotected": "",
    "event_of_command_gone": "UPDATE commands SET seq = seq + 900 WHERE seq > 1",
    **{
        f"{table}_without_case": f"UPDATE {table} SET case_id = 'orphan ' || case_id"
        for table in ("clocks", "rungs", "jobs", "work_items", "documents", "findings")
    },
    "notifications_without_case": f"{NOTIFY_NOBODY} 'waiting', NULL FROM events WHERE seq = 1",
    "events_without_case": "UPDATE events SET case_id = '0' || case_id",
}


def walked_in(url):
    """One transfer from its filing to the archive, and another on its way."""
    store = open_store(url)
    store.create_clock("stepped", START)
    record = Record(store)
    record.whole()
    record.file("second")
    record.days(1)
    store.close()


@pytest.fixture(scope="module")
def walked_file(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("walked") / "banjie.db"
    shutil.copy(sqlite_template, path)
    walked_in(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def walked_database(postgres):
    name = postgres.create(postgres.template)
    walked_in(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def walked(request, tmp_path):
    """A copy of the walked database of each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("walked_file"), tmp_path / "walked.db")
        store = open_store(f"sqlite:///{tmp_path / 'walked.db'}")
        yield store
        store.close()
        return
    postgres = request.getfixturevalue("postgres")
    name = postgres.create(request.getfixturevalue("walked_database"))
    store = open_store(postgres.url(name))
    yield store
    store.close()
    postgres.drop(name)


def run(store, *statements, first=()):
    with store.engine.connect() as connection:
        for catalogue in first:
            for statement in connection.execute(text(catalogue)).scalars().all():
                connection.execute(text(statement))
        for statement in filter(None, statements):
            assert connection.execute(text(statement)).rowcount > 0, statement
        connection.commit()


def rules(found):
    return {one.rule for one in found.broken}


def test_every_rule_is_tried():
    assert {proof.rule for proof in (*PROOFS, *WHOLE)} <= set(BREAKS)


def test_a_healthy_database_has_nothing_to_name(walked):
    found = prove(walked)

    assert found.broken == ()
    assert found.cases == 2
    assert look(walked).broken == ()
    assert walked.watch.standing_counts() == {}
    progress = walked.watch.reconciler.progress()
    assert progress.proved_cases == 2
    assert progress.proved_at is not None


@pytest.mark.parametrize("rule", BREAKS)
def test_whatever_is_broken_is_named(walked, rule):
    first = [UNPROTECT[walked.dialect], UNCHECKED[walked.dialect]]
    run(walked, BREAKS[rule], first=first)

    assert rule in rules(prove(walked))
    assert {alarm.subject.split()[-1] for alarm in walked.watch.standing("invariant_broken")} >= {rule}


def test_a_pass_finds_it_too_and_sees_when_it_has_been_put_right(walked):
    run(walked, first=[UNPROTECT[walked.dialect]])
    run(walked, "UPDATE cases SET visit = visit + 1 WHERE archived_at IS NULL")
    assert rules(look(walked)) >= {"row_differs", "work_item_left_open"}
    assert look(walked).standing["invariant_broken"] >= 2
    assert look(walked).raised == ()

    run(walked, "UPDATE cases SET visit = visit - 1 WHERE archived_at IS NULL")
    assert look(walked).standing == {}


def test_passes_go_round_all_cases(walked):
    first = look(walked, size=1)
    after_first = walked.watch.reconciler.progress().after_case
    look(walked, size=1)
    after_second = walked.watch.reconciler.progress().after_case
    look(walked, size=1)

    assert [after_first, after_second] == walked.case_ids()
    assert walked.watch.reconciler.progress().after_case == ""
    assert first.rehinted == 0


def test_a_proof_that_is_stopped_proves_nothing(walked):
    found = prove(walked, lambda: True)

    assert found.cases == 0
    assert walked.watch.reconciler.progress() is None


def test_a_hint_that_led_nowhere_is_taken_back_and_nothing_else_is_touched(walked):
    with walked.engine.begin() as connection:
        connection.execute(text("UPDATE rungs SET hinted_at = NULL"))
    real = walked.watch.real_time()
    old = {"at": (real - timedelta(hours=1))}
    ahead = {"at": (real + timedelta(hours=1))}
    for given in (old, ahead):
        hinted = _hint(walked, given["at"])
        assert hinted > 0
        found = look(walked)
        assert found.rehinted == hinted
        assert _hinted(walked) == 0, "a relay can take it again"
        assert found.standing.get("work_overdue", 0) > 0
    assert look(walked).rehinted == 0
    assert look(walked).standing == {}
    assert prove(walked).broken == ()


def _hinted(store):
    with store.read() as connection:
        waiting = (
            select(func.count()).select_from(t.rungs).where(t.rung_waits, t.rungs.c.hinted_at.is_not(None))
        )
        return connection.execute(waiting).scalar_one()


def _hint(store, at):
    with store.engine.begin() as connection:
        return connection.execute(t.rungs.update().where(t.rung_waits).values(hinted_at=at)).rowcount
