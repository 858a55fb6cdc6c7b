"""What a case does with its quota: reserve at the report, consume at the approval, release when it comes to nothing.

Whether a case needs a place is always what the exempt condition says now: a finding of the review (核定) may move a case
from one track to the other, and the next of these effects makes what it holds agree with that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from workflow.domain import conditions
from workflow.domain import events as e
from workflow.domain.definition import Effect, QuotaSpec, QuotaYear
from workflow.domain.fields import wrong
from workflow.domain.quota.book import (
    CONSUMED,
    RESERVED,
    Balance,
    QuotaHold,
    QuotaKey,
    QuotaNotRead,
    changed,
    moved,
)
from workflow.domain.scene import Intent, Scene
from workflow.errors import QuotaExhausted

CONCLUDED = "concluded"
"""The reason of a release that no action declared: the case ended without having consumed its places."""


def reserve(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:  # noqa: ARG001 - as every effect
    """Take the places of the case, or record that it needs none; nothing when it has what it needs (a second report).

    Raises QuotaExhausted, with what there is and what is needed.
    """
    spec = scene.definition.quota
    return () if spec is None else tuple(_settled(scene, spec, act))


def consume(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    """Use up the places of an approved case: all, or as many as the field that the effect names says, the rest going back.

    A case that was never reserved takes its places now. Raises QuotaExhausted, BadFields.
    """
    spec = scene.definition.quota
    if spec is None:
        return ()
    events = list(_settled(scene, spec, act, approving=True))
    hold = _hold_after(scene.here.quota, events)
    if hold is None or not hold.reserved:
        return tuple(events)
    wanted = _wanted(act, effect, hold.reserved)
    events += _taken(scene, events, act, hold, wanted)
    return tuple(events)


def release(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:  # noqa: ARG001 - as every effect
    """Give back whatever the case holds, reserved or consumed; nothing when it holds nothing."""
    hold = scene.here.quota
    return () if hold is None else tuple(_given_back(scene, (), act.at, hold, act.action))


def end(scene: Scene) -> None:
    """A case that has ended keeps no reserved place, whatever its definition forgot to say. Called when all is decided."""
    case = scene.case
    if case is None or case.quota is None or not case.quota.reserved or case.concluded_at is None:
        return
    if not scene.decided:
        return
    scene.rule = "quota.concluded"
    for event in _given_back(scene, (), scene.now, case.quota, CONCLUDED):
        scene.happened(event)


def _settled(scene: Scene, spec: QuotaSpec, act: Intent, *, approving: bool = False) -> Iterator[e.Event]:
    """What makes the case's hold agree with its track and its year."""
    hold = scene.here.quota
    given: list[e.Event] = []
    if hold is not None and hold.consumed:
        return
    key, places = _key(scene, spec, act, approving=approving), _places(scene, spec)
    exempt = spec.exempt is not None and conditions.holds(spec.exempt, scene.here, act.fields)
    if hold is not None and hold.reserved and (exempt or hold.key != key):
        given += _given_back(scene, given, act.at, hold, act.action)
    if exempt:
        if hold is None or not hold.exempt:
            reason = conditions.told(spec.exempt or ())
            given.append(
                e.QuotaExempted(
                    at=act.at,
                    kind=key.kind,
                    organ=key.organ,
                    year=key.year,
                    places=places,
                    reason=reason,
                )
            )
    elif hold is None or not hold.reserved or hold.key != key:
        given.append(_reserved(scene, given, act, key, places))
    yield from given


def _reserved(scene: Scene, before: list[e.Event], act: Intent, key: QuotaKey, places: int) -> e.Event:
    balance = _balance(scene, before, key)
    if places > balance.left:
        raise QuotaExhausted(
            kind=key.kind,
            organ=key.organ,
            year=key.year,
            places=balance.places,
            reserved=balance.reserved,
            consumed=balance.consumed,
            left=balance.left,
            needed=places,
        )
    return e.QuotaReserved(
        at=act.at,
        kind=key.kind,
        organ=key.organ,
        year=key.year,
        places=places,
        revision=balance.revision + 1,
    )


