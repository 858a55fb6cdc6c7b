"""The thresholds and colours of a deployment (预警阈值): one file over the ladders of every process (issue 6.1).

They go into the processes before any matter is merged, so that they are checked with the matter, hashed with it, and kept by
each case for life, as all else of a definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from workflow.catalog.faults import Fault
from workflow.catalog.schema import check_shape
from workflow.catalog.strict_yaml import Document, inspect

FILE: Final = Path("accountability") / "ladders.yaml"

WHOLE: Final = frozenset({"title", "offset", "colour"})
"""What a rung has; one that is given whole is put where it was not."""


def with_thresholds(
    processes: Mapping[str, Document], folders: Sequence[Path], faults: list[Fault]
) -> dict[str, Document]:
    """The processes with the thresholds of the last folder that has any. What fits no ladder, or no rung, is a fault."""
    path = next((folder / FILE for folder in reversed(folders) if (folder / FILE).exists()), None)
    if path is None:
        return dict(processes)
    found, wrong = inspect(path)
    wrong += check_shape(found.data, "ladders", found.where, nulls=True)
    faults += wrong
    if wrong:
        return dict(processes)
    faults += _astray(processes, found)
    return {name: _over(process, found) for name, process in processes.items()}


def _over(process: Document, found: Document) -> Document:
    """A process with what is changed of its own ladders, each part with the place where it was written."""
    known = process.data.get("ladders") if isinstance(process.data, dict) else None
    if not isinstance(known, dict):
        return process
    ladders, marks = dict(known), dict(process.marks)
    for name, rungs in found.data["ladders"].items():
        if not isinstance(known.get(name), dict):
            continue
        ladders[name] = _ladder(known[name], rungs)
        here = {place for place in found.marks if place[:2] == ("ladders", name) and place[2:3] != ()}
        marks |= {place: found.marks[place] for place in here if place[2] in ladders[name]}
    return replace(process, data={**process.data, "ladders": ladders}, marks=marks)


def _ladder(known: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    ladder = dict(known)
    for rung, parts in changed.items():
        if parts is None:
            ladder.pop(rung, None)
        elif rung in ladder or parts.keys() >= WHOLE:
            ladder[rung] = {**ladder.get(rung, {}), **parts}
    return ladder


def _astray(processes: Mapping[str, Document], found: Document) -> list[Fault]:
    """What is said of a ladder that no process has, or of a rung that none of them has and that is not whole itself."""
    ladders: dict[str, set[str]] = {}
    for process in processes.values():
        if isinstance(process.data, dict) and isinstance(process.data.get("ladders"), dict):
            for name, rungs in process.data["ladders"].items():
                ladders.setdefault(name, set()).update(rungs)
    faults = []
    for name, rungs in found.data["ladders"].items():
        if name not in ladders:
            fields = {"name": name, "known": ", ".join(sorted(ladders))}
            faults.append(Fault(rule="reference.ladder", mark=found.where(("ladders", name)), fields=fields))
            continue
        for rung, parts in rungs.items():
            if rung not in ladders[name] and not (parts and parts.keys() >= WHOLE):
                fields = {"name": rung, "known": ", ".join(sorted(ladders[name]))}
                mark = found.where(("ladders", name, rung))
                faults.append(Fault(rule="reference.rung", mark=mark, fields=fields))
    return faults
