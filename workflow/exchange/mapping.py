"""The map of a foreign log: which attribute says what, and which activity means which action of which matter.

A map is data (`definitions/maps/`), read strictly: what is missing, misspelt or unknown to the matter is told with its
line before anything is replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workflow.catalog.faults import Fault, in_order
from workflow.catalog.loader import Catalog, Matter
from workflow.catalog.sheet import Sheet, open_sheet
from workflow.errors import BadMap

NOBODY: Final = "unknown"
"""Who acts where the log does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMap:
    """How a log is to be read. `started`, `deadline` and `concluded` name attributes of a trace; so do the values of
    `form` and `responsible`. `prefix` goes before a resource of the log to make it an actor. `holds` and `extensions`
    are the activities by which the log itself takes time out or extends the period.
    """

    matter: Matter
    clock: str
    started: str
    deadline: str
    concluded: str
    filer: str
    form: Mapping[str, str]
    prefix: str
    conclusion: str
    responsible: str
    activities: Mapping[str, str]
    holds: frozenset[str]
    extensions: frozenset[str]

    def actor(self, resource: str | None) -> str:
        """The actor that stands for a resource of the log."""
        return f"{self.prefix}{resource or NOBODY}"


def load_map(path: Path, catalog: Catalog) -> LogMap:
    """Read a map. Raises BadMap naming the first fault with its line, UnknownMatter when there is no such matter."""
    faults: list[Fault] = []
    sheet = open_sheet(path, faults)
    _refuse(path, faults)
    code, clock = sheet.text("matter"), sheet.text("clock")
    case, filing, acts, end = (sheet.sheet(key) for key in ("case", "filing", "actors", "conclusion"))
    form, activities, logged = filing.sheet("form"), sheet.sheet("activities"), sheet.sheet("logged")
    started, deadline, concluded = (case.text(key) for key in ("started", "deadline", "concluded"))
    filer, prefix = filing.text("actor"), acts.text("prefix")
    conclusion, responsible = end.text("action"), end.text("responsible")
    fields, actions = _texts(form), _texts(activities)
    holds, extensions = logged.texts("holds"), logged.texts("extensions")
    for part in (sheet, case, filing, acts, end, form, activities, logged):
        part.close()
    if faults:
        first = in_order(faults)[0]
        raise BadMap(
            path=str(path), reason=f"line {first.mark.line}: {first.rule}: {first.says().rstrip('.')}"
        )
    matter = catalog.matter(code)
    _check_clock(sheet, matter, clock)
    for activity, action in actions.items():
        _check_action(activities, matter, activity, action)
    _check_action(end, matter, "action", conclusion)
    for key, listed in (("holds", holds), ("extensions", extensions)):
        for activity in listed:
            if activity not in actions:
                raise _bad(logged, key, f"{activity!r} is not among the activities")
    for field in fields:
        if field not in matter.definition.form["properties"]:
            raise _bad(form, field, f"the form of {code} has no field {field!r}")
    return LogMap(
        matter=matter,
        clock=clock,
        started=started,
        deadline=deadline,
        concluded=concluded,
        filer=filer,
        form=fields,
        prefix=prefix,
        conclusion=conclusion,
        responsible=responsible,
        activities=actions,
        holds=frozenset(holds),
        extensions=frozenset(extensions),
    )


def _refuse(path: Path, faults: list[Fault]) -> None:
    if faults:
        first = in_order(faults)[0]
        raise BadMap(
            path=str(path), reason=f"line {first.mark.line}: {first.rule}: {first.says()}".rstrip(".")
        )


def _texts(sheet: Sheet) -> dict[str, str]:
    return {key: sheet.text(key) for key in sheet.keys()}  # noqa: SIM118 - asking for them is the point


def _check_clock(sheet: Sheet, matter: Matter, clock: str) -> None:
    if clock not in matter.definition.clocks:
        known = ", ".join(matter.definition.clocks)
        raise _bad(sheet, "clock", f"{matter.definition.code} has no period {clock!r}; it has {known}")


def _check_action(sheet: Sheet, matter: Matter, key: str, name: str) -> None:
    action = matter.definition.actions.get(name)
    if action is None:
        known = ", ".join(matter.definition.actions)
        raise _bad(sheet, key, f"{matter.definition.code} has no action {name!r}; it has {known}")
    asked = ", ".join(field for field, spec in action.fields.items() if spec.required)
    if asked:
        raise _bad(sheet, key, f"the action {name!r} asks for {asked}, which a log does not give")


def _bad(sheet: Sheet, key: str, reason: str) -> BadMap:
    mark = sheet.document.where((*sheet.place, key))
    return BadMap(path=mark.file, reason=f"line {mark.line}: {reason}")
