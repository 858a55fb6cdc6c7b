"""A log as a script: what its cases say, turned into commands in the order of time. Nothing is written here.

A case is filed at its start, each activity becomes the action that the map names, its end the conclusion. What the log
dates before the receipt of its own case is played at the receipt: nobody can act on what has not been filed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from workflow.catalog.forms import check_form
from workflow.domain.commands import AnyCommand, SubmitFiling, TakeAction
from workflow.errors import BadFields, BadLog
from workflow.exchange.mapping import LogMap
from workflow.exchange.xes import LoggedEvent, Trace

CaseId = Callable[[str, str], str]
"""Makes the id of the case that an actor files under a key (ids are made at the door)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One command of the script and when it is given (UTC); `case` and `what` are the log's own words."""

    at: datetime
    case: str
    what: str
    command: AnyCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCase:
    """What the log says about one case as a whole; `case_id` is the case it becomes."""

    name: str
    case_id: str
    started: datetime
    deadline: datetime | None
    ended: datetime | None
    events: int
    held: bool
    extended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole of a log, ready to be played; `moved` counts the acts that the log dates before receipt."""

    cases: tuple[LoggedCase, ...]
    lines: tuple[Line, ...]
    moved: int

    @property
    def events(self) -> int:
        """How many events the log has."""
        return sum(case.events for case in self.cases)


def script_of(traces: Iterable[Trace], log_map: LogMap, case_id: CaseId, path: Path) -> Script:
    """Read every case and check all of it against the map and the matter.

    Raises BadLog naming line and case for an activity the map does not know, an attribute that is missing or of the
    wrong kind, or a filing that the matter's form does not take; and for a log without a case.
    """
    cases, lines, moved = [], [], 0
    for trace in traces:
        case, played = _read(trace, log_map, case_id, path)
        cases.append(case)
        lines += played
        moved += sum(event.at < case.started for event in trace.events)
        moved += case.ended is not None and case.ended < case.started
    if not cases:
        raise BadLog(path=str(path), reason="it has no case")
    # Sorting is stable: what happens in the same instant keeps the order of the log, the filing before the acts.
    return Script(cases=tuple(cases), lines=tuple(sorted(lines, key=lambda line: line.at)), moved=moved)


def _read(trace: Trace, log_map: LogMap, case_id: CaseId, path: Path) -> tuple[LoggedCase, list[Line]]:
    started = _instant(trace, log_map.started, path)
    if started is None:
        raise _bad(path, trace.line, f"{trace.name} has no {log_map.started}")
    key = f"{path.name.partition('.')[0]}/{trace.name}"
    case = LoggedCase(
        name=trace.name,
        case_id=case_id(log_map.filer, key),
        started=started,
        deadline=_instant(trace, log_map.deadline, path),
        ended=_instant(trace, log_map.concluded, path),
        events=len(trace.events),
        held=any(event.activity in log_map.holds for event in trace.events),
        extended=any(event.activity in log_map.extensions for event in trace.events),
    )
    filing = SubmitFiling(
        case_id=case.case_id,
        key=key,
        actor=log_map.filer,
        matter=log_map.matter.definition.code,
        form=_form(trace, log_map, path),
    )
    lines = [Line(at=started, case=trace.name, what=log_map.started, command=filing)]
    lines += _acts(trace, case, log_map, path, key)
    return case, lines


def _acts(trace: Trace, case: LoggedCase, log_map: LogMap, path: Path, key: str) -> Iterator[Line]:
    for number, event in enumerate(trace.events, 1):
        act = TakeAction(
            case_id=case.case_id,
            key=f"{key}/{number}",
            actor=log_map.actor(event.resource),
            action=_action(event, trace, log_map, path),
        )
        at = max(event.at.astimezone(UTC), case.started)
        yield Line(at=at, case=trace.name, what=event.activity, command=act)
    if case.ended is not None:
        responsible = trace.attributes.get(log_map.responsible)
        end = TakeAction(
            case_id=case.case_id,
            key=f"{key}/end",
            actor=log_map.actor(responsible if isinstance(responsible, str) else None),
            action=log_map.conclusion,
        )
        yield Line(at=max(case.ended, case.started), case=trace.name, what=log_map.concluded, command=end)


def _action(event: LoggedEvent, trace: Trace, log_map: LogMap, path: Path) -> str:
    action = log_map.activities.get(event.activity)
    if action is None:
        raise _bad(path, event.line, f"the map has no action for {event.activity!r} of {trace.name}")
    return action


def _form(trace: Trace, log_map: LogMap, path: Path) -> dict[str, str]:
    given = {field: trace.attributes.get(attribute) for field, attribute in log_map.form.items()}
    form = {field: str(value) for field, value in given.items() if value is not None}
    try:
        check_form(log_map.matter.definition, form)
    except BadFields as error:
        raise _bad(path, trace.line, f"{trace.name}: {error}") from error
    return form


def _instant(trace: Trace, attribute: str, path: Path) -> datetime | None:
    value = trace.attributes.get(attribute)
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise _bad(path, trace.line, f"{attribute} of {trace.name} is not a date")
    return value.astimezone(UTC)


def _bad(path: Path, line: int, reason: str) -> BadLog:
    return BadLog(path=str(path), reason=f"line {line}: {reason}")
