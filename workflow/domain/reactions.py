"""One table: which event means that something must be looked at. Nothing else in the system reacts to events.

A reaction only asks for a job; the job row is committed with the event and is the outbox, so nothing is lost between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from workflow.domain.case import Case
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Definition
from workflow.domain.desk.ownership import item_of
from workflow.domain.events import (
    ActionTaken,
    ActTakenBack,
    CaseConcluded,
    CaseMigrated,
    ChildrenOpened,
    CountersignSigned,
    DelegationReturned,
    DocumentsDelivered,
    Event,
    FilingSubmitted,
    SplitFromLetter,
)
from workflow.domain.letters.membership import letter_of
from workflow.domain.step import NewJob, RoleTaken, WorkItem

AUTOMATIC = "automatic"
"""A job that is done on its own case, with the case locked."""

CHILD, PARENT = "child:", "parent"
"""Jobs that speak to another case: open a child (`child:<name>`), tell the parent of an end. Two cases are never locked
together, so these are done outside the case's own transaction, each as a command to the other case."""


LETTER, REPLY = "letter", "reply"
"""Jobs about the letter a case stands under: look whether its reply is due, tell the case of the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event and the case around it, as a reaction sees it."""

    definition: Definition
    event: Event
    before: Case | None
    after: Case
    now: datetime

    def job(self, kind: str, action: str) -> NewJob:
        """A job that this event calls for, due at once."""
        return NewJob(job=self.after.seq, kind=kind, action=action, visit=self.after.visit, due_at=self.now)


Reaction = Callable[[Happened], Iterable[NewJob]]


def automatic_step(happened: Happened) -> Iterable[NewJob]:
    """The action that the system takes by itself in the state the case has come to; an act that stays calls for none."""
    if happened.before is not None and happened.before.visit == happened.after.visit:
        return ()
    # Of several the choice is made when the job runs: until then the case may still change.
    named = happened.definition.states[happened.after.state].automatic_actions
    return (happened.job(AUTOMATIC, named[0]),) if named else ()


def open_children(happened: Happened) -> Iterable[NewJob]:
    """One job for each child, so that one that cannot be opened holds up no other."""
    event = happened.event
    if not isinstance(event, ChildrenOpened):
        return ()
    return tuple(happened.job(f"{CHILD}{name}", event.join) for name in event.children)


def tell_parent(happened: Happened) -> Iterable[NewJob]:
    """A child's end is told to its parent."""
    parent = happened.after.parent
    return () if parent is None else (happened.job(PARENT, parent.join),)


def look_at_letter(happened: Happened) -> Iterable[NewJob]:
    """A case that is concluded, or has left its letter, may have been the last that the letter waited for."""
    before, after = letter_of(happened.before), letter_of(happened.after)
    if isinstance(happened.event, CaseConcluded):
        return (happened.job(LETTER, after.number),) if after is not None else ()
    return (happened.job(LETTER, before.number),) if before is not None and before != after else ()


def go_on_after_delivery(happened: Happened) -> Iterable[NewJob]:
    """What the system left undone because papers were still to be handed out at the window."""
    state = happened.definition.states[happened.after.state]
    delivering = (
        name
        for name in state.automatic_actions
        if any(effect.do == "deliver" for effect in happened.definition.actions[name].effects)
    )
    return tuple(happened.job(AUTOMATIC, name) for name in delivering if happened.after.window is not None)[
        :1
    ]


REACTIONS: dict[type[Event], tuple[Reaction, ...]] = {
    FilingSubmitted: (automatic_step,),
    ActionTaken: (automatic_step, look_at_letter),
    ActTakenBack: (automatic_step,),
    CaseMigrated: (automatic_step,),
    ChildrenOpened: (open_children,),
    CaseConcluded: (tell_parent, look_at_letter),
    SplitFromLetter: (look_at_letter,),
    DocumentsDelivered: (go_on_after_delivery,),
}


def jobs_for(
    definition: Definition, event: Event, before: Case | None, after: Case, now: datetime
) -> tuple[NewJob, ...]:
    """The jobs that `event` (the last of `after`) calls for."""
    happened = Happened(definition=definition, event=event, before=before, after=after, now=now)
    return tuple(job for react in REACTIONS.get(type(event), ()) for job in react(happened))


def work_item_for(definition: Definition, before: Case | None, after: Case) -> WorkItem | None:
    """The task for people that opens when a case has come to a new state that waits for a post."""
    if before is not None and before.visit == after.visit:
        return None
    item = item_of(definition, after)
    if item is None:
        return None
    return WorkItem(visit=after.visit, post=item.post, kind=item.kind, organ=item.organ, state=after.state)


def roles_in(definition: Definition, actor: str, event: Event) -> Iterator[RoleTaken]:
    """The roles of different persons (审查、审核、决定) that somebody takes by an act; the tables keep them apart too."""
    if isinstance(event, ActionTaken) and actor != SYSTEM:
        post, person = event.post, actor
    elif isinstance(event, DelegationReturned) and event.opinion is not None:
        post, person = event.post, event.delegate
    elif isinstance(event, CountersignSigned) and event.post is not None:
        post, person = event.post, event.person
    else:
        return
    for number, group in enumerate(definition.distinct):
        if post in group:
            yield RoleTaken(definition=definition.hash, group=number, person=person, post=post)
