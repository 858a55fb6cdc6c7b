"""The rules of law from `definitions/law/`: every version of every period, each with its own dates and way of counting.

A file may name ways of counting (zone, calendar, start, roll, end of day) and its rules say which one they use; nothing
has a default. The version of a rule is the day it came into force and a digest of all it says, so that a case can name
exactly what it was counted by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from workflow.catalog.faults import Fault
from workflow.catalog.sheet import Sheet, finish, open_sheet
from workflow.domain.law import (
    Basis,
    EndOfDayRule,
    ExtensionRule,
    Ground,
    LawParameters,
    RollRule,
    Rule,
    StartKind,
    StartRule,
    Words,
)
from workflow.domain.period import Hours
from workflow.texts import shipped_definitions

_BASES: Final[Mapping[str, Basis]] = {"statute": "statute", "promise": "promise"}
_ENDINGS: Final = ("alert", "deemed_accepted", "deemed_renewed", "consent_of_silent_organ", "proceed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """A named way of counting."""

    zone: str
    calendar: str
    start: StartRule
    roll: RollRule
    end_of_day: EndOfDayRule


@cache
def load_law(extra: Path | None = None) -> LawParameters:
    """Read all rules, shipped and (`extra`) an installation's own. Raises BadDefinition with every fault."""
    faults: list[Fault] = []
    files: dict[str, Path] = {}
    for root in [shipped_definitions(), *([extra] if extra is not None else [])]:
        files.update({path.name: path for path in sorted((root / "law").glob("*.yaml"))})
    sheets = {name: open_sheet(path, faults) for name, path in files.items()}
    grounds: dict[str, Ground] = {}
    for sheet in sheets.values():
        grounds.update((ground.id, ground) for ground in _grounds(sheet))
    rules: dict[str, tuple[Rule, ...]] = {}
    for sheet in sheets.values():
        ways = _ways(sheet)
        for entry in sheet.sheets("rules", optional=True):
            versions = tuple(_versions(entry, ways, grounds))
            if versions and versions[0].id in rules:
                entry.fault("id", "law.rule_twice", name=versions[0].id)
            if versions:
                rules[versions[0].id] = versions
        sheet.close()
    finish(faults)
    known = sorted(f"{rule.id} {rule.version}" for versions in rules.values() for rule in versions)
    digest = hashlib.sha256("\n".join(known).encode()).hexdigest()[:12]
    return LawParameters(version=f"law.{digest}", rules=rules, grounds=grounds)


def _grounds(sheet: Sheet) -> Iterator[Ground]:
    for entry in sheet.sheets("grounds", optional=True):
        yield Ground(
            id=entry.text("id"),
            title=entry.words("title"),
            basis=entry.words("basis"),
            opener=entry.text("opener"),
            notice=entry.text("notice"),
            holder=entry.text("holder"),
        )
        entry.close()


def _ways(sheet: Sheet) -> dict[str, _Counting]:
    if not sheet.has("counting"):
        return {}
    found = {}
    ways = sheet.sheet("counting")
    for name in ways.keys():  # noqa: SIM118 - asking for them is the point
        way = ways.sheet(name)
        found[name] = _Counting(
            zone=way.text("zone"),
            calendar=way.text("calendar"),
            start=StartRule(kind=way.choice("start", StartKind), cutoff=way.clock_time("cutoff")),
            roll=way.choice("roll", RollRule),
            end_of_day=way.choice("end_of_day", EndOfDayRule),
        )
        way.close()
    return found


