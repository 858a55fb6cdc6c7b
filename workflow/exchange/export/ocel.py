"""Object-centric event logs (OCEL 2.0, JSON), streamed: events as they come, the objects of each case after them.

An object is a case, the letter it stands under, the organ and the person at a post who acted, a paper, a finding, a
material or a period. Only letters, organs and persons are shared between cases, so only those are remembered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, Final

from workflow.domain import events as e
from workflow.domain.chain import instant
from workflow.domain.letters.membership import letter_of
from workflow.exchange.export.facts import Value, clock_facts, clock_name, finding_facts, happened, lamp
from workflow.storage.codec import canonical

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.exchange.export.facts import Happened
    from workflow.exchange.export.pseudonyms import Pseudonyms
    from workflow.exchange.export.source import Told

_EVENT: Final = (
    "seq", "type", "rule", "recorded_at", "from", "to", "clock", "due_on", "due_at", "provisional", "colour", "outcome",
    "ground", "late",
)  # fmt: skip
_OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "case": ("matter", "definition", "state", "outcome", "lamp"),
    "letter": (),
    "organ": (),
    "person-post": ("post",),
    "document": ("kind", "number"),
    "finding": ("colour", "rule", "basis", "organ", "post", "standing", "clock"),
    "material": ("kind", "version"),
    "clock": (
        "rule", "period", "started_on", "due_on", "due_at", "provisional", "ended_on", "standing", "late", "extensions",
    ),
}  # fmt: skip
_COPY: Final = 1 << 20


def write_ocel(file: IO[bytes], cases: Iterable[Told], names: Pseudonyms) -> tuple[int, int]:
    """Write a log; gives how many cases and events it has."""
    shared: dict[str, str] = {}
    activities: set[str] = set()
    traces = events = 0
    with tempfile.TemporaryFile() as objects:
        file.write(b'{"objectTypes":' + canonical(_types(_OBJECTS)) + b',"events":[')
        for told in cases:
            for one in happened(told, names):
                related = list(_related(told, one))
                shared.update(
                    {id_: kind for id_, kind, _ in related if kind in ("organ", "person-post", "letter")}
                )
                activities.add(one.activity)
                file.write((b",\n" if events else b"\n") + canonical(_event(one, related)))
                events += 1
            for made in _objects(told):
                objects.write((b",\n" if objects.tell() else b"\n") + canonical(made))
            traces += 1
        file.write(b'\n],"objects":[')
        begun = objects.tell() > 0
        objects.seek(0)
        while piece := objects.read(_COPY):
            file.write(piece)
        for id_, kind in sorted(shared.items()):
            file.write((b",\n" if begun else b"\n") + canonical({"id": id_, "type": kind}))
            begun = True
        types = _types(dict.fromkeys(sorted(activities), _EVENT))
        file.write(b'\n],"eventTypes":' + canonical(types) + b"}\n")
    return traces, events


def _types(names: Mapping[str, Iterable[str]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "attributes": [{"name": one, "type": _kind(one)} for one in attributes]}
        for name, attributes in names.items()
    ]


def _kind(name: str) -> str:
    if name in {"seq", "version", "extensions"}:
        return "integer"
    if name in {"provisional", "late"}:
        return "boolean"
    return "time" if name in {"recorded_at", "due_at"} else "string"


def _event(one: Happened, related: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    said: dict[str, Value] = {
        "seq": one.seq,
        "type": one.type,
        "rule": one.rule,
        "recorded_at": one.recorded_at,
    }
    said |= {name: value for name, value in (("from", one.source), ("to", one.target)) if value}
    said |= {name: value for name, value in one.said.items() if name in _EVENT}
    return {
        "id": f"{one.case_no}/{one.seq}",
        "type": one.activity,
        "time": instant(one.at),
        "attributes": [{"name": name, "value": _text(value)} for name, value in said.items()],
        "relationships": [{"objectId": id_, "qualifier": how} for id_, _, how in related],
    }


def _related(told: Told, one: Happened) -> Iterator[tuple[str, str, str]]:
    """The objects of an event: id, type, and how the event is about it."""
    no = one.case_no
    yield f"case:{no}", "case", "case"
    if one.organ:
        yield f"organ:{one.organ}", "organ", "at"
    if one.type == e.ActionTaken.__name__:
        yield _post(one.actor, one.post), "person-post", "by"
    letter = letter_of(told.case)
    if letter is not None and one.type in (e.FilingSubmitted.__name__, e.CaseConcluded.__name__):
        yield f"letter:{letter.organ}:{letter.number}", "letter", "under"
    said = one.said
    if "finding" in said:
        yield f"finding:{no}/{said['finding']}", "finding", "finding"
    if "material" in said:
        yield f"material:{no}/{said['material']}/{said.get('version', 1)}", "material", "material"
    if "clock" in said and "generation" in said:
        yield f"clock:{no}/{said['clock']}.{said['generation']}", "clock", "period"
    if one.type == e.DocumentIssued.__name__:
        yield f"document:{no}/{one.seq}", "document", "issues"


def _post(actor: str, post: str) -> str:
    return f"person-post:{actor}@{post}" if post else f"person-post:{actor}"


def _objects(told: Told) -> Iterator[dict[str, Any]]:
    case = told.case
    no, id_, begun = case.no, f"case:{case.no}", case.received_at
    last = told.history[-1][0].recorded_at
    letter = letter_of(case)
    under = [(f"letter:{letter.organ}:{letter.number}", "under")] if letter is not None else []
    said: dict[str, Value] = {"matter": case.matter, "definition": case.definition}
    yield _object(id_, "case", under, {begun: said, last: _now(case.state, case.outcome, lamp(told))})
    for clock in case.clocks:
        name = f"clock:{no}/{clock.clock}.{clock.generation}"
        yield _object(name, "clock", [(id_, clock_name(clock))], {last: clock_facts(clock)})
    for one in case.findings:
        yield _object(f"finding:{no}/{one.number}", "finding", [(id_, "of")], {last: finding_facts(one)})
    materials: dict[str, tuple[datetime, dict[str, Value]]] = {}
    for envelope, event in told.history:
        if isinstance(event, e.DocumentIssued):
            number = f"{event.series}-{event.year}-{event.number}" if event.number is not None else ""
            paper: dict[str, Value] = {"kind": event.document, "number": number}
            yield _object(f"document:{no}/{envelope.seq}", "document", [(id_, "of")], {event.at: paper})
        material, version = getattr(event, "material", None), getattr(event, "version", 1)
        if isinstance(material, str):
            kept: dict[str, Value] = {"kind": material, "version": version}
            materials.setdefault(f"material:{no}/{material}/{version}", (event.at, kept))
    for name, (at, kept) in materials.items():
        yield _object(name, "material", [(id_, "of")], {at: kept})


def _now(state: str, outcome: str | None, colour: str) -> dict[str, Value]:
    return {"state": state, "lamp": colour, **({"outcome": outcome} if outcome else {})}


def _object(
    id_: str, kind: str, related: Iterable[tuple[str, str]], said: Mapping[datetime, Mapping[str, Value]]
) -> dict[str, Any]:
    return {
        "id": id_,
        "type": kind,
        "attributes": [
            {"name": name, "value": _text(value), "time": instant(at)}
            for at, values in said.items()
            for name, value in values.items()
        ],
        "relationships": [{"objectId": other, "qualifier": how} for other, how in related],
    }


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int)) else instant(value)