def _taken(
    scene: Scene, before: list[e.Event], act: Intent, hold: QuotaHold, wanted: int
) -> Iterator[e.Event]:
    balance = _balance(scene, before, hold.key)
    used = e.QuotaConsumed(
        at=act.at,
        kind=hold.kind,
        organ=hold.organ,
        year=hold.year,
        places=wanted,
        revision=balance.revision + 1,
    )
    yield used
    if wanted < hold.reserved:
        yield e.QuotaReleased(
            at=act.at,
            kind=hold.kind,
            organ=hold.organ,
            year=hold.year,
            places=hold.reserved - wanted,
            held=RESERVED,
            reason=act.action,
            revision=moved(balance, used).revision + 1,
        )


def _given_back(
    scene: Scene, before: list[e.Event] | tuple[e.Event, ...], at: datetime, hold: QuotaHold, reason: str
) -> Iterator[e.Event]:
    revision = _balance(scene, list(before), hold.key).revision
    for held, places in ((RESERVED, hold.reserved), (CONSUMED, hold.consumed)):
        if places:
            revision += 1
            yield e.QuotaReleased(
                at=at,
                kind=hold.kind,
                organ=hold.organ,
                year=hold.year,
                places=places,
                held=held,
                reason=reason,
                revision=revision,
            )


def _balance(scene: Scene, before: list[e.Event], key: QuotaKey) -> Balance:
    """The quota as this step has left it so far: what was read under its lock, and what has been decided since."""
    book = scene.facts.quota
    if book is None:
        raise QuotaNotRead(key)
    events = [decided.event for decided in scene.decided] + before
    return changed(book, events).get(key) or book.get(key, Balance())


def _hold_after(hold: QuotaHold | None, events: list[e.Event]) -> QuotaHold | None:
    """What the case holds once these events of its own reservation have happened."""
    for event in events:
        match event:
            case e.QuotaReserved():
                hold = QuotaHold(kind=event.kind, organ=event.organ, year=event.year, reserved=event.places)
            case e.QuotaExempted():
                hold = QuotaHold(kind=event.kind, organ=event.organ, year=event.year, exempt=True)
    return hold


def _key(scene: Scene, spec: QuotaSpec, act: Intent, *, approving: bool) -> QuotaKey:
    """The quota of the case: that of the moment its definition names. What was once reported keeps the year of its report,
    also when it is looked at again, or approved, in another year; only a new report after a release has a new one.
    """
    case, hold = scene.here, scene.here.quota
    organ = case.parties.get(spec.per.removeprefix("@"))
    if organ is None:
        raise wrong(act.action, ("quota", "names_no", spec.per.removeprefix("@")))
    moment = case.received_at if spec.year is QuotaYear.FILING else act.at
    year = scene.civil(moment).year
    kept = spec.year is QuotaYear.REPORT or (spec.year is QuotaYear.APPROVAL and not approving)
    if kept and hold is not None and (hold.held or hold.exempt):
        year = hold.year
    return QuotaKey(kind=spec.kind, organ=organ, year=year)


def _places(scene: Scene, spec: QuotaSpec) -> int:
    counted = scene.here.form.get(spec.count) if spec.count is not None else None
    places = spec.places + (counted if isinstance(counted, int) else 0)
    if places < 1:
        raise wrong(scene.definition.code, (spec.count or "quota", "no_place", ""))
    return places


def _wanted(act: Intent, effect: Effect, reserved: int) -> int:
    if effect.count is None:
        return reserved
    wanted = act.fields.get(effect.count)
    if not isinstance(wanted, int) or not 1 <= wanted <= reserved:
        raise wrong(act.action, (effect.count, "places_reserved", str(reserved)))
    return wanted