def _versions(sheet: Sheet, ways: Mapping[str, _Counting], grounds: Mapping[str, Ground]) -> Iterator[Rule]:
    """All versions of one rule, in order of time, without overlap."""
    rule_id, title = sheet.text("id"), sheet.words("title")
    backward, minimum = sheet.flag("backward", default=False), sheet.flag("minimum", default=False)
    on_expiry = sheet.text("on_expiry")
    if on_expiry not in _ENDINGS:
        sheet.fault("on_expiry", "shape.choice", value=on_expiry, known=", ".join(_ENDINGS))
    found: list[Rule] = []
    for entry in sheet.sheets("versions"):
        way, basis = ways.get(entry.text("counting")), _BASES.get(entry.text("basis"))
        if basis is None:
            entry.fault("basis", "shape.choice", value=entry.text("basis"), known=", ".join(_BASES))
        if way is None:
            entry.fault("counting", "shape.choice", value=entry.text("counting"), known=", ".join(ways))
            return
        rule = Rule(
            id=rule_id,
            version="",
            title=title,
            period=entry.period("period"),
            citation=_citation(entry, basis),
            basis=basis or "promise",
            zone=way.zone,
            calendar=way.calendar,
            start=way.start,
            roll=way.roll,
            end_of_day=way.end_of_day,
            valid_from=entry.day("valid_from"),
            valid_to=entry.day("valid_to") if entry.has("valid_to") else None,
            extension=_extension(entry.sheet("extension")) if entry.has("extension") else None,
            grounds=tuple(_listed(entry, grounds)),
            backward=backward,
            minimum=minimum,
            on_expiry=on_expiry,
            note=entry.words("note") if entry.has("note") else {},
        )
        _check(entry, rule)
        entry.close()
        found.append(replace(rule, version=_version(rule)))
    sheet.close()
    for earlier, later in pairwise(found):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            sheet.fault("versions", "law.overlap", name=rule_id, day=later.valid_from.isoformat())
        elif later.valid_from != earlier.valid_to + timedelta(days=1):
            sheet.fault("versions", "law.gap", name=rule_id, day=earlier.valid_to.isoformat())
    yield from found


def _citation(entry: Sheet, basis: Basis | None) -> Words:
    if basis == "statute" and not entry.has("citation"):
        entry.fault("basis", "law.no_citation")
        return {}
    return entry.words("citation")


def _extension(sheet: Sheet) -> ExtensionRule:
    terms = ExtensionRule(
        period=sheet.period("period"),
        times=sheet.whole("times"),
        approver=sheet.text("approver"),
        notice=sheet.text("notice"),
        reason_required=sheet.flag("reason_required", default=True),
        before_expiry=sheet.flag("before_expiry", default=True),
        removable=sheet.flag("removable", default=True),
    )
    sheet.close()
    return terms


def _listed(sheet: Sheet, grounds: Mapping[str, Ground]) -> Iterator[Ground]:
    """The grounds a rule lists: a name, or a name with the limit that this rule gives it."""
    for name, terms in sheet.mixed("grounds"):
        ground = grounds.get(name)
        if ground is None:
            sheet.fault("grounds", "shape.choice", value=name, known=", ".join(sorted(grounds)))
            continue
        if terms is None:
            yield ground
            continue
        limit = terms.period("limit")
        if isinstance(limit, Hours):
            terms.fault("limit", "law.limit_in_hours")
        ends = terms.text("ends")
        if ends not in {"automatically", "by_act"}:
            terms.fault("ends", "shape.choice", value=ends, known="automatically, by_act")
        alarm = terms.period("alarm") if terms.has("alarm") else None
        terms.close()
        yield replace(ground, limit=limit, alarm=alarm, automatic_end=ends == "automatically")


def _check(sheet: Sheet, rule: Rule) -> None:
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        sheet.fault("valid_to", "law.ends_before", day=rule.valid_from.isoformat())
    if rule.extension is not None and rule.extension.period.unit != rule.period.unit:
        sheet.fault("extension", "law.extension_unit", unit=rule.period.unit)
    if isinstance(rule.period, Hours) and rule.roll is not RollRule.NONE:
        sheet.fault("counting", "law.hours_roll")


def _version(rule: Rule) -> str:
    """The day the version came into force and a digest of everything in it: `2019-05-15.1a2b3c4d`."""
    digest = hashlib.sha256(repr(rule).encode()).hexdigest()[:8]
    return f"{rule.valid_from.isoformat()}.{digest}"
