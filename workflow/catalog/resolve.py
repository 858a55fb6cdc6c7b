"""From a merged matter to the definition the machine runs: sugar written out, texts and order put aside.

Sugar: a state's `limit` becomes the clock `step_<state>`; an action's `ask` becomes fields taken from the common ones, its
`when` is compiled; a clock's `ladder` becomes its rungs. Texts get the dotted name of what they belong to
(`states.under_review` for a title, `states.under_review.note` for anything else), so that they can be changed without
changing what the definition means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from workflow.catalog.canonical import sealed
from workflow.catalog.expressions import Name, Unsafe, compiled, vocabulary
from workflow.catalog.faults import Fault
from workflow.catalog.forms import form_schema, personal_fields
from workflow.catalog.merge import Merged, is_text, texts_in, without_texts
from workflow.catalog.strict_yaml import Place
from workflow.domain.definition import Definition, Expression
from workflow.domain.period import WorkingDays, parse_period
from workflow.domain.quota.words import QUOTA_WORDS
from workflow.texts import LANGUAGES

STEP: Final = "step_"
"""What the name of a step's clock begins with; the rest is the name of its state."""

NO_QUOTA: Final = "none"
"""What a matter says that takes no places although its process has a quota."""

_AS_WRITTEN: Final = (
    "process",
    "regime",
    "provenance",
    "kind",
    "zone",
    "calendar",
    "series",
    "initial",
    "filed_by",
)
_ENDINGS: Final = {"zh-CN": "环节时限", "en": " (step limit)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A definition, its canonical bytes, its texts by language and key, and the whole tree they were taken from."""

    definition: Definition
    canonical: bytes
    texts: dict[str, dict[str, str]]
    tree: dict[str, Any]


def resolve(merged: Merged) -> tuple[Resolved, list[Fault]]:
    """Write out the sugar of a merged matter whose shape is right; faults are names that sugar cannot find."""
    faults: list[Fault] = []
    tree = dict(merged.data)
    _without_quota(tree)
    tree["actions"] = {name: _asked(name, action, merged, faults) for name, action in tree["actions"].items()}
    tree["clocks"] = {name: dict(clock) for name, clock in tree["clocks"].items()} | dict(
        _steps(tree["states"])
    )
    for name, clock in tree["clocks"].items():
        clock["rungs"] = list(_rungs(name, clock, merged, faults))
        # Written out now; the words for each rung take its place, as `clocks.handling.ladder.overdue`.
        clock["ladder"] = {rung["name"]: {"title": rung.pop("title")} for rung in clock["rungs"]}
    conditions, quota = _conditions(tree, merged, faults), _quota(tree, merged, faults)
    definition, content = sealed(_definition(tree, conditions, quota))
    return Resolved(definition=definition, canonical=content, texts=_texts(tree), tree=tree), faults


def place_of_clock(name: str) -> Place:
    """Where a clock is written: a step's clock at the limit of its state."""
    return ("states", name.removeprefix(STEP), "limit") if name.startswith(STEP) else ("clocks", name)


def _without_quota(tree: dict[str, Any]) -> None:
    """`quota: none` takes the effects of the process's quota out of its actions too."""
    if tree.get("quota") != NO_QUOTA:
        return
    del tree["quota"]
    for name, action in tree["actions"].items():
        effects = action.get("effects", [])
        kept = [effect for effect in effects if effect["do"] not in QUOTA_WORDS]
        if len(kept) < len(effects):
            tree["actions"] = {**tree["actions"], name: {**action, "effects": kept}}


def _asked(name: str, action: Mapping[str, Any], merged: Merged, faults: list[Fault]) -> dict[str, Any]:
    common = merged.data.get("fields", {})
    fields: dict[str, Any] = {}
    for number, asked in enumerate(action.get("ask", ())):
        if asked in common:
            fields[asked] = common[asked]
        else:
            mark = merged.where(("actions", name, "ask", number))
            known = ", ".join(common)
            faults.append(Fault(rule="reference.field", mark=mark, fields={"name": asked, "known": known}))
    written = {key: value for key, value in action.items() if key != "ask"}
    return {**written, "fields": {**fields, **action.get("fields", {})}}


def _conditions(tree: Mapping[str, Any], merged: Merged, faults: list[Fault]) -> dict[str, Expression]:
    """The conditions of the actions, compiled."""
    found: dict[str, Expression] = {}
    names: dict[str, Name] | None = None
    for action, written in tree["actions"].items():
        if "when" not in written:
            continue
        names = vocabulary(tree) if names is None else names
        try:
            found[action] = compiled(written["when"], names)
        except Unsafe as unsafe:
            mark = merged.where(("actions", action, "when"))
            faults.append(Fault(rule=unsafe.rule, mark=mark, fields={"action": action, **unsafe.fields}))
    return found


def _quota(tree: Mapping[str, Any], merged: Merged, faults: list[Fault]) -> dict[str, Any] | None:
    """The quota, its exempt condition compiled."""
    if (written := tree.get("quota")) is None:
        return None
    quota = {key: value for key, value in without_texts(written).items() if key != "exempt"}
    if "exempt" in written:
        try:
            quota["exempt"] = compiled(written["exempt"]["when"], vocabulary(tree))
        except Unsafe as unsafe:
            mark = merged.where(("quota", "exempt", "when"))
            faults.append(Fault(rule=unsafe.rule, mark=mark, fields={"action": "quota", **unsafe.fields}))
    return quota


def _steps(states: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in states.items():
        if (limit := state.get("limit")) is None:
            continue
        title = {lang: f"{state['title'][lang]}{_ENDINGS[lang]}" for lang in LANGUAGES}
        yield (
            f"{STEP}{name}",
            {
                "title": title,
                "rule": limit["rule"],
                "scope": "step",
                "start": {"enter": [name]},
                "end": {"leave": [name]},
                "on_restart": "restart",
                "ladder": limit.get("ladder", "step"),
                **({"promise": limit["promise"]} if "promise" in limit else {}),
            },
        )


def _rungs(
    name: str, clock: Mapping[str, Any], merged: Merged, faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    ladder = clock.get("ladder")
    if ladder is None:
        return
    ladders = merged.data.get("ladders", {})
    if ladder not in ladders:
        mark = merged.where((*place_of_clock(name), "ladder"))
        fields = {"name": ladder, "known": ", ".join(ladders)}
        faults.append(Fault(rule="reference.ladder", mark=mark, fields=fields))
        return
    promised = parse_period(clock["promise"]) if "promise" in clock else None
    for rung, point in sorted(ladders[ladder].items(), key=lambda item: (item[1]["offset"], item[0])):
        # A reminder three days before the end of a period of three days would come before it begins.
        if isinstance(promised, WorkingDays) and -point["offset"] >= promised.amount:
            continue
        yield {"name": rung, **point}


def _definition(
    tree: Mapping[str, Any], conditions: Mapping[str, Expression], quota: Mapping[str, Any] | None
) -> Definition:
    bare = without_texts(
        {key: value for key, value in tree.items() if key not in {"form", "outcomes", "actions", "quota"}}
    )
    return msgspec.convert(
        {
            **{key: tree[key] for key in _AS_WRITTEN},
            "code": tree["matter"],
            "hash": "",
            "posts": bare["posts"],
            "states": {name: _state(state) for name, state in bare["states"].items()},
            "actions": {
                name: _action(action) | ({"when": conditions[name]} if name in conditions else {})
                for name, action in tree["actions"].items()
            },
            "clocks": bare["clocks"],
            "form": form_schema(tree["form"]),
            "personal": personal_fields(tree["form"]),
            "materials": bare["materials"],
            "documents": bare["documents"],
            "notices": bare.get("notices", {}),
            "joins": bare.get("joins", {}),
            # The order of outcomes means nothing, so it may not change the hash.
            "outcomes": sorted(tree["outcomes"]),
            "distinct": tree.get("distinct", []),
            "closing_time": tree.get("closing_time"),
            "quota": quota,
        },
        Definition,
    )


def _state(state: Mapping[str, Any]) -> dict[str, Any]:
    """One automatic action in a list means the same as its name, so it may not change the hash."""
    match state.get("automatic"):
        case [str() as only]:
            return {**state, "automatic": only}
    return dict(state)


def _action(action: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        name: {**without_texts(field), **({"choices": list(field["choices"])} if "choices" in field else {})}
        for name, field in action["fields"].items()
    }
    written = {
        key: value
        for key, value in action.items()
        if not is_text(value) and key not in {"from", "fields", "when"}
    }
    return {**written, "sources": action["from"], "fields": fields}


def _texts(tree: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {lang: {} for lang in LANGUAGES}
    for place, text in texts_in({key: value for key, value in tree.items() if key != "fields"}):
        key = ".".join(map(str, place[:-1] if place[-1] == "title" and len(place) > 1 else place))
        for lang, words in text.items():
            texts[lang][key] = words
    return texts
