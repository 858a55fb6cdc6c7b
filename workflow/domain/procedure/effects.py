"""What the acts of the procedure bring about; the words stand among those of `workflow.domain.effects`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.domain import events as e
from workflow.domain import timekeeping
from workflow.domain.case import CaseClock
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Effect, Expiry
from workflow.domain.fields import wrong
from workflow.domain.procedure.values import NAMED, TOLD
from workflow.domain.scene import Intent, Scene
from workflow.errors import ClockRefused

Consequence = Callable[[Scene, Intent, Effect], tuple[e.Event, ...]]


# --- interested parties (利害关系人, art. 36) ------------------------------------------------------------------------


def _name_parties(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    known = {party.name for party in scene.here.procedure.parties}
    named = (str(name).strip() for name in act.fields.get("parties") or ())
    fresh = tuple(dict.fromkeys(name for name in named if name and name not in known))
    return (e.InterestedPartiesNamed(at=act.at, parties=fresh),) if fresh else ()


def _tell_parties(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    named = dict.fromkeys(p.name for p in scene.here.procedure.parties if p.heard == NAMED)
    # Effects of one act are decided in turn, so those that this act names are on the case already.
    if not named:
        raise wrong(act.action, ("parties", "one_not_told", ""))
    return (e.InterestedPartiesTold(at=act.at, parties=tuple(named)),)


def _hear_parties(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    told = _waiting(scene)
    spoke = tuple(name for name in told if name in (act.fields.get("heard") or ()))
    if not spoke:
        raise wrong(act.action, ("heard", "who_spoke", ", ".join(told)))
    return (e.InterestedPartiesHeard(at=act.at, parties=spoke, silent=False),)


def _note_silence(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    silent = _waiting(scene)
    return (e.InterestedPartiesHeard(at=act.at, parties=silent, silent=True),) if silent else ()


def _waiting(scene: Scene) -> tuple[str, ...]:
    return tuple(p.name for p in scene.here.procedure.parties if p.heard == TOLD)


# --- hearings (听证, arts 46 to 48) ----------------------------------------------------------------------------------


def _tell_hearing_right(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    parties = tuple(party.name for party in scene.here.procedure.parties)
    return (e.HearingRightTold(at=act.at, parties=parties),)


def _waive_hearing(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return (e.HearingWaived(at=act.at, silent=scene.actor == SYSTEM),)


def _ask_hearing(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return (e.HearingCalled(at=act.at, own_initiative=False),)


def _order_hearing(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return (e.HearingCalled(at=act.at, own_initiative=True),)


def _schedule_hearing(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    closed, chair = act.fields.get("openness", "public") != "public", str(act.fields["chair"])
    told = e.HearingScheduled(
        at=act.at,
        on=date.fromisoformat(str(act.fields["hearing_on"])),
        place=str(act.fields.get("place", "")),
        chair=chair,
        closed_reason=str(act.fields.get("closed_reason") or "") if closed else None,
    )
    return (told, _seated(scene, act, chair))


def _replace_chair(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    hearing = scene.here.procedure.hearing
    if hearing is None or hearing.chair is None:
        raise wrong(act.action, ("chair", "nobody_named", ""))
    chair = str(act.fields["chair"])
    if chair == hearing.chair:
        raise wrong(act.action, ("chair", "somebody_else", ""))
    replaced = e.HearingChairReplaced(at=act.at, removed=hearing.chair, chair=chair)
    return (replaced, _seated(scene, act, chair))


def _seat_chair(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    hearing = scene.here.procedure.hearing
    return (_seated(scene, act, hearing.chair),) if hearing is not None and hearing.chair else ()


def _seated(scene: Scene, act: Intent, chair: str) -> e.Event:
    """The hearing is the work of the chair who was named, be it the deputy."""
    held = scene.here.desk.assignment
    return e.WorkAssigned(
        at=act.at,
        visit=scene.here.visit,
        person=chair,
        how="distributed",
        previous=held.person if held is not None else None,
    )


def _hold_hearing(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    attended = dict.fromkeys(act.fields.get("attendees") or ())
    unsigned = [name for name in attended if name in (act.fields.get("refused_to_sign") or ())]
    return (e.HearingHeld(at=act.at, chair=scene.actor, attended=len(attended), unsigned=len(unsigned)),)


def _call_off_hearing(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return (e.HearingCalledOff(at=act.at),)


# --- time left out (不计入期限, art. 45) -----------------------------------------------------------------------------


def _stop_periods(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    ground = _ground(act, effect)
    if any(timekeeping.open_stop(clock, ground) is not None for clock in scene.here.open_clocks()):
        raise ClockRefused(clock=ground, reason=f"time is out on the ground {ground} already")
    out = [clock for clock in _periods(scene) if timekeeping.leaves_out(clock, ground, scene.facts)]
    if not out:
        raise ClockRefused(clock=ground, reason=f"no period that runs lists the ground {ground}")
    return tuple(timekeeping.stopped(scene, clock, act.at, ground, effect.document) for clock in out)


def _resume_periods(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    ground = _ground(act, effect)
    stops = [(clock, timekeeping.open_stop(clock, ground)) for clock in scene.here.open_clocks()]
    back = [(clock, ref) for clock, ref in stops if ref is not None]
    if not back:
        raise ClockRefused(clock=ground, reason=f"time is not out on the ground {ground}")
    return tuple(timekeeping.resumed(scene, clock, act.at, ground, ref) for clock, ref in back)


def _periods(scene: Scene) -> tuple[CaseClock, ...]:
    """The organ's own periods that run: those of the whole case and of the step, not notice periods or applicants' time."""
    specs = scene.definition.clocks
    return tuple(
        clock
        for clock in scene.here.open_clocks()
        # Clocks that are no part of the matter, as that of a finding's explanation, run on.
        if (spec := specs.get(clock.clock)) is not None
        and spec.scope != "applicant"
        and spec.expiry is Expiry.ALERT
    )


def _ground(act: Intent, effect: Effect) -> str:
    ground = effect.ground or act.fields.get("ground")
    if not isinstance(ground, str) or not ground:
        raise wrong(act.action, ("ground", "required", ""))
    return ground


# --- refusals reported upward (否定报备) -----------------------------------------------------------------------------


def _report_refusal(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    number = len(scene.here.procedure.refusals) + 1
    return (e.RefusalReported(at=act.at, refusal=number, outcome=effect.outcome or ""),)


def _acknowledge_refusal(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return _answer(scene, act, objected=False)


def _object_to_refusal(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return _answer(scene, act, objected=True)


def _answer(scene: Scene, act: Intent, *, objected: bool) -> tuple[e.Event, ...]:
    reported = scene.here.procedure.reported
    if reported is None:
        return ()
    return (e.RefusalAcknowledged(at=act.at, refusal=reported.number, objected=objected),)


EFFECTS: dict[str, Consequence] = {
    "name_parties": _name_parties,
    "tell_parties": _tell_parties,
    "hear_parties": _hear_parties,
    "note_silence": _note_silence,
    "tell_hearing_right": _tell_hearing_right,
    "waive_hearing": _waive_hearing,
    "ask_hearing": _ask_hearing,
    "order_hearing": _order_hearing,
    "schedule_hearing": _schedule_hearing,
    "replace_chair": _replace_chair,
    "seat_chair": _seat_chair,
    "hold_hearing": _hold_hearing,
    "call_off_hearing": _call_off_hearing,
    "stop_periods": _stop_periods,
    "resume_periods": _resume_periods,
    "report_refusal": _report_refusal,
    "acknowledge_refusal": _acknowledge_refusal,
    "object_to_refusal": _object_to_refusal,
}
