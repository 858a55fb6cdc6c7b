"""One table: which event means that something must be looked at. Nothing else in the system reacts to events.

A reaction only asks for a job; the job row is committed with the event and is the outbox, so nothing is lost between.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from workflow.domain.authority import organ_of
from workflow.domain.case import Case
from workflow.domain.definition import Definition
from workflow.domain.events import ActionTaken, Event, FilingSubmitted
from workflow.domain.step import NewJob, WorkItem

Reaction = Callable[[Definition, Case, int, datetime], NewJob | None]


def automatic_step(definition: Definition, case: Case, seq: int, now: datetime) -> NewJob | None:
    """The action that the system takes by itself in the state the case has come to."""
    action = definition.states[case.state].automatic
    if action is None:
        return None
    return NewJob(job=seq, kind="automatic", action=action, visit=case.visit, due_at=now)


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    FilingSubmitted: (automatic_step,),
    ActionTaken: (automatic_step,),
}


def jobs_for(
    definition: Definition, event: Event, before: Case | None, after: Case, now: datetime
) -> tuple[NewJob, ...]:
    """The jobs that `event` (the last of `after`) calls for; an act that stays where it is calls for none."""
    if before is not None and before.visit == after.visit:
        return ()
    reactions = REACTIONS.get(type(event), ())
    return tuple(job for react in reactions if (job := react(definition, after, after.seq, now)) is not None)


def work_item_for(definition: Definition, before: Case | None, after: Case) -> WorkItem | None:
    """The task for people that opens when a case has come to a new state that waits for a post."""
    if before is not None and before.visit == after.visit:
        return None
    state = definition.states[after.state]
    if state.post is None or state.post not in definition.posts or state.automatic or state.final:
        return None
    organ = organ_of(definition, after.parties, state.post) or ""
    kind = definition.posts[state.post].kind
    return WorkItem(visit=after.visit, post=state.post, kind=kind, organ=organ, state=after.state)
