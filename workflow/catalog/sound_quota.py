"""Whether a definition's quota (进京指标) can be kept: what takes a place also uses it up or gives it back, and how many
places a case takes can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from workflow.catalog.faults import Fault
from workflow.catalog.references import Judged
from workflow.catalog.topology import edges, reachable_by
from workflow.domain.definition import Action, Definition
from workflow.domain.quota.words import CONSUME, QUOTA_WORDS, RELEASE, RESERVE

PARTIES: Final = frozenset({"filer", "unit", "ministry"})
"""The parties that every case has besides those its posts are bound to."""


def check_quota(judged: Judged) -> Iterator[Fault]:
    """The faults of a definition's quota."""
    definition = judged.definition
    if definition.quota is None:
        yield from _undeclared(judged)
        return
    parties = PARTIES | {post.organ[1:] for post in definition.posts.values() if post.organ.startswith("@")}
    if definition.quota.per[1:] not in parties:
        known = ", ".join(f"@{party}" for party in sorted(parties))
        yield judged.fault("quota.party", "quota", "per", name=definition.quota.per, known=known)
    yield from _counted(judged)
    yield from _consumed_counts(judged)
    words = {effect.do for action in definition.actions.values() for effect in action.effects}
    for word in (RESERVE, CONSUME):
        if word not in words:
            yield judged.fault("quota.never", "quota", effect=word)
    if RESERVE in words:
        yield from _leaks(judged)


def _undeclared(judged: Judged) -> Iterator[Fault]:
    for name, action in judged.definition.actions.items():
        for number, effect in enumerate(action.effects):
            if effect.do in QUOTA_WORDS:
                yield judged.fault("quota.undeclared", "actions", name, "effects", number, effect=effect.do)


def _counted(judged: Judged) -> Iterator[Fault]:
    quota = judged.definition.quota
    if quota is None or (quota.count is None and quota.places > 0):
        return
    if quota.count is None:
        yield judged.fault("quota.no_place", "quota", "places")
        return
    form = judged.resolved.tree["form"]
    field: dict[str, Any] = form.get(quota.count, {})
    known = ", ".join(name for name, one in form.items() if _countable(one))
    if not _countable(field):
        yield judged.fault("quota.count", "quota", "count", name=quota.count, known=known or "-")
    elif quota.places + field.get("minimum", 0) < 1:
        yield judged.fault("quota.no_place", "quota", "count")


def _countable(field: dict[str, Any]) -> bool:
    """A whole number that everybody gives, never below nought, and that may stand in a ledger."""
    whole = field.get("type") == "integer" and field.get("minimum", -1) >= 0
    return whole and field.get("required", True) and not field.get("personal", False)


def _consumed_counts(judged: Judged) -> Iterator[Fault]:
    for name, action in judged.definition.actions.items():
        for number, effect in enumerate(action.effects):
            if effect.count is None:
                continue
            field = action.fields.get(effect.count)
            if effect.do != CONSUME or field is None or field.type != "integer" or not field.required:
                place = ("actions", name, "effects", number, "count")
                yield judged.fault("quota.consumed_count", *place, name=effect.count)


def _leaks(judged: Judged) -> Iterator[Fault]:
    """An act that ends the case after a place was reserved says what becomes of it."""
    definition = judged.definition
    holding = _holding(definition)
    for name, action in definition.actions.items():
        ends = any(effect.do == "conclude" for effect in action.effects)
        if ends and holding & set(action.sources) and not _settles(action):
            yield judged.fault("quota.leaks", "actions", name, name=name)


def _holding(definition: Definition) -> set[str]:
    """The states in which a case can be with a reserved place."""
    ways = [
        (source, target)
        for source, name, target in edges(definition)
        if not _settles(definition.actions[name])
    ]
    found: set[str] = set()
    for action in definition.actions.values():
        if any(effect.do == RESERVE for effect in action.effects):
            for start in (action.to,) if action.to is not None else action.sources:
                found |= reachable_by(start, ways)
    return found


def _settles(action: Action) -> bool:
    return any(effect.do in (CONSUME, RELEASE) for effect in action.effects)
