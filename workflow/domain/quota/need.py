"""Which quotas a command may touch: those are locked before it is decided, and no others, so that the many steps of a case
that have nothing to do with its quota never wait for one another.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workflow.domain.case import Case
from workflow.domain.commands import AnyCommand, EndChild, FireRung, Reproject, RunJob, TakeAction
from workflow.domain.definition import Definition
from workflow.domain.quota.words import QUOTA_WORDS
from workflow.domain.reckoning import civil_date
from workflow.domain.timekeeping import EXPIRY

ENDS: Final = frozenset({"conclude"})
"""The effects after which a case keeps no reserved place."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Need:
    """The quotas of a kind and an organ from the year `since` on: a case lies wholly within them."""

    kind: str
    organ: str
    since: int


def needs(definition: Definition, case: Case | None, command: AnyCommand, now: datetime) -> tuple[Need, ...]:
    """The quotas that the command will touch if nothing unforeseen happens, in the order in which they are locked."""
    if case is None or (definition.quota is None and case.quota is None):
        return ()
    names = _actions(definition, case, command, now)
    words = {word for name in names for word in _effects(definition, name)}
    return _of(definition, case, words)


def every(definition: Definition, case: Case | None) -> tuple[Need, ...]:
    """Every quota that a step on the case can touch at all: for the rare step that brings more than was foreseen, as an
    expiry that a notice on holidays has moved to before now.
    """
    return () if case is None else _of(definition, case, QUOTA_WORDS)


def _of(definition: Definition, case: Case, words: AbstractSet[str]) -> tuple[Need, ...]:
    hold = case.quota
    since = civil_date(case.received_at, definition.zone).year
    if hold is not None:
        since = min(since, hold.year)
    found: set[Need] = set()
    if definition.quota is not None and words & QUOTA_WORDS:
        organ = case.parties.get(definition.quota.per.removeprefix("@"))
        if organ is not None:
            found.add(Need(kind=definition.quota.kind, organ=organ, since=since))
    if hold is not None and hold.held and words & (QUOTA_WORDS | ENDS):
        found.add(Need(kind=hold.kind, organ=hold.organ, since=since))
    return tuple(sorted(found))


def _actions(definition: Definition, case: Case, command: AnyCommand, now: datetime) -> Iterator[str]:
    """The actions that the command may bring about. A verb of the desk concludes nothing: should one ever do, the step is
    decided again with every quota locked.
    """
    match command:
        case Reproject():
            return
        case RunJob():
            yield from definition.states[case.state].automatic_actions
        case FireRung():
            spec = definition.clocks.get(command.clock)
            if spec is not None and command.rung == EXPIRY and spec.expiry_action is not None:
                yield spec.expiry_action
        case EndChild():
            yield definition.joins[command.join].action
        case _:
            # Before a person's act everything that time has brought about is decided.
            for clock in case.open_clocks():
                spec = definition.clocks.get(clock.clock)
                over = any(r.rung == EXPIRY and not r.fired and r.at <= now for r in clock.rungs)
                if over and spec is not None and spec.expiry_action is not None:
                    yield spec.expiry_action
            named = command.action if isinstance(command, TakeAction) else None
            if named in definition.actions:
                yield named


def _effects(definition: Definition, name: str) -> frozenset[str]:
    return frozenset(effect.do for effect in definition.actions[name].effects)
