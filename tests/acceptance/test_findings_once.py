"""A finding is raised once, whatever is done twice: every message comes three times in another order, a worker is killed,
the sweep runs again and again, the late notice is imported again. What the notice cures is cancelled with its number, its$
own periods end, and it may be found again under the corrected date, once.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter

import pytest

from tests.acceptance.festival import EXTENSION, NUMBER, festival_office, standing
from workers.embedded_broker import server_program
from workflow.cli.embedded import embedded_stack
from workflow.domain import events as e
from workflow.domain.commands import SYSTEM, FireRung, Reproject
from workflow.domain.own_clocks import ACKNOWLEDGEMENT, EXPLANATION, numbered
from workflow.engine.handle import handle
from workflow.engine.sweep import sweep
from workflow.evidence.walk import walk
from workflow.testing.brokers import MischievousBroker, temporary_broker
from workflow.testing.sample import at
from workflow.testing.waiting import wait_until
from workflow.texts import shipped_definitions

CASES = 8
RED = "cn.licensing.decision.overdue"
UNEXPLAINED = "cn.accountability.explanation.overdue"


@pytest.fixture
def broker(tmp_path):
    """A broker that delivers everything three times, some of it long afterwards."""
    real, front = tmp_path / "b", tmp_path / "m"
    with temporary_broker(server_program(), real), MischievousBroker(real, front, seed="7") as broker:
        broker.url = f"unix://{front}"
        yield broker


@pytest.fixture
def office(database_url, broker, tmp_path):
    with festival_office(database_url, tmp_path, broker_url=broker.url) as office:
        yield office


def everything_again(office, broker, cases):
    """Late copies arrive, the sweep runs again, and every rung that has fired is asked for once more."""
    before = [len(office.store.history(case_id)) for case_id in cases]
    broker.deliver_the_rest()
    wait_until(lambda: broker.untaken() == 0, 30, what="the last copies to be taken")
    for case_id in cases:
        case = office.store.case(case_id)
        handle(office.banjie, Reproject(case_id=case_id, key=f"again {case.seq}", actor=SYSTEM))
        for clock in case.clocks:
            for rung in clock.rungs:
                command = FireRung(
                    case_id=case_id,
                    key=f"again {case.seq} {clock.clock} {clock.generation} {rung.rung}",
                    actor=SYSTEM,
                    clock=clock.clock,
                    generation=clock.generation,
                    rung=rung.rung,
                    revision=rung.revision,
                )
                handle(office.banjie, command)
    assert sweep(office.banjie).cases == 0
    assert [len(office.store.history(case_id)) for case_id in cases] == before


@pytest.mark.timeout(300)
def test_nothing_is_found_twice(office, broker, tmp_path):
    notice = str(shutil.copy(shipped_definitions() / "calendars" / "cn" / EXTENSION, tmp_path))
    with embedded_stack(office.settings) as stack:
        cases = [office.accept(number) for number in range(CASES)]
        office.until(at("2020-02-13", "09:00"))
        assert standing(office, RED) == CASES
        everything_again(office, broker, cases)

        office.banjie_says("import", notice, "--propose", "--as", "yan-zhengli")
        os.kill(stack.pids["workers"][0], signal.SIGKILL)
        for _ in range(2):
            office.banjie_says("publish", "cn-2020-spring-festival", "--as", "gan-shiling")
        office.banjie_says("import", notice, "--propose", "--as", "yan-zhengli")
        wait_until(lambda: not office.store.sweep_waits(), 60, what="every open period to be looked at")
        wait_until(office.store.quiet, 60, what="the workers")
        assert standing(office, RED) == 0
        everything_again(office, broker, cases)

        office.until(at("2020-03-02"))
        wait_until(office.store.quiet, 60, what="the workers")
        everything_again(office, broker, cases)
        assert broker.delivered == 3 * broker.sent

    assert standing(office, RED) == CASES
    assert standing(office, UNEXPLAINED) >= CASES
    for case_id in cases:
        once(office, case_id)
    assert walk(office.store).broken == []


def once(office, case_id):
    """What a case's own record says: each rung once under each date, each finding once, the cured one cancelled and over."""
    told = [event for _, event in office.store.history(case_id)]
    fired = Counter(
        (event.clock, event.generation, event.rung, event.revision)
        for event in told
        if isinstance(event, e.RungFired)
    )
    assert set(fired.values()) == {1}
    cancelled = {event.finding: event.reason for event in told if isinstance(event, e.FindingCancelled)}
    assert len(cancelled) == sum(isinstance(event, e.FindingCancelled) for event in told)
    case = office.store.case(case_id)
    left = Counter((one.rule, one.clock) for one in case.findings if not one.cancelled)
    assert set(left.values()) == {1}, left
    (first, second) = (one for one in case.findings if one.rule == RED)
    assert (first.cancelled, second.cancelled) == (True, False)
    assert cancelled[first.number] == NUMBER
    for kind in (ACKNOWLEDGEMENT, EXPLANATION):
        of_it = numbered(kind, first.number)
        assert not case.clock(of_it).open
        ticks = [type(event).__name__ for event in told if getattr(event, "clock", None) == of_it]
        assert ticks == ["ClockStarted", "ClockEnded"]
