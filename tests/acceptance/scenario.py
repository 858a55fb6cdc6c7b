"""One small scenario for every weather: ten filings of each public matter, with all that may befall a case, from file to
archive on a stepped clock, by the people and the scripts of the demonstration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from workflow.catalog.loader import Catalog
from workflow.demo.answers import Answers
from workflow.demo.desk import Desk
from workflow.demo.driver import Standing, drive
from workflow.demo.filings import Filing, filings
from workflow.demo.hours import OfficeHours
from workflow.demo.licences import LICENCES
from workflow.demo.office import Office
from workflow.demo.script import Script
from workflow.demo.transfers import TRANSFERS
from workflow.engine.banjie import Banjie

SEED = "7"

#: A Monday; the holidays around 1 October fall into the middle of it.
FIRST = date(2026, 9, 14)


def _each_once(script: Script, *fates: str, letter: tuple[int, int]) -> Script:
    """A script of ten cases: one plain, one of each of these fates."""
    assert len(fates) == 9
    told = {name: replace(script.fates[name], count=1) for name in fates}
    return replace(script, cases=10, fates=told, letter=letter)


SCRIPTS = (
    _each_once(
        TRANSFERS,
        "supplemented", "not_accepted", "returned_to_unit", "handler_disagrees", "objection_dismissed",
        "objection_upheld", "withdrawn", "no_arrival", "late_throughout",
        letter=(1, 3),
    ),
    _each_once(
        LICENCES,
        "supplemented", "not_accepted", "nobody_at_the_window", "handler_disagrees", "heard_and_granted",
        "heard_and_refused", "extended", "withdrawn", "late_throughout",
        letter=(1, 1),
    ),
)  # fmt: skip


class Scenario:
    """The filings and the office that handles them; to be played once, on a store whose clock stands at `start`."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.hours = OfficeHours(calendar=catalog.calendars["cn"], first=FIRST)
        definitions = {script.matter: catalog.matter(script.matter).definition for script in SCRIPTS}
        self.filings: Sequence[Filing] = [
            filing
            for script in SCRIPTS
            for filing in filings(
                script,
                script.cases,
                seed=SEED,
                definition=definitions[script.matter],
                directory=catalog.directory,
                on=FIRST,
            )
        ]
        desk = Desk(
            definitions,
            directory=catalog.directory,
            law=catalog.law,
            calendar=self.hours.calendar,
            seed=SEED,
        )
        scripts = {script.matter: script for script in SCRIPTS}
        self._office = Office(self.filings, scripts=scripts, desk=desk, hours=self.hours, seed=SEED)
        self._answers = Answers(directory=catalog.directory, hours=self.hours, seed=SEED)
        self.start = self.hours.at(0)

    def play(
        self,
        banjie: Banjie,
        *,
        told: Callable[[Standing], None],
        alive: Callable[[], None],
    ) -> None:
        """Until every case is archived; see `workflow.demo.driver.drive`."""
        drive(
            banjie,
            self._office,
            self._answers,
            self.hours,
            total=len(self.filings),
            told=told,
            alive=alive,
        )
