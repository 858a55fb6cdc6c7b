"""January 2020 with real workers: licences accepted under the notice that was known, the notice that extended the festival
proposed and published by command lines, every open period moved once though a worker is killed, and the cards that follow.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.integration.workers.conftest import FORM
from workflow.bootstrap import bootstrap
from workflow.cli.embedded import embedded_stack
from workflow.config import Settings
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.domain.events import DueDateReprojected, FindingCancelled
from workflow.engine.handle import case_id_for, handle
from workflow.evidence.walk import walk
from workflow.storage import tables
from workflow.testing.sample import at
from workflow.testing.waiting import wait_until
from workflow.texts import shipped_definitions

BANJIE = Path(sys.executable).with_name("banjie")
MATTER, FILER, ORGAN, WINDOW = "talent-agency-licence", "hai-ruonan", "coast-talent-exchange", "lin-xiaotang"
CASES = 40
EXTENSION = "notices/2020-spring-festival.yaml"
NUMBER = "国办发明电〔2020〕1号"

#: Stands in the place of the notice that nobody knew of yet, and arranges a day that is arranged that way already.
KNOWN_BEFORE = """
id: cn-2020-placeholder
number: 示例〔2019〕1号
title: 示例
signed_on: "2019-12-01"
issued_on: "2019-12-01"
source: https://example.org/
holidays:
  - name: 元旦
    rest: ["2020-01-01"]
"""


class Office:
    """An installation in January 2020, its time in the test's hands, its work in those of real workers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.banjie = bootstrap(settings)
        self.store = self.banjie.store
        self.store.create_clock("stepped", at("2020-01-10"))

    def accept(self, number: int) -> str:
        filing = SubmitFiling(
            case_id=case_id_for(FILER, f"filing {number}"),
            key=f"filing {number}",
            actor=FILER,
            matter=MATTER,
            form=FORM,
            materials=tuple(self.banjie.catalog.matter(MATTER).definition.materials),
            parties={"filer": ORGAN},
        )
        case_id = handle(self.banjie, filing).case_id
        wait_until(lambda: self.store.case(case_id).state == "acceptance", 60, what="the pre-check")
        handle(
            self.banjie, TakeAction(case_id=case_id, key=f"accept {number}", actor=WINDOW, action="accept")
        )
        return case_id

    def until(self, moment) -> None:
        """Time passes, and what falls due on the way is done by the workers when it does."""
        while True:
            wait_until(self.store.quiet, 60, what=f"the workers, at {self.store.clock().now}")
            due = self.store.next_due()
            if due is None or due > moment:
                break
            self.store.advance(due)
        self.store.advance(moment)

    def due(self, case_id: str) -> date:
        return self.store.case(case_id).clock("decision").due.on

    def events(self, case_id: str, kind: type) -> list:
        return [event for _, event in self.store.history(case_id) if isinstance(event, kind)]

    def banjie_says(self, *words: str) -> dict:
        said = subprocess.run(
            [BANJIE, "calendar", *words, "--json"],
            env={**os.environ, **self.settings.to_environment()},
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(said.stdout)


@pytest.fixture
def office(database_url, tmp_path):
    definitions = tmp_path / "definitions"
    replaced = definitions / "calendars" / "cn" / EXTENSION
    replaced.parent.mkdir(parents=True)
    replaced.write_text(KNOWN_BEFORE, "utf-8")
    env = {
        "BANJIE_HOME": str(tmp_path / "home"),
        "BANJIE_DATABASE_URL": database_url,
        "BANJIE_DEFINITIONS": str(definitions),
    }
    office = Office(Settings.from_environment(env))
    yield office
    office.store.close()


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


def standing(office: Office, rule: str) -> int:
    """How many findings of this rule have not been cancelled."""
    with office.store.read() as connection:
        found = connection.execute(
            select(tables.findings.c.case_id).where(
                tables.findings.c.rule == rule, tables.findings.c.cancelled_at.is_(None)
            )
        ).all()
    return len(found)
