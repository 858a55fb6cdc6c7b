"""The judge: from what the people say and what the database holds, whether any of the twelve promises was broken.

It runs when all is over, knows nothing of how the run went, and reads the tables with queries of its own.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.simulation.account import Account, Broken, Rows
from tests.simulation.history import FAIL, OK, Asked, History
from workflow.domain.commands import PUBLIC, SYSTEM, SubmitFiling
from workflow.domain.events import ActionTaken, CaseMigrated, FilingSubmitted, RungFired
from workflow.domain.instants import civil_date
from workflow.evidence import reading
from workflow.evidence.derived import FIGURES, expected, wrong_rows
from workflow.evidence.personal import open_values
from workflow.evidence.reading import Found
from workflow.evidence.steps import steps
from workflow.evidence.verify import Told, followed
from workflow.storage.store import Store


def judge(store: Store, testimony: Account) -> list[Broken]:
    """Every promise that was broken; none, if all were kept."""
    rows = Rows(store)
    definitions = reading.definitions(store)
    ids = [row["id"] for row in rows("cases")]
    cases = reading.together(store, ids) if ids else []
    told: dict[str, tuple[Told, ...]] = {}
    found: list[Broken] = []
    for one in cases:
        told[one.record.case_id] = yield_from(found, _record(one, definitions))
    found += (Broken(promise="I6", what=f"events without a case: {one}") for one in reading.orphans(store))
    for check in (_commands, _filings, _groups):
        found += check(testimony.history, rows, told)
    for each in (_legal, _rights, _apart, _versions, _rungs_of):
        for case_id, events in told.items():
            found += each(case_id, events, testimony)
    found += _timers(rows, told, testimony)
    found += _outbox(rows, testimony)
    found += _numbers(rows)
    found += _deliveries(testimony)
    found += _secrets(rows, testimony)
    if testimony.unfinished:
        found.append(Broken(promise="I12", what=testimony.unfinished))
    return found


def yield_from(found: list[Broken], given: tuple[list[Broken], tuple[Told, ...]]) -> tuple[Told, ...]:
    found += given[0]
    return given[1]


def _record(one: Found, definitions: Mapping[str, Any]) -> tuple[list[Broken], tuple[Told, ...]]:
    """I3 and I6: the chain holds, the events come to the row, and each derived row says what they say."""
    record = one.record
    broken, told = followed(record, definitions.get(record.definition), definitions)
    if broken is not None:
        promise = "I3" if broken.flaw.value in ("impossible", "row") else "I6"
        return [
            Broken(promise=promise, what=f"{record.no} at {broken.seq}: {broken.flaw} {broken.detail}")
        ], told
    try:
        made = tuple(steps(told, None))
    except Exception as error:  # noqa: BLE001 - what cannot be reckoned again is no record
        return [Broken(promise="I3", what=f"{record.no}: {error!r}")], told
    tables = {name: rows for name, rows in one.tables.items() if name not in FIGURES}
    wrong = [*wrong_rows(expected(made), tables), *open_values(made, one.personal).wrong]
    return [
        Broken(promise="I3", what=f"{record.no}: {w.table} {w.key} {w.field} {w.expected!r} {w.found!r}")
        for w in wrong
    ], told


# --- I1, I2, I11: what people were told ----------------------------------------------------------------------------


def _commands(history: History, rows: Rows, told: Mapping[str, Sequence[Told]]) -> Iterator[Broken]:
    kept = {(row["actor"], row["key"]): row for row in rows("commands")}
    events = Counter(
        (one.envelope.actor, one.envelope.command_id) for of_case in told.values() for one in of_case
    )
    known = set()
    for asked in history.asked:
        name = (asked.command.actor, asked.command.key)
        known.add(name)
        row = kept.get(name)
        yield from _answers(asked, row)
        if asked.said == FAIL and (row is not None or events[name]):
            yield Broken(promise="I1", what=f"{name} was refused each time and yet was done")
        if row is None and events[name]:
            yield Broken(promise="I2", what=f"{name} has events and is not remembered")
    for name in kept.keys() - known:
        if name[0] != SYSTEM and not name[1].startswith("migrate:"):
            yield Broken(promise="I2", what=f"{name} was never asked")


def _answers(asked: Asked, row: Mapping[str, Any] | None) -> Iterator[Broken]:
    name = (asked.command.actor, asked.command.key)
    if asked.said == OK and row is None:
        yield Broken(promise="I1", what=f"{name} was answered and is not there")
    for receipt in asked.receipts:
        if row is not None and (receipt.seq, receipt.case_id) != (row["seq"], row["case_id"]):
            yield Broken(
                promise="I2", what=f"{name}: the receipt says {receipt.seq}, the database {row['seq']}"
            )
    if sum(not receipt.repeated for receipt in asked.receipts) > 1:
        yield Broken(promise="I2", what=f"{name} was accepted twice as if it were new")


def _filings(history: History, rows: Rows, told: Mapping[str, Sequence[Told]]) -> Iterator[Broken]:
    """I1: what was filed is there as it was filed."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows("personal_values"):
        values[row["case_id"]].setdefault(row["field"], row["value"])
    for asked in history.asked:
        command = asked.command
        if not isinstance(command, SubmitFiling) or asked.said != OK:
            continue
        first = next(iter(told.get(command.case_id, ())), None)
        event = first.event if first is not None else None
        if not isinstance(event, FilingSubmitted):
            yield Broken(promise="I1", what=f"the filing {command.key} begins with {event}")
            continue
        for name, value in command.form.items():
            there = event.form.get(name)
            if isinstance(there, Mapping) and "commitment" in there:
                there = values[command.case_id].get(f"form.{name}")
                there = there if isinstance(value, str) or there is None else json.loads(there)
            if there != value and not (isinstance(there, tuple) and list(there) == value):
                yield Broken(promise="I1", what=f"the filing {command.key} has another {name}: {there!r}")
        if set(command.materials) - set(event.materials):
            yield Broken(promise="I1", what=f"materials of the filing {command.key} are missing")


