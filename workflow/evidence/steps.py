"""The steps that a case's events were written in, made again from the events alone.

The events of one command lie together and carry its key, the instant at which it was decided and the versions of its
facts; who asked is whoever acted first in it that is not the system.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final, TypeAlias

from workflow.domain.case import Case
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Definition
from workflow.domain.envelope import Envelope
from workflow.domain.events import Event
from workflow.domain.figures.facts import CaseFacts, concludes
from workflow.domain.letters.membership import changes
from workflow.domain.reactions import AUTOMATIC, jobs_for, roles_in, work_item_for
from workflow.domain.step import DoneJob, NewJob, RoleTaken, Step

_JOB: Final = re.compile(r"job:(\d+):(.+)")
_FORGOTTEN: Final = ("job:", "rung:", "calendar:", "end:", "reply:")
"""How the keys begin of what the machine asks of itself; such commands are not remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event with the case before and after it, and the definition that it was judged by."""

    envelope: Envelope
    event: Event
    before: Case | None
    after: Case
    definition: Definition


Figures: TypeAlias = Callable[[Sequence[tuple[Envelope, Event]]], CaseFacts | None]
"""The facts of a case from its events up to the step that concluded it; what they rest on beside the events (calendars, the
law) is known to whoever gives this."""

Made: TypeAlias = tuple[Step, tuple[Told, ...]]
"""A step with its events."""


def steps(told: Iterable[Told], figures: Figures | None = None) -> Iterator[Made]:
    """Each step of a case as it was written, but for what no event tells: by which hand of the machine, the salts, and the
    balances of quotas; its facts for the reports only where `figures` are given.
    """
    before: list[tuple[Envelope, Event]] = []
    for events in _by_command(told):
        step = _step(events)
        before += step.events
        if figures is not None and concludes(step.before, step.after):
            step = replace(step, figures=figures(before))
        yield step, events


def _by_command(told: Iterable[Told]) -> Iterator[tuple[Told, ...]]:
    """The events of each command. Keys are each person's own: two who use one at the same instant gave two commands."""
    for _, together in groupby(told, key=_command):
        events: list[Told] = []
        person = SYSTEM
        for one in together:
            actor = one.envelope.actor
            if SYSTEM not in (actor, person) and actor != person:
                yield tuple(events)
                events = []
            person = person if actor == SYSTEM else actor
            events.append(one)
        yield tuple(events)


def _command(one: Told) -> tuple[Any, ...]:
    envelope = one.envelope
    return (
        envelope.command_id,
        envelope.recorded_at,
        envelope.acting_for,
        envelope.caused_by,
        tuple(envelope.facts.items()),
    )


def _step(events: Sequence[Told]) -> Step:
    first, last = events[0], events[-1]
    now = last.envelope.recorded_at
    actor = next((one.envelope.actor for one in events if one.envelope.actor != SYSTEM), SYSTEM)
    key = first.envelope.command_id
    jobs: list[NewJob] = []
    roles: dict[RoleTaken, None] = {}
    for one in events:
        jobs.extend(jobs_for(one.definition, one.event, one.before, one.after, now))
        roles.update(dict.fromkeys(roles_in(one.definition, one.envelope.actor, one.event)))
    done = _JOB.fullmatch(key) if actor == SYSTEM else None
    step = Step(
        before=first.before,
        after=last.after,
        events=tuple((one.envelope, one.event) for one in events),
        actor=actor,
        key="" if actor == SYSTEM and key.startswith(_FORGOTTEN) else key,
        request_hash=b"",
        jobs=tuple(job for job in jobs if job.kind != AUTOMATIC or job.visit == last.after.visit),
        done=(DoneJob(job=int(done[1]), kind=done[2]),) if done else (),
        opened=work_item_for(last.definition, first.before, last.after),
        roles=tuple(roles),
    )
    return replace(step, letters=changes(first.before, last.after))
