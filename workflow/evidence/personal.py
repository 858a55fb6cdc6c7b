"""Whether each personal value still opens the commitment that the events keep of it.

A value that is not there has been erased (个人信息保护法 art. 47): that is told, and is no fault of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from workflow.domain.chain import commitment
from workflow.domain.publication import SLIP_CODE
from workflow.evidence.derived import WrongRow
from workflow.evidence.steps import Made

_SEALED = frozenset({"subject", "field", "commitment"})
TABLE = "personal_values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What became of a case's personal values: `opened` were proved, `erased` are gone, `wrong` do not open."""

    opened: int
    erased: int
    wrong: tuple[WrongRow, ...]


def commitments(payload: bytes) -> Iterator[tuple[str, str, str]]:
    """Every (subject, field, commitment) in the stored bytes of an event."""
    if b'"commitment"' in payload:
        yield from _within(msgspec.json.decode(payload))


def open_values(made: Iterable[Made], found: Iterable[Mapping[str, Any]]) -> Opened:
    """Hold a case's personal values against the commitments of the step that brought each."""
    wanted: dict[tuple[str, str, int], tuple[set[str], int]] = {}
    ends: set[int] = set()
    for _, events in made:
        end = events[-1].envelope.seq
        ends.add(end)
        for one in events:
            for subject, field, said in commitments(one.envelope.payload):
                wanted.setdefault((subject, field, end), (set(), one.envelope.seq))[0].add(said)
    wrong: list[WrongRow] = []
    opened: set[tuple[str, str, int]] = set()
    repeated = {(subject, field, said) for (subject, field, _), (all_, _) in wanted.items() for said in all_}
    for row in found:
        key = (row["subject"], row["field"], row["seq"])
        if row["field"] == SLIP_CODE:
            # The code of a slip is made by chance and proves nothing, so no event keeps a commitment to it.
            if row["seq"] not in ends:
                wrong.append(_wrong(key, 0, "seq"))
            continue
        known = wanted.get(key)
        said = commitment(bytes(row["salt"]), row["field"], row["value"])
        if known is None:
            wrong.append(_wrong(key, 0))
        elif said not in known[0]:
            wrong.append(_wrong(key, known[1], "value", "|".join(sorted(known[0])), said))
        else:
            opened.add(key)
            repeated.discard((*key[:2], said))
    # A commitment that a later event only repeats belongs to the value that came with the first.
    return Opened(opened=len(opened), erased=_erased(repeated, wrong), wrong=tuple(wrong))


def _erased(left: set[tuple[str, str, str]], wrong: list[WrongRow]) -> int:
    broken = {one.expected for one in wrong if one.expected}
    return sum(said not in broken for _, _, said in left)


def _wrong(
    key: tuple[str, str, int], seq: int, field: str = "", expected: str = "", found: str = ""
) -> WrongRow:
    name = f"subject={key[0]}, field={key[1]}, seq={key[2]}"
    return WrongRow(table=TABLE, key=name, seq=seq, field=field, expected=expected, found=found)


def _within(value: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, dict):
        if value.keys() == _SEALED:
            yield value["subject"], value["field"], value["commitment"]
            return
        for inner in value.values():
            yield from _within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _within(inner)
