"""The judge: when all faults are over and all is quiet, is there what was acknowledged, once, and nothing else.

He reads the journals of the clients and the database itself, past the proxy, and gives what is wrong in plain sentences.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from tests.chaos.journal import Entry, lines, read
from tests.chaos.town import Town
from workflow.domain.commands import SYSTEM
from workflow.domain.envelope import Envelope
from workflow.domain.events import (
    ActionTaken,
    DocumentIssued,
    Event,
    FilingSubmitted,
    FindingRaised,
    RungFired,
)
from workflow.storage import tables as t
from workflow.storage.desk_tables import findings
from workflow.storage.letter_tables import letters

History = list[tuple[Envelope, Event]]


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was counted, and what is wrong: nothing, if all is well."""

    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def share(self, of: float) -> float:
        """Seconds within which this share of the acknowledgements came; 0 without any."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * of))] if ordered else 0.0


def judge(town: Town) -> Verdict:
    """Everything is looked at; nothing is changed."""
    verdict = Verdict()
    entries = [entry for path in town.journals() for entry in read(path)]
    histories = {case_id: town.store.history(case_id) for case_id in town.store.case_ids()}
    verdict.counts["cases"] = len(histories)
    verdict.counts["events"] = sum(map(len, histories.values()))
    for rule in (
        _notes(town, verdict),
        _commands(town, entries, histories, verdict),
        _filings(town, entries, histories, verdict),
        _rungs(town, histories, verdict),
        _jobs(town, histories, verdict),
        _findings(town, histories, verdict),
        _numbers(town, histories, verdict),
        _verified(town),
    ):
        verdict.wrong.extend(rule)
    return verdict


def _notes(town: Town, verdict: Verdict) -> Iterator[str]:
    """What the clients saw that nobody expected."""
    for path in town.journals():
        for line in lines(path):
            if "seconds" in line:
                verdict.seconds.append(line["seconds"])
            if "note" not in line:
                continue
            if line["note"] == "portal":
                verdict.counts[f"portal {line['said']}"] += 1
            else:
                yield f"{path.stem}: {line['note']}: {line['said'][-600:]}"


def _commands(
    town: Town, entries: list[Entry], histories: Mapping[str, History], verdict: Verdict
) -> Iterator[str]:
    """Acknowledged: remembered once, with events of its own. Refused: no trace. And nothing that nobody asked for."""
    with town.store.read() as connection:
        rows = connection.execute(
            select(t.commands.c.actor, t.commands.c.key, t.commands.c.case_id, t.commands.c.seq)
        ).all()
    kept = {(actor, key): (case_id, seq) for actor, key, case_id, seq in rows if actor != SYSTEM}
    traces = {
        (envelope.case_id, envelope.command_id) for history in histories.values() for envelope, _ in history
    }
    asked = set()
    for entry in entries:
        actor, key, case_id = (entry.command[name] for name in ("actor", "key", "case_id"))
        asked.add((actor, key))
        found = kept.get((actor, key))
        if entry.open:
            yield f"{key}: nobody knows what became of it"
        elif entry.acked is not None:
            verdict.counts["acknowledged"] += 1
            verdict.counts["acknowledged when asked again"] += bool(entry.acked["repeated"])
            if found != (case_id, entry.acked["seq"]):
                yield f"{key}: acknowledged as event {entry.acked['seq']} of {case_id}, and there is {found}"
            if (case_id, key) not in traces:
                yield f"{key}: acknowledged, and no event is of it"
        else:
            verdict.counts["refused"] += 1
            verdict.counts[f"refused: {entry.refused}"] += 1
            if found is not None or (case_id, key) in traces:
                yield f"{key}: refused ({entry.refused}), and yet it was done: {found}"
    for stray in kept.keys() - asked:
        yield f"{stray}: done, and nobody asked for it"


def _filings(
    town: Town, entries: list[Entry], histories: Mapping[str, History], verdict: Verdict
) -> Iterator[str]:
    """Every acknowledged filing is there once, with the same content, and every act once."""
    taken = Counter(
        (envelope.case_id, envelope.command_id)
        for history in histories.values()
        for envelope, event in history
        if isinstance(event, ActionTaken)
    )
    yield from (f"{key} on {case}: {times} acts" for (case, key), times in taken.items() if times > 1)
    for entry in entries:
        if entry.kind != "SubmitFiling" or entry.acked is None:
            continue
        verdict.counts["filings"] += 1
        case_id, no = entry.command["case_id"], entry.acked["no"]
        filed = [event for _, event in histories.get(case_id, []) if isinstance(event, FilingSubmitted)]
        if len(filed) != 1:
            yield f"{no}: filed {len(filed)} times"
            continue
        if filed[0].no != no or sorted(filed[0].materials) != sorted(entry.command["materials"]):
            yield f"{no}: its number or its materials are not what was acknowledged"
        values = town.store.personal_values(case_id)
        for name, given in entry.command["form"].items():
            there: Any = filed[0].form.get(name)
            said = given
            if isinstance(there, Mapping) and "commitment" in there:
                there = values.get(f"form.{name}")
                said = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
            if there != said:
                yield f"{no}: the field {name} is not what was filed"


def _rungs(town: Town, histories: Mapping[str, History], verdict: Verdict) -> Iterator[str]:
    """Every rung that fell due has fired once, and none before its instant."""
    fired = Counter(
        (case_id, event.clock, event.generation, event.rung, event.revision)
        for case_id, history in histories.items()
        for _, event in history
        if isinstance(event, RungFired)
    )
    now = town.store.clock().now
    c = t.rungs.c
    with town.store.read() as connection:
        rows = connection.execute(
            select(
                c.case_id, c.clock, c.generation, c.rung, c.revision,
                c.fires_at, c.fired_at, c.cancelled_at, c.withheld_at,
            )
        ).all()  # fmt: skip
    for *key, fires_at, fired_at, cancelled_at, withheld_at in rows:
        times = fired.pop(tuple(key), 0)
        verdict.counts["rungs fired"] += times
        if times > 1:
            yield f"{key}: fired {times} times"
        if times != (fired_at is not None):
            yield f"{key}: {times} events say that it fired, the row says {fired_at}"
        if fired_at is not None and fired_at < fires_at:
            yield f"{key}: fired at {fired_at}, before {fires_at}"
        if not (fired_at or cancelled_at or withheld_at) and fires_at <= now:
            yield f"{key}: due at {fires_at}, and has not fired at {now}"
        verdict.counts["rungs withheld"] += withheld_at is not None
    yield from (f"{key}: fired, and there is no such rung" for key in fired)


def _jobs(town: Town, histories: Mapping[str, History], verdict: Verdict) -> Iterator[str]:
    """Every automatic step is done, and once."""
    now = town.store.clock().now
    with town.store.read() as connection:
        rows = connection.execute(
            select(t.jobs.c.case_id, t.jobs.c.job, t.jobs.c.kind, t.jobs.c.due_at, t.jobs.c.done_at)
        ).all()
    for case_id, number, kind, due_at, done_at in rows:
        verdict.counts["automatic steps"] += done_at is not None
        if done_at is None and due_at <= now:
            yield f"{case_id}: the step {number} ({kind}) was due at {due_at} and is not done"
    for parked in town.store.parked():
        yield f"{parked.case_id}: {parked.what} is parked: {parked.error}"
    if not town.store.quiet():
        yield "something is due, undone or unpublished"
    hands = town.store.done_counts()
    verdict.counts.update({f"done by {hand}": done for hand, done in hands.items()})


def _findings(town: Town, histories: Mapping[str, History], verdict: Verdict) -> Iterator[str]:
    """Each finding is raised once: one row, one event, and never two of one colour for one period."""
    raised = Counter(
        (case_id, event.finding)
        for case_id, history in histories.items()
        for _, event in history
        if isinstance(event, FindingRaised)
    )
    alike = Counter(
        (case_id, event.colour, event.rule, event.clock, event.generation, event.due_on)
        for case_id, history in histories.items()
        for _, event in history
        if isinstance(event, FindingRaised) and event.clock is not None
    )
    with town.store.read() as connection:
        there = {tuple(row) for row in connection.execute(select(findings.c.case_id, findings.c.finding))}
    verdict.counts["findings"] = len(there)
    if there != set(raised) or any(times > 1 for times in raised.values()):
        yield f"{len(there)} findings stand in the table, {sum(raised.values())} were raised"
    yield from (f"{key}: raised {times} times" for key, times in alike.items() if times > 1)


def _numbers(town: Town, histories: Mapping[str, History], verdict: Verdict) -> Iterator[str]:
    """Document numbers are unique (the tables see to that) and without a gap: every number that a counter has given stands
    on a paper of a case or on a reply to a letter, which share their series.
    """
    d, n, r = t.documents.c, t.number_counters.c, letters.c
    issued: dict[tuple[str, int], list[int]] = defaultdict(list)
    with town.store.read() as connection:
        for columns in ((d.series, d.year, d.number), (r.reply_series, r.reply_year, r.reply_number)):
            for series, year, number in connection.execute(select(*columns).where(columns[2].is_not(None))):
                issued[series, year].append(number)
        counters = {
            (series, year): last
            for series, year, last in connection.execute(select(n.series, n.year, n.last))
        }
    told: dict[tuple[str, int], list[int]] = defaultdict(list)
    for history in histories.values():
        for _, event in history:
            if isinstance(event, DocumentIssued) and event.number is not None:
                told[str(event.series), int(event.year or 0)].append(event.number)
    # The numbers of cases come from counters too, and may have gaps.
    of_cases = {matter.definition.series for matter in town.banjie.catalog.matters.values()}
    for key in sorted(counters.keys() | issued.keys()):
        papers, events, last = sorted(issued[key]), sorted(told[key]), counters.get(key, 0)
        if key[0] not in of_cases and papers != list(range(1, last + 1)):
            yield f"{key}: the papers have {papers}, the events {events}, the counter {last}"
        verdict.counts["document numbers"] += len(papers)
        verdict.counts["document numbers on replies to letters"] += len(papers) - len(events)


def _verified(town: Town) -> Iterator[str]:
    """`banjie audit verify`: the chains hold, and every derived row says what the events say."""
    done = subprocess.run(
        [sys.executable, "-m", "workflow.cli.main", "audit", "verify", "--json"],
        env={**town.direct_env, "BANJIE_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        yield f"audit verify ended with {done.returncode}: {(done.stdout + done.stderr)[:3000]}"