def _groups(history: History, rows: Rows, told: Mapping[str, Sequence[Told]]) -> Iterator[Broken]:
    """I2: the events of a command are one transaction's, without another's among them."""
    for case_id, events in told.items():
        ended: set[tuple[str, str]] = set()
        last: tuple[str, str] | None = None
        for one in events:
            name = (one.envelope.command_id, "")
            if name != last:
                if name in ended:
                    yield Broken(
                        promise="I2", what=f"{case_id}: the command {name[0]} has events in two places"
                    )
                if last is not None:
                    ended.add(last)
                last = name


# --- I3, I8, I11: the course of a case -------------------------------------------------------------------------------


def _legal(case_id: str, events: Sequence[Told], testimony: Account) -> Iterator[Broken]:
    for one in events:
        event = one.event
        if isinstance(event, ActionTaken) and event.action in one.definition.actions:
            action = one.definition.actions[event.action]
            to = action.to if action.to is not None else event.source
            if event.source not in action.sources or (action.to is not None and event.target != to):
                yield Broken(
                    promise="I3", what=f"{case_id}: {event.action} from {event.source} to {event.target}"
                )


def _rights(case_id: str, events: Sequence[Told], testimony: Account) -> Iterator[Broken]:
    """I8: whoever acted held a post for it on that day."""
    for one in events:
        event, actor = one.event, one.envelope.actor
        if not isinstance(event, ActionTaken) or event.action not in one.definition.actions:
            continue
        by = one.definition.actions[event.action].by
        if actor == SYSTEM or actor.partition(":")[0] == PUBLIC:
            named = SYSTEM if actor == SYSTEM else PUBLIC
            if named not in by:
                yield Broken(promise="I8", what=f"{case_id}: {event.action} by {actor}")
            continue
        directory = testimony.directories.get(one.envelope.facts.get("directory", ""))
        if directory is None:
            yield Broken(promise="I8", what=f"{case_id}: {event.action} under an unknown directory")
            continue
        on = civil_date(one.envelope.recorded_at, one.definition.zone)
        kinds = {held.kind for held in directory.holdings if held.person == actor and held.in_force(on)}
        wanted = {one.definition.posts[post].kind for post in by if post in one.definition.posts}
        if not kinds & wanted and PUBLIC not in by:
            yield Broken(
                promise="I8", what=f"{case_id}: {event.action} by {actor}, who holds {sorted(kinds)}"
            )


def _apart(case_id: str, events: Sequence[Told], testimony: Account) -> Iterator[Broken]:
    """I8: nobody acted in two roles that must be apart. A migration may give posts other names."""
    roles: dict[str, set[str]] = defaultdict(set)
    for one in events:
        if isinstance(event := one.event, ActionTaken) and event.action in one.definition.actions:
            roles[event.post].add(one.envelope.actor)
    migrated = any(isinstance(one.event, CaseMigrated) for one in events)
    for apart in events[0].definition.distinct if events and not migrated else ():
        for n, post in enumerate(apart):
            for other in apart[n + 1 :]:
                if both := (roles[post] & roles[other]) - {SYSTEM}:
                    yield Broken(promise="I8", what=f"{case_id}: {sorted(both)} as {post} and as {other}")


def _versions(case_id: str, events: Sequence[Told], testimony: Account) -> Iterator[Broken]:
    """I11: an event moves the version that people see by one or not at all; who named the version that he had read acted on
    that one.
    """
    seen = testimony.seen
    begun: set[str] = set()
    for one in events:
        name = one.envelope.command_id  # what had fallen due comes first, under the same command
        before = one.before.version if one.before is not None else 0
        if one.after.version - before not in (0, 1) or one.after.seq != one.envelope.seq:
            yield Broken(
                promise="I11",
                what=f"{case_id}: {name} moved the version from {before} to {one.after.version}",
            )
        if name not in begun and seen.get(name, before) != before:
            yield Broken(
                promise="I11", what=f"{case_id}: {name} had read {seen[name]}, and acted on {before}"
            )
        begun.add(name)
    stamps = [one.envelope.recorded_at for one in events]
    if stamps != sorted(stamps):
        yield Broken(promise="I11", what=f"{case_id}: recorded times go back")


