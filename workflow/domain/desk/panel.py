"""An expert panel (专家评审): drawn by lot from a pool, votes in secret, is counted with a quorum, leaves minutes.

Who convenes it fixes the candidates before anybody knows the seed; the draw can be repeated by everybody from the record.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed, Refused
from workflow.domain.definition import Field
from workflow.domain.desk import rights, urn
from workflow.domain.desk.panel_state import EXPERT, Panel, Stage
from workflow.domain.desk.refusals import not_on_this_case, refused
from workflow.domain.desk.shares import share
from workflow.domain.desk.signers import able, nameable, of_the_filing_side
from workflow.domain.desk.signing_state import ABSTAIN, AGREE, AGREED, DISAGREE, REJECTED, VOTES, WEIGHTED
from workflow.domain.desk.tally import reached
from workflow.domain.desk.verb import Verb, text
from workflow.domain.fields import wrong
from workflow.domain.scene import Intent, Scene
from workflow.errors import PersonRecused

ALTERNATES = 2
"""Alternates drawn when the convening does not say how many."""


def open_panel(scene: Scene) -> Panel | None:
    """The panel that still has something to do."""
    return next((one for one in scene.here.panels if one.open), None)


def _convene(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    if open_panel(scene) is not None:
        raise refused(act.action, "no_open_panel")
    fields, pool = act.fields, str(act.fields["pool"])
    chair = str(fields.get("chair") or scene.actor)
    nameable(scene, act.action, chair)
    size, spare = fields["size"], fields.get("alternates")
    spare = ALTERNATES if spare is None else spare
    quorum = fields.get("quorum") or -(-2 * size // 3)
    if size < 1 or spare < 0 or not 0 < quorum <= size:
        raise wrong(act.action, ("size, alternates, quorum", "panel_size", ""))
    numerator, denominator, over = share(act.action, WEIGHTED, fields)
    candidates, left_out = _candidates(scene, pool, chair)
    if len(candidates) < size:
        raise refused(act.action, "experts_enough", pool=pool, size=size, found=len(candidates))
    if scene.here.desk.assignment is None:
        yield e.WorkClaimed(at=act.at, visit=scene.here.visit, person=scene.actor)
    yield e.PanelConvened(
        at=act.at,
        panel=len(scene.here.panels) + 1,
        state=scene.here.state,
        pool=pool,
        chair=chair,
        candidates=candidates,
        left_out=left_out,
        size=size,
        alternates=min(spare, len(candidates) - size),
        quorum=quorum,
        numerator=numerator,
        denominator=denominator,
        over=over,
        seal=urn.sealed(_seed(scene, act)),
    )


def _candidates(scene: Scene, pool: str, chair: str) -> tuple[tuple[str, ...], tuple[e.LeftOut, ...]]:
    """The experts of the pool for this matter who may judge, by code, and who of them may not, with why."""
    directory, on, case = scene.facts.directory, scene.civil(scene.now), scene.here
    acted = {act.person for act in case.acts} | {chair, scene.actor}
    acted |= {one.by for asked in case.signing for one in asked.signers if one.by is not None}
    left_out, candidates = [], []
    for person in sorted(directory.holders(pool, EXPERT, on, case.matter)):
        ground = None
        if case.desk.recused(person):
            ground = "recused"
        elif of_the_filing_side(scene, person):
            ground = "party"
        elif person in acted:
            ground = "acted"
        elif directory.absent(person, on):
            ground = "absent"
        if ground is None:
            candidates.append(person)
        else:
            left_out.append(e.LeftOut(person=person, ground=ground))
    return tuple(candidates), tuple(left_out)


def _seed(scene: Scene, act: Intent) -> str:
    seed = scene.facts.panel.seed
    if seed is None:
        raise refused(act.action, "seed_as_sealed")
    return seed


def _draw(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    panel = _at(scene, act, Stage.CONVENED)
    seed = _seed(scene, act)
    if urn.sealed(seed) != panel.seal:
        raise refused(act.action, "seed_as_sealed")
    order = urn.drawn(panel.candidates, seed)
    # Who was recused between convening and draw keeps his lot but not a seat.
    order = tuple(person for person in order if not scene.here.desk.recused(person))
    if len(order) < panel.size:
        raise refused(act.action, "experts_enough", pool=panel.pool, size=panel.size, found=len(order))
    yield e.PanelDrawn(
        at=act.at,
        panel=panel.number,
        seed=seed,
        seats=order[: panel.size],
        alternates=order[panel.size : panel.size + panel.alternates],
    )


def _decline(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    panel = _at(scene, act, Stage.DRAWN)
    who = str(act.fields.get("person") or scene.actor)
    seat = panel.seat(who)
    if seat is None or (right.post == "expert" and who != scene.actor):
        raise refused(act.action, "seat_of_the_panel", person=who)
    if seat.voted:
        raise refused(act.action, "not_voted_yet", person=who)
    ground = "declined" if who == scene.actor else "excused"
    yield _replaced(scene, act, panel, who, ground, str(act.fields["reason"]))


def _replaced(
    scene: Scene, act: Intent, panel: Panel, who: str, ground: str, reason: str | None = None
) -> e.PanelSeatChanged:
    following = next((one for one in panel.spare if able(scene, one)), None)
    return e.PanelSeatChanged(
        at=act.at, panel=panel.number, person=who, replacement=following, ground=ground, reason=reason
    )


def stood_aside(scene: Scene, act: Intent, who: str) -> Iterator[e.Event]:
    """What a recusal does to the open panel: the next alternate has the seat. Nobody can tell which vote was of somebody who
    has voted, so that ballot is annulled and all vote again.
    """
    panel = open_panel(scene)
    seat = panel.seat(who) if panel is not None else None
    if panel is None or seat is None or panel.stage is not Stage.DRAWN:
        return
    if seat.voted:
        yield e.BallotAnnulled(at=act.at, panel=panel.number, person=who)
    yield _replaced(scene, act, panel, who, "recused")


def _cast(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    panel, vote = _at(scene, act, Stage.DRAWN), act.fields["vote"]
    seat = panel.seat(scene.actor)
    if seat is not None and act.at < seat.since:
        raise refused(act.action, "after_being_asked")
    if not isinstance(vote, dict):
        raise wrong(act.action, ("vote", "one_of", ", ".join(VOTES)))
    yield e.BallotCast(at=act.at, panel=panel.number, person=scene.actor, urn=str(vote["commitment"]))


def _count(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    panel = _at(scene, act, Stage.DRAWN)
    present = panel.voted()
    if len(present) < panel.quorum:
        raise refused(act.action, "quorum_of_the_panel", quorum=panel.quorum, voted=len(present))
    kept = scene.facts.panel.urn
    counts = urn.tally(kept.value) if kept is not None else {}
    if kept is None or urn.bound(kept) != panel.urn or sum(counts.values()) != len(present):
        raise refused(act.action, "urn_as_bound")
    good = reached(counts[AGREE], len(present), panel.numerator, panel.denominator, over=panel.over)
    yield e.BallotsCounted(
        at=act.at,
        panel=panel.number,
        outcome=AGREED if good else REJECTED,
        agree=counts[AGREE],
        disagree=counts[DISAGREE],
        abstain=counts[ABSTAIN],
        present=present,
        salt=kept.salt,
    )


def _minutes(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    panel = _at(scene, act, Stage.COUNTED)
    attendees = tuple(sorted({str(one) for one in act.fields["attendees"]}))
    members = {one.person for one in panel.seats} | {panel.chair, scene.actor}
    missing, strangers = set(panel.present) - set(attendees), set(attendees) - members
    if missing or strangers:
        names = ", ".join(sorted(missing | strangers))
        raise refused(act.action, "attendees_of_the_panel", persons=names)
    yield e.PanelMinutesGiven(
        at=act.at, panel=panel.number, attendees=attendees, text=str(act.fields["text"])
    )


def _dissolve(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    panel = open_panel(scene)
    if panel is None:
        raise refused(act.action, "open_panel")
    if panel.stage is Stage.COUNTED:
        raise refused(act.action, "not_counted_yet")
    yield dissolved(act, panel, "called_off", str(act.fields["reason"]))


def dissolved(act: Intent, panel: Panel, because: str, reason: str | None = None) -> e.PanelDissolved:
    """The event that ends a panel without a result."""
    return e.PanelDissolved(at=act.at, panel=panel.number, because=because, reason=reason)


def _at(scene: Scene, act: Intent, stage: Stage) -> Panel:
    panel = open_panel(scene)
    if panel is None:
        raise refused(act.action, "open_panel")
    if panel.stage is not stage:
        raise refused(act.action, f"panel_{stage.value}", number=panel.number)
    return panel


def _chair(scene: Scene, verb: str) -> Allowed | Refused:
    """The chair of the open panel; while the chair is away or recused, whoever has the work item."""
    panel = open_panel(scene)
    if panel is None:
        return Refused(rule="desk.panel", error=refused(verb, "open_panel"))
    recused = scene.here.desk.recused(panel.chair)
    if recused or scene.facts.directory.absent(panel.chair, scene.civil(scene.now)):
        return rights.assignee(scene, verb)
    if scene.actor == panel.chair:
        return Allowed(post="chair", rule="desk.chair")
    error = not_on_this_case(scene.actor, verb, "chair_of_the_panel", person=panel.chair)
    return Refused(rule="desk.chair", error=error)


def _member(scene: Scene, verb: str) -> Allowed | Refused:
    """A member of the drawn panel who has not voted."""
    panel, actor = open_panel(scene), scene.actor
    if panel is None:
        return Refused(rule="desk.panel", error=refused(verb, "open_panel"))
    if scene.here.desk.recused(actor):
        return Refused(rule="authority.recusal", error=PersonRecused(actor=actor, action=verb))
    seat = panel.seat(actor)
    if seat is None:
        return Refused(
            rule="desk.expert", error=not_on_this_case(actor, verb, "seat_of_the_panel", person=actor)
        )
    if seat.voted:
        return Refused(rule="desk.expert", error=refused(verb, "not_voted_yet", person=actor))
    return Allowed(post=EXPERT, rule="desk.expert")


def _member_or_chair(scene: Scene, verb: str) -> Allowed | Refused:
    member = _member(scene, verb)
    if isinstance(member, Allowed):
        return member
    chair = _chair(scene, verb)
    return chair if isinstance(chair, Allowed) else member


VERBS: dict[str, Verb] = {
    urn.CONVENE: Verb(
        right=rights.assignee,
        events=_convene,
        fields={
            "pool": Field(),
            "size": Field(type="integer"),
            "alternates": Field(type="integer", required=False),
            "chair": Field(required=False),
            "quorum": Field(type="integer", required=False),
            "numerator": Field(type="integer", required=False),
            "denominator": Field(type="integer", required=False),
            "percent": Field(type="integer", required=False),
            "over": Field(type="boolean", required=False),
        },
    ),
    urn.DRAW: Verb(right=_chair, events=_draw),
    "decline_panel": Verb(
        right=_member_or_chair, events=_decline, fields={"person": Field(required=False), "reason": text()}
    ),
    urn.CAST: Verb(right=_member, events=_cast, fields={"vote": Field()}),
    urn.COUNT: Verb(right=_chair, events=_count),
    "panel_minutes": Verb(
        right=_chair, events=_minutes, fields={"attendees": Field(type="list", min_items=1), "text": text()}
    ),
    "dissolve_panel": Verb(right=rights.assignee, events=_dissolve, fields={"reason": text()}),
}
"""Convene 组建专家组, draw 抽取专家, decline 请辞, ballot 无记名投票, count 计票, minutes 评审纪要, dissolve 解散."""
