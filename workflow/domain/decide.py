"""`decide(definition, case, command, facts, now) -> events`: what a command means, or the error that refuses it.

Pure: no I/O, no clock, no ids made inside. Before a person's act everything that time alone has already brought about
is decided first, so an act in the same millisecond as an expiry has exactly one legal outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from workflow.domain import (
    authority,
    clock_acts,
    conditions,
    effects,
    fields,
    guards,
    machine,
    migration,
    timekeeping,
)
from workflow.domain import events as e
from workflow.domain.accountability import life, periods, procedural, raising
from workflow.domain.case import Case, CaseClock
from workflow.domain.commands import (
    SYSTEM,
    AnyCommand,
    EndChild,
    FireRung,
    MigrateCase,
    Reproject,
    RunJob,
    SubmitFiling,
    TakeAction,
    TellReply,
    UndoMigration,
)
from workflow.domain.definition import Colour, Definition
from workflow.domain.desk import gate, verbs
from workflow.domain.desk.refusals import refused
from workflow.domain.letters import verbs as letters
from workflow.domain.materials import taking as materials
from workflow.domain.own_clocks import ACKNOWLEDGEMENT, spec_of
from workflow.domain.quota import course as quota
from workflow.domain.reprojection import reproject
from workflow.domain.scene import Decided, Facts, Intent, Scene
from workflow.domain.window import receiving
from workflow.domain.window import verbs as window
from workflow.errors import CaseExists, CaseHasMoved, NoAutomaticStep, UnknownCase


def decide(
    definition: Definition, case: Case | None, command: AnyCommand, facts: Facts, now: datetime
) -> tuple[Decided, ...]:
    """The events that `command` brings, with who each is by; an empty tuple when a machine's command came too late.

    `case` is None only for SubmitFiling. Raises a BanjieError that says which rule refused, and then nothing changes.
    """
    scene = Scene(
        definition=definition, case_id=command.case_id, case=case, facts=facts, now=now, actor=command.actor
    )
    match command:
        case SubmitFiling():
            if case is not None:
                raise CaseExists(name=case.no)
            _submit(scene, command)
        case TakeAction():
            _require(case, command)
            _act(scene, command)
        case FireRung():
            _require(case, command)
            reproject(scene)
            _fire(scene, command.clock, command.generation, command.rung, command.revision)
        case RunJob():
            _require(case, command)
            reproject(scene)
            if scene.here.visit == command.visit and not window.holds_delivery(scene):
                scene.actor = command.actor
                _take(scene, _automatic(scene), {}, now)
        case Reproject():
            _require(case, command)
            reproject(scene)
        case EndChild() | TellReply():
            _require(case, command)
            _told(scene, command)
        case MigrateCase() | UndoMigration():
            _require(case, command)
            _migrate(scene, command)
    quota.end(scene)
    return tuple(scene.decided)


def _require(case: Case | None, command: AnyCommand) -> None:
    if case is None:
        raise UnknownCase(what="case", name=command.case_id)


def _submit(scene: Scene, command: SubmitFiling) -> None:
    definition, directory = scene.definition, scene.facts.directory
    at = _effective(command.effective_at, scene.now, None)
    on = scene.civil(at)
    parties = authority.parties_of(definition, command.actor, command.parties, directory, on)
    right = authority.may_file(
        definition, parties, actor=command.actor, directory=directory, on=on, child=command.parent is not None
    )
    if isinstance(right, authority.Refused):
        raise right.error
    handed = tuple(dict.fromkeys((*command.materials, *command.files, *command.taken)))
    unknown = [name for name in handed if name not in definition.materials]
    if unknown:
        raise fields.wrong(definition.code, ("materials", "not_on_list", ", ".join(unknown)))
    scene.rule = right.rule
    told = (*command.files, *command.taken)
    filed = e.FilingSubmitted(
        at=at,
        no="",
        matter=definition.code,
        definition=definition.hash,
        state=definition.initial,
        parties=parties,
        form=dict(command.form),
        materials=tuple(name for name in dict.fromkeys(command.materials) if name not in told),
        letter=command.letter,
        channel=command.channel,
        parent=command.parent,
    )
    _happens(scene, filed)
    for event in materials.filed(scene, at, command.files, command.taken):
        _happens(scene, event)
    for event in receiving.taken_in(scene, command, at):
        _happens(scene, event)


def _act(scene: Scene, command: TakeAction) -> None:
    case = scene.here
    if command.seen_version is not None and command.seen_version != case.version:
        raise CaseHasMoved(version=case.version, seen=command.seen_version)
    at = _effective(command.effective_at, scene.now, case)
    reproject(scene)
    _catch_up(scene, at)
    scene.actor = command.actor
    if scene.here.frozen_by is not None and command.action not in life.VERBS:
        raise refused(command.action, "unfrozen", person=scene.here.frozen_by)
    if command.action in verbs.VERBS:
        verbs.take(scene, command.action, command.fields, at, _happens)
    else:
        _take(scene, command.action, command.fields, at)


def _take(scene: Scene, name: str, given: Mapping[str, Any], at: datetime) -> None:
    """Take one action: the edge, the right, the fields, the guards, then its events and what they bring."""
    case, definition = scene.here, scene.definition
    destination = machine.target(definition, case.state, name)
    right = _right(scene, name, at)
    action = definition.actions[name]
    intent = Intent(action=name, fields=fields.checked(name, action, given), at=at)
    gate.hold(scene, intent, right, destination)
    guards.check(scene, intent)
    scene.rule = right.rule
    for event in gate.left(scene, intent, destination):
        _happens(scene, event)
    taken = e.ActionTaken(
        at=at, action=name, source=case.state, target=destination, post=right.post, fields=intent.fields
    )
    _happens(scene, taken)
    for effect in action.effects:
        if effect.do in clock_acts.ACTS:
            _happens(scene, clock_acts.of(scene, intent, effect))
        else:
            for event in effects.of(scene, intent, effect):
                _happens(scene, event)


def _right(scene: Scene, name: str, at: datetime) -> authority.Allowed:
    """The actor's right to the action. One that is back-dated needs it today and on the day it takes effect: a leaver cannot
    reach back.
    """
    definition, case, directory = scene.definition, scene.here, scene.facts.directory
    rights = [
        authority.may(definition, case, name, actor=scene.actor, directory=directory, on=on)
        for on in dict.fromkeys((scene.civil(scene.now), scene.civil(at)))
    ]
    for right in rights:
        if isinstance(right, authority.Refused):
            raise right.error
    return cast(authority.Allowed, rights[-1])


def _migrate(scene: Scene, command: MigrateCase | UndoMigration) -> None:
    reproject(scene)
    _catch_up(scene, scene.now)
    scene.actor = command.actor
    if isinstance(command, MigrateCase):
        migration.migrate(scene, command)
    else:
        migration.undo(scene, command)


def _told(scene: Scene, command: EndChild | TellReply) -> None:
    """What another case, or the letter that it stands under, has to say to the case."""
    if isinstance(command, EndChild):
        _end_child(scene, command)
        return
    scene.rule = "letter.replied"
    for event in letters.replied(scene, command):
        _happens(scene, event)


def _end_child(scene: Scene, command: EndChild) -> None:
    """A child's end, told once; the last of a round moves the parent on, if it still waits for that."""
    case = scene.here
    named = (command.join, command.round, command.child)
    told = next((c for c in case.children if (c.join, c.round, c.child) == named), None)
    if told is None or told.outcome is not None:
        return
    scene.rule = "join.child_ended"
    _happens(
        scene,
        e.ChildEnded(
            at=scene.now,
            join=command.join,
            round=command.round,
            child=command.child,
            case_id=command.child_case,
            outcome=command.outcome,
        ),
    )
    action = scene.definition.joins[command.join].action
    waits = case.state in scene.definition.actions[action].sources
    if waits and all(child.outcome is not None for child in scene.here.children_of(command.join)):
        _take(scene, action, {}, scene.now)


