"""A client in a process of its own: it files and acts through `handle`, looks its cases up through the portal, and keeps a
journal of every command.

    python -m tests.chaos.client JOURNAL SEED PORTAL_PORT

Who files what, and who acts how, comes from the demonstration's scripts and the seed. Until the file
`enough` stands beside the journal; then what is still open is asked again under its key, and the client ends with 0 when
nothing is.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
import time
import traceback
from dataclasses import replace
from pathlib import Path
from random import Random
from urllib.parse import quote

from tests.chaos.journal import Entry, Journal
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.demo.desk import Desk
from workflow.demo.filings import Filing, filings
from workflow.demo.licences import LICENCES
from workflow.demo.transfers import TRANSFERS
from workflow.domain.publication import SLIP_CODE
from workflow.domain.reckoning import civil_date
from workflow.engine.handle import handle
from workflow.errors import BanjieError, Unavailable

#: The most filings of a client; then it only acts.
FILINGS = 400

#: Cases that a client has in hand at once, before it files another.
IN_HAND = 12

#: Seconds between two commands, and before one is asked again whose fate is unknown.
PAUSE, AGAIN = 0.03, 0.2

#: The file that says that it is enough.
ENOUGH = "enough"

SCRIPTS = (LICENCES, TRANSFERS)


class Client:
    def __init__(self, journal: Journal, seed: str, port: int) -> None:
        self.banjie = bootstrap(Settings.from_environment())
        self._journal = journal
        self._seed = seed
        self._port = port
        self._rng = Random(f"{seed}/{len(journal.entries)}")
        self._scripts = {script.matter: script for script in SCRIPTS}
        catalog = self.banjie.catalog
        definitions = {matter: catalog.matter(matter).definition for matter in self._scripts}
        self._definitions = definitions
        self._today = civil_date(self.banjie.store.clock().now, definitions[LICENCES.matter].zone)
        self._desk = Desk(
            definitions,
            directory=catalog.directory,
            law=catalog.law,
            calendar=catalog.calendars["cn"],
            seed=seed,
        )
        drawn = [
            filing
            for script in SCRIPTS
            for filing in filings(
                script,
                FILINGS // 2,
                seed=seed,
                definition=definitions[script.matter],
                directory=catalog.directory,
                on=self._today,
            )
        ]
        Random(f"{seed}/order").shuffle(drawn)
        # Every key names its client, because two clients may file for the same unit.
        self._drawn = {f"{seed}.{n}": replace(one, key=f"{seed}.{n}") for n, one in enumerate(drawn)}
        self._hopeless: set[str] = set()

    def turn(self) -> float:
        """One command; gives the seconds to wait before the next."""
        entry = next((one for one in self._journal.entries if one.open), None) or self._next()
        return PAUSE if entry is None or self._ask(entry) else AGAIN

    def finish(self) -> bool:
        """Ask again what is open; True when nothing is."""
        entry = next((one for one in self._journal.entries if one.open), None)
        if entry is not None:
            self._ask(entry)
        return not any(one.open for one in self._journal.entries)

    def _next(self) -> Entry | None:
        filed = [one for one in self._journal.entries if one.kind == "SubmitFiling" and one.acked]
        open_ = [one for one in filed if one.more["filing"] not in self._hopeless][-IN_HAND:]
        asked = sum(one.kind == "SubmitFiling" for one in self._journal.entries)
        if asked < len(self._drawn) and (len(open_) < IN_HAND or self._rng.random() < 0.15):
            key = f"{self._seed}.{asked}"
            return self._journal.begin(self._drawn[key].command(), filing=key)
        if not open_:
            return None
        return self._act_on(self._drawn[self._rng.choice(open_).more["filing"]])

    def _act_on(self, filing: Filing) -> Entry | None:
        """The next act that the script has for the case as it stands; none while a machine or nobody is to act."""
        case = self.banjie.store.case(filing.case_id)
        if case is None:
            self._journal.note("lost", filing.case_id)
            return None
        script = self._scripts[filing.matter]
        before = [one for one in self._journal.entries if one.command["case_id"] == filing.case_id]
        turns = script.visit(filing.fate, case.state, 0)
        if not turns:
            if self._definitions[filing.matter].states[case.state].final:
                self._hopeless.add(filing.key)
            return None
        turn = turns[sum(one.more.get("visit") == case.visit for one in before) % len(turns)]
        try:
            acts = self._desk.acts(
                filing,
                turn,
                state=case.state,
                round_=1 + sum(one.more.get("state") == case.state for one in before),
                number=len(before),
                on=self._today,
                has_it=True,
            )
        except LookupError:
            self._hopeless.add(filing.key)
            return None
        return self._journal.begin(acts[-1], filing=filing.key, visit=case.visit, state=case.state)

    def _ask(self, entry: Entry) -> bool:
        """Ask; False when nobody knows what became of it."""
        began = time.monotonic()
        try:
            receipt = handle(self.banjie, entry.asked())
        except Unavailable:
            return False
        except BanjieError as error:
            self._journal.refused(entry, error.code)
            return True
        except Exception:  # noqa: BLE001 - whatever it is, it is for the judge
            self._journal.note("unexpected", traceback.format_exc())
            return False
        self._journal.acked(
            entry,
            time.monotonic() - began,
            no=receipt.no,
            seq=receipt.seq,
            repeated=receipt.repeated,
        )
        if entry.kind == "SubmitFiling":
            self._look_up(receipt.case_id, receipt.no)
        return True

    def _look_up(self, case_id: str, no: str) -> None:
        """What has been acknowledged must be found by its slip at once, if the portal answers at all."""
        code = self.banjie.store.personal_values(case_id).get(SLIP_CODE, "")
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2.0)
        try:
            line.request("GET", f"/api/v1/public/cases/{quote(no)}?code={code}")
            answer = line.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            self._journal.note("portal", "silent")
            return
        finally:
            line.close()
        if answer.status >= http.client.INTERNAL_SERVER_ERROR:
            self._journal.note("portal", "unavailable")
        elif answer.status == http.client.OK and json.loads(said)["no"] == no:
            self._journal.note("portal", "found")
        else:
            self._journal.note("portal_wrong", f"{no}: {answer.status} {said[:200]!r}")


def main(path: str, seed: str, port: str) -> int:
    journal, enough = Journal(Path(path)), Path(path).with_name(ENOUGH)
    client: Client | None = None
    bell = threading.Event()
    while os.getppid() != 1:
        pause = AGAIN
        try:
            client = client or Client(journal, seed, int(port))
            if not enough.exists():
                pause = client.turn()
            elif client.finish():
                return 0
        except Unavailable:
            pass
        bell.wait(pause)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
