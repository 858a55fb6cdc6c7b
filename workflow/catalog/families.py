"""Whether a matter and the matters of its children (联办) fit: each child can be filed from the parent's form as it stands,
the parent waits where its children end, and nobody is his own ancestor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflow.catalog.faults import Fault, Mark
from workflow.catalog.resolve import Resolved
from workflow.catalog.strict_yaml import Place
from workflow.domain.definition import Action, ChildSpec, Definition

LITERAL: Final = "literal:"
"""A child's field whose source begins with this takes the rest as its value (`workflow.engine.family`)."""

_WORDS: Final = frozenset({"string", "text"})
_WRITTEN_OUT: Final = _WORDS | {"choice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A resolved matter, and where each part of it was written."""

    resolved: Resolved
    where: Callable[[Place], Mark]

    @property
    def definition(self) -> Definition:
        return self.resolved.definition

    @property
    def form(self) -> Mapping[str, Mapping[str, Any]]:
        """The fields of its form as they are written."""
        form: Mapping[str, Mapping[str, Any]] = self.resolved.tree["form"]
        return form


def check_families(members: Mapping[str, Member]) -> Iterator[Fault]:
    """The faults of every matter's joins; `members` are all matters that could be resolved, by code."""
    for code, parent in members.items():
        for name, join in parent.definition.joins.items():
            place: Place = ("joins", name)
            yield from _waiting(parent, name)
            for child, spec in join.children.items():
                yield from _child(members, parent, spec, (*place, "children", child))
            if code in _descendants(members, code):
                yield _fault(parent, "joins.circle", place, name=code)


def _waiting(parent: Member, name: str) -> Iterator[Fault]:
    """The system takes the join's action in the state that the opening of the children leads to, which waits for it."""
    definition, place = parent.definition, ("joins", name, "action")
    join = definition.joins[name]
    action = definition.actions.get(join.action)
    if action is None:
        known = ", ".join(sorted(definition.actions))
        yield _fault(parent, "reference.action", place, name=join.action, known=known)
        return
    if "system" not in action.by or action.to is None or action.when is not None:
        yield _fault(parent, "joins.action", place, action=join.action)
    opening = [one for one in definition.actions.values() if _opens(one, name)]
    if not opening:
        yield _fault(parent, "joins.never_opened", ("joins", name), name=name)
    waits = {state for one in opening for state in ([one.to] if one.to is not None else one.sources)}
    for state in sorted(waits - set(action.sources)):
        yield _fault(parent, "joins.waits", place, state=state, action=join.action)
    for state in sorted(waits & definition.states.keys()):
        if definition.states[state].automatic_actions:
            yield _fault(parent, "joins.hurries", ("states", state, "automatic"), state=state, name=name)


def _opens(action: Action, join: str) -> bool:
    return any(effect.do == "open_children" and effect.join == join for effect in action.effects)


def _child(members: Mapping[str, Member], parent: Member, spec: ChildSpec, place: Place) -> Iterator[Fault]:
    child = members.get(spec.matter)
    if child is None:
        known = ", ".join(sorted(members))
        yield _fault(parent, "reference.matter", (*place, "matter"), name=spec.matter, known=known)
        return
    for field, source in spec.form.items():
        yield from _field(parent, child, field, source, (*place, "form", field))
    for field, written in child.form.items():
        if not written.get("required", True):
            continue
        source = spec.form.get(field, "")
        sure = source.startswith(LITERAL) or parent.form.get(source, {"required": True}).get("required", True)
        if not source or not sure:
            yield _fault(parent, "joins.unfilled", (*place, "form"), matter=spec.matter, field=field)
    wanted = child.definition.materials
    for number, material in enumerate(spec.materials):
        if material not in wanted:
            known = ", ".join(wanted) or "-"
            fields = {"matter": spec.matter, "name": material, "known": known}
            yield _fault(parent, "joins.material", (*place, "materials", number), **fields)
    if not spec.materials:
        for material in parent.definition.materials.keys() - wanted.keys():
            fields = {"matter": spec.matter, "name": material, "known": ", ".join(wanted) or "-"}
            yield _fault(parent, "joins.material", place, **fields)


def _field(parent: Member, child: Member, field: str, source: str, place: Place) -> Iterator[Fault]:
    """A field of the child exists, and what it is taken from exists and fits."""
    target = child.form.get(field)
    if target is None:
        known = ", ".join(child.form)
        yield _fault(parent, "joins.field", place, matter=child.definition.code, name=field, known=known)
        return
    if source.startswith(LITERAL):
        value = source.removeprefix(LITERAL)
        choices = target.get("choices", {value: None})
        if target["type"] not in _WRITTEN_OUT or value not in choices:
            yield _fault(parent, "joins.kind", place, field=field, source=source)
        return
    given = parent.form.get(source)
    if given is None:
        yield _fault(parent, "joins.source", place, name=source, known=", ".join(parent.form))
        return
    alike = given["type"] == target["type"] or {given["type"], target["type"]} <= _WORDS
    if not alike or not set(given.get("choices", ())) <= set(target.get("choices", ())):
        yield _fault(parent, "joins.kind", place, field=field, source=source)
    elif given.get("personal", False) and not target.get("personal", False):
        yield _fault(parent, "joins.personal", place, field=field, source=source)


def _descendants(members: Mapping[str, Member], code: str) -> set[str]:
    """The matters of children, of their children, and so on."""
    found: set[str] = set()
    fresh = {code}
    while fresh:
        named = {
            spec.matter
            for name in fresh
            if name in members
            for join in members[name].definition.joins.values()
            for spec in join.children.values()
        }
        fresh = named - found
        found |= named
    return found


def _fault(member: Member, rule: str, place: Place, **fields: Any) -> Fault:
    return Fault(rule=rule, mark=member.where(place), fields=fields)