def _automatic(scene: Scene) -> str:
    """The automatic action whose turn it is. Raises NoAutomaticStep when the condition of none of them holds."""
    chosen = conditions.first_automatic(scene.definition, scene.here)
    if chosen is not None:
        return chosen
    named = scene.definition.states[scene.here.state].automatic_actions
    told = (f"{name}: {conditions.told(scene.definition.actions[name].when or ())}" for name in named)
    raise NoAutomaticStep(state=scene.here.state, conditions="; ".join(told) or "-")


def _happens(scene: Scene, event: e.Event) -> None:
    scene.happened(event)
    for tick in timekeeping.follow(scene, event):
        scene.happened(tick)
    for tick in periods.follow(scene, event):
        scene.happened(tick)
    for breach in procedural.breaches(scene, event):
        _happens(scene, breach)


def _catch_up(scene: Scene, until: datetime) -> None:
    """Decide what time has brought about up to `until`, in order, before a person's act is looked at."""
    while (rung := _first_due(scene.here, until)) is not None:
        clock, name, revision = rung
        _fire(scene, clock.clock, clock.generation, name, revision)


def _first_due(case: Case, until: datetime) -> tuple[CaseClock, str, int] | None:
    due = [
        (rung.at, clock.clock, rung.rung, clock, rung.revision)
        for clock in case.open_clocks()
        for rung in clock.rungs
        if not rung.fired and not rung.withheld and rung.at <= until
    ]
    if not due:
        return None
    _, _, name, clock, revision = min(due, key=lambda entry: entry[:3])
    return clock, name, revision


