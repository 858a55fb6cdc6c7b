"""A log becomes commands in the order of time, and all of it is checked before any of it is played."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.errors import BadLog
from workflow.exchange.mapping import LogMap
from workflow.exchange.script import Script, script_of
from workflow.exchange.xes import read

WriteLog = Callable[..., Path]

CASE = {
    "startdate": "2011-10-11T13:42:22.688+02:00",
    "deadline": "2011-12-06T13:42:22.660+01:00",
    "enddate": "2011-11-24T15:37:16.553+01:00",
    "responsible": "Resource21",
    "channel": "Internet",
}
CONFIRM, CHECK = "Confirmation of receipt", "T02 Check confirmation of receipt"


def script(path: Path, log_map: LogMap) -> Script:
    return script_of(read(path), log_map, lambda actor, key: f"id of {key}", path)


def test_a_case_is_filed_acted_on_and_concluded(write_log: WriteLog, log_map: LogMap) -> None:
    path = write_log(("case-1", CASE, [(CONFIRM, "Resource10", "2011-10-11T13:45:40.276+02:00")]))
    told = script(path, log_map)
    (case,) = told.cases
    assert (case.name, case.events, told.events, told.moved) == ("case-1", 1, 1, 0)
    assert [(line.what, type(line.command), line.command.actor) for line in told.lines] == [
        ("startdate", SubmitFiling, "public:applicant"),
        (CONFIRM, TakeAction, "public:Resource10"),
        ("enddate", TakeAction, "public:Resource21"),
    ]
    filing, act, end = (line.command for line in told.lines)
    assert isinstance(filing, SubmitFiling)
    assert isinstance(act, TakeAction)
    assert isinstance(end, TakeAction)
    assert filing.form == {"channel": "Internet"}
    assert (act.action, end.action) == ("confirm_receipt", "conclude")
    assert told.lines[0].at == datetime(2011, 10, 11, 11, 42, 22, 688_000, tzinfo=UTC)
    assert {line.command.case_id for line in told.lines} == {"id of made-up/case-1"}
    assert len({line.command.key for line in told.lines}) == 3


def test_cases_are_woven_together_in_the_order_of_time(write_log: WriteLog, log_map: LogMap) -> None:
    earlier = CASE | {"startdate": "2011-10-10T09:00:00Z"}
    path = write_log(
        ("case-2", CASE, [(CONFIRM, "A", "2011-10-13T09:00:00Z")]),
        ("case-1", earlier, [(CONFIRM, "A", "2011-10-12T09:00:00Z"), (CHECK, "A", "2011-10-14T09:00:00Z")]),
    )
    told = [(line.case, line.what) for line in script(path, log_map).lines]
    assert told[:5] == [
        ("case-1", "startdate"),
        ("case-2", "startdate"),
        ("case-1", CONFIRM),
        ("case-2", CONFIRM),
        ("case-1", CHECK),
    ]


def test_what_is_dated_before_receipt_is_played_at_the_receipt(write_log: WriteLog, log_map: LogMap) -> None:
    odd = CASE | {"enddate": "2011-10-01T00:00:00Z"}
    path = write_log(
        ("case-1", odd, [(CONFIRM, "A", "2011-10-02T09:00:00Z"), (CHECK, "A", "2011-10-12T09:00:00Z")])
    )
    told = script(path, log_map)
    assert told.moved == 2
    assert [line.what for line in told.lines] == ["startdate", CONFIRM, "enddate", CHECK]
    assert len({line.at for line in told.lines[:3]}) == 1


def test_an_open_case_has_no_conclusion_and_a_hold_is_noted(write_log: WriteLog, log_map: LogMap) -> None:
    still_open = {key: value for key, value in CASE.items() if key != "enddate"}
    hold = next(iter(log_map.holds))
    path = write_log(("case-1", still_open, [(hold, "A", "2011-10-13T09:00:00Z")]), ("case-2", CASE, []))
    first, second = script(path, log_map).cases
    assert (first.ended, first.held, first.extended) == (None, True, False)
    assert second.ended is not None
    assert not second.held


@pytest.mark.parametrize(
    ("attributes", "events", "reason"),
    [
        ({}, [], "line 2: case-1 has no startdate"),
        ({"startdate": "yesterday"}, [], "line 2: startdate of case-1 is not a date"),
        (CASE | {"deadline": "soon"}, [], "line 2: deadline of case-1 is not a date"),
        (CASE, [("T99 Sleep on it", "A", "2011-10-13T09:00:00Z")], "line 9: the map has no action for 'T99 Sleep on it'"),
        (CASE | {"channel": "x" * 41}, [], "line 2: case-1: .*channel"),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused_with_its_line(
    write_log: WriteLog,
    log_map: LogMap,
    attributes: dict[str, str],
    events: list[tuple[str, str, str]],
    reason: str,
) -> None:
    with pytest.raises(BadLog, match=reason):
        script(write_log(("case-1", attributes, events)), log_map)


def test_a_log_without_cases_is_refused(write_log: WriteLog, log_map: LogMap) -> None:
    with pytest.raises(BadLog, match="no case"):
        script(write_log(), log_map)
