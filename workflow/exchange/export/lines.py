"""Events one a line: CSV for tables, CloudEvents (JSON, structured mode) for other systems."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Final

from workflow.documents.cells import harmless
from workflow.domain.chain import instant
from workflow.exchange.export.facts import happened
from workflow.storage.codec import canonical

if TYPE_CHECKING:
    from workflow.exchange.export.facts import Happened
    from workflow.exchange.export.pseudonyms import Pseudonyms
    from workflow.exchange.export.source import Told

SAID: Final = ("clock", "due_on", "finding", "colour", "outcome", "document", "material", "ground", "late")
HEADS: Final = (
    "case", "matter", "seq", "type", "activity", "effective_at", "recorded_at", "actor", "post", "organ", "from",
    "to", "rule", *SAID,
)  # fmt: skip


def write_csv(file: IO[bytes], cases: Iterable[Told], names: Pseudonyms) -> tuple[int, int]:
    """Write the events as CSV (UTF-8 with a mark, so that spreadsheets read Chinese); gives the cases and events written."""
    file.write(b"\xef\xbb\xbf")
    file.write(_line(HEADS))
    traces = events = 0
    for told in cases:
        for one in happened(told, names):
            file.write(_line(_cells(one)))
            events += 1
        traces += 1
    return traces, events


def write_cloudevents(file: IO[bytes], cases: Iterable[Told], names: Pseudonyms) -> tuple[int, int]:
    """Write the events as CloudEvents 1.0, a JSON object a line; gives the cases and events written."""
    traces = events = 0
    for told in cases:
        for one in happened(told, names):
            file.write(canonical(_cloud(one)) + b"\n")
            events += 1
        traces += 1
    return traces, events


def _cells(one: Happened) -> Iterable[str]:
    told = (
        one.case_no,
        one.matter,
        one.seq,
        one.type,
        one.activity,
        instant(one.at),
        instant(one.recorded_at),
    )
    told += (one.actor, one.post, one.organ, one.source, one.target, one.rule)  # type: ignore[assignment]
    for value in (*told, *(one.said.get(name, "") for name in SAID)):
        yield harmless(str(value))


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(list(cells))
    return line.getvalue().encode()


def _cloud(one: Happened) -> dict[str, object]:
    said = {"actor": one.actor, "post": one.post, "organ": one.organ, "from": one.source, "to": one.target}
    return {
        "specversion": "1.0",
        "id": f"{one.case_no}/{one.seq}",
        "source": f"/banjie/{one.matter}",
        "type": f"cn.banjie.{one.type}",
        "subject": one.case_no,
        "time": instant(one.at),
        "datacontenttype": "application/json",
        "data": {
            **{name: value for name, value in said.items() if value},
            **one.said,
            "seq": one.seq,
            "activity": one.activity,
            "rule": one.rule,
            "recorded_at": one.recorded_at,
        },
    }
