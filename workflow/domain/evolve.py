"""`evolve(case, event) -> case`: how each event changes a case. Replaying a case's events gives exactly its stored row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from workflow.domain import events as e
from workflow.domain.accountability import folding as findings
from workflow.domain.case import (
    Act,
    Case,
    CaseClock,
    Child,
    ClockTerms,
    IssuedDocument,
    LedgerEntry,
    Migration,
    MovedClock,
    Objection,
    RungState,
)
from workflow.domain.desk import folding, panel_folding, signing_folding
from workflow.domain.events.introduced import schema_of
from workflow.domain.letters import follow as letters
from workflow.domain.materials import folding as materials
from workflow.domain.procedure import follow as procedure
from workflow.domain.quota import follow as quota
from workflow.domain.rating import grades as rating
from workflow.domain.values import replace
from workflow.domain.window import follow as window


def evolve(case: Case | None, event: e.Event, *, case_id: str, actor: str) -> Case:
    """The case after `event`, done by `actor`. Only `FilingSubmitted` may come first.

    Raises ValueError if the event cannot follow what is there: that is a broken record, not a refused command.
    """
    if case is None:
        if not isinstance(event, e.FilingSubmitted):
            raise ValueError(f"a case begins with FilingSubmitted, not {type(event).__name__}")
        after = _submitted(event, case_id)
    else:
        after = _follow(replace(case, seq=case.seq + 1), event, actor)
    needed = schema_of(event)
    return replace(after, reader=needed) if needed > after.reader else after


def fold(happened: Iterable[tuple[e.Event, str]], *, case_id: str) -> Case:
    """The case that a whole history of (event, actor) leads to. Raises ValueError on an empty or broken history."""
    case: Case | None = None
    for event, actor in happened:
        case = evolve(case, event, case_id=case_id, actor=actor)
    if case is None:
        raise ValueError("a case has at least one event")
    return case


def _submitted(event: e.FilingSubmitted, case_id: str) -> Case:
    return Case(
        id=case_id,
        no=event.no,
        matter=event.matter,
        definition=event.definition,
        state=event.state,
        seq=1,
        version=1,
        visit=1,
        entered_at=event.at,
        parties=dict(event.parties),
        form=dict(event.form),
        materials=event.materials,
        letter=event.letter,
        channel=event.channel,
        parent=event.parent,
        received_at=event.at,
        materials_at=event.at,
    )


def _follow(case: Case, event: e.Event, actor: str) -> Case:
    follow = FOLLOWERS.get(type(event))
    if follow is not None:
        return follow(case, event, actor)
    match event:
        case e.ActionTaken():
            return _acted(case, event, actor)
        case e.MaterialsChecked():
            return replace(case, missing=event.missing)
        case e.SupplementRequested():
            return replace(case, supplements=case.supplements + 1, defects=event.defects)
        case e.MaterialsSupplemented():
            handed = tuple(dict.fromkeys((*case.materials, *event.materials)))
            return replace(case, materials=handed, materials_at=event.at, defects=event.remaining)
        case e.FilingAccepted():
            return replace(case, accepted_at=event.at, deemed=event.deemed)
        case e.DecisionMade():
            return replace(case, decided_at=event.at, outcome=event.outcome)
        case e.DocumentIssued():
            paper = IssuedDocument(
                document=event.document,
                series=event.series,
                year=event.year,
                number=event.number,
                on=event.at,
            )
            return replace(case, documents=(*case.documents, paper))
        case e.DocumentsDelivered():
            return replace(case, delivered=(*case.delivered, *event.documents))
        case e.NoticePublished():
            noticed = tuple(dict.fromkeys((*case.noticed, event.notice)))
            return replace(case, notices=(*case.notices, event.notice), noticed=noticed)
        case e.NoticeTakenDown():
            return replace(case, notices=tuple(name for name in case.notices if name != event.notice))
        case e.ObjectionRaised():
            return replace(case, objections=(*case.objections, Objection(number=event.objection)))
        case e.ObjectionDecided():
            decided = tuple(
                replace(o, upheld=event.upheld) if o.number == event.objection else o for o in case.objections
            )
            return replace(case, objections=decided)
        case e.ArrivalReported():
            return replace(case, record={**case.record, "arrived_on": event.arrived_on.isoformat()})
        case e.ChildrenOpened():
            opened = tuple(Child(join=event.join, round=event.round, child=name) for name in event.children)
            return replace(case, children=(*case.children, *opened))
        case e.ChildEnded():
            ended = tuple(
                replace(c, case_id=event.case_id, outcome=event.outcome)
                if (c.join, c.round, c.child) == (event.join, event.round, event.child)
                else c
                for c in case.children
            )
            return replace(case, children=ended)
        case e.CaseConcluded():
            return replace(case, concluded_at=event.at, outcome=event.outcome)
        case e.CaseMigrated():
            return _migrated(case, event)
        case e.CaseArchived():
            return replace(case, archived_at=event.at)
        case _:
            return _clocked(case, event)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    **findings.FOLLOWERS,
    **folding.FOLLOWERS,
    **signing_folding.FOLLOWERS,
    **panel_folding.FOLLOWERS,
    **quota.FOLLOWERS,
    **procedure.FOLLOWERS,
    **materials.FOLLOWERS,
    **letters.FOLLOWERS,
    **window.FOLLOWERS,
    **rating.FOLLOWERS,
}
"""How the events of the desk, of quotas and of materials change a case: each family in a module of its own."""


def _acted(case: Case, event: e.ActionTaken, actor: str) -> Case:
    acts = case.acts
    if actor != "system":
        # One entry per post and person is all the rule of different persons needs, so a long case stays small.
        kept = tuple(act for act in acts if (act.post, act.person) != (event.post, actor))
        acts = (*kept, Act(post=event.post, person=actor, action=event.action, seq=case.seq))
    moved = event.target != case.state
    after = replace(
        case,
        letter=event.fields.get("letter", case.letter),
        state=event.target,
        version=case.version + 1,
        visit=case.visit + 1 if moved else case.visit,
        entered_at=event.at if moved else case.entered_at,
        record={**case.record, **event.fields},
        acts=acts,
        migration=None,
    )
    if moved:
        after = panel_folding.entered(signing_folding.entered(after))
    return replace(after, desk=folding.moved_on(after, case.desk, event, actor))


def _migrated(case: Case, event: e.CaseMigrated) -> Case:
    memory, acts = case.migration, case.acts
    if event.undoes is not None:
        acts = memory.acts if memory is not None else acts
        memory = None
    else:
        terms = (
            ClockTerms(
                clock=clock.clock,
                generation=clock.generation,
                rule=clock.rule,
                rule_version=clock.rule_version,
                period=clock.period,
            )
            for clock in case.open_clocks()
        )
        memory = Migration(
            seq=case.seq,
            definition=event.old,
            plan=event.plan,
            state=event.source,
            acts=acts,
            clocks=tuple(terms),
        )
        acts = tuple(replace(act, post=event.posts.get(act.post, act.post)) for act in acts)
    return replace(
        case,
        definition=event.new,
        state=event.target,
        version=case.version + 1,
        visit=case.visit + 1 if event.reopened else case.visit,
        acts=acts,
        migration=memory,
        signing=tuple(
            replace(one, state=event.target) if one.state == event.source else one for one in case.signing
        ),
        panels=tuple(
            replace(one, state=event.target) if one.state == event.source else one for one in case.panels
        ),
        desk=folding.left(case.desk) if event.reopened else case.desk,
    )


def _carried(case: Case, clock: CaseClock, event: e.ClockMigrated) -> Case:
    """The period under its new terms; the old one has ended where the name is another."""
    there = replace(
        clock,
        clock=event.to_clock,
        generation=event.to_generation,
        rule=event.rule,
        rule_version=event.rule_version,
        period=event.period,
        entries=tuple(entry for entry in clock.entries if entry.kind != "end"),
        due=event.due,
        ended_on=None,
        late=False,
        revision=clock.revision + 1,
    )
    if (event.to_clock, event.to_generation) != (clock.clock, clock.generation) and clock.open:
        entry = LedgerEntry(kind="end", on=event.on, at=event.at)
        case = case.with_clock(replace(clock, entries=(*clock.entries, entry), ended_on=event.on))
    case = case.with_clock(_moved(there, event))
    if case.migration is None:
        return case
    moved = MovedClock(
        clock=clock.clock,
        generation=clock.generation,
        to_clock=event.to_clock,
        to_generation=event.to_generation,
    )
    return replace(case, migration=replace(case.migration, moved=(*case.migration.moved, moved)))


def _clocked(case: Case, event: e.Event) -> Case:
    if isinstance(event, e.ClockStarted):
        entry = LedgerEntry(kind="start", on=event.on, at=event.at)
        clock = CaseClock(
            clock=event.clock,
            generation=event.generation,
            rule=event.rule,
            rule_version=event.rule_version,
            period=event.period,
            entries=(entry,),
            due=event.due,
            rungs=tuple(RungState(rung=r.rung, at=r.at) for r in event.rungs),
            closing_time=event.closing_time,
        )
        return case.with_clock(clock)
    if not isinstance(event, _ON_CLOCK):
        raise ValueError(f"{type(event).__name__} cannot follow in a case")
    clock = next((c for c in case.clocks if (c.clock, c.generation) == (event.clock, event.generation)), None)  # type: ignore[assignment]
    if clock is None:
        raise ValueError(f"{type(event).__name__} names the clock {event.clock!r}, which never started")
    if isinstance(event, e.ClockMigrated):
        return _carried(case, clock, event)
    return case.with_clock(_ticked(clock, event))


_ON_CLOCK = (
    e.CountingStopped, e.CountingResumed, e.ExtensionGranted, e.ExtensionRemoved, e.DueDateReprojected,
    e.ClockEnded, e.RungFired, e.OutcomeWithheld, e.ClockMigrated,
)  # fmt: skip


def _ticked(clock: CaseClock, event: e.Event) -> CaseClock:
    match event:
        case e.CountingStopped():
            entry = LedgerEntry(kind="stop", on=event.on, at=event.at, ground=event.ground, ref=event.ref)
            # While time is out nothing falls due: rungs that have not fired are withdrawn until it counts again.
            return _moved(_entered(clock, entry, event.due), event)
        case e.CountingResumed():
            entry = LedgerEntry(kind="resume", on=event.on, at=event.at, ground=event.ground, ref=event.ref)
            return _moved(_entered(clock, entry, event.due), event)
        case e.ExtensionGranted():
            entry = LedgerEntry(kind="extend", on=event.on, at=event.at, ref=event.ref, period=event.period)
            extended = replace(_entered(clock, entry, event.due), extensions=clock.extensions + 1)
            return _moved(extended, event)
        case e.ExtensionRemoved():
            entry = LedgerEntry(kind="remove_extension", on=event.on, at=event.at, ref=event.ref)
            shortened = replace(_entered(clock, entry, event.due), extensions=clock.extensions - 1)
            return _moved(shortened, event)
        case e.DueDateReprojected():
            return _moved(replace(clock, due=event.due, revision=clock.revision + 1), event)
        case e.ClockEnded():
            entry = LedgerEntry(kind="end", on=event.on, at=event.at)
            return replace(clock, entries=(*clock.entries, entry), ended_on=event.on, late=event.late)
        case e.RungFired():
            rungs = tuple(replace(r, fired=True) if r.rung == event.rung else r for r in clock.rungs)
            return replace(clock, rungs=rungs)
        case e.OutcomeWithheld():
            rungs = tuple(replace(r, withheld=True) if r.rung == event.rung else r for r in clock.rungs)
            return replace(clock, rungs=rungs)
    raise ValueError(f"{type(event).__name__} is not an event of a clock")


def _entered(clock: CaseClock, entry: LedgerEntry, due: e.DueDate | None) -> CaseClock:
    return replace(clock, entries=(*clock.entries, entry), due=due, revision=clock.revision + 1)


def _moved(
    clock: CaseClock,
    event: e.CountingStopped
    | e.CountingResumed
    | e.ExtensionGranted
    | e.ExtensionRemoved
    | e.DueDateReprojected
    | e.ClockMigrated,
) -> CaseClock:
    """The clock with its ladder on new instants: a rung that fired keeps its place unless its new instant lies ahead, in
    which case it may fire again at the new revision (design §3).
    """
    before = {rung.rung: rung for rung in clock.rungs}
    moved = []
    for time in event.rungs:
        old = before.pop(time.rung, None)
        passed = old is not None and old.fired and time.at <= event.at
        if old is not None and not old.withheld and (old.at == time.at or passed):
            moved.append(old)
        else:
            moved.append(RungState(rung=time.rung, at=time.at, revision=clock.revision))
    kept = (rung for rung in before.values() if rung.fired)
    return replace(clock, rungs=(*kept, *moved))