def _fire(scene: Scene, name: str, generation: int, rung: str, revision: int) -> None:
    clock = next((c for c in scene.here.open_clocks() if (c.clock, c.generation) == (name, generation)), None)
    state = (
        next((r for r in clock.rungs if (r.rung, r.revision) == (rung, revision)), None) if clock else None
    )
    if clock is None or state is None or state.fired or state.withheld or state.at > scene.now:
        return  # withdrawn, moved or fired in the meantime: the wake-up came too late and means nothing
    spec = spec_of(scene.definition, name)
    if rung == timekeeping.EXPIRY:
        # What the end brings may end the clock too; the card for having let it come so far is raised before.
        for other in clock.rungs:
            if other.rung != rung and other.at <= state.at:
                _fire(scene, name, generation, other.rung, other.revision)
    scene.actor, scene.rule = SYSTEM, f"clock.{name}.{rung}"
    if rung != timekeeping.EXPIRY:
        scene.happened(
            e.RungFired(at=scene.now, clock=name, generation=generation, rung=rung, revision=revision)
        )
        _raise(scene, clock, rung, state.at)
        return
    if clock.due is not None and clock.due.provisional:
        scene.happened(
            e.OutcomeWithheld(at=scene.now, clock=name, generation=generation, rung=rung, revision=revision)
        )
        return
    # A period that is over at midnight has its effect at midnight, whenever the machine came to see it.
    scene.happened(e.RungFired(at=state.at, clock=name, generation=generation, rung=rung, revision=revision))
    if spec.expiry_action is not None:
        _take(scene, spec.expiry_action, {}, state.at)


def _raise(scene: Scene, clock: CaseClock, rung: str, at: datetime) -> None:
    """What a rung that is no outcome brings: a finding; at the limit of a ground that ends by itself, its end; of a finding
    that nobody has acknowledged, that it climbs.
    """
    if clock.clock.startswith(ACKNOWLEDGEMENT):
        for event in periods.escalated(scene, clock.clock, int(rung.rpartition("_")[2])):
            scene.happened(event)
        return
    if not rung.startswith((timekeeping.ALARM, timekeeping.LIMIT)):
        step = next(r for r in spec_of(scene.definition, clock.clock).rungs if r.name == rung)
        _happens(scene, raising.finding(scene, clock, step))
        return
    ref = rung.partition(":")[2]
    ground = next(entry.ground or "" for entry in clock.entries if entry.kind == "stop" and entry.ref == ref)
    # What a rule says of a ground it lists goes before what is said of the ground in general.
    terms = timekeeping.rule_of(clock, scene.facts).ground(ground) or scene.facts.law.grounds.get(ground)
    if rung.startswith(timekeeping.LIMIT) and terms is not None and terms.automatic_end:
        scene.happened(timekeeping.resumed(scene, clock, at, ground, ref))
        return
    colour = Colour.REMINDER if rung.startswith(timekeeping.ALARM) else Colour.YELLOW
    rule = f"ground.{ground}.{rung.partition(':')[0]}"
    _happens(scene, raising.raised(scene, clock, colour=colour, rule=rule, basis="ground", due_on=None))


def _effective(asked: datetime | None, now: datetime, case: Case | None) -> datetime:
    """The legal time of an act: `asked` if it is not in the future nor before the case was received, else refused."""
    if asked is None:
        return now
    if asked.tzinfo is None or asked > now or (case is not None and asked < case.received_at):
        raise fields.wrong("effective_at", ("effective_at", "instant", ""))
    return asked
