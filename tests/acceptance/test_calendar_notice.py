"""January 2020 with real workers: licences accepted under the notice that was known, the notice that extended the festival
proposed and published by command lines, every open period moved once though a worker is killed, and the cards that follow.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from tests.acceptance.festival import EXTENSION, NUMBER, festival_office, standing
from workflow.cli.embedded import embedded_stack
from workflow.domain.events import DueDateReprojected, FindingCancelled
from workflow.evidence.walk import walk
from workflow.storage import tables
from workflow.testing.sample import at
from workflow.testing.waiting import wait_until
from workflow.texts import shipped_definitions

CASES = 40


@pytest.fixture
def office(database_url, tmp_path):
    with festival_office(database_url, tmp_path) as office:
        yield office


def test_the_extended_festival_reaches_every_open_period_though_a_worker_is_killed(office, tmp_path):
    notice = str(shutil.copy(shipped_definitions() / "calendars" / "cn" / EXTENSION, tmp_path))
    with embedded_stack(office.settings) as stack:
        cases = [office.accept(number) for number in range(CASES)]
        assert {office.due(case_id) for case_id in cases} == {date(2020, 2, 12)}
        office.until(at("2020-02-13", "09:00"))
        red = {office.store.case(case_id).findings[-1].colour for case_id in cases}
        assert red == {"red"}, "overdue, as far as anybody knows"

        found = office.banjie_says("impact", notice)
        office.banjie_says("import", notice, "--propose", "--as", "yan-zhengli")
        published = office.banjie_says("publish", "cn-2020-spring-festival", "--as", "gan-shiling")
        os.kill(stack.pids["workers"][0], signal.SIGKILL)
        assert published["revision"] == 1
        wait_until(lambda: not office.store.sweep_waits(), 60, what="every open period to be looked at")

        (sweep,) = office.store.sweeps()
        assert (sweep.moved, sweep.cured, sweep.failed) == (found["moved"], found["cured"], 0)
        for case_id in cases:
            moves = [
                (move.old.on, move.due.on, move.reason)
                for move in office.events(case_id, DueDateReprojected)
                if move.clock == "decision"
            ]
            assert moves == [(date(2020, 2, 12), date(2020, 2, 14), NUMBER)]
            assert NUMBER in {one.reason for one in office.events(case_id, FindingCancelled)}
        office.until(at("2020-02-14", "23:00"))
        assert standing(office, "cn.licensing.decision.overdue") == 0
        office.until(at("2020-02-15"))
        wait_until(office.store.quiet, 60, what="the cards")
        assert standing(office, "cn.licensing.decision.overdue") == CASES

    with office.store.read() as connection:
        fired = connection.execute(
            select(tables.rungs.c.case_id, tables.rungs.c.rung, tables.rungs.c.revision).where(
                tables.rungs.c.clock == "decision",
                tables.rungs.c.rung == "overdue",
                tables.rungs.c.fired_at.is_not(None),
            )
        ).all()
    assert Counter(revision for *_, revision in fired) == {0: CASES, 1: CASES}, "once under each date"
    assert walk(office.store).broken == []