# --- I4, I7: timers and jobs ---------------------------------------------------------------------------------------


def _rungs_of(case_id: str, events: Sequence[Told], testimony: Account) -> Iterator[Broken]:
    fired = Counter(
        (e.clock, e.generation, e.rung, e.revision) for one in events if isinstance(e := one.event, RungFired)
    )
    for name, times in fired.items():
        if times > 1:
            yield Broken(promise="I4", what=f"{case_id}: {name} fired {times} times")


def _timers(rows: Rows, told: Mapping[str, Sequence[Told]], testimony: Account) -> Iterator[Broken]:
    fired: dict[tuple[Any, ...], datetime] = {}
    for case_id, events in told.items():
        for one in events:
            if isinstance(e := one.event, RungFired):
                fired[case_id, e.clock, e.generation, e.rung, e.revision] = one.envelope.recorded_at
    for row in rows("rungs"):
        name = (row["case_id"], row["clock"], row["generation"], row["rung"], row["revision"])
        at = _moment(row["fires_at"])
        when = fired.pop(name, None)
        if when is not None and when < at:
            yield Broken(promise="I4", what=f"{name} fired at {when}, before {at}")
        if row["fired_at"] and row["cancelled_at"]:
            yield Broken(promise="I4", what=f"{name} fired and was cancelled")
        if bool(row["fired_at"]) != (when is not None):
            yield Broken(promise="I4", what=f"{name}: the row says {row['fired_at']}, the events {when}")
        waits = not (row["fired_at"] or row["cancelled_at"] or row["withheld_at"])
        if waits and testimony.now is not None and at <= testimony.now:
            yield Broken(promise="I4", what=f"{name} is due since {at} and has not fired")
    for name in fired:
        yield Broken(promise="I4", what=f"{name} fired and has no row")


def _outbox(rows: Rows, testimony: Account) -> Iterator[Broken]:
    for row in rows("jobs"):
        name = (row["case_id"], row["job"], row["kind"])
        if not row["done_at"] and testimony.now is not None and _moment(row["due_at"]) <= testimony.now:
            yield Broken(promise="I7", what=f"the job {name} is not done")
        if row["done_at"] and row["done_at"] < row["due_at"]:
            yield Broken(promise="I4", what=f"the job {name} was done before it was due")
    for row in rows("notifications"):
        waits = row["standing"] == "waiting"
        if waits and testimony.now is not None and _moment(row["due_at"]) <= testimony.now:
            yield Broken(promise="I7", what=f"the notification {row['id']} has not gone out")


def _moment(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


# --- I10: numbers --------------------------------------------------------------------------------------------------


def _numbers(rows: Rows) -> Iterator[Broken]:
    taken: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in rows("documents"):
        if row["series"] is not None:
            taken[row["series"], row["year"]].append(row["number"])
    for row in rows("letters"):
        if row["reply_number"] is not None:
            taken[row["reply_series"], row["reply_year"]].append(row["reply_number"])
    for row in rows("cases"):
        series, year, serial = row["no"].rsplit("-", 2)
        taken[series, int(year)].append(int(serial))
    last = {(row["series"], row["year"]): row["last"] for row in rows("number_counters")}
    for name, numbers in taken.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield Broken(promise="I10", what=f"{name}: {sorted(numbers)}")
        elif name in last and last[name] != len(numbers):
            yield Broken(
                promise="I10", what=f"{name}: the counter stands at {last[name]}, {len(numbers)} were taken"
            )


# --- I2, I5: what went out -------------------------------------------------------------------------------------------


def _deliveries(testimony: Account) -> Iterator[Broken]:
    copies = Counter((channel, one) for channel, one, repeats in testimony.received if not repeats)
    for (channel, one), times in copies.items():
        if times > 1:
            yield Broken(
                promise="I2", what=f"{one} went out {times} times by {channel}, which knows no second copy"
            )
    fence: dict[str, int] = {}
    for claim in testimony.claims:
        if claim.what == "claimed":
            if claim.epoch <= fence.get(claim.delivery, 0):
                yield Broken(promise="I5", what=f"{claim.delivery} was claimed twice under {claim.epoch}")
            fence[claim.delivery] = claim.epoch
        elif claim.rows and claim.epoch < fence.get(claim.delivery, 0):
            yield Broken(promise="I5", what=f"{claim.delivery} was settled under the old fence {claim.epoch}")


# --- I9: secrets -----------------------------------------------------------------------------------------------------


def _secrets(rows: Rows, testimony: Account) -> Iterator[Broken]:
    errors = [
        str(row["error"])
        for table in ("rungs", "jobs", "notifications")
        for row in rows(table)
        if row["error"]
    ]
    for where, texts in (("the broker", testimony.said), ("an error", [*testimony.told, *errors])):
        whole = "\n".join(texts)
        for canary in sorted(testimony.canaries):
            if canary in whole or json.dumps(canary)[1:-1] in whole:
                yield Broken(promise="I9", what=f"{where} says {canary}")
