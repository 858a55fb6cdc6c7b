"""Moving a running case to another version of its matter (迁移), by a plan, and back again until somebody acts.

A plan says which state, which period and which post of the new version stands for one of the old. What it does not name
keeps its name. Periods keep their ledger and follow the new version's length and ladder, so each due date that moves is
an event of its own; nothing that is closed moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.domain import events as e
from workflow.domain import timekeeping
from workflow.domain.authority import organ_of
from workflow.domain.case import Case, CaseClock
from workflow.domain.commands import PUBLIC, SYSTEM, MigrateCase, UndoMigration
from workflow.domain.definition import ClockSpec, Definition, State
from workflow.domain.law import Rule
from workflow.domain.materials.state import RECEIPT
from workflow.domain.own_clocks import is_own
from workflow.domain.scene import Scene
from workflow.domain.values import replace
from workflow.errors import MigrationRefused

RULE = "migration.plan"
STEP = "step_"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """Where a period goes: its name and generation there, and the rule, its version and the length it has from then on."""

    clock: str
    generation: int
    rule: str
    rule_version: str
    period: str


def migrate(scene: Scene, command: MigrateCase) -> None:
    """Move the case to the definition `facts.target`. Raises MigrationRefused with every reason why it does not fit."""
    case, old, new = scene.here, scene.definition, _target(scene, command.to)
    if case.definition == new.hash:
        return
    state = command.states.get(case.state, case.state)
    before = [clock for clock in case.open_clocks() if not is_own(clock.clock)]
    clocks = {clock.clock: _name(clock.clock, case.state, state, command) for clock in before}
    problems = list(_misfits(case, old, new, command, state, clocks))
    if problems:
        raise MigrationRefused(case=case.no, reason="; ".join(problems))
    scene.rule = RULE
    scene.happened(
        e.CaseMigrated(
            at=scene.now,
            old=old.hash,
            new=new.hash,
            plan=command.plan,
            reason=command.reason,
            source=case.state,
            target=state,
            posts={name: command.posts[name] for name in old.posts if name in command.posts},
            reopened=_other_work(case, old, new, state),
        )
    )
    scene.definition = new
    for clock in before:
        to = clocks[clock.clock]
        if to is None:
            _drop(scene, clock)
            continue
        _carry(scene, clock, _terms(scene, clock, to))
        _pauses(scene, to, old.clocks.get(clock.clock), new.clocks[to], (case.state, state))
    for name in _to_start(scene, command, state):
        scene.happened(timekeeping.begun(scene, name, scene.now))


def undo(scene: Scene, command: UndoMigration) -> None:
    """Move the case back to where it was before its last migration. Raises MigrationRefused once an act has followed it."""
    case, new = scene.here, scene.definition
    memory = case.migration
    if memory is None:
        raise MigrationRefused(case=case.no, reason="it was not migrated, or somebody has acted on it since")
    old = _target(scene, memory.definition)
    scene.rule = RULE
    scene.happened(
        e.CaseMigrated(
            at=scene.now,
            old=new.hash,
            new=old.hash,
            plan=memory.plan,
            reason=command.reason,
            source=case.state,
            target=memory.state,
            reopened=_other_work(case, new, old, memory.state),
            undoes=memory.seq,
        )
    )
    scene.definition = old
    accounted: set[tuple[str, int]] = set()
    for was in memory.clocks:
        if is_own(was.clock):
            continue
        moved = (m for m in memory.moved if (m.clock, m.generation) == (was.clock, was.generation))
        there = next(((m.to_clock, m.to_generation) for m in moved), (was.clock, was.generation))
        clock = next(c for c in scene.here.clocks if (c.clock, c.generation) == there)
        same = clock.open and clock.clock == was.clock
        generation = clock.generation if same else _next_generation(scene.here, was.clock)
        terms = _Terms(
            clock=was.clock,
            generation=generation,
            rule=was.rule,
            rule_version=was.rule_version,
            period=was.period,
        )
        _carry(scene, clock, terms)
        _pauses(scene, was.clock, new.clocks.get(there[0]), old.clocks[was.clock], (case.state, memory.state))
        accounted.add((was.clock, generation))
    for clock in scene.here.open_clocks():
        if (clock.clock, clock.generation) not in accounted and not is_own(clock.clock):
            _drop(scene, clock)


# --- whether the plan fits --------------------------------------------------------------------------------------------


def _misfits(
    case: Case,
    old: Definition,
    new: Definition,
    command: MigrateCase,
    state: str,
    clocks: Mapping[str, str | None],
) -> Iterator[str]:
    """Every reason why the case has no place in the new version."""
    if old.states[case.state].final:
        yield f"it is over ({case.state})"
    if state not in new.states:
        yield f"states: {state} is not there"
    elif new.states[state].final:
        yield f"states: {state} is an end"
    yield from _lost_periods(new, clocks)
    for act in case.acts:
        post = command.posts.get(act.post, act.post)
        if post not in {*new.posts, SYSTEM, PUBLIC}:
            yield f"work: the post {act.post}, which has acted, has no place"
    yield from _lost_things(case, new)
    for name in command.starts:
        if name not in new.clocks:
            yield f"start: {name} is not there"


def _lost_periods(new: Definition, clocks: Mapping[str, str | None]) -> Iterator[str]:
    for name, to in clocks.items():
        if to is not None and to not in new.clocks:
            yield f"clocks: {name} has no place; name it, or write null to end it"
    kept = [to for to in clocks.values() if to is not None]
    if len(set(kept)) < len(kept):
        yield "clocks: two periods become one"


def _lost_things(case: Case, new: Definition) -> Iterator[str]:
    """What the case has already, and the new version does not know."""
    for kind, names, known in (
        ("documents", {paper.document for paper in case.documents} - {RECEIPT}, new.documents),
        ("notices", set(case.notices), new.notices),
        ("materials", {*case.materials, *(one.material for one in case.handed_in)}, new.materials),
        ("outcomes", {case.outcome} - {None}, set(new.outcomes)),
        ("joins", {child.join for child in case.children if child.outcome is None}, new.joins),
    ):
        for missing in sorted(str(name) for name in names if name not in known):
            yield f"{kind}: {missing} is not there"


def _other_work(case: Case, old: Definition, new: Definition, state: str) -> bool:
    """Whether the work that is open must begin anew: another step, another post, another organ, another automatic act."""
    if state != case.state:
        return True
    one, other = old.states[case.state], new.states[state]
    return _work(one, old, case) != _work(other, new, case)


def _work(state: State, definition: Definition, case: Case) -> tuple[object, ...]:
    post = definition.posts.get(state.post or "")
    kind = post.kind if post is not None else None
    organ = organ_of(definition, case.parties, state.post) if state.post and post else None
    return (state.post, kind, organ, state.automatic_actions)


def _name(clock: str, source: str, target: str, command: MigrateCase) -> str | None:
    """The name of a period in the new version; the limit of a step goes with its step."""
    if clock in command.clocks:
        return command.clocks[clock]
    return f"{STEP}{target}" if clock == f"{STEP}{source}" else clock


def _to_start(scene: Scene, command: MigrateCase, state: str) -> Iterator[str]:
    """Periods that begin with the migration: those that the plan names, and the limit of a step that had none."""
    open_now = {clock.clock for clock in scene.here.open_clocks()}
    for name in dict.fromkeys((*command.starts, f"{STEP}{state}")):
        if name in scene.definition.clocks and name not in open_now:
            yield name


# --- what becomes of the periods --------------------------------------------------------------------------------------


def _terms(scene: Scene, clock: CaseClock, name: str) -> _Terms:
    """A period under the new version: of the same rule it keeps the version it began under, as every case does."""
    spec = scene.definition.clocks[name]
    rule = _rule(scene, clock, spec)
    same = name == clock.clock
    return _Terms(
        clock=name,
        generation=clock.generation if same else _next_generation(scene.here, name),
        rule=rule.id,
        rule_version=rule.version,
        period=spec.promise or str(rule.period),
    )


def _rule(scene: Scene, clock: CaseClock, spec: ClockSpec) -> Rule:
    law = scene.facts.law
    rule = (
        law.rule_version(clock.rule, clock.rule_version)
        if spec.rule == clock.rule
        else law.rule(spec.rule, clock.entries[0].on)
    )
    for entry in clock.entries:
        if entry.kind == "stop" and entry.ground is not None and rule.ground(entry.ground) is None:
            reason = f"clocks: time is out of {clock.clock} on {entry.ground}, which {rule.id} does not list"
            raise MigrationRefused(case=scene.here.no, reason=reason)
    return rule


def _carry(scene: Scene, clock: CaseClock, terms: _Terms) -> None:
    """Put a period under its new terms, with its ledger; nothing happens where nothing changes."""
    there = replace(
        clock,
        clock=terms.clock,
        generation=terms.generation,
        rule=terms.rule,
        rule_version=terms.rule_version,
        period=terms.period,
        entries=tuple(entry for entry in clock.entries if entry.kind != "end"),
        ended_on=None,
        late=False,
    )
    due, rungs = timekeeping.standing(scene.definition, there, scene.facts)
    waiting = {(rung.rung, rung.at) for rung in clock.rungs}
    if there == clock and due == clock.due and {(rung.rung, rung.at) for rung in rungs} == waiting:
        return
    scene.happened(
        e.ClockMigrated(
            at=scene.now,
            clock=clock.clock,
            generation=clock.generation,
            to_clock=terms.clock,
            to_generation=terms.generation,
            rule=terms.rule,
            rule_version=terms.rule_version,
            period=terms.period,
            on=scene.civil(scene.now),
            old=clock.due,
            due=due,
            rungs=rungs,
        )
    )


def _pauses(
    scene: Scene, name: str, before: ClockSpec | None, after: ClockSpec, states: tuple[str, str]
) -> None:
    """Where one version stops counting in the state and the other does not, counting is stopped or resumed now."""
    was = {pause.ground for pause in (before.pauses if before else ()) if states[0] in pause.states}
    for pause in after.pauses:
        clock = _present(scene, name)
        if states[1] in pause.states and timekeeping.open_stop(clock, pause.ground) is None:
            scene.happened(timekeeping.stopped(scene, clock, scene.now, pause.ground, pause.notice))
    for ground in sorted(was - {pause.ground for pause in after.pauses if states[1] in pause.states}):
        clock = _present(scene, name)
        if (ref := timekeeping.open_stop(clock, ground)) is not None:
            scene.happened(timekeeping.resumed(scene, clock, scene.now, ground, ref))


def _drop(scene: Scene, clock: CaseClock) -> None:
    late = clock.due is not None and scene.now >= clock.due.at
    ended = e.ClockEnded(
        at=scene.now,
        clock=clock.clock,
        generation=clock.generation,
        on=scene.civil(scene.now),
        late=late,
    )
    scene.happened(ended)


def _present(scene: Scene, name: str) -> CaseClock:
    return next(clock for clock in scene.here.open_clocks() if clock.clock == name)


def _next_generation(case: Case, name: str) -> int:
    return 1 + max((clock.generation for clock in case.clocks if clock.clock == name), default=0)


def _target(scene: Scene, hash_: str) -> Definition:
    target = scene.facts.target
    if target is None or target.hash != hash_:
        raise ValueError("the definition to migrate to belongs to the facts")
    if target.code != scene.definition.code:
        raise MigrationRefused(case=scene.here.no, reason=f"{target.code} is another matter")
    return target
