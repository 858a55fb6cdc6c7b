"""January 2020: an installation that does not know yet that the festival will be extended, with licences under way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import select

from tests.integration.workers.conftest import FORM
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.engine.handle import case_id_for, handle
from workflow.storage import tables
from workflow.testing.sample import at
from workflow.testing.waiting import wait_until

BANJIE = Path(sys.executable).with_name("banjie")
MATTER, FILER, ORGAN, WINDOW = "talent-agency-licence", "hai-ruonan", "coast-talent-exchange", "lin-xiaotang"
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


@contextmanager
def festival_office(database_url: str, folder: Path, *, broker_url: str = "") -> Iterator[Office]:
    """The office, with a folder of definitions in which the extension is not known."""
    definitions = folder / "definitions"
    replaced = definitions / "calendars" / "cn" / EXTENSION
    replaced.parent.mkdir(parents=True)
    replaced.write_text(KNOWN_BEFORE, "utf-8")
    env = {
        "BANJIE_HOME": str(folder / "home"),
        "BANJIE_DATABASE_URL": database_url,
        "BANJIE_DEFINITIONS": str(definitions),
        "BANJIE_BROKER_URL": broker_url,
    }
    office = Office(Settings.from_environment(env))
    yield office
    office.store.close()


def standing(office: Office, rule: str) -> int:
    """How many findings of this rule have not been cancelled."""
    with office.store.read() as connection:
        found = connection.execute(
            select(tables.findings.c.case_id).where(
                tables.findings.c.rule == rule, tables.findings.c.cancelled_at.is_(None)
            )
        ).all()
    return len(found)
