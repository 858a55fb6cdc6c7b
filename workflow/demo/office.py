"""The office: persons at posts who look at what waits for them and act by commands, as their script says.

The office does nothing that the machine does by itself: pre-checks, deemed acceptances, ends of notice periods,
deliveries, archiving and findings are the workers' work. It knows the cases only by the queries that any clerk has,
and every choice comes from the seed, the case and the step, so it does not matter in which order things happen.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from workflow.demo.desk import Desk
from workflow.demo.filings import Filing
from workflow.demo.hours import PER_DAY, OfficeHours
from workflow.demo.script import Script, Turn
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.queries.queue import Waiting


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A line of the diary: in `slot` the case's `turn`th turn of this visit is due."""

    slot: int
    key: str
    turn: int
    visit: int


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far the script has come with one case; `stays` counts its stays in each state, `acts` what was
    done; in the visit `given` a deputy was given the work.
    """

    visit: int = 0
    state: str = ""
    turns: Sequence[Turn] = ()
    stays: Counter[str] = field(default_factory=Counter)
    acts: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What stands in the record of a case that was filed in an earlier run: the states it stayed in before the present
    one, how many acts its script has done (`acts`), how many of them in the present visit (`turns`) and when the last of
    those was, and the visit in which a deputy was given the work (`given`).
    """

    visit: int
    state: str
    entered_at: datetime
    stayed: tuple[str, ...]
    acts: int
    turns: int
    acted_at: datetime | None
    given: int


class Office:
    """Everybody who acts in the demonstration. Not for several threads."""

    def __init__(
        self,
        filings: Sequence[Filing],
        *,
        scripts: Mapping[str, Script],
        desk: Desk,
        hours: OfficeHours,
        seed: str,
    ) -> None:
        self._filings = {filing.key: filing for filing in filings}
        self._keys = {filing.case_id: filing.key for filing in filings}
        self._progress = {filing.key: Progress() for filing in filings}
        self._scripts = scripts
        self._desk = desk
        self._hours = hours
        self._seed = seed
        self._unfiled = [(filing.slot, filing.key) for filing in filings]
        self._diary: list[Entry] = []
        heapq.heapify(self._unfiled)

    @property
    def matters(self) -> tuple[str, ...]:
        """The codes of the matters that are played."""
        return tuple(self._scripts)

    def key_of(self, case_id: str) -> str:
        """The key of the filing that this case is."""
        return self._keys[case_id]

    def recall(self, filed: Iterable[str], pasts: Mapping[str, Past]) -> None:
        """Go on where an earlier run was broken off: these cases have been filed, and of those that are not archived yet
        this is the past, each by the case's id. Every choice is drawn as it would have been.
        """
        done = {self._keys[case_id] for case_id in filed}
        self._unfiled = [line for line in self._unfiled if line[1] not in done]
        heapq.heapify(self._unfiled)
        for case_id, past in pasts.items():
            key = self._keys[case_id]
            filing, progress = self._filings[key], self._progress[key]
            progress.visit, progress.state = past.visit, past.state
            progress.stays.update(past.stayed)
            script = self._scripts[filing.matter]
            progress.turns = script.visit(filing.fate, past.state, progress.stays[past.state])
            progress.stays[past.state] += 1
            progress.acts, progress.given = past.acts, past.given
            self._plan(key, past.turns, self._hours.after(past.acted_at or past.entered_at))

    @property
    def unfiled(self) -> int:
        """How many filings have not come in yet."""
        return len(self._unfiled)

    def look(self, waiting: Sequence[Waiting]) -> None:
        """Read what waits where; for every case that has come to a new state the turns of its stay are planned."""
        for item in waiting:
            key = self._keys[item.case_id]
            progress = self._progress[key]
            if item.visit != progress.visit:
                filing = self._filings[key]
                script = self._scripts[filing.matter]
                progress.visit, progress.state = item.visit, item.state
                progress.turns = script.visit(filing.fate, item.state, progress.stays[item.state])
                progress.stays[item.state] += 1
                self._plan(key, 0, self._hours.after(item.entered_at))

    def next_slot(self) -> int | None:
        """The next slot in which somebody has something to do, or None when nobody has."""
        self._strike_out()
        first = [lines[0][0] for lines in (self._unfiled,) if lines]
        return min(first + [entry.slot for entry in self._diary[:1]], default=None)

    def commands(self, slot: int) -> Iterator[SubmitFiling | TakeAction]:
        """What is done in a slot: at most one act on a case, and what goes before it; the seed alone decides the order."""
        while self._unfiled and self._unfiled[0][0] <= slot:
            yield self._filings[heapq.heappop(self._unfiled)[1]].command()
        self._strike_out()
        while self._diary and self._diary[0].slot <= slot:
            entry = heapq.heappop(self._diary)
            filing, progress = self._filings[entry.key], self._progress[entry.key]
            progress.acts += 1
            commands = self._desk.acts(
                filing,
                progress.turns[entry.turn],
                state=progress.state,
                round_=max(progress.stays.values()),
                number=progress.acts,
                on=self._hours.day(slot),
                has_it=progress.given == progress.visit,
            )
            if len(commands) > 1:
                progress.given = progress.visit
            yield from commands
            self._plan(entry.key, entry.turn + 1, slot + 1)
            self._strike_out()

    def _plan(self, key: str, number: int, earliest: int) -> None:
        """Put the `number`th turn of the present stay into the diary, if there is one."""
        progress, filing = self._progress[key], self._filings[key]
        if number >= len(progress.turns):
            return
        turn = progress.turns[number]
        # The cases of a letter keep step with each other, until one is sent back.
        alike = turn.together and filing.letter is not None and max(progress.stays.values()) == 1
        whose = filing.letter if alike else f"{key}/{progress.visit}"
        rng = Random(f"{self._seed}/{whose}/{progress.state}/{number}/wait")
        slot = earliest + rng.randint(*turn.wait)
        if turn.morning:
            slot += -slot % PER_DAY
        heapq.heappush(self._diary, Entry(slot=slot, key=key, turn=number, visit=progress.visit))

    def _strike_out(self) -> None:
        """Drop lines of cases that have moved on by themselves or by somebody else's act."""
        while self._diary and self._progress[self._diary[0].key].visit != self._diary[0].visit:
            heapq.heappop(self._diary)
