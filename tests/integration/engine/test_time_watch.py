"""When the clock jumps, outcomes that nobody can take back wait for two persons; reminders and cards do not; on both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from workflow.domain import events as e
from workflow.engine.advance import advance
from workflow.engine.reconciler import look as reconcile
from workflow.engine.time_watch import Jump, Looked, confirm_release, jump, look, propose_release, seen_now
from workflow.errors import NotFrozen, OutcomesFrozen, SamePersonReleases, UnknownPerson
from workflow.storage import freezing
from workflow.storage import tables as t
from workflow.storage.hostclock import BACK, FORWARD, HostClock
from workflow.storage.watch_register import Seen, Watched
from workflow.storage.watch_tables import time_watch

MOMENT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


# --- the host's own clock ---------------------------------------------------------------------------------------------


class Machine:
    def __init__(self):
        self.told, self.ran = MOMENT, timedelta(0)
        self.clock = HostClock(time_of_day=lambda: self.told, running=lambda: self.ran, host="here")

    def passes(self, time, *, told=None):
        self.ran += time
        self.told += time if told is None else told


@pytest.fixture
def machine():
    return Machine()


def test_a_host_is_believed_as_long_as_its_clock_only_runs(machine):
    for step in (SECOND, HOUR, timedelta(days=400)):
        machine.passes(step)
        assert machine.clock.now() == machine.told


def test_a_host_that_was_put_right_by_a_little_is_believed(machine):
    for wrong_by in (BACK, -FORWARD):
        machine.passes(HOUR, told=HOUR - wrong_by)
        assert machine.clock.now() == machine.told


def test_a_clock_that_was_set_forward_is_not_believed_until_it_is_released(machine):
    machine.clock.released(0)
    machine.passes(SECOND, told=SECOND + FORWARD * 2)
    assert machine.clock.now() == machine.told - FORWARD * 2

    machine.clock.released(0)
    assert machine.clock.now() == machine.told - FORWARD * 2
    machine.clock.released(1)
    assert machine.clock.now() == machine.told


def test_of_a_clock_that_was_set_back_the_earlier_time_counts(machine):
    machine.passes(SECOND, told=-HOUR)

    assert machine.clock.now() == MOMENT - HOUR


# --- whether the database's clock has jumped --------------------------------------------------------------------------

KEPT = Watched(mark=MOMENT, host="here", host_at=MOMENT, elapsed=HOUR, releases=0)


def seen(database, *, elapsed=SECOND, host="here", host_at=None):
    at = MOMENT + elapsed if host_at is None else host_at
    return Seen(database=database, host=host, host_at=at, elapsed=HOUR + elapsed)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        (seen(MOMENT + SECOND), None),
        (seen(MOMENT - BACK), None),
        (seen(MOMENT - BACK - timedelta(milliseconds=1)), "back"),
        (seen(MOMENT + SECOND + FORWARD), None),
        (seen(MOMENT + 2 * SECOND + FORWARD), "forward"),
        # A machine that was off for days tells so by its clock, and one that ran on by how long it did.
        (seen(MOMENT + 72 * HOUR, elapsed=-HOUR, host_at=MOMENT + 72 * HOUR), None),
        (seen(MOMENT + 72 * HOUR, elapsed=72 * HOUR), None),
        (seen(MOMENT + 72 * HOUR, host_at=MOMENT + 72 * HOUR), "forward"),
        (seen(MOMENT + 72 * HOUR, host="there", host_at=MOMENT + 72 * HOUR), None),
        (seen(MOMENT + 72 * HOUR, host="there", host_at=MOMENT), "forward"),
    ],
)
def test_a_jump_is_told_from_the_passing_of_time(what, found):
    jumped = jump(KEPT, what)

    assert (jumped.because if jumped is not None else None) == found


# --- what is held back ------------------------------------------------------------------------------------------------


@pytest.fixture
def bureau(office):
    """The office on a clock that runs, as a real one does, and that the test may set."""
    office.until(datetime(2026, 9, 7, 2, 0, tzinfo=UTC))
    return office


def runs(store, at):
    """Make the stepped clock of this database one that runs, and reads `at` now."""
    offset = round((at - store.watch.real_time()).total_seconds())
    with store.engine.begin() as connection:
        change = text("UPDATE installation SET mode = 'offset', present = NULL, offset_seconds = :by")
        connection.execute(change, {"by": offset})
    store._kept = None


def last_due(store):
    """When the last of the open periods ends."""
    with store.read() as connection:
        return connection.execute(
            select(func.max(t.clocks.c.due_at)).where(t.clocks.c.ended_on.is_(None))
        ).scalar()


def fired(office, receipt):
    return [event.rung for event in office.events(receipt) if isinstance(event, e.RungFired)]


def freeze(store):
    assert look(store, keep=True) == Looked()
    ahead = store.watch.real_time() + HOUR
    with store.engine.begin() as connection:
        connection.execute(time_watch.update().values(mark=ahead))
    return look(store, keep=True)


def test_outcomes_wait_while_cards_are_given(bureau):
    receipt, accepted = bureau.file(), bureau.file("filing-2")
    bureau.act(accepted, "clerk", "accept")
    runs(bureau.store, last_due(bureau.store) + SECOND)
    found = freeze(bureau.store)
    assert found.frozen
    assert found.jump is not None
    assert found.jump.because == "back"
    bureau.settle()

    assert "expiry" not in fired(bureau, receipt)
    assert fired(bureau, accepted) == ["reminder", "overdue"]
    assert bureau.store.watch.count_held() == 1
    assert bureau.store.parked() == []
    assert reconcile(bureau.store).standing.keys() >= {"clock_jumped"}
    assert look(bureau.store, keep=True) == Looked(frozen=True)


def test_an_act_that_would_bring_an_outcome_about_is_put_off(bureau):
    receipt = bureau.file()
    runs(bureau.store, last_due(bureau.store) + SECOND)
    freeze(bureau.store)

    with pytest.raises(OutcomesFrozen):
        bureau.act(receipt, "clerk", "accept")


def test_two_persons_release_it_and_all_is_done_then(bureau):
    receipt = bureau.file()
    runs(bureau.store, last_due(bureau.store) + SECOND)
    freeze(bureau.store)
    with pytest.raises(NotFrozen):
        confirm_release(bureau.banjie, "gus")
    with pytest.raises(UnknownPerson):
        propose_release(bureau.banjie, "nobody", "the server was moved")
    propose_release(bureau.banjie, "fay", "the server was moved")
    with pytest.raises(SamePersonReleases):
        confirm_release(bureau.banjie, "fay")
    assert confirm_release(bureau.banjie, "gus") == 1
    bureau.settle()

    assert fired(bureau, receipt)[-1] == "expiry"
    assert bureau.store.watch.count_held() == 0
    assert look(bureau.store, keep=True) == Looked()
    assert reconcile(bureau.store).standing == {}
    released, proposed = bureau.store.directory.deeds(2)
    assert (proposed.act, proposed.actor) == ("clock.release_proposed", "fay")
    assert (released.act, released.actor) == ("clock.released", "gus")
    assert released.detail == {"reason": "the server was moved", "proposed_by": "fay", "held": 1}


def test_nothing_irreversible_is_done_before_its_time_by_the_hosts_clock(bureau, monkeypatch):
    receipt = bureau.file()
    runs(bureau.store, last_due(bureau.store) + SECOND)
    machine = Machine()
    machine.told = bureau.store.watch.real_time() - HOUR
    monkeypatch.setattr(
        freezing, "HOST", HostClock(time_of_day=lambda: machine.told, running=lambda: machine.ran)
    )
    assert advance(bureau.banjie, receipt.case_id, done_by="task") == 0

    assert "expiry" not in fired(bureau, receipt)
    with pytest.raises(OutcomesFrozen):
        bureau.act(receipt, "clerk", "accept")

    machine.passes(HOUR * 2)
    bureau.settle()
    assert fired(bureau, receipt)[-1] == "expiry"


def test_stepped_time_is_never_frozen(office):
    assert look(office.store, keep=True) == Looked()
    assert office.store.watch.watched() is None


def test_the_mark_only_rises(real_store):
    look(real_store, keep=True)
    first = real_store.watch.watched().mark
    look(real_store, keep=True)
    look(real_store, keep=False)

    assert real_store.watch.watched().mark >= first
    assert isinstance(jump(real_store.watch.watched(), seen_now(real_store)), Jump | None)
