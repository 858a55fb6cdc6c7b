"""Who held the time of a case (期间由谁承办): organ, applicant, expert, joint organ or the system, from its events alone.

A state says whose time it is; while time is out of a clock on a ground, the ground says who has it instead. The stretches
follow one another without a gap from filing to the end, so the shares of a case add up to its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workflow.domain import events as e
from workflow.domain.authority import organ_of
from workflow.domain.calendar import Calendar
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Definition
from workflow.domain.law import LawParameters
from workflow.domain.reckoning import civil_date
from workflow.domain.values import replace


@dataclass(frozen=True, kw_only=True)
class Held:
    """A stretch of a case's time, from `since` up to (not including) `until`, both UTC. `holder` is organ, applicant or
    system, or the holder of the latest ground still open (expert, joint_organ, third_party …). `person` is whoever had
    the work item or was lent it, else whoever ended the stretch by an act from the post; none while nobody has.
    """

    since: datetime
    until: datetime
    state: str
    holder: str
    post: str | None
    organ: str | None
    ground: str | None = None
    person: str | None = None
    visit: int = 1


def held(
    definition: Definition,
    law: LawParameters,
    history: Iterable[e.Event],
    until: datetime,
    *,
    versions: Mapping[str, Definition] | None = None,
    actors: Iterable[str] | None = None,
) -> tuple[Held, ...]:
    """The stretches of a case up to `until` (UTC), in order, none of them empty; time after its final state is nobody's.

    `versions` are the definitions by hash that a migrated case was under; `definition` is the one it was filed under;
    `actors` are who each event of the history is by: without them no stretch has a person.
    """
    told = zip(history, actors, strict=True) if actors is not None else ((event, SYSTEM) for event in history)
    return tuple(_joined(_stretches(definition, law, told, until, versions or {})))


def working_days_by(
    stretches: Iterable[Held], definition: Definition, calendar: Calendar
) -> Mapping[tuple[str, str | None], int]:
    """Working days by (holder, post). A day belongs to whoever had the case when it began: the day on which one gets it is
    not counted to him, as in every period. So each is counted once, and the sum is the working days from the day of
    filing, which is not counted, to the last day.
    """
    days: dict[tuple[str, str | None], int] = {}
    counted: date | None = None
    for stretch in stretches:
        first = counted if counted is not None else civil_date(stretch.since, definition.zone)
        last = civil_date(stretch.until, definition.zone)
        holder = (stretch.holder, stretch.post)
        days[holder] = days.get(holder, 0) + calendar.working_days_between(first, last)
        counted = last
    return days


def _stretches(
    definition: Definition,
    law: LawParameters,
    history: Iterable[tuple[e.Event, str]],
    until: datetime,
    versions: Mapping[str, Definition],
) -> Iterator[Held]:
    current: Held | None = None
    parties: Mapping[str, str] = {}
    grounds: dict[tuple[str, int, str], str] = {}
    principal: str | None = None
    for event, actor in history:
        if isinstance(event, e.FilingSubmitted):
            parties = event.parties
            current = _in_state(definition, parties, event.state, event.at)
            continue
        if current is None:
            raise ValueError("a case begins with FilingSubmitted")
        acts = isinstance(event, e.ActionTaken) and actor != SYSTEM and event.post == current.post
        if acts and current.person is None:
            current = replace(current, person=actor)
        moved = isinstance(event, e.CaseMigrated) or (
            isinstance(event, e.MOVES) and event.source != event.target
        )
        if isinstance(event, e.WorkDelegated):
            principal = event.principal
        passed_on = _passed_on(event, current.person, principal)
        if not moved and not _took_out_or_back(event, grounds) and passed_on == current.person:
            continue
        if isinstance(event, e.CaseMigrated):
            definition = versions.get(event.new, definition)
        name = event.target if isinstance(event, (*e.MOVES, e.CaseMigrated)) else current.state
        # A back-dated act cannot take back time that somebody else has held and answered for.
        at = max(event.at, current.since)
        yield replace(current, until=at)
        there = _in_state(definition, parties, name, at)
        there = replace(
            there,
            visit=current.visit + 1 if moved else current.visit,
            person=None if moved else passed_on,
        )
        current = _on_ground(there, grounds, law)
        if definition.states[name].final:
            return
    if current is not None:
        yield replace(current, until=max(until, current.since))


def _passed_on(event: e.Event, person: str | None, principal: str | None) -> str | None:
    """Who has the work after an event of the desk; who had it before, after any other."""
    match event:
        case e.WorkClaimed() | e.WorkAssigned():
            return event.person
        case e.WorkDelegated():
            return event.delegate
        case e.WorkReleased():
            return None
        case e.DelegationReturned():
            return principal
    return person


def _took_out_or_back(event: e.Event, grounds: dict[tuple[str, int, str], str]) -> bool:
    """Keep the grounds that are open; whether the event changed them."""
    match event:
        case e.CountingStopped():
            grounds[event.clock, event.generation, event.ref] = event.ground
            return True
        case e.CountingResumed():
            return grounds.pop((event.clock, event.generation, event.ref), None) is not None
        case e.ClockEnded():
            over = [key for key in grounds if key[:2] == (event.clock, event.generation)]
            for key in over:
                del grounds[key]
            return bool(over)
        case e.ClockMigrated():
            # Time that is out stays out under the period's new name.
            source, target = (event.clock, event.generation), (event.to_clock, event.to_generation)
            for key in [key for key in grounds if key[:2] == source and source != target]:
                grounds[(*target, key[2])] = grounds.pop(key)
    return False


def _in_state(definition: Definition, parties: Mapping[str, str], name: str, at: datetime) -> Held:
    state = definition.states[name]
    organ = organ_of(definition, parties, state.post) if state.post in definition.posts else None
    return Held(since=at, until=at, state=name, holder=state.holder.value, post=state.post, organ=organ)


def _on_ground(held_now: Held, grounds: Mapping[tuple[str, int, str], str], law: LawParameters) -> Held:
    if not grounds:
        return held_now
    ground = list(grounds.values())[-1]
    terms = law.grounds.get(ground)
    return replace(held_now, ground=ground, holder=terms.holder if terms is not None else held_now.holder)


def _joined(stretches: Iterable[Held]) -> Iterator[Held]:
    """Neighbouring stretches of the same holder as one; empty ones left out."""
    last: Held | None = None
    for stretch in stretches:
        if stretch.until <= stretch.since:
            continue
        if last is not None and replace(stretch, since=last.since, until=last.until) == last:
            last = replace(last, until=stretch.until)
        else:
            if last is not None:
                yield last
            last = stretch
    if last is not None:
        yield last
