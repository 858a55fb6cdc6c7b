"""Replaying a foreign log: its script played on a stepped clock through the one write path, then both verdicts compared.

Time moves from one instant to the next at which the log, or the engine itself, has something to do; what falls due in
between is done at its own instant, so nothing is skipped. Afterwards every case is folded again from its events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from workflow.domain.case import Case
from workflow.domain.commands import AnyCommand
from workflow.domain.definition import Colour
from workflow.domain.evolve import fold
from workflow.domain.scene import Facts
from workflow.errors import BanjieError, Conflict, RecordBroken, ReplayRefused
from workflow.exchange.disagreement import Disagreement, Judged, disagreement, due_date_class
from workflow.exchange.script import Line, LoggedCase, Script
from workflow.storage.codec import encode_case
from workflow.storage.store import Store

BATCH: Final = 1000
"""How many cases with something due are looked up at a time."""


VERDICTS: Final = {True: "late", False: "in_time", None: "open"}
"""The log's own verdict on a case; it has none on one that it does not see end."""


class Hands(Protocol):
    """What acts for the replay: the engine, handed in by the door."""

    def handle(self, command: AnyCommand) -> object:
        """Do one command, or raise the BanjieError that refuses it."""

    def advance(self, case_id: str) -> int:
        """Do everything that is due on a case; gives how much that was."""


Progress = Callable[[int], None]
"""Told after each line of the script how many have been played."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a replay came to.

    `late_by_log`: ended after the log's own deadline. `late_by_rule`: our clock ended late. `differing` classes the due
    dates that are not the same to the minute, `disagreements` the verdicts. `moved`: acts that the log dates before
    receipt. `automatic`: rungs and jobs done in between. `recorded`: the engine's events, all folded again. `findings`:
    those not cancelled, by colour; `red`: cases with a red card for the period, by the log's verdict (`late`, `in_time`,
    `open`); `unlike`: concluded cases whose red card and whose period do not say the same.
    """

    cases: int = 0
    concluded: int = 0
    late_by_log: int = 0
    late_by_rule: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    compared: int = 0
    equal_due: int = 0
    differing: Counter[str] = field(default_factory=Counter)
    log_events: int = 0
    moved: int = 0
    commands: int = 0
    automatic: int = 0
    recorded: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    red: Counter[str] = field(default_factory=Counter)
    unlike: list[str] = field(default_factory=list)

    @property
    def classes(self) -> Counter[str]:
        """How many disagreements of verdict there are of each class."""
        return Counter(found.kind for found in self.disagreements)


def play(script: Script, store: Store, hands: Hands, progress: Progress) -> int:
    """Give every command of the script at its instant; gives how many rungs and jobs fell due and were done on the way.

    Raises Conflict when the database's clock is not stepped or is past the beginning of the log, ReplayRefused naming
    case and activity when the engine refuses what the log says was done.
    """
    first = script.lines[0].at
    now = store.create_clock("stepped", first).now
    if now > first:
        raise Conflict(
            reason=f"the log begins at {first.isoformat()}, in this database it is {now.isoformat()}"
        )
    done = 0
    for number, line in enumerate(script.lines, 1):
        done += _until(line.at, now, store, hands)
        now = line.at
        _give(line, hands)
        progress(number)
    return done + _until(now, now, store, hands)


def outcome(script: Script, store: Store, facts: Facts, clock: str, automatic: int) -> Outcome:
    """Compare both verdicts on every case once the script has been played, and fold each case from its events.

    Raises RecordBroken when a case's events do not give its row, or its period `clock` never began.
    """
    told = Outcome(
        cases=len(script.cases),
        log_events=script.events,
        moved=script.moved,
        commands=len(script.lines),
        automatic=automatic,
    )
    for logged in script.cases:
        case, recorded = _checked(logged, store)
        told.recorded += recorded
        told.findings.update(finding.colour for finding in case.findings if not finding.cancelled)
        _judge(told, logged, case, facts, clock)
    return told


def _until(at: datetime, now: datetime, store: Store, hands: Hands) -> int:
    """Do everything that falls due up to `at`, each at its own instant, and leave the clock at `at`."""
    done = 0
    while (due := store.next_due()) is not None and due <= at:
        if due > now:
            store.advance(due)
            now = due
        moved = sum(hands.advance(case_id) for case_id in store.overlooked(0, BATCH))
        if not moved:
            raise Conflict(reason=f"something has been due since {due.isoformat()}, and nobody can do it")
        done += moved
    if at > now:
        store.advance(at)
    return done


def _give(line: Line, hands: Hands) -> None:
    try:
        hands.handle(line.command)
    except BanjieError as error:
        reason = str(error).rstrip(".")
        raise ReplayRefused(case=line.case, what=line.what, at=line.at.isoformat(), reason=reason) from error


def _checked(logged: LoggedCase, store: Store) -> tuple[Case, int]:
    """A case as stored and how many events it has, once its events have been seen to give its row exactly."""
    stored, history = store.case(logged.case_id), store.history(logged.case_id)
    folded = fold(((event, envelope.actor) for envelope, event in history), case_id=logged.case_id)
    if stored is None or encode_case(folded) != encode_case(stored):
        raise RecordBroken(case=logged.name, seq=len(history), reason="its events do not give its row")
    return stored, len(history)


def _judge(told: Outcome, logged: LoggedCase, case: Case, facts: Facts, clock: str) -> None:
    ours = case.clock(clock)
    if ours is None or ours.due is None:
        raise RecordBroken(case=logged.name, seq=case.seq, reason=f"the period {clock!r} is not there")
    rule = facts.law.rule_version(ours.rule, ours.rule_version)
    judged = Judged(
        case=logged.name,
        started=logged.started,
        deadline=logged.deadline,
        ended=logged.ended,
        due=ours.due.at,
        late_by_rule=ours.late,
        held=logged.held,
        extended=logged.extended,
    )
    told.concluded += case.concluded_at is not None
    told.late_by_log += judged.late_by_log is True
    told.late_by_rule += ours.late
    if judged.deadline is not None:
        told.compared += 1
        told.equal_due += judged.same_due
        if (kind := due_date_class(judged, rule, facts.calendar)) is not None:
            told.differing[kind] += 1
    card = any(f.clock == clock and f.colour == Colour.RED and not f.cancelled for f in case.findings)
    if card:
        told.red[VERDICTS[judged.late_by_log]] += 1
    if case.concluded_at is not None and card is not ours.late:
        told.unlike.append(logged.name)
    known = [version for versions in facts.law.rules.values() for version in versions]
    if (found := disagreement(judged, rule, facts.calendar, known)) is not None:
        told.disagreements.append(found)
